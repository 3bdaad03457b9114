"""Dating services."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from landport.model.places import Place, Places
from landport.model.services import DepartureNote, Service, ServiceLeg
from landport.model.timetable import departures
from landport.reference import load

MONDAY = datetime(2022, 7, 18, tzinfo=UTC)
WEEK = 7 * 1440


def leg(seq: int, from_id: str, to_id: str, dwell: int = 0) -> ServiceLeg:
    return ServiceLeg(
        seq=seq,
        from_id=from_id,
        to_id=to_id,
        mode="rail",
        gauge_mm=1435,
        train_class="CN-EXPRESS",
        line_ids=(),
        length_km=100,
        running_minutes=120,
        dwell_minutes=dwell,
        capacity_teu=100,
        max_length_mm=0,
        max_gross_kg=0,
        max_cargo_kg=0,
        usd_cents_per_teu=1000,
        co2_rate="x",
    )


def service(**changes) -> Service:
    given = {
        "service_id": "S",
        "name": "S",
        "mode": "rail",
        "group": "assembly",
        "operation": "hub",
        "weekdays": (1, 4),
        "every_n_weeks": 1,
        "week_offset": 0,
        "depart_minute": 8 * 60,
        "cut_off_minutes": 360,
        "min_teu": 80,
        "fixed_usd_cents": 100,
        "legs": (leg(1, "AAA", "BBB"), leg(2, "BBB", "CCC", dwell=30)),
    }
    return Service(**(given | changes))


def place(place_id: str, zone: str) -> Place:
    return Place(
        place_id=place_id,
        name=place_id,
        name_zh="",
        name_ru="",
        country="CN",
        lat=0,
        lon=0,
        kind="hub",
        timezone=zone,
        road_rate="",
    )


PLACES = Places(
    [
        place("AAA", "Asia/Shanghai"),
        place("BBB", "UTC"),
        place("CCC", "UTC"),
        place("DDD", "Europe/Berlin"),
        place("WAW", "Europe/Warsaw"),
    ]
)


def dated(
    found: Service,
    *notes: DepartureNote,
    start_at: datetime = MONDAY,
    until: int = WEEK,
    holidays: frozenset[tuple[str, date]] = frozenset(),
):
    return departures(
        {"S": found}, PLACES, notes, start_at=start_at, from_minute=0, until_minute=until, holidays=holidays
    )


def days(found: Service, **how) -> list[str]:
    return [d.departure_id.removeprefix("S@") for d in dated(found, **how)]


def test_runs_leave_at_local_time_on_their_weekdays():
    """08:00 in Shanghai is 00:00 UTC; legs follow with dwell."""
    found = dated(service())
    assert [(d.departure_id, d.departs_at) for d in found] == [("S@2022-07-18", 0), ("S@2022-07-21", 3 * 1440)]
    assert [(t.departs_at, t.arrives_at) for t in found[0].legs] == [(0, 120), (150, 270)]


def test_every_second_week_skips_one():
    """Exactly one of two offsets runs in a given week."""
    counts = [len(dated(service(every_n_weeks=2, week_offset=offset))) for offset in (0, 1)]
    assert sorted(counts) == [0, 2]


def test_summer_time_moves_the_utc_minute():
    """08:00 in Berlin is 06:00 UTC in July and 07:00 in December."""
    berlin = service(legs=(leg(1, "DDD", "BBB"),), weekdays=(1,))
    july = dated(berlin)[0].departs_at
    december = departures(
        {"S": berlin}, PLACES, (), start_at=datetime(2022, 12, 5, tzinfo=UTC), from_minute=0, until_minute=WEEK
    )[0].departs_at
    assert (july, december) == (360, 420)


def test_a_passing_train_has_the_room_that_a_note_says():
    """Others' trains are full until told otherwise; any other train has all its positions."""
    note = DepartureNote(departure_id="S@2022-07-21", service_id="S", status="run", free_teu=4)
    assert [d.free_teu for d in dated(service(group="through"), note)] == [(0, 0), (4, 4)]
    assert [d.free_teu for d in dated(service(group="onward"), note)] == [None, (4, 4)]


def test_room_may_differ_from_leg_to_leg():
    """A note with one number a leg leaves each its own, at most its capacity; only a train without any is full."""
    plain = DepartureNote(departure_id="S@2022-07-18", service_id="S", status="run")
    two = service(legs=(leg(1, "AAA", "BBB"), leg(2, "BBB", "CCC")))
    for free, room, is_full in (
        (None, [100, 100], False),
        (30, [30, 30], False),
        ((40, 0), [40, 0], False),
        ((0, 400), [0, 100], False),
        ((0, 0), [0, 0], True),
        (0, [0, 0], True),
    ):
        run = dated(two, replace(plain, free_teu=free))[0]
        assert ([run.room_teu(x) for x in two.legs], run.is_full) == (room, is_full)


def test_notes_cancel_add_and_narrow_runs():
    """A cancelled run is gone, an extra one runs when told, room is carried."""
    found = dated(
        service(),
        DepartureNote(departure_id="S@2022-07-18", service_id="S", status="cancelled"),
        DepartureNote(departure_id="S@2022-07-21", service_id="S", status="run", free_teu=4),
        DepartureNote(departure_id="S@2022-07-21+1", service_id="S", status="extra", departs_at=5000, free_teu=None),
    )
    assert [(d.departure_id, d.departs_at, d.free_teu) for d in found] == [
        ("S@2022-07-21", 4320, (4, 4)),
        ("S@2022-07-21+1", 5000, None),
    ]


EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
CHINA = frozenset(h for h in load.world().network.holidays if h[0] == "CN")


def test_the_last_sunday_of_march_moves_no_clock():
    """08:00 in Warsaw is 07:00 UTC on Saturday 26 March 2022, 06:00 from Sunday on."""
    warsaw = service(legs=(leg(1, "WAW", "BBB"),), weekdays=EVERY_DAY)
    start_at = datetime(2022, 3, 21, tzinfo=UTC)
    runs = dated(warsaw, start_at=start_at, until=2 * WEEK)
    assert [run.departs_at % 1440 for run in runs] == [7 * 60] * 6 + [6 * 60] * 8
    local = [(start_at + timedelta(minutes=run.departs_at)).astimezone(ZoneInfo("Europe/Warsaw")) for run in runs]
    assert {f"{at:%H:%M}" for at in local} == {"08:00"}
    assert [f"S@{at:%Y-%m-%d}" for at in local] == [run.departure_id for run in runs]


@pytest.mark.parametrize(("start_at", "day"), [((2022, 3, 21), "2022-03-27"), ((2022, 10, 24), "2022-10-30")])
def test_an_hour_that_is_missing_or_doubled_has_one_run(start_at, day):
    """At 02:30 on the days on which Warsaw's clocks change there is exactly one train."""
    night = service(legs=(leg(1, "WAW", "BBB"),), weekdays=EVERY_DAY, depart_minute=150)
    found = days(night, start_at=datetime(*start_at, tzinfo=UTC))
    assert len(found) == 7
    assert found.count(day) == 1


@pytest.mark.parametrize(
    ("every", "offset", "expected"),
    [
        (2, 0, ["2022-12-12", "2022-12-26", "2023-01-09", "2023-01-23", "2023-02-06"]),
        (2, 1, ["2022-12-05", "2022-12-19", "2023-01-02", "2023-01-16", "2023-01-30"]),
        (3, 0, ["2022-12-19", "2023-01-09", "2023-01-30"]),
        (3, 1, ["2022-12-05", "2022-12-26", "2023-01-16", "2023-02-06"]),
        (3, 2, ["2022-12-12", "2023-01-02", "2023-01-23"]),
    ],
)
def test_every_n_weeks_goes_on_over_the_turn_of_the_year(every, offset, expected):
    """The gap is always n weeks; no week of the year is counted anew."""
    some = service(weekdays=(1,), every_n_weeks=every, week_offset=offset)
    assert days(some, start_at=datetime(2022, 12, 5, tzinfo=UTC), until=10 * WEEK) == expected


def test_a_service_skips_the_holidays_of_countries_that_it_names():
    """Monday 3 October 2022 is China's National Day; who names Kazakhstan or nobody runs."""
    october = {"start_at": datetime(2022, 10, 3, tzinfo=UTC), "holidays": CHINA}
    assert days(service(no_run_on=("KZ", "CN")), **october) == ["2022-10-06"]
    assert days(service(no_run_on=("KZ",)), **october) == days(service(), **october) == ["2022-10-03", "2022-10-06"]


def test_the_holiday_is_that_of_the_local_day_at_the_first_stop():
    """Monday 00:30 in Shanghai is Sunday 16:30 UTC: Monday's holiday counts, Sunday's does not."""
    night = service(weekdays=(1,), depart_minute=30, no_run_on=("CN",))
    for day, expected in ((date(2022, 7, 25), []), (date(2022, 7, 24), ["2022-07-25"])):
        assert days(night, holidays=frozenset({("CN", day)})) == expected


def test_a_service_runs_within_its_dates_both_included():
    """Mondays and Thursdays of August 2022 are nine days; 1 August is a Monday."""
    whole = {"until": 52 * WEEK}
    august = service(valid_from=date(2022, 8, 1), valid_to=date(2022, 8, 31))
    expected = [f"2022-08-{day:02d}" for day in (1, 4, 8, 11, 15, 18, 22, 25, 29)]
    assert days(august, **whole) == expected
    assert days(service(valid_to=date(2022, 7, 21))) == ["2022-07-18", "2022-07-21"]
    assert days(service(valid_from=date(2022, 7, 19))) == ["2022-07-21"]
    assert days(service(valid_from=date(2022, 7, 22), valid_to=date(2022, 7, 19))) == []


def test_an_extra_run_leaves_on_a_holiday_and_out_of_season():
    """What somebody says of one day goes before the calendar; a note that it runs does not bring it back."""
    extra = DepartureNote(departure_id="S@2022-07-21+1", service_id="S", status="extra", departs_at=4400)
    said = DepartureNote(departure_id="S@2022-07-21", service_id="S", status="run", free_teu=8)
    closed = frozenset({("CN", date(2022, 7, 21))})
    for stopped in (service(no_run_on=("CN",)), service(valid_to=date(2022, 7, 20))):
        found = dated(stopped, extra, said, holidays=closed)
        assert [d.departure_id for d in found] == ["S@2022-07-18", "S@2022-07-21+1"]


@pytest.mark.parametrize(
    ("changes", "n_runs"),
    [
        ({}, 105),  # 53 Mondays and 52 Thursdays
        ({"no_run_on": ("CN",)}, 104),  # not on Monday 3 October
        ({"weekdays": EVERY_DAY}, 365),
        ({"weekdays": EVERY_DAY, "no_run_on": ("CN",)}, 361),  # 10 September, 1 to 3 October
        ({"every_n_weeks": 2}, 52),  # 26 weeks, Thursday in each
        ({"every_n_weeks": 2, "week_offset": 1}, 53),  # 27 Mondays, 26 Thursdays
        ({"valid_from": date(2023, 7, 1)}, 5),  # 3, 6, 10, 13 and 17 July
    ],
)
def test_a_year_has_as_many_runs_as_its_calendar(changes, n_runs):
    """18 July 2022 to 17 July 2023, counted by hand."""
    assert len(dated(service(**changes), until=365 * 1440, holidays=CHINA)) == n_runs


def test_a_cut_horizon_has_the_runs_of_a_whole_one():
    """Dating a year week by week gives what dating it at once does."""
    every = service(weekdays=EVERY_DAY, no_run_on=("CN",), every_n_weeks=3, week_offset=1, depart_minute=5)
    at_once = dated(every, until=52 * WEEK, holidays=CHINA)
    pieces = [
        run
        for n in range(52)
        for run in departures(
            {"S": every},
            PLACES,
            (),
            start_at=MONDAY,
            from_minute=n * WEEK,
            until_minute=(n + 1) * WEEK,
            holidays=CHINA,
        )
    ]
    assert tuple(pieces) == at_once
    assert len(at_once) > 100
