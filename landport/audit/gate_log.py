"""What the auditor of a border port reads: the records of its log, and whether a record can be read at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from landport.model.border import BorderPort, GateHours, ShiftHours
from landport.model.gate_facts import (
    GATE_FACTS,
    ApplicationAccepted,
    ApplicationDeclined,
    ApplicationMade,
    ApplicationWithdrawn,
    BorderClosed,
    BorderPublished,
    BorderReopened,
    PlacesLent,
    WindowOpened,
    WindowResized,
)

YEARS = (1990, 2200)
"""Between these, nothing that is reckoned with instants overflows."""

MOST = 10**8
"""Greatest number that a record may hold."""

LEAST = {"seat": 1, "count": 1, "service_seconds": 1, "points": -MOST}
"""Least numbers by field; of all others 0."""

KINDS: dict[type, str] = {
    **dict.fromkeys((BorderPublished, BorderClosed, BorderReopened), "border"),
    **dict.fromkeys((WindowOpened, WindowResized, PlacesLent), "window"),
    **dict.fromkeys((ApplicationMade, ApplicationAccepted, ApplicationDeclined, ApplicationWithdrawn), "application"),
}
"""Kinds of subjects; all other records are of appointments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRecord:
    """One record of a border port's log.

    Parameters
    ----------
    position
        Place in the log.
    subject
        Whose history it continues: `border/ID`, `window/ID`, `application/ID` or `appointment/ID`.
    fact
        What happened, an instance of one of `model.gate_facts.GATE_FACTS`.
    happened_at, recorded_at
        When it happened, and when the log took it.
    """

    position: int
    event_id: str
    subject: str
    fact: object
    happened_at: datetime
    recorded_at: datetime
    actor: str

    @property
    def subject_id(self) -> str:
        """The id of its subject."""
        return self.subject.partition("/")[2]


def unreadable(record: GateRecord) -> str:
    """Say why a record cannot be followed; empty: it can."""
    if type(record) is not GateRecord:
        return f"a record is a {type(record).__name__}"
    wrong = next(_wrong(record, GateRecord), "")
    if wrong:
        return f"its {wrong}"
    kind = type(record.fact)
    if kind not in GATE_FACTS:
        return f"its type {kind.__name__} is unknown"
    wrong = next(_wrong(record.fact, kind), "")
    if wrong:
        return f"the {wrong} of {kind.__name__}"
    expected, _, subject_id = record.subject.partition("/")
    if expected != KINDS.get(kind, "appointment") or not subject_id:
        return f"{kind.__name__} is not about {record.subject!r}"
    return _border_fault(record.fact.border, subject_id) if isinstance(record.fact, BorderPublished) else ""


def _border_fault(border: BorderPort, border_id: str) -> str:
    """Say what is impossible in a port as published."""
    if border.border_id != border_id:
        return f"the port of {border_id} is called {border.border_id}"
    if not border.sides:
        return f"{border_id} has no side"
    for side in border.sides:
        try:
            ZoneInfo(side.zone)
        except (KeyError, ValueError, OSError):
            return f"there is no zone {side.zone!r}"
        rows: tuple[GateHours | ShiftHours, ...] = (*side.hours, *side.shifts)
        for row in rows:
            if max(row.from_minute, row.until_minute) > 1440:
                return f"a day of {side.place_id} has more than 1440 minutes"
    return ""


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _wrong(record: object, kind: type) -> Iterator[str]:
    """List the fields of a record that are missing, of another type or impossible."""
    for each in fields(kind):
        value = getattr(record, each.name, Ellipsis)
        if value is Ellipsis:
            yield f"{each.name} is missing"
        elif not _fits(value, _hints(kind)[each.name], LEAST.get(each.name, 0)):
            yield f"{each.name} cannot be {value!r:.60}"


def _fits(value: object, hint: Any, least: int) -> bool:
    if get_origin(hint) is tuple:
        return type(value) is tuple and all(_fits(one, get_args(hint)[0], least) for one in value)
    if isinstance(hint, UnionType):
        return any(_fits(value, one, least) for one in get_args(hint))
    if hint is object:
        return True
    if type(value) is not hint:
        return False
    if isinstance(value, datetime):
        return value.utcoffset() is not None and YEARS[0] <= value.year <= YEARS[1]
    if isinstance(value, date):
        return YEARS[0] <= value.year <= YEARS[1]
    if isinstance(value, int):
        return least <= value <= MOST
    return not is_dataclass(hint) or not any(True for _ in _wrong(value, hint))
