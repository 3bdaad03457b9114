"""Use case: ask for a way. The network is laid out under its edits, the question answered, the answer audited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from landport import audit, route
from landport.app.desk import lay_out_desk
from landport.audit.violation import Violation
from landport.errors import InputError, Remark
from landport.model.choices import Choices
from landport.model.edits import NetworkEdit
from landport.model.equipment import ContainerType
from landport.model.itinerary import Trip
from landport.model.network import Network
from landport.model.places import Place
from landport.model.scenario import FAR_MINUTES, Scenario, World
from landport.model.services import UNDER_WAY_DAYS
from landport.units import minute_of

HORIZON_DAYS = 75
"""Departures are known so many days after the load is ready, or after it is due."""

MOST_FEU = 1_000
"""Boxes that one question may ask for."""

USUAL_KG = 21_000
"""Cargo of a box of which nothing is said: what express trains in China take at most in 40 ft (rule cn_40gross)."""

HUB_ID = "URC"
"""Hub of a question that no week is given for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteOrder:
    """A question as people put it.

    Parameters
    ----------
    origin, destination
        Places.
    ready_at, due_at
        Instants; None: now, and nothing is due.
    now
        The clock.
    tonnes_kg
        Cargo over all boxes; None: `USUAL_KG` in each.
    container_type, n_boxes
        Equal boxes.
    cargo_codes, un_classes
        What is inside, as restriction orders name it.
    edits, name
        The what-if.
    as_of_on
        Day whose lines are open; None: the one on which the load is ready.
    scenario
        A week whose services, notes on departures and orders count; None: the shipped network alone.
    odds
        Samples and seed; None: no odds.
    """

    origin: Place
    destination: Place
    now: datetime
    container_type: str
    n_boxes: int = 1
    cargo_codes: tuple[str, ...] = ()
    un_classes: tuple[str, ...] = ()
    tonnes_kg: int | None = None
    ready_at: datetime | None = None
    due_at: datetime | None = None
    edits: tuple[NetworkEdit, ...] = ()
    name: str = ""
    as_of_on: date | None = None
    scenario: Scenario | None = None
    asked: route.Asked = field(default_factory=route.Asked)
    samples: int = 10_000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Routed:
    """An answer, what it was read from, and what the auditor found.

    Parameters
    ----------
    scenario
        The week given, or a bare one made for the question: minute 0, now, orders.
    network
        Under its edits, as of its day.
    """

    choices: Choices
    scenario: Scenario
    network: Network
    remarks: tuple[Remark, ...]
    violations: tuple[Violation, ...]


def answer(order: RouteOrder, world: World, notify: Callable[[str], None] = lambda _: None) -> Routed:
    """Answer a question for a way.

    Raises
    ------
    InputError
        `bad-option`: the load, its times or its boxes cannot be.
    NotFound
        `unknown-line`: an edit is of no line or place.
    """
    scenario, trip = question(order, world)
    on = order.as_of_on or (scenario.start_at + timedelta(minutes=trip.ready_at)).date()
    notify("lay out")
    drawn = {"samples": order.samples, "seed": order.seed}
    desk, network, remarks = lay_out_desk(scenario, world, on=on, edits=order.edits, name=order.name, **drawn)
    asked = replace(order.asked, is_due=order.due_at is not None)
    notify("search")
    choices = desk.choices(trip, asked)
    if choices.refusal:
        choices = _advised(choices, order, scenario, world, on, desk)
    notify("audit")
    return Routed(choices, scenario, network, remarks, audit.check_choices(choices, scenario, world))


