"""What somebody reports, checked before anything is written: its type, its fields, the numbers and places in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from landport import track
from landport.app.ledger.desk import Ledger
from landport.errors import InputError, LandportError, Problem, shown
from landport.model.events import split
from landport.model.troubles import OrderIssued
from landport.units import check_container_number, check_wagon_number

FILE: Final = "event"
"""What problems call the report."""

LONGEST: Final = 500
"""Characters that a text may have."""

MOST_KG: Final = 100_000
"""Gross mass that no container has."""

MOST_SEALS: Final = 20
"""Seals of one container at most."""

METHODS: Final = (1, 2)
"""How a gross mass is verified: SOLAS VI/2."""

FORMS: Final = ("CIM", "SMGS", "CIM/SMGS")
"""Forms of consignment notes."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@/-]{0,79}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_PLATE: Final = re.compile(r"[^\W_]{2,12}")


def checked(
    ledger: Ledger, subject: str, type_name: str, fields: Mapping[str, Any], moves: Mapping[str, tuple[str, ...]]
) -> tuple[str, dict[str, Any]]:
    """Check a report.

    Parameters
    ----------
    moves
        Types of events that may be reported, by kind of subject.

    Returns
    -------
    tuple[str, dict[str, Any]]
        Its subject and payload as the log keeps them: numbers without spaces, places by id.

    Raises
    ------
    InputError
        `bad-subject`, `bad-event`, `input`.
    """
    kind, subject_id = _subject(subject, moves)
    if type_name not in moves[kind]:
        expected = f"expected a type of event that a {kind} can have: {', '.join(moves[kind])}"
        raise InputError.of([Problem(file=FILE, key="type", value=shown(type_name), expected=expected)])
    payload = track.payload_of(track.fact_from(type_name, fields))
    problems = list(texts(payload))
    rules = {**_RULES, "number": _container} if type_name == "ContainerNumbered" else _RULES
    for key, rule in rules.items():
        if payload.get(key) not in (None, "", []) or key in _NEEDED:
            _apply(ledger, key, rule, payload, problems)
    if problems:
        raise InputError.of(problems)
    return f"{kind}/{subject_id}", payload


