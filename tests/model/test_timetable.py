"""Dating services."""

from __future__ import annotations

from datetime import UTC, datetime

from landport.model.places import Place, Places
from landport.model.services import DepartureNote, Service, ServiceLeg
from landport.model.timetable import departures

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
    [place("AAA", "Asia/Shanghai"), place("BBB", "UTC"), place("CCC", "UTC"), place("DDD", "Europe/Berlin")]
)


def dated(found: Service, *notes: DepartureNote, until: int = WEEK):
    return departures({"S": found}, PLACES, notes, start_at=MONDAY, from_minute=0, until_minute=until)


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
    assert [d.free_teu for d in dated(service(group="through"), note)] == [0, 4]
    assert [d.free_teu for d in dated(service(group="onward"), note)] == [None, 4]


def test_notes_cancel_add_and_narrow_runs():
    """A cancelled run is gone, an extra one runs when told, room is carried."""
    found = dated(
        service(),
        DepartureNote(departure_id="S@2022-07-18", service_id="S", status="cancelled"),
        DepartureNote(departure_id="S@2022-07-21", service_id="S", status="run", free_teu=4),
        DepartureNote(departure_id="S@2022-07-21+1", service_id="S", status="extra", departs_at=5000, free_teu=None),
    )
    assert [(d.departure_id, d.departs_at, d.free_teu) for d in found] == [
        ("S@2022-07-21", 4320, 4),
        ("S@2022-07-21+1", 5000, None),
    ]
