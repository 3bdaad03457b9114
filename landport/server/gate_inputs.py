"""Bodies and questions of border ports. What they mean is checked by the use cases."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import AfterValidator, Field, StringConstraints

from landport.app.ledger.border.lanes import MOST
from landport.model import border as model
from landport.server.inputs import PRINTABLE, Asked, Count, Id, Instant, Line, NoId, Text, Word

Channel = Literal["general", "perishable", "dangerous", "livestock", "empty"]
Minute = Annotated[int, Field(ge=0, le=1440)]
Rule = Annotated[int, Field(ge=0, le=100_000)]
Zone = Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
Weekdays = Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
Code = Annotated[str, StringConstraints(max_length=1_000, pattern=PRINTABLE)]
Boxes = Annotated[list[Annotated[Word, Field(min_length=1)]], Field(max_length=10, default_factory=list)]


def _near(day: date) -> date:
    """Refuse days that no calendar of freight holds."""
    if not 1970 < day.year < 2199:
        raise ValueError("expected a day from 1971 to 2198")
    return day


Day = Annotated[date, AfterValidator(_near)]
OneDay = Annotated[Day | None, Query(description="Local day; nothing: today, by the clock of the port's own side.")]
Border = Annotated[str, Query(min_length=1, max_length=80, pattern=PRINTABLE, description="Id of the border port.")]
AnyBorder = Annotated[str, Query(max_length=80, pattern=PRINTABLE, description="One border port; nothing: all.")]
AnyChannel = Annotated[str, Query(max_length=40, pattern=PRINTABLE, description="One channel; nothing: all.")]
Tenant = Annotated[str, Query(max_length=80, pattern=PRINTABLE, description="Port whose border ports are shown.")]
From = Annotated[Instant | None, Query(alias="from", description="First instant; nothing: now.")]
Until = Annotated[Instant | None, Query(alias="until", description="Last instant; nothing: 72 hours later.")]
FromDay = Annotated[Day | None, Query(alias="from", description="First local day; nothing: six days before the last.")]
UntilDay = Annotated[Day | None, Query(alias="until", description="Last local day; nothing: today.")]
By = Annotated[Literal["day", "month"], Query(description="Days, or months.")]
WithCodes = Annotated[bool, Query(description="Whether signed codes are printed, too.")]


# ---- applications and trucks -------------------------------------------------------------------


class NewApplication(Asked):
    """A clearance application. `hs` and `declaration`: as far as they are known; `n_trucks`: 0: none yet."""

    border_id: Id
    enterprise_id: NoId = ""
    declaration: Word = ""
    direction: Literal["out", "in"]
    hs: Word = ""
    goods: Word = ""
    expected_at: Instant
    n_trucks: Count = 0
    consignment_id: NoId = ""


class Accepted(Asked):
    """Customs accept. `reference`: theirs."""

    reference: Word = ""


class Visit(Asked):
    """Who wants to cross with what. Plates as drivers write them; one that is left out stays as it is."""

    enterprise_id: NoId = ""
    tractor: Word = ""
    trailer: Word = ""
    driver_id: NoId = ""
    permit: Word = ""
    document_kind: Word = ""
    document: Word = ""
    application_id: NoId = ""
    container_ids: Boxes
    departure_id: Word = ""
    is_aeo: bool = False


class NewAppointment(Visit):
    """A truck for a window. `appointment_id`: the hold that it books; `waits`: else it goes to the waiting list."""

    appointment_id: NoId = ""
    waits: bool = False


class NewHold(Asked):
    """A place to be held. `enterprise_id`: for whom; a forwarder holds for its own."""

    enterprise_id: NoId = ""


class Moved(Asked):
    """Another window. `why`: the reason of a controller, for whom the number of changes does not count."""

    window_id: Id
    why: Text = ""


class ChangedVisit(Visit):
    """What becomes of a visit; what is left out stays. `why`: the reason of a controller."""

    why: Text = ""


class CheckedIn(Asked):
    """A truck at the gate. `tractor`: its plate, if somebody looked; `code`: text of the QR code that it shows."""

    tractor: Word = ""
    code: Code = ""


# ---- the port ----------------------------------------------------------------------------------


class WalkUp(Asked):
    """A truck that came without an appointment."""

    channel: Channel
    visit: Visit


class Call(Asked):
    """How many trucks are called up to the lanes of a channel."""

    channel: Channel
    count: Annotated[int, Field(ge=1, le=MOST)] = 1


class Closed(Asked):
    """A time in which the border is shut."""

    from_at: Instant
    until_at: Instant
    why: Text


class Reopened(Asked):
    """When the border opens, earlier than was said."""

    at: Instant
    why: Text = ""


class Hours(Asked):
    """Lanes that are staffed. Minutes of the local day; until at or before from: on the next day."""

    weekdays: Weekdays
    from_minute: Minute
    until_minute: Minute
    channel: Channel
    lanes: Annotated[int, Field(ge=0, le=200)]
    service_seconds: Annotated[int, Field(ge=1, le=86_400)]
    cv_percent: Annotated[int, Field(ge=0, le=1_000)] = 100


class Shifts(Asked):
    """When customs are on regular duty."""

    weekdays: Weekdays
    from_minute: Minute
    until_minute: Minute


class Side(Asked):
    """One side of a border."""

    place_id: Line
    zone: Zone
    hours: Annotated[list[Hours], Field(min_length=1, max_length=200)]
    shifts: Annotated[list[Shifts], Field(max_length=200, default_factory=list)]
    closed_on: Annotated[list[Day], Field(max_length=1_000, default_factory=list)]


class Lane(Asked):
    """What is published of a channel."""

    channel: Channel
    points: Rule = 0
    gives: bool = True
    takes: bool = True
    walk_up_per_day: Rule = 0


class Policy(Asked):
    """Rules of booking, calling up and missing; what is left out is as landport has it."""

    kappa_percent: Rule = 90
    release_minutes: Rule = 24 * 60
    change_minutes: Rule = 60
    late_cancel_minutes: Rule = 120
    free_reschedules: Rule = 1
    grace_minutes: Rule = 60
    early_minutes: Rule = 24 * 60
    hold_seconds: Rule = 180
    strikes: Rule = 2
    strike_days: Rule = 60
    cool_down_minutes: Rule = 3 * 24 * 60
    back_seconds_least: Rule = 60
    back_seconds_most: Rule = 900
    most_active: Rule = 60
    most_share_percent: Rule = 50
    most_acts_per_hour: Rule = 200
    most_waiting: Rule = 100
    ready_points: Rule = 60
    aeo_points: Rule = 30
    ageing_percent: Rule = 100


class Published(Asked):
    """A border port. Its own side first; places by id or name. The rest is checked as a file of it would be."""

    border_id: Line
    name: Name
    sides: Annotated[list[Side], Field(min_length=1, max_length=2)]
    channels: Annotated[list[Lane], Field(min_length=1, max_length=100)]
    policy: Annotated[Policy, Field(default_factory=Policy)]
    window_minutes: Annotated[int, Field(ge=1, le=1_440)] = 60
    horizon_days: Annotated[int, Field(ge=1, le=60)] = 14
    source: Annotated[str, StringConstraints(max_length=2_000, pattern=PRINTABLE)] = ""
    confidence: Literal["published", "derived", "recall", "assumption"] = "assumption"


def port_of(asked: Published) -> model.BorderPort:
    """Make a border port of what was asked for; whether it can be one is checked elsewhere."""
    return model.BorderPort(
        border_id=asked.border_id,
        name=asked.name,
        sides=tuple(_side(one) for one in asked.sides),
        channels=tuple(model.ChannelRule(**one.model_dump()) for one in asked.channels),
        policy=model.GatePolicy(**asked.policy.model_dump()),
        window_minutes=asked.window_minutes,
        horizon_days=asked.horizon_days,
        source=asked.source,
        confidence=asked.confidence,
    )


def _side(asked: Side) -> model.BorderSide:
    return model.BorderSide(
        place_id=asked.place_id,
        zone=asked.zone,
        hours=tuple(model.GateHours(**_listed(one)) for one in asked.hours),
        shifts=tuple(model.ShiftHours(**_listed(one)) for one in asked.shifts),
        closed_on=tuple(asked.closed_on),
    )


def _listed(asked: Hours | Shifts) -> dict[str, Any]:
    return asked.model_dump() | {"weekdays": tuple(asked.weekdays)}
