"""Why there is no way, and the nearest change to the question that would open one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from landport.model.itinerary import Refusal, Trip
from landport.route._kernel_table import NEVER, Ints, Table
from landport.route.fronts import Front, Fronts, Point, Question
from landport.route.masks import Masks


@dataclass(frozen=True, slots=True)
class Reason:
    """A refusal and what would help.

    Parameters
    ----------
    readies
        Latest minutes at which the load could have been ready, with why that matters: the nearest first.
    arrives_at
        When it would arrive at the earliest; None: never.
    """

    refusal: Refusal
    readies: tuple[Point, ...] = ()
    arrives_at: int | None = None
    advice: tuple[str, ...] = ()


def too_late(asked: Question, front: Front, due_at: int, fronts: Fronts) -> Reason:
    """Say that every way arrives after the load is due, and by when it had to be ready."""
    arrives_at = min(way.arrives_at for way in front.ways)
    why = f"the fastest way from {asked.from_id} to {asked.to_id} arrives {spell(arrives_at - due_at)} after it is due"
    refusal = Refusal(state="waiting", code="too-late", why=why)
    in_time = [p for p in fronts.profile(asked) if p.arrives_at <= due_at]
    if in_time:
        last = in_time[-1]
        refusal = replace(refusal, why=f"{why}; {_missed(asked, last, fronts)}")
    return Reason(refusal, tuple(in_time[-1:]), arrives_at)


def no_way(asked: Question, trip: Trip, joined: Masks, n_teu: int, fronts: Fronts) -> Reason:
    """Say why nothing leads there: a rule, an order, no room, the last departure missed, or a gap in the network."""
    free = replace(asked, blocked=np.zeros_like(asked.blocked))
    if ways := fronts.front(free).ways:
        best = min(ways, key=lambda way: way.value)
        for leg in best.legs:
            if asked.blocked[leg]:
                return _barred(trip, leg, joined, n_teu, fronts)
    profile = fronts.profile(asked) or fronts.profile(free)
    if profile:
        last = profile[-1]
        why = f"nothing leads from {asked.from_id} to {asked.to_id} any more; {_missed(asked, last, fronts)}"
        return Reason(Refusal(state="waiting", code="no-connection", why=why), (last,))
    return Reason(Refusal(state="waiting", code="no-connection", why=_gap(asked, fronts)))


def _missed(asked: Question, point: Point, fronts: Fronts) -> str:
    """Name the departure that would have done, and by how much it is missed."""
    hop = fronts.space.hops[point.leg]
    closes = hop.departs_at - point.ready_at
    missed = spell(asked.ready_at - point.ready_at)
    return (
        f"for the last departure that would do, {hop.departure.departure_id} from {hop.leg.from_id}, the load had to "
        f"be ready {spell(closes)} before it leaves; that is missed by {missed}"
    )


def _barred(trip: Trip, leg: int, joined: Masks, n_teu: int, fronts: Fronts) -> Reason:
    """Say which rule, order or want of room closes the best way there would be."""
    reason = joined.reason(trip, leg)
    hop = fronts.space.hops[leg]
    if reason is None:
        room = room_of(fronts)[leg]
        where = f"{hop.leg.from_id}-{hop.leg.to_id}"
        why = f"{hop.departure.departure_id} has room for {room} TEU on {where}; {n_teu} TEU were asked for"
        refusal = Refusal(state="waiting", code="no-room", why=why)
        return Reason(refusal, advice=(f"ask for at most {room} TEU at a time",) if room else ())
    if reason.code == "overweight":
        kg = trip.gross_kg - int(joined.limit_kg[20 if n_teu == trip.n_boxes else 40][leg])
        return Reason(reason, advice=(f"take {kg:,} kg out of each box, or spread the cargo over more boxes",))
    if reason.code == "equipment":
        return Reason(reason, advice=("take a closed container",))
    ends = [o for o in joined.orders.values() if o.number in reason.why]
    more = tuple(f"ask for a time after order {o.number} has ended" for o in ends)
    return Reason(reason, advice=more)


def room_of(fronts: Fronts) -> Ints:
    """TEU that each leg of the space has room for, shape (n,)."""
    return np.array([h.departure.room_teu(h.leg) for h in fronts.space.hops], np.int64)


def _gap(asked: Question, fronts: Fronts) -> str:
    """Find where the timetable breaks off: the first change on the shortest chain of services that nobody can make."""
    s = fronts.space
    graph = fronts.priced.graph(asked.load, asked.n_teu)
    table = graph.table
    start, target = s.place_of[asked.from_id], s.place_of[asked.to_id]
    came = _chain(start, fronts)
    if target not in came:
        stops = {hop.leg.from_id for hop in s.hops} | {hop.leg.to_id for hop in s.hops}
        for place_id in (asked.from_id, asked.to_id):
            if place_id not in stops:
                return f"no service of the timetable stops at {place_id}, and no truck goes there on demand"
        return f"no chain of services of the timetable leads from {asked.from_id} to {asked.to_id}"
    legs: list[int] = []
    while target != start:
        leg, target = came[target]
        legs.insert(0, leg)
    for one, other in pairwise(legs):
        if min(one, other) < 0:
            continue
        row = int(table.land[one])
        can = _changes(row, table)
        same_run = table.run[one] == table.run[other]
        if not same_run and int(table.board[other]) not in can:
            a, b = s.hops[one].leg, s.hops[other].leg
            if int(table.board[other]) in _changes(row, fronts.priced.graph(asked.load).table):
                return f"at {b.from_id} less than {asked.n_teu} TEU is changed in a day"
            return (
                f"services lead from {asked.from_id} to {asked.to_id}, but at {b.from_id} nothing is changed from "
                f"{_kind(a.mode, a.gauge_mm)} to {_kind(b.mode, b.gauge_mm)}"
            )
    return f"services lead from {asked.from_id} to {asked.to_id}, but none leaves after the one before has arrived"


def _changes(row: int, table: Table) -> set[int]:
    """List the classes that a load at a row can change to at all."""
    if row < 0:
        return set()
    rows = table.change[table.change_at[row] : table.change_at[row + 1]]
    return set(rows[rows[:, 1] < NEVER, 0].tolist())


def _chain(start: int, fronts: Fronts) -> dict[int, tuple[int, int]]:
    """Search in breadth which leg first leads to each place, times and changes left out: leg (-1: truck), place."""
    s = fronts.space
    onward: dict[int, dict[int, int]] = {}
    for leg, place in enumerate(s.from_place.tolist()):
        onward.setdefault(place, {}).setdefault(s.place_of[s.hops[leg].leg.to_id], leg)
    for way in s.truck_roads:
        onward.setdefault(s.place_of[way.from_id], {}).setdefault(s.place_of[way.to_id], -1)
    came: dict[int, tuple[int, int]] = {}
    queue, seen = [start], {start}
    for place in queue:
        for there, leg in onward.get(place, {}).items():
            if there not in seen:
                seen.add(there)
                came[there] = leg, place
                queue.append(there)
    return came


def _kind(mode: str, gauge_mm: int) -> str:
    return f"{mode} of {gauge_mm} mm" if gauge_mm else mode


def spell(minutes: int) -> str:
    """Write a duration in its two largest units.

    Examples
    --------
    >>> spell(40), spell(125), spell(3000)
    ('40 min', '2 h 5 min', '2 d 2 h')
    """
    if minutes >= 1440:
        days, hours = divmod(round(minutes / 60), 24)
        return f"{days} d {hours} h" if hours else f"{days} d"
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )
