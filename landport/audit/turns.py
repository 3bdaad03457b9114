"""Rule of whose turn it is: of boxes that are alike, the first booked rides first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from landport.audit.case import Case
from landport.audit.violation import Finding, Rule

NEVER = 1 << 60


def _turn(case: Case) -> Iterator[Finding]:
    if case.plan.replanned is not None:  # a plan made again keeps who rode what
        return
    places = {booking.booking_id: i for i, booking in enumerate(case.scenario.bookings)}
    groups: dict[tuple[object, ...], list[tuple[int, str, int]]] = {}
    for box, booking in case.fcl():
        refused = [left for left in case.lefts_of.get(box.container_id, ()) if left.state == "refused"]
        if len(box.booking_ids) != 1 or refused:
            continue
        goods = (booking.hs, booking.gng_code, booking.un_class, booking.un_number)
        cold = (booking.temperature_min_c, booking.temperature_max_c)
        load = (box.container_type, box.cargo_kg, box.gross_kg, box.at_id, box.destination_id)
        key = (*load, box.ready_at, box.due_at, box.priority, *goods, *cold)
        rides = case.rides_of.get(box.container_id)
        arrives = rides[-1].arrives_at if rides else NEVER
        groups.setdefault(key, []).append((places[booking.booking_id], box.container_id, arrives))
    for alike in groups.values():
        alike.sort()
        for one, other in pairwise(alike):
            if one[2] > other[2]:
                how = "waits" if one[2] == NEVER else f"arrives at minute {one[2]:,}"
                text = f"{one[1]} was booked before {other[1]} and is like it, but {how}"
                yield f"{text}; the other arrives at minute {other[2]:,}", (one[1], other[1])


RULES = (Rule("BOX_TURN", "Of boxes that are alike, the first booked rides, and arrives first.", _turn),)
