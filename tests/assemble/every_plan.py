"""Slow twin of the plain assembly engine: every set of trains, every way of every container."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from landport.model.plain_assembly import MICROS, PlainBooking, PlainCase, PlainService

Way = tuple[int, tuple[str, ...]]
"""Cost of one container, and the services that it takes; none: it is left behind."""


def least_cost(case: PlainCase) -> int:
    """Find the least cost of any plan, in micros."""
    trains = [s.service_id for s in case.services if s.fixed_micros > 0]
    sets = [run for n in range(len(trains) + 1) for run in combinations(trains, n)]
    return min(cost for run in sets if (cost := _with(case, frozenset(run))) is not None)


def ways(case: PlainCase, booking: PlainBooking, services: list[PlainService]) -> Iterator[Way]:
    """List every way of a container over these services, and leaving it."""
    rules = case.rules
    share = MICROS + rules.reject_per_priority_millionths * booking.priority
    yield (2 * rules.reject_micros * share + MICROS) // (2 * MICROS), ()
    waiting = [((s.service_id,), s, s.position_micros) for s in services if s.from_id == booking.from_id]
    waiting = [found for found in waiting if found[1].departs_h >= booking.ready_h]
    while waiting:
        taken, last, cost = waiting.pop()
        if last.to_id == booking.to_id and last.arrives_h <= booking.due_h + rules.max_late_h:
            late = rules.late_micros_per_h * max(0, last.arrives_h - booking.due_h)
            hold = rules.hold_micros_per_h * (last.arrives_h - booking.ready_h)
            yield cost + booking.priority * (late + hold), taken
        if len(taken) < rules.max_legs:
            waiting += [
                ((*taken, s.service_id), s, cost + s.position_micros)
                for s in services
                if s.from_id == last.to_id and s.departs_h >= last.arrives_h + rules.min_change_h
            ]


def _with(case: PlainCase, run: frozenset[str]) -> int | None:
    """Find the least cost with these trains; None when they cannot all have their minimum."""
    services = [s for s in case.services if s.fixed_micros <= 0 or s.service_id in run]
    room = {s.service_id: s.positions for s in services}
    lack = {s.service_id: s.min_containers for s in services if s.service_id in run}
    todo = [sorted(ways(case, b, services)) for b in case.bookings for _ in range(b.containers)]
    first = [i == 0 or todo[i] != todo[i - 1] for i in range(len(todo))]
    best: list[int | None] = [None]

    def place(i: int, cost: int, at_least: int) -> None:
        cheapest = sum(options[0][0] for options in todo[i:])
        if best[0] is not None and cost + cheapest >= best[0]:
            return
        if i == len(todo):
            if all(n <= 0 for n in lack.values()):
                best[0] = cost
            return
        for k in range(0 if first[i] else at_least, len(todo[i])):  # equal containers in one order only
            price, taken = todo[i][k]
            if all(room[s] >= taken.count(s) for s in taken):
                _count(taken, -1)
                place(i + 1, cost + price, k)
                _count(taken, 1)

    def _count(taken: tuple[str, ...], by: int) -> None:
        for s in taken:
            room[s] += by
            if s in lack:
                lack[s] += by

    fixed = sum(s.fixed_micros for s in services)
    place(0, fixed, 0)
    return best[0]
