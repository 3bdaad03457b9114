"""`rules.json` of the plain assembly format: seven numbers, read exactly as they stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from landport.errors import Problem, Remark, shown
from landport.exchange.caps import Caps
from landport.exchange.source import encoding_assumed
from landport.exchange.text import ASSUMED, Unreadable, read_text
from landport.model.plain_assembly import MICROS, PlainRules

FILE: Final = "rules.json"
MOST_HOURS: Final = 10**6
MOST_MONEY: Final = 10**9
MOST_LEGS: Final = 1_000

WHOLE: Final = {
    "min_change_h": (0, MOST_HOURS),
    "max_legs": (1, MOST_LEGS),
    "max_late_h": (0, MOST_HOURS),
}
"""Keys with whole numbers: the least and the greatest."""

PRICES: Final = {
    "late_per_h": "late_micros_per_h",
    "hold_per_h": "hold_micros_per_h",
    "reject_base": "reject_micros",
    "reject_per_priority": "reject_per_priority_millionths",
}
"""Keys with at most six decimals, and the fields that they fill in millionths."""


def read_rules(folder: Path, caps: Caps, problems: list[Problem], remarks: list[Remark]) -> PlainRules | None:
    """Read `rules.json`; None when anything of it is wrong, which becomes a problem."""
    n_before = len(problems)
    pairs = _pairs(folder, caps, problems, remarks)
    if pairs is None:
        return None
    found: dict[str, int] = {}
    seen: set[str] = set()
    for key, value in pairs:
        if key in seen:
            problems.append(_wrong(key, value, "expected each key once"))
        elif key in WHOLE or key in PRICES:
            found |= _read(key, value, problems)
        else:
            remarks.append(Remark("unknown-setting", f"{FILE} key {shown(key)} is unknown and was ignored", (key,)))
        seen.add(key)
    missing = [key for key in (*WHOLE, *PRICES) if key not in seen]
    problems += [Problem(file=FILE, key=key, expected=f"expected this key: {_expected(key)}") for key in missing]
    return PlainRules(**found) if len(problems) == n_before else None


def _pairs(
    folder: Path, caps: Caps, problems: list[Problem], remarks: list[Remark]
) -> Sequence[tuple[str, Any]] | None:
    path = folder / FILE
    if not path.exists():
        keys = ", ".join((*WHOLE, *PRICES))
        problems.append(Problem(file=FILE, expected=f"expected this file in {folder}, with the keys {keys}"))
        return None
    try:
        text, encoding = read_text(path, caps)
        raw = json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=str, object_pairs_hook=_Pairs)
    except Unreadable as error:
        problems.append(error.problem)
        return None
    except (ValueError, RecursionError, ArithmeticError) as error:
        problems.append(Problem(file=FILE, expected=f"expected JSON; {error}"))
        return None
    if encoding == ASSUMED:
        remarks.append(encoding_assumed(FILE))
    if not isinstance(raw, _Pairs):
        problems.append(Problem(file=FILE, value=shown(raw), expected='expected one object: {"min_change_h": ..}'))
        return None
    return raw


class _Pairs(list[tuple[str, Any]]):
    """An object with its keys as they stand, doubles too."""


def _read(key: str, value: object, problems: list[Problem]) -> dict[str, int]:
    """Read a value as the field it fills; nothing when it is wrong."""
    low, high = WHOLE.get(key, (0, MOST_MONEY))
    unit = 1 if key in WHOLE else MICROS
    if isinstance(value, Decimal) and low <= value <= high:
        scaled = (value * unit).to_integral_value()
        if scaled == value * unit and len(value.as_tuple().digits) <= 28:
            return {PRICES.get(key, key): int(scaled)}
    problems.append(_wrong(key, value, _expected(key)))
    return {}


def _expected(key: str) -> str:
    if key in WHOLE:
        low, high = WHOLE[key]
        return f"expected a whole number from {low} to {high}"
    return f"expected a number from 0 to {MOST_MONEY}, with at most six decimals"


def _wrong(key: str, value: object, expected: str) -> Problem:
    return Problem(file=FILE, key=key, value=shown(value), expected=expected)
