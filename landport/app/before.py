"""The plan before, as the week of today finds it: what stands, what is frozen, what had to be let go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from landport import route
from landport.app import stages
from landport.app.hands import Hands
from landport.app.stages import Week
from landport.errors import InputError
from landport.model.itinerary import Itinerary
from landport.model.plans import Before, Hand, Plan, PlannedContainer, Ride, TrainRun
from landport.model.scenario import Scenario, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How a plan is made from one before.

    Parameters
    ----------
    digest
        Of its file.
    freeze_minutes
        What leaves within so many minutes from now stays as it was.
    change_usd_cents
        What it weighs that a container rides otherwise.
    hands
        Decisions by hand.
    taken
        Ids of containers and masters beside those of the plan before that no new one may get.
    """

    previous: Plan
    digest: str
    freeze_minutes: int = 0
    change_usd_cents: int = 0
    hands: tuple[Hand, ...] = ()
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What of the plan before is there today.

    Parameters
    ----------
    records
        Containers that both plans have, by id.
    ways
        Journeys that can still be gone, with the minutes of today.
    frozen
        Containers that keep theirs.
    runs
        Decisions on hub trains that leave before the freeze ends.
    """

    records: Mapping[str, Before]
    ways: Mapping[str, Itinerary]
    frozen: frozenset[str]
    runs: tuple[TrainRun, ...]

    def without(self, freed: Mapping[str, str]) -> Past:
        """Let containers go, for reasons by id."""
        records = {c: replace(r, freed=freed[c]) if c in freed else r for c, r in self.records.items()}
        ways = {c: way for c, way in self.ways.items() if c not in freed}
        return replace(self, records=records, ways=ways, frozen=self.frozen - freed.keys())

    def riders(self, departure_id: str) -> list[str]:
        """List the containers that can still ride a departure as before."""
        return [c for c, way in self.ways.items() if any(s.departure_id == departure_id for s in way.stretches)]


def dated(scenario: Scenario, world: World) -> Set[str]:
    """List the departures of a week, by id."""
    return stages.lay_out(scenario, world).pricing.departures.keys()


def past_of(week: Week, boxes: Sequence[PlannedContainer], again: Again, hands: Hands) -> Past:
    """Look at every container of the plan before that the week still has."""
    records, ways = _standing(week, boxes, again.previous)
    until = week.scenario.now_at + again.freeze_minutes
    by_id = {b.container_id: b for b in boxes}
    frozen = {
        c
        for c in ways
        if c in hands.stay
        or (
            records[c].rides[0].departs_at < until
            and not changed(records[c], by_id[c])
            and not hands.is_about(c, (r.departure_id for r in records[c].rides))
        )
    }
    departures = week.pricing.departures
    known = (r for r in again.previous.runs if r.departure_id in departures)
    runs = tuple(r for r in known if departures[r.departure_id].departs_at < until)
    return Past(records, ways, frozenset(frozen), runs)


def _standing(
    week: Week, boxes: Sequence[PlannedContainer], previous: Plan
) -> tuple[dict[str, Before], dict[str, Itinerary]]:
    standing = route.Standing(
        week.space,
        week.network,
        week.pricing.departures,
        week.pricing.roads,
        week.scenario.orders,
        week.world.container_types,
        week.world.rules,
    )
    rides = rides_of(previous.rides)
    olds = {b.container_id: b for b in previous.containers}
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    records: dict[str, Before] = {}
    ways: dict[str, Itinerary] = {}
    for box in boxes:
        if box.container_id not in olds:
            continue
        rode, inside = rides.get(box.container_id, ()), [bookings[b] for b in box.booking_ids]
        freed = ""
        if rode:
            unfit = stages.unfit(week, box, inside)
            way = unfit.why if unfit else standing.way(rode, stages.trip_of(box.container_id, box, inside))
            if isinstance(way, str):
                freed = way
            else:
                ways[box.container_id] = way
        records[box.container_id] = _record(olds[box.container_id], rode, freed)
    return records, ways


def _record(old: PlannedContainer, rides: tuple[Ride, ...], freed: str) -> Before:
    return Before(
        container_id=old.container_id,
        container_type=old.container_type,
        at_id=old.at_id,
        destination_id=old.destination_id,
        ready_at=old.ready_at,
        cargo_kg=old.cargo_kg,
        rides=rides,
        freed=freed,
    )


def rides_of(rides: Iterable[Ride]) -> dict[str, tuple[Ride, ...]]:
    """Sort rides by subject, in order."""
    found: dict[str, list[Ride]] = {}
    for ride in rides:
        found.setdefault(ride.subject_id, []).append(ride)
    return {c: tuple(sorted(its, key=lambda r: r.seq)) for c, its in found.items()}


def changed(before: Before, box: PlannedContainer) -> str:
    """Say what of a container is other than before; empty: nothing that its rides depend on."""
    pairs = (
        ("type", before.container_type, box.container_type),
        ("place", before.at_id, box.at_id),
        ("destination", before.destination_id, box.destination_id),
        ("readiness", f"minute {before.ready_at:,}", f"minute {box.ready_at:,}"),
        ("cargo", f"{before.cargo_kg:,} kg", f"{box.cargo_kg:,} kg"),
    )
    return ", ".join(f"{what} {old} > {new}" for what, old, new in pairs if old != new)


def expect_related(week: Week, previous: Plan) -> None:
    """Refuse a plan over other reference tables, or whose minutes count from another start.

    Raises
    ------
    InputError
        `stale-plan`.
    """
    if previous.reference_digest != week.world.reference_digest:
        text = f"the plan before was made over reference tables {previous.reference_digest}; these are others"
        raise InputError("stale-plan", f"{text}: plan afresh", (previous.name,))
    departures = week.pricing.departures
    shifts = Counter(
        departures[r.departure_id].legs[r.first_leg - 1].departs_at - r.departs_at
        for r in previous.rides
        if r.departure_id in departures and 1 <= r.first_leg <= len(departures[r.departure_id].legs)
    )
    shift = shifts.most_common(1)[0][0] if shifts else 0
    if shift % 1440 == 0 and shift:
        text = f"the plan before counts its minutes from a start {abs(shift) // 1440} days"
        raise InputError(
            "stale-plan", f"{text} {'after' if shift > 0 else 'before'} this week's: keep start_at", (previous.name,)
        )
