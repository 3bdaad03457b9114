"""What the auditor derives agrees with what the planners derive, on the whole shipped network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import audit
from landport.audit.times import TRUCK, Roads, Timetable, Touch, Transfers
from landport.model import timetable
from landport.model.changes import Changes, End, roads
from landport.model.scenario import Scenario, World, network_of
from landport.model.services import DepartureNote, Holiday, Service
from tests.broken.week import OTHER, TRAIN, pricing, tiny


def test_every_departure_is_dated_alike():
    """Each run of a fortnight has the same minutes by both derivations, extra and noted ones too."""
    _, week, world = tiny()
    ours = Timetable(week, world)
    dated = pricing(week, world).departures
    assert len(dated) > 500
    assert f"{OTHER}+1" in dated
    for departure_id, theirs in dated.items():
        run = ours.run(departure_id)
        assert run is not None, departure_id
        assert run.service.service_id == theirs.service_id
        assert run.free_teu == theirs.free_teu
        assert list(zip(run.departs_at, run.arrives_at, strict=True)) == [
            (leg.departs_at, leg.arrives_at) for leg in theirs.legs
        ]


def test_only_dated_departures_exist():
    """Of all services and days of a week, the auditor knows a departure exactly when the planners do."""
    _, week, world = tiny()
    ours, network = Timetable(week, world), pricing(week, world).network
    dated = {
        d.departure_id
        for d in timetable.departures(
            network.services,
            network.places,
            week.departures,
            start_at=week.start_at,
            from_minute=-2 * 1440,
            until_minute=16 * 1440,
        )
    }
    days = [f"2022-07-{day}" for day in range(18, 32)]
    for service_id in world.network.services:
        for day in days:
            departure_id = f"{service_id}@{day}"
            assert (ours.run(departure_id) is not None) == (departure_id in dated), departure_id


def test_nonsense_is_no_departure():
    """Ids that no calendar can hold are answered with None."""
    _, week, world = tiny()
    ours = Timetable(week, world)
    nonsense = ("", "@", "U-ALM-W", "U-ALM-W@", "U-ALM-W@2022-02-30", "U-ALM-W@0001-01-01", "U-ALM-W@9999-12-31")
    assert [ours.run(text) for text in (*nonsense, "U-ALM-W@2022-07-20+1", "U-ALM-W@2022-W29-3")] == [None] * 9


def test_every_truck_takes_the_same_way():
    """Minutes and km on demand are the same between any two places, and where none goes, none goes."""
    _, week, world = tiny()
    theirs = roads(pricing(week, world).network.lines, world.network.places, world.rules)
    ours = Roads(week, world)
    for from_id in world.network.places:
        for to_id in world.network.places:
            way = theirs.get((from_id, to_id))
            assert ours.way(from_id, to_id) == (None if way is None else (way.running_minutes, way.length_km))
    assert max(way.length_km for way in theirs.values()) <= world.rules.milli("truck_reach_km") // 1000


def test_every_change_finds_the_same_row():
    """Any two ways to touch a place of the network meet in the same transfer row, or in none."""
    world = tiny()[2]
    theirs, ours = Changes(world.network.transfers), Transfers(world)
    touches: dict[str, set[Touch]] = {p: {TRUCK} for p in world.network.places}
    for service in world.network.services.values():
        for leg in service.legs:
            touches[leg.from_id].add(Touch(leg.mode, leg.gauge_mm, leg.to_id))
            touches[leg.to_id].add(Touch(leg.mode, leg.gauge_mm, leg.from_id))
    for place_id, ends in touches.items():
        for arrive in ends:
            for leave in ends:
                a, b = (End(t.mode, t.gauge_mm, t.neighbour_id) for t in (arrive, leave))
                assert ours.find(place_id, arrive, leave) == theirs.find(place_id, a, b)


MONDAYS = st.integers(0, 150).map(lambda n: datetime(2021, 11, 1, tzinfo=UTC) + timedelta(weeks=n))
COUNTRIES = ("CN", "KZ", "RU", "MN")


@st.composite
def services(draw: st.DrawFn, service_id: str, start_at: datetime) -> Service:
    """Draw a service of the network with another calendar, without lines, so that it always runs."""
    one = draw(st.sampled_from(sorted(tiny()[2].network.services)))
    bare = tiny()[2].network.services[one]
    every = draw(st.integers(1, 4))
    near = st.none() | st.integers(-60, 400).map(lambda n: start_at.date() + timedelta(days=n))
    return replace(
        bare,
        service_id=service_id,
        weekdays=tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1)))),
        every_n_weeks=every,
        week_offset=draw(st.integers(0, every - 1)),
        depart_minute=draw(st.integers(0, 1439)),
        legs=tuple(replace(leg, line_ids=()) for leg in bare.legs),
        no_run_on=tuple(draw(st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True))),
        valid_from=draw(near),
        valid_to=draw(near),
    )


@st.composite
def notes(draw: st.DrawFn, service: Service, n: int, start_at: datetime) -> DepartureNote:
    """Draw a note on a day of the year, in the calendar or not."""
    day = start_at.date() + timedelta(days=draw(st.integers(-3, 370)))
    rooms = st.integers(0, 50)
    by_leg = st.tuples(*[rooms] * len(service.legs))
    status = draw(st.sampled_from(["run", "cancelled", "extra"]))
    is_extra = status == "extra"
    return DepartureNote(
        departure_id=f"{service.service_id}@{day}" + (f"+{n}" if is_extra else ""),
        service_id=service.service_id,
        status=status,
        departs_at=draw(st.integers(-1440, 370 * 1440)) if is_extra else None,
        free_teu=draw(st.none() | rooms | by_leg),
    )


@st.composite
def years(draw: st.DrawFn) -> tuple[Scenario, World]:
    """Draw two services, what is noted on them, and holidays beside those that ship."""
    start_at = draw(MONDAYS)
    _, week, world = tiny()
    own = tuple(draw(services(name, start_at)) for name in ("X", "Y"))
    said = [draw(notes(service, n, start_at)) for service in own for n in range(1, 4)]
    days = draw(st.lists(st.integers(0, 370), max_size=4, unique=True))
    holidays = [
        Holiday(
            holiday_id=str(n), country=draw(st.sampled_from(COUNTRIES)), day_on=start_at.date() + timedelta(n), name="x"
        )
        for n in days
    ]
    scenario = replace(
        week,
        start_at=start_at,
        services=own,
        departures=tuple({note.departure_id: note for note in said}.values()),
        holidays=tuple(holidays),
    )
    return scenario, replace(world, network=replace(world.network, services={}))


@given(years(), st.integers(-30, 300), st.integers(1, 366))
@settings(max_examples=120, deadline=None)
def test_any_calendar_is_dated_alike(year: tuple[Scenario, World], first: int, n_days: int):
    """Weekdays, weeks, zones, holidays, dates of validity and notes: both derive the same runs, times and room."""
    scenario, world = year
    network = network_of(scenario, world)
    window = {"from_minute": first * 1440, "until_minute": (first + n_days) * 1440}
    theirs = timetable.departures(
        network.services,
        network.places,
        scenario.departures,
        start_at=scenario.start_at,
        holidays=network.holidays,
        **window,
    )
    ours = Timetable(scenario, world).between(*window.values())
    assert {run.departure_id: (run.departs_at, run.arrives_at, run.free_teu) for run in ours} == {
        d.departure_id: (tuple(x.departs_at for x in d.legs), tuple(x.arrives_at for x in d.legs), d.free_teu)
        for d in theirs
    }


FEEDER = "F-KRL-OUT@2022-07-22"


@pytest.mark.parametrize(
    ("no_run_on", "day", "valid", "codes"),
    [
        (("CN",), date(2022, 7, 22), {}, {"RIDE_DEPARTURE"}),
        (("CN",), date(2022, 7, 23), {}, set()),
        (("KZ",), date(2022, 7, 22), {}, set()),
        ((), None, {"valid_from": date(2022, 7, 23)}, {"RIDE_DEPARTURE", "RUN_DEPARTURE"}),  # one more is decided
        ((), None, {"valid_to": date(2022, 7, 21)}, {"RIDE_DEPARTURE"}),
        ((), None, {"valid_from": date(2022, 7, 18), "valid_to": date(2022, 7, 22)}, set()),
    ],
)
@pytest.mark.parametrize("is_shipped", [True, False])
def test_nobody_rides_a_train_that_does_not_run(no_run_on, day, valid, codes, is_shipped):
    """A ride on a holiday, shipped or the week's own, or outside the dates of the service is on no departure."""
    plan, week, world = tiny()
    feeder = replace(world.network.services["F-KRL-OUT"], no_run_on=no_run_on, **valid)
    week = replace(week, services=(*week.services, feeder))
    if day is not None and is_shipped:
        world = replace(world, network=replace(world.network, holidays=frozenset({("CN", day)})))
    elif day is not None:
        week = replace(week, holidays=(Holiday(holiday_id="H1", country="CN", day_on=day, name="closed"),))
    assert FEEDER in {ride.departure_id for ride in plan.rides}
    assert {v.code for v in audit.check(plan, week, world)} == codes


@pytest.mark.parametrize(
    ("free", "full"),
    [((6, 6, 6), ""), ((5, 6, 6), "leg 1"), ((6, 5, 6), "leg 2"), ((9, 9, 0), "leg 3"), ((6,), "leg 2")],
)
def test_every_leg_has_its_own_room(free, full):
    """6 TEU ride three legs of a train: the leg with less free, or without a number, is named."""
    plan, week, world = tiny()
    said = tuple(replace(n, free_teu=free) if n.departure_id == TRAIN else n for n in week.departures)
    found = audit.check(plan, replace(week, departures=said), world)
    assert {v.code for v in found} == ({"LEG_TEU"} if full else set())
    assert all(full in v.message for v in found[:1])
