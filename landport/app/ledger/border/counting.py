"""Days and months of a border port, counted by a rule that is told with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from landport.app.ledger.border import reading
from landport.app.ledger.border.day_list import bounds
from landport.app.ledger.border.recording import ANY
from landport.app.ledger.desk import Ledger
from landport.appointments.capacity import local_day
from landport.appointments.states import GateDayState
from landport.errors import InputError, Problem
from landport.store import View, states, windows

RULE: Final = (
    "A truck counts once for each thing on the local day, 00:00 to 24:00 by the clock of the port's own side, on which"
    " it happened. It has come when it presents itself or joins the queue, or, unseen before, when it is checked in."
    " Opening balance + came = cleared + turned back + left + closing balance. Places and bookings count on the day on"
    " which their window opens. Waits are means over the trucks called, stays over those cleared or turned back."
)
"""How days and months are counted; printed with them."""


class GateFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted in a day or month: sums over the channels asked for.

    Parameters
    ----------
    opening, closing
        Trucks between coming and leaving when it began and ended.
    n_places, n_booked
        Of the windows that opened in it.
    wait_minutes, stay_minutes
        Means; None: nobody was called, or nobody left.
    """

    period: str
    channel: str
    opening: int
    closing: int
    n_places: int
    n_booked: int
    counts: GateDayState
    wait_minutes: float | None
    stay_minutes: float | None


@dataclass(frozen=True, slots=True)
class _Span:
    first: date
    last: date


def figures(
    ledger: Ledger, view: View, border_id: str, first: date, last: date, *, by: str = "day", channel: str = ""
) -> dict[str, Any]:
    """Count days or months of a border port, with the rule by which they are counted.

    Parameters
    ----------
    first, last
        Local days, both counted.
    by
        day or month.
    channel
        Empty: all together.

    Raises
    ------
    NotFound
        `unknown-border`.
    InputError
        `input`: days that are no time, or more than 400.
    """
    if not timedelta(0) <= last - first <= timedelta(days=400):
        expected = "expected a day from the first to 400 days later"
        raise InputError.of([Problem(file="figures", key="until_on", value=str(last), expected=expected)])
    border = reading.port(view, border_id)
    days = _days(view, border_id)
    names = [channel] if channel else [*(rule.channel for rule in border.channels), ANY]
    begin, end = bounds(border, first, last)
    offered = windows.between(view, border_id, begin, end, channel=channel, most=200_000)
    places: dict[str, list[int]] = {}
    for window in offered:
        sums = places.setdefault(_period(local_day(border, window.opens_at), by), [0, 0])
        sums[0] += window.capacity
        sums[1] += window.booked
    spans = _spans(first, last, by)
    rows = [_figures(days, names, span, by, channel, places) for span in spans]
    return {"border_id": border_id, "zone": border.sides[0].zone, "rule": RULE, "items": rows}


def _days(view: View, border_id: str) -> dict[tuple[str, str], GateDayState]:
    """Read all days of a border port, by day and channel."""
    found = {}
    for row in states.everything(view, "gate_day"):
        at, day, name = row.subject_id.split(".", 2)
        if at == border_id:
            found[day, name] = msgspec.json.decode(row.document, type=GateDayState)
    return found


def _spans(first: date, last: date, by: str) -> list[_Span]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found: dict[str, _Span] = {}
    for day in days:
        name = _period(day, by)
        found[name] = _Span(found[name].first if name in found else day, day)
    return list(found.values())


def _period(day: date, by: str) -> str:
    return f"{day:%Y-%m}" if by == "month" else f"{day:%Y-%m-%d}"


def _figures(
    days: dict[tuple[str, str], GateDayState],
    names: Sequence[str],
    span: _Span,
    by: str,
    channel: str,
    places: dict[str, list[int]],
) -> GateFigures:
    period = _period(span.first, by)
    mine = [(day, state) for (day, name), state in days.items() if name in names]
    opening = sum(_balance(state) for day, state in mine if day < f"{span.first:%Y%m%d}")
    within = [state for day, state in mine if f"{span.first:%Y%m%d}" <= day <= f"{span.last:%Y%m%d}"]
    total = _sum(period, within)
    gone = total.n_cleared + total.n_turned_back
    return GateFigures(
        period=period,
        channel=channel,
        opening=opening,
        closing=opening + sum(_balance(state) for state in within),
        n_places=places.get(period, [0, 0])[0],
        n_booked=places.get(period, [0, 0])[1],
        counts=total,
        wait_minutes=round(total.waited_minutes / total.n_called, 1) if total.n_called else None,
        stay_minutes=round(total.stayed_minutes / gone, 1) if gone else None,
    )


def _balance(day: GateDayState) -> int:
    return day.n_came - day.n_cleared - day.n_turned_back - day.n_left


_NUMBERS: Final = tuple(f.name for f in msgspec.structs.fields(GateDayState) if f.type is int)


def _sum(period: str, days: Sequence[GateDayState]) -> GateDayState:
    sums = {name: sum(getattr(day, name) for day in days) for name in _NUMBERS}
    return replace(GateDayState(day_id=period, status="counted"), **sums)
