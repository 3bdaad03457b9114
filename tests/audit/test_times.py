"""What the auditor derives agrees with what the planners derive, on the whole shipped network."""

from landport.audit.times import TRUCK, Roads, Timetable, Touch, Transfers
from landport.model import timetable
from landport.model.changes import Changes, End, roads
from tests.broken.week import OTHER, pricing, tiny


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
