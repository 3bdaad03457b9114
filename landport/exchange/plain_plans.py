"""PLAN.json of the plain assembly format: trains run, who rides what, what is left, cost and bound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from landport.errors import InputError, Problem
from landport.exchange.atomic import whole_file
from landport.exchange.caps import CAPS, Caps
from landport.exchange.plans import checked_json
from landport.model.plain_assembly import MICROS, LeftBehind, PlainPlan, Shipped
from landport.model.result import Result, Stopped

MOST: Final = 10**12
"""Greatest cost, bound, count and seed that a file may state, and least with a minus."""


class _Ship(msgspec.Struct):
    booking: str
    containers: int
    services: tuple[str, ...]


class _Left(msgspec.Struct):
    booking: str
    containers: int
    why: str = ""


class _Document(msgspec.Struct):
    run: tuple[str, ...]
    ship: list[_Ship]
    left: list[_Left]
    cost: Decimal
    bound: Decimal | None = None
    stopped: str = ""
    seed: int = 0


def plain_plan_text(result: Result[PlainPlan], *, is_ascii: bool = False) -> str:
    """Write a plan as its file has it: the frozen keys, one record a line, money in the unit of the input.

    Parameters
    ----------
    is_ascii
        Letters beyond ASCII are escaped.
    """
    plan = result.plan
    records: Mapping[str, Sequence[object]] = {
        "run": plan.run,
        "ship": [
            {"booking": s.booking_id, "containers": s.containers, "services": list(s.service_ids)} for s in plan.ship
        ],
        "left": [{"booking": x.booking_id, "containers": x.containers, "why": x.why} for x in plan.left],
    }
    written = {key: "".join(_listed(value, is_ascii=is_ascii)) for key, value in records.items()}
    written |= {"cost": money_text(result.cost), "bound": money_text(result.bound)}
    written |= {"stopped": json.dumps(result.stopped), "seed": str(result.seed)}
    return "{\n" + ",\n".join(f'"{key}":{value}' for key, value in written.items()) + "\n}\n"


def _listed(records: Sequence[object], *, is_ascii: bool) -> Iterator[str]:
    comma = "[\n"
    for record in records:
        yield comma + json.dumps(record, ensure_ascii=is_ascii, separators=(",", ":"))
        comma = ",\n"
    yield "\n]" if records else "[]"


def money_text(micros: int) -> str:
    """Write micros in the unit of the input, exactly.

    Examples
    --------
    >>> money_text(1_500_000), money_text(-7), money_text(12_000_000)
    ('1.5', '-0.000007', '12')
    """
    whole, rest = divmod(abs(micros), MICROS)
    decimals = f".{rest:06}".rstrip("0") if rest else ""
    return f"{'-' if micros < 0 else ''}{whole}{decimals}"


def write_plain_plan(result: Result[PlainPlan], path: Path) -> None:
    """Write PLAN.json, whole or not at all; equal plans give equal bytes.

    Raises
    ------
    InputError
        `not-writable`: the system refuses to write there.
    """
    with whole_file(path) as part:
        part.write_text(plain_plan_text(result), encoding="utf-8")


def read_plain_plan(path: Path, *, caps: Caps = CAPS) -> Result[PlainPlan]:
    """Read a PLAN.json of ours or of another engine.

    Returns
    -------
    Result[PlainPlan]
        Cost to the nearest micro, bound rounded down; without a bound it is 0. Why it stopped is taken as it stands.

    Raises
    ------
    InputError
        `input`: no such file, no JSON, a value of the wrong type (its JSON path stands as the column).
    """
    checked_json(path, caps)
    try:
        said = msgspec.json.decode(path.read_bytes(), type=_Document)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `")
        raise _wrong(path, where.rstrip("`") or "$", text[:1].lower() + text[1:].replace("`", "")) from error
    _check_numbers(path, said)
    plan = PlainPlan(
        run=said.run,
        ship=tuple(Shipped(booking_id=s.booking, containers=s.containers, service_ids=s.services) for s in said.ship),
        left=tuple(LeftBehind(booking_id=x.booking, containers=x.containers, why=x.why) for x in said.left),
    )
    return Result(
        plan=plan,
        cost=_micros(said.cost, ROUND_HALF_EVEN),
        bound=_micros(said.bound or Decimal(0), ROUND_FLOOR),
        stopped=cast(Stopped, said.stopped),
        seed=said.seed,
    )


def _check_numbers(path: Path, said: _Document) -> None:
    numbers: list[tuple[str, Any]] = [("$.cost", said.cost), ("$.bound", said.bound or 0), ("$.seed", said.seed)]
    numbers += [(f"$.ship[{i}].containers", s.containers) for i, s in enumerate(said.ship)]
    numbers += [(f"$.left[{i}].containers", x.containers) for i, x in enumerate(said.left)]
    for where, value in numbers:
        if not -MOST <= value <= MOST:
            raise _wrong(path, where, f"expected a number from {-MOST} to {MOST}")


def _micros(value: Decimal, rounding: str) -> int:
    return int((value * MICROS).to_integral_value(rounding=rounding))


def _wrong(path: Path, column: str, expected: str) -> InputError:
    return InputError.of([Problem(file=str(path), column=column, expected=expected)])
