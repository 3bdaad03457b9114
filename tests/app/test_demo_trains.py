"""What the demo says about dated runs, the yard's supply and restriction orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from landport.app import demo
from landport.app.demo.draws import Draws, poisson
from landport.app.demo.trains import notes
from landport.model import timetable
from landport.reference import load, table
from landport.units import railway_day

JULY = date(2022, 7, 18)
WORLD = load.world()
NETWORK = WORLD.network.as_of(JULY)
START = datetime(2022, 7, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def week():
    """The week that everybody sees first."""
    return demo.generate(WORLD, week=JULY, seed=1, scale=1.0)


def written(scale, seed=1):
    passing = table.records("passing")
    return notes(NETWORK, passing, Draws(seed), start_at=START, horizon_days=14, scale=scale)


def runs(rows, days=14):
    return timetable.departures(
        NETWORK.services, NETWORK.places, rows, start_at=START, from_minute=0, until_minute=days * 1440
    )


def test_every_passing_train_says_its_room(week):
    """Each run through the hub in the horizon has a row; westbound trains have little room, eastbound ones more."""
    said = {n.departure_id: n for n in week.departures}
    room = defaultdict(list)
    for run in runs((), days=week.horizon_days):
        group = NETWORK.services[run.service_id].group
        if group in ("through", "through-return"):
            note = said[run.departure_id]
            if note.status == "run":
                room[group].append(note.free_teu)
    assert all(teu % 2 == 0 for found in room.values() for teu in found)
    west, east = (sum(room[g]) / len(room[g]) / 2 for g in ("through", "through-return"))
    assert west == pytest.approx(0.8, abs=0.4)
    assert east == pytest.approx(5.0, abs=1.0)


def test_rows_say_something(week):
    """A row cancels a run, adds one, or leaves less than the whole capacity; hub trains keep their calendar."""
    counts = Counter(n.status for n in week.departures)
    assert 0 < counts["cancelled"] < 0.03 * len(week.departures)
    for note in week.departures:
        service = NETWORK.services[note.service_id]
        assert service.operation == "bought"
        assert note.status != "extra" or service.group in ("through", "through-return")
        capacity = min(leg.capacity_teu for leg in service.legs)
        assert note.status == "cancelled" or 0 <= note.free_teu <= capacity


def test_a_small_port_has_the_same_trains():
    """Below scale 1 no train is taken away or added."""
    assert written(0.2) == written(1.0)


def test_trains_pass_as_often_as_published(week):
    """Where a city and border have services, as many trains a week pass as the table says."""
    weekly = {(r["direction"], r["origin_id"], r["border_id"]): r["trains_per_week"] for r in table.records("passing")}
    passed, planned = Counter(), Counter()
    weeks = week.horizon_days / 7
    for of, found in (
        (passed, runs(week.departures, days=week.horizon_days)),
        (planned, runs((), days=week.horizon_days)),
    ):
        for run in found:
            service = NETWORK.services[run.service_id]
            is_west = service.group == "through"
            if not (is_west or service.group == "through-return"):
                continue
            stops = [service.legs[0].from_id, *(leg.to_id for leg in service.legs)]
            city = ("westbound", stops[0]) if is_west else ("eastbound", stops[-1])
            of.update((*city, s) for s in stops if (*city, s) in weekly)
    assert len(passed) >= 15
    for key, n in passed.items():
        assert n / weeks == pytest.approx(max(weekly[key], planned[key] / weeks), rel=0.12, abs=0.75), key


@pytest.mark.parametrize("scale", [2.0, 3.5])
def test_runs_grow_with_scale(scale):
    """Extra runs make the timetable as many times denser, lie between calendar runs, and are named by local day."""
    rows = written(scale)
    cancelled = sum(n.status == "cancelled" for n in rows)
    assert (len(runs(rows)) + cancelled) / len(runs(written(1.0))) == pytest.approx(scale, rel=0.05)
    extras = [n for n in rows if n.status == "extra"]
    assert len({n.departure_id for n in rows}) == len(rows)
    for note in extras:
        zone = ZoneInfo(NETWORK.places[NETWORK.services[note.service_id].legs[0].from_id].timezone)
        day = (START + timedelta(minutes=note.departs_at)).astimezone(zone).date()
        assert note.departure_id.startswith(f"{note.service_id}@{day.isoformat()}+")
        assert -10 * 1440 <= note.departs_at < 14 * 1440


def test_tables_do_not_shift_each_other(week):
    """More freight changes bookings but not the room on a calendar's trains."""
    more = demo.generate(WORLD, week=JULY, seed=1, scale=0.5)
    assert more.departures == week.departures
    assert more.bookings != week.bookings


def test_supply_names_every_night(week):
    """Each railway day of the plan has tracks and wagons, with fewer tracks on one night and wagons on another."""
    by_day = defaultdict(dict)
    for row in week.supply:
        by_day[row.day_on][row.resource] = row.count
    assert len(by_day) == 8
    assert all(set(found) == {"track", "NX70A", "X70", "NX70"} for found in by_day.values())
    hub = Counter()
    block = Counter()
    for run in runs(week.departures, days=7):
        service = NETWORK.services[run.service_id]
        if service.operation == "hub" and service.legs[0].from_id == "URC":
            day = railway_day(run.departs_at, START).isoformat()
            hub[day] += 1
            block[day] += service.group == "assembly"
    assert sum(found["track"] < hub[day] for day, found in by_day.items()) == 1
    wagons = {day: sum(n for kind, n in found.items() if kind != "track") for day, found in by_day.items()}
    assert sum(wagons[day] < 50 * block[day] for day in by_day) == 1


def test_orders_are_obviously_invented(week):
    """Four orders: two bans by cargo, one by container type, one cap on trains; none is a real number."""
    assert [o.number for o in week.orders] == [f"DEMO-2022-{i:04d}" for i in range(1, 5)]
    assert all("invented" in o.issuer and o.from_at < o.until_at for o in week.orders)
    assert sum(o.max_trains_per_day is not None for o in week.orders) == 1
    assert {o.place_id for o in week.orders} == {"ALA", "HRG", "BRE"}


def test_draws_are_pinned():
    """The stream of a seed never changes: it is part of the demo's promise."""
    draws = Draws(1).child("bookings")
    assert draws.below(5, 1000).tolist() == PINNED
    assert Draws(1).child("items").below(5, 1000).tolist() != PINNED


PINNED = [643, 790, 424, 8, 796]


def test_poisson_has_its_mean():
    """Inverting a grid of uniform numbers gives the mean."""
    drawn = [poisson((i + 0.5) / 10_000, 5.0) for i in range(10_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(5.0, abs=0.01)