def order_fields(ledger: Ledger, order_id: str, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Check a restriction order; answers its id and payload.

    Raises
    ------
    InputError
        `bad-subject`, `bad-event`, `input`: every wrong value is listed.
    """
    if order_id and not _ID.fullmatch(order_id):
        raise InputError("bad-subject", f"{shown(order_id)}: expected the id of an order", (order_id,))
    fact = track.fact_from("OrderIssued", fields)
    payload = track.payload_of(fact)
    problems = list(texts(payload))
    for key in ("place_id", "towards_id"):
        if payload[key] or key == "place_id":
            _apply(ledger, key, _place, payload, problems)

    problems += _of_order(ledger, fact, payload)
    if problems:
        raise InputError.of(problems)
    return order_id, payload


def _of_order(ledger: Ledger, fact: OrderIssued, payload: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what of an order does not fit together, or is out of range."""
    unknown = sorted(set(fact.container_types) - ledger.world.container_types.keys())
    is_prefix = all(2 <= len(p) <= 8 and p.isdigit() and p.isascii() for p in fact.hs_prefixes)
    has_both = fact.max_trains_per_day is not None and fact.max_teu_per_day is not None
    found = {
        "until_at": "expected an instant after from_at" if fact.until_at <= fact.from_at else "",
        "hs_prefixes": "" if is_prefix else "expected the first 2 to 8 digits of codes of goods",
        "container_types": f"expected types of containers; {', '.join(map(shown, unknown))} is none" if unknown else "",
        "max_teu_per_day": "expected nothing beside max_trains_per_day" if has_both else "",
    }
    for key, most in _ORDER_MOST.items():
        if payload[key] is not None and not 0 <= payload[key] <= most:
            found[key] = f"expected 0 to {most:,}"
    for key, expected in found.items():
        if expected:
            yield Problem(file=FILE, key=key, value=shown(payload[key]), expected=expected)


_ORDER_MOST: Final = {"max_trains_per_day": 1_000, "max_teu_per_day": 100_000, "usd_cents_per_teu": 10**9}


def _subject(subject: str, moves: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    try:
        kind, subject_id = split(subject)
        subject_id = wagon_number(subject_id) if kind == "wagon" else subject_id
    except ValueError as error:
        raise InputError("bad-subject", f"{shown(subject)}: {error}", (subject,)) from None
    if kind not in moves or not _ID.fullmatch(subject_id):
        raise InputError("bad-subject", f"{shown(subject)}: expected one of {', '.join(moves)} and an id", (subject,))
    return kind, subject_id


def wagon_number(text: str) -> str:
    """Check a wagon number of any railway, told by its digits; answer it without spaces.

    Raises
    ------
    ValueError
        It has not 7, 8 or 12 digits, or another check digit.

    Examples
    --------
    >>> wagon_number("5070 1077")
    '50701077'
    """
    digits = sum(c.isdigit() for c in text)
    if digits == 7:
        return check_wagon_number(text, "CN")
    if digits == 8:
        return check_wagon_number(text, "1520")
    if digits == 12:
        return check_wagon_number(text, "UIC")
    raise ValueError("expected a wagon number of 7 (China), 8 (1520 mm) or 12 digits (UIC)")


def plate(text: str) -> str:
    """Write the plate of a truck in capitals, without spaces and hyphens.

    Examples
    --------
    >>> plate("新A 12-345")
    '新A12345'
    """
    found = re.sub(r"[\s-]", "", text).upper()
    if not _PLATE.fullmatch(found):
        raise ValueError("expected the plate of a truck: 2 to 12 letters and digits")
    return found


def texts(payload: Mapping[str, Any]) -> Iterator[Problem]:
    """Find texts that are too long or hold control characters."""
    for key, value in payload.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and (len(text) > LONGEST or _CONTROL.search(text)):
                expected = f"expected text of at most {LONGEST} characters, without control characters"
                yield Problem(file=FILE, key=key, value=shown(text), expected=expected)


def _apply(
    ledger: Ledger,
    key: str,
    rule: Callable[[Ledger, Any], Any],
    payload: dict[str, Any],
    problems: list[Problem],
) -> None:
    if key not in payload:
        return
    try:
        payload[key] = rule(ledger, payload[key])
    except ValueError as error:
        problems.append(Problem(file=FILE, key=key, value=shown(payload[key]), expected=str(error)))


def _place(ledger: Ledger, text: str) -> str:
    try:
        return ledger.world.network.places.resolve(text).place_id
    except LandportError as error:
        raise ValueError(f"expected a place; {error.message}") from None


def _mass(_: Ledger, kg: int) -> int:
    if not 1 <= kg <= MOST_KG:
        raise ValueError(f"expected 1 to {MOST_KG:,} kg")
    return kg


def _count(_: Ledger, number: int) -> int:
    if not 0 <= number <= 200:
        raise ValueError("expected 0 to 200")
    return number


def _seals(_: Ledger, seals: list[str]) -> list[str]:
    found = [s.strip() for s in seals]
    if not 1 <= len(found) <= MOST_SEALS or not all(found) or len(set(found)) < len(found):
        raise ValueError(f"expected 1 to {MOST_SEALS} numbers of seals, each once")
    return found


def _departure(_: Ledger, text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError("expected a departure: SERVICE@YYYY-MM-DD")
    return text


def _one_of(choices: tuple[Any, ...]) -> Callable[[Ledger, Any], Any]:
    def rule(_: Ledger, value: Any) -> Any:
        if value not in choices:
            raise ValueError(f"expected one of {', '.join(map(str, choices))}")
        return value

    return rule


def _container(_: Ledger, text: str) -> str:
    return check_container_number(text)


_RULES: Final[dict[str, Callable[[Ledger, Any], Any]]] = {
    "at_id": _place,
    "gross_kg": _mass,
    "method": _one_of(METHODS),
    "seals": _seals,
    "form": _one_of(FORMS),
    "departure_id": _departure,
    "wagon": lambda _, text: wagon_number(text),
    "truck": lambda _, text: plate(text),
    "seq": _count,
    "position": _count,
}
_NEEDED: Final = ("at_id", "gross_kg", "seals", "form", "method")
"""Keys that must say something wherever they stand."""