def question(order: RouteOrder, world: World) -> tuple[Scenario, Trip]:
    """Check a question and count its minutes from the week's start.

    Returns
    -------
    tuple[Scenario, Trip]
        The week of the question, made for it if none was given and far enough for it, and the trip.

    Raises
    ------
    InputError
        `bad-option`: the load, its times or its boxes cannot be.
    """
    now = order.now
    ready = order.ready_at or now
    if ready < now:
        raise _wrong("--ready", f"{_local(ready, order.origin)} is before now, {_local(now, order.origin)}")
    if order.due_at is not None and order.due_at <= ready:
        due = _local(order.due_at, order.destination)
        raise _wrong("--due", f"{due} is not after the load is ready, {_local(ready, order.origin)}")
    if order.origin.place_id == order.destination.place_id:
        raise _wrong("TO", f"{order.destination.name} is where the load is already")
    kind = world.container_types[order.container_type]
    cargo = _cargo_kg(order, kind)
    scenario = order.scenario or _bare(now, ready)
    ready_at = minute_of(ready, scenario.start_at)
    last = minute_of(order.due_at, scenario.start_at) if order.due_at else ready_at
    if max(ready_at, last) > FAR_MINUTES:
        raise _wrong("--due" if order.due_at else "--ready", "is more than ten years away")
    horizon = max(scenario.horizon_days, (ready_at // 1440) + HORIZON_DAYS, (last // 1440) + 1)
    scenario = replace(scenario, horizon_days=horizon)
    trip = Trip(
        trip_id="ask",
        at_id=order.origin.place_id,
        destination_id=order.destination.place_id,
        ready_at=ready_at,
        due_at=last if order.due_at else horizon * 1440,
        container_type=order.container_type,
        gross_kg=cargo + kind.tare_kg,
        cargo_codes=order.cargo_codes,
        un_classes=order.un_classes,
        n_boxes=order.n_boxes,
        cargo_kg=cargo,
    )
    return scenario, trip


def _cargo_kg(order: RouteOrder, kind: ContainerType) -> int:
    """Cargo of one box, in whole kg, rounded up."""
    if order.tonnes_kg is None:
        return min(kind.payload_kg, USUAL_KG)
    each = -(-order.tonnes_kg // order.n_boxes)
    if each > kind.payload_kg:
        needed = -(-order.tonnes_kg // kind.payload_kg)
        boxes = "one box" if order.n_boxes == 1 else f"{order.n_boxes} boxes"
        raise _wrong(
            "--tonnes",
            f"{order.tonnes_kg / 1000:g} t do not fit {boxes}: a {kind.container_type} takes {kind.payload_kg:,} kg; "
            f"it needs {needed} (--feu {needed})",
        )
    return each


def _bare(now: datetime, ready: datetime) -> Scenario:
    """Make a week without freight around a question; what left three weeks before the load is ready is not dated."""
    ready = ready.astimezone(UTC)
    monday = (ready - timedelta(days=ready.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    now_at = max(minute_of(now, monday), minute_of(ready, monday) - UNDER_WAY_DAYS * 1440)
    return Scenario(
        name="",
        start_at=monday,
        now_at=now_at,
        hub_id=HUB_ID,
        plan_days=7,
        horizon_days=HORIZON_DAYS,
        bookings=(),
        items=(),
    )


def _advised(
    choices: Choices, order: RouteOrder, scenario: Scenario, world: World, on: date, desk: route.Desk
) -> Choices:
    """Add to a refusal the nearest changes of the question that would help."""
    reason = desk.reason(choices.trip, replace(order.asked, is_due=order.due_at is not None))
    start = scenario.start_at
    advice = list(reason.advice)
    if reason.arrives_at is not None:
        advice.append(
            f"due {_local(start + timedelta(minutes=reason.arrives_at), order.destination)} or later: it can be there"
        )
    for point in reason.readies:
        ready, there = (start + timedelta(minutes=m) for m in (point.ready_at, point.arrives_at))
        advice.append(f"ready by {_local(ready, order.origin)}: it would be there {_local(there, order.destination)}")
    if order.edits:
        unedited, _, _ = lay_out_desk(scenario, world, on=on)
        if unedited.choices(choices.trip, replace(order.asked, is_due=order.due_at is not None)).choices:
            subjects = ", ".join(f"{e.action} {e.subject_id}" for e in order.edits)
            advice.insert(0, f"without the edits ({subjects}) there is a way")
    return replace(choices, advice=tuple(advice))


def _local(instant: datetime, place: Place) -> str:
    return instant.astimezone(ZoneInfo(place.timezone)).strftime("%Y-%m-%d %H:%M (UTC%z)")


def _wrong(option: str, problem: str) -> InputError:
    return InputError("bad-option", f"{option}: {problem}", (option,))
