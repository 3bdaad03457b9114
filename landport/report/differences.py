"""Two plans compared record by record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from landport.model.differences import ContainerChange, Differences, KindChange, LooseChange, TrainChange
from landport.model.plans import Left, Plan, PlannedContainer, Ride
from landport.report.indicators import MONEY, WEIGHED
from landport.report.pairing import pairs, pieces


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the plans, with its records by container."""

    plan: Plan
    boxes: Mapping[str, PlannedContainer]
    rides: Mapping[str, tuple[Ride, ...]]
    left: Mapping[str, Left]
    cents: Mapping[str, int]

    def arrives_at(self, container_id: str) -> int | None:
        rides = self.rides.get(container_id, ())
        return rides[-1].arrives_at if rides else None

    def trains(self, container_id: str) -> tuple[str, ...]:
        return tuple(r.departure_id or "truck" for r in self.rides.get(container_id, ()))

    def lateness(self) -> list[int]:
        late = ((self.arrives_at(c), box.due_at) for c, box in self.boxes.items())
        return [at - due for at, due in late if at is not None and at > due]


def compare(before: Plan, after: Plan) -> Differences:
    """Say in what the second plan differs from the first.

    Notes
    -----
    Containers are matched by `pairing.pairs`. A container rides as before when its departures, legs and places are the
    same; the minutes may have changed with the timetable. O(n log n) in the records of both plans.
    """
    old, new = _side(before), _side(after)
    matched = pairs(before, after)
    changes = tuple(_changes(old, new, matched))
    late_before, late_after = old.lateness(), new.lateness()
    same = [(a, b) for a, b in matched.items() if _what(old, new, a, b) == ""]
    return Differences(
        name_before=before.name,
        name_after=after.name,
        is_same_week=before.scenario_digest == after.scenario_digest,
        is_same_reference=before.reference_digest == after.reference_digest,
        is_same_rules=before.rules == after.rules,
        n_before=len(before.containers),
        n_after=len(after.containers),
        n_same=len(same),
        n_retimed=sum(old.arrives_at(a) != new.arrives_at(b) for a, b in same),
        n_repacked=sum(pieces(old.boxes[a]) != pieces(new.boxes[b]) for a, b in matched.items()),
        n_other_wagon=_other_wagons(before, after, matched),
        n_late_before=len(late_before),
        n_late_after=len(late_after),
        late_minutes_before=sum(late_before),
        late_minutes_after=sum(late_after),
        containers=changes,
        loose=tuple(_loose(before, after)),
        trains=tuple(_trains(before, after)),
        kinds=tuple(_kinds(before, after)),
    )


def _side(plan: Plan) -> _Side:
    rides: dict[str, list[Ride]] = {}
    for ride in plan.rides:
        rides.setdefault(ride.subject_id, []).append(ride)
    cents: dict[str, int] = {}
    for charge in plan.charges:
        cents[charge.subject_id] = cents.get(charge.subject_id, 0) + charge.usd_cents
    return _Side(
        plan=plan,
        boxes={box.container_id: box for box in plan.containers},
        rides={c: tuple(sorted(found, key=lambda r: r.seq)) for c, found in rides.items()},
        left={x.container_id: x for x in plan.left if x.container_id},
        cents=cents,
    )


def _changes(old: _Side, new: _Side, matched: Mapping[str, str]) -> Iterator[ContainerChange]:
    """List what changed in the order of the second plan, then what only the first has."""
    was = {b: a for a, b in matched.items()}
    for b in new.boxes:
        what = _what(old, new, was[b], b) if b in was else "new"
        if what:
            yield _change(old, new, was.get(b, ""), b, what)
    for a in old.boxes:
        if a not in matched:
            yield _change(old, new, a, "", "gone")


def _what(old: _Side, new: _Side, a: str, b: str) -> str:
    """Name what changed for a container; empty: it goes as before."""
    rides_a, rides_b = old.rides.get(a, ()), new.rides.get(b, ())
    if rides_a and rides_b:
        return "" if [*map(_ridden, rides_a)] == [*map(_ridden, rides_b)] else "moved"
    if rides_a or rides_b:
        return "left" if rides_a else "taken"
    codes = [side.left[c].code if c in side.left else "" for side, c in ((old, a), (new, b))]
    return "" if codes[0] == codes[1] else "reason"


def _ridden(ride: Ride) -> tuple[str, int, int, str, str]:
    return ride.departure_id, ride.first_leg, ride.last_leg, ride.from_id, ride.to_id


def _change(old: _Side, new: _Side, a: str, b: str, what: str) -> ContainerChange:
    box = new.boxes[b] if b else old.boxes[a]
    left = new.left.get(b)
    return ContainerChange(
        container_id=b,
        was_id=a,
        booking_ids=box.booking_ids,
        what=what,
        before=old.trains(a),
        after=new.trains(b),
        arrives_before_at=old.arrives_at(a),
        arrives_after_at=new.arrives_at(b),
        usd_cents_before=old.cents.get(a, 0),
        usd_cents_after=new.cents.get(b, 0),
        code=left.code if left else "",
        why=left.why if left else "",
    )


def _other_wagons(before: Plan, after: Plan, matched: Mapping[str, str]) -> int:
    """Count the containers on the same train in both plans, but on a wagon of another type or with other containers.

    A wagon's place in the consist does not count: it changes with every wagon before it.
    """
    olds = {
        (matched.get(c, ""), w.departure_id): (w.wagon_type, tuple(matched.get(x, "") for x in w.container_ids))
        for w in before.wagons
        for c in w.container_ids
    }
    news = {(c, w.departure_id): (w.wagon_type, w.container_ids) for w in after.wagons for c in w.container_ids}
    return sum(key in news and news[key] != on for key, on in olds.items())


def _loose(before: Plan, after: Plan) -> Iterator[LooseChange]:
    counts: dict[tuple[str, str], list[int]] = {}
    why: dict[tuple[str, str], str] = {}
    for n, plan in enumerate((before, after)):
        for left in (x for x in plan.left if x.item_id):
            key = (left.booking_id, left.item_id)
            counts.setdefault(key, [0, 0])[n] += left.count
            if n:
                why[key] = left.why
    for (booking_id, item_id), (a, b) in counts.items():
        if a != b:
            said = why.get((booking_id, item_id), "")
            yield LooseChange(booking_id=booking_id, item_id=item_id, count_before=a, count_after=b, why=said)


def _trains(before: Plan, after: Plan) -> Iterator[TrainChange]:
    olds, news = ({r.departure_id: r for r in plan.runs} for plan in (before, after))
    for departure_id in dict.fromkeys((*olds, *news)):
        a, b = olds.get(departure_id), news.get(departure_id)
        status = [r.status if r else "" for r in (a, b)]
        if status[0] != status[1]:
            yield TrainChange(
                departure_id=departure_id, before=status[0], after=status[1], why=b.why if b is not None else ""
            )


def _kinds(before: Plan, after: Plan) -> Iterator[KindChange]:
    sums: dict[str, list[int]] = {kind: [0, 0] for kind in (*MONEY, *WEIGHED)}
    for n, plan in enumerate((before, after)):
        for charge in plan.charges:
            sums.setdefault(charge.kind, [0, 0])[n] += charge.usd_cents
    for kind, (a, b) in sums.items():
        if a or b:
            yield KindChange(kind=kind, usd_cents_before=a, usd_cents_after=b)
