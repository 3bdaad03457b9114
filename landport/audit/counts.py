"""Rules of counting: every box and piece booked is exactly once somewhere, moved or left with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case
from landport.audit.stow import piece_g
from landport.audit.violation import Finding, Rule
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.plans import PlannedContainer

STATES = ("waiting", "refused")
"""What freight that is not moved can be."""

PIECE_CODES = ("too-large", "too-heavy")
"""Reasons that hold for single pieces: the rest of their booking may go."""


def _boxes(case: Case) -> Iterator[Finding]:
    planned: dict[str, int] = {}
    for _, booking in case.fcl():
        planned[booking.booking_id] = planned.get(booking.booking_id, 0) + 1
    for booking in case.scenario.bookings:
        count = planned.get(booking.booking_id, 0)
        if booking.kind == "FCL" and count != booking.n_containers:
            text = f"{booking.booking_id} booked {booking.n_containers} containers; the plan has {count}"
            yield text, (booking.booking_id,)


def _once(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        rides = len(case.rides_of.get(box.container_id, ()))
        lefts = len(case.lefts_of.get(box.container_id, ()))
        if (rides > 0) + lefts != 1:
            text = f"{box.container_id} has {rides} rides and {lefts} left records; it moves or is left once"
            yield text, (box.container_id,)


def _pieces(case: Case) -> Iterator[Finding]:
    left: dict[str, int] = {}
    for record in case.plan.left:
        if record.item_id:
            left[record.item_id] = left.get(record.item_id, 0) + record.count
    for item in case.scenario.items:
        inside, behind = case.packed.get(item.item_id, 0), left.get(item.item_id, 0)
        there = item.count if _is_delivered(case, item.booking_id) else 0
        if inside + behind + there != item.count:
            text = f"{item.item_id} has {item.count:,} pieces; {inside:,} are packed and {behind:,} left"
            at_hub = f", {there:,} brought to the hub, where they go" if there else ""
            yield text + at_hub, (item.item_id, item.booking_id)


def _is_delivered(case: Case, booking_id: str) -> bool:
    """Tell whether groupage has a truck to the hub, and the hub is its destination: it is never packed."""
    booking = case.bookings.get(booking_id)
    return booking is not None and booking.destination_id == case.scenario.hub_id and booking_id in case.rides_of


def _split(case: Case) -> Iterator[Finding]:
    behind = {r.booking_id for r in case.plan.left if r.item_id and r.code not in PIECE_CODES}
    holders: dict[str, list[PlannedContainer]] = {}
    for box, bookings in case.lcl():
        for booking in bookings:
            if not booking.may_split and booking.kind != "FCL" and box.container_type in case.types:
                holders.setdefault(booking.booking_id, []).append(box)
    for booking_id, boxes in holders.items():
        places = len(boxes) + (booking_id in behind)
        if places > 1 and any(_holds_all(case, box, case.bookings[booking_id]) for box in boxes):
            shared = f"is in {len(boxes)} containers" + (" and partly left" if booking_id in behind else "")
            text = f"{booking_id} may not be split, but {shared}; a container it is in surely holds it all"
            yield text, (booking_id, *(b.container_id for b in boxes))


def _holds_all(case: Case, box: PlannedContainer, booking: Booking) -> bool:
    """Tell whether a container surely holds a booking: each row of pieces as walls of its own, mass for any train.

    A booking that would only fit in a cleverer way is given the benefit of the doubt.
    """
    kind = case.types[box.container_type]
    length = grams = 0
    for item in case.items_of.get(booking.booking_id, ()):
        length += _wall_mm(item, kind)
        grams += piece_g(item) * item.count
    size = "20ft" if kind.length_ft == 20 else "40ft"
    rules = [r for r in case.world.rules.train_rules if r.rule == "max_box_gross_kg" and r.applies_to == size]
    most_kg = min([kind.payload_kg, *(rule.milli // 1000 - kind.tare_kg for rule in rules)])
    return length <= kind.inside_length_mm and grams <= most_kg * 1000


def _wall_mm(item: CargoItem, kind: ContainerType) -> int:
    """Length of a container that a row of pieces needs, stacked as walls in its best pose; too much if it cannot."""
    least = kind.inside_length_mm + 1
    layers = 1 + item.max_on_top_g // max(1, piece_g(item))
    for dx, dy, dz, side in _poses(item):
        if side not in item.vertical or dy > kind.inside_width_mm or dz > kind.inside_height_mm:
            continue
        high = min(kind.inside_height_mm // dz, item.max_layers, layers)
        wall = kind.inside_width_mm // dy * high
        least = min(least, -(-item.count // wall) * dx)
    return least


def _poses(item: CargoItem) -> Iterator[tuple[int, int, int, str]]:
    """Every way to put a piece down: along, across, up, and which of its sides stands up."""
    sides = {"l": item.length_mm, "w": item.width_mm, "h": item.height_mm}
    for up, dz in sides.items():
        one, other = (mm for side, mm in sides.items() if side != up)
        yield one, other, dz, up
        yield other, one, dz, up


def _left_of_what(case: Case) -> Iterator[Finding]:
    for left in case.plan.left:
        box, item = case.containers.get(left.container_id), case.items.get(left.item_id)
        about = tuple(x for x in (left.booking_id, left.container_id, left.item_id) if x)
        what = f"the left record of {left.count:,} x {left.container_id or left.item_id!r} ({left.booking_id})"
        if left.container_id and left.item_id:
            yield f"{what} names a container and an item", about
        elif box is not None:
            of_it = left.booking_id in box.booking_ids or left.booking_id not in case.bookings
            if not of_it or left.count != 1:
                yield f"{what} is no record of one container of that booking", about
        elif item is None:
            yield f"{what} names nothing that is known", about
        elif left.count < 1 or (left.booking_id != item.booking_id and left.booking_id in case.bookings):
            yield f"{what} is no record of pieces of that booking", about


def _left_state(case: Case) -> Iterator[Finding]:
    for left in case.plan.left:
        if left.state not in STATES:
            what = left.container_id or left.item_id
            yield f"{what} is left {left.state!r}, expected waiting or refused", (left.booking_id, what)


def _left_why(case: Case) -> Iterator[Finding]:
    for left in case.plan.left:
        if not left.why.strip():
            what = left.container_id or left.item_id
            yield f"{what} is left without a reason", (left.booking_id, what)


RULES = (
    Rule("COUNT_BOXES", "Every FCL booking has as many containers as booked.", _boxes),
    Rule("COUNT_ONCE", "Every container either rides or has exactly one left record.", _once),
    Rule("COUNT_PIECES", "Every piece of groupage is packed, left or delivered to the hub, and once.", _pieces),
    Rule(
        "COUNT_SPLIT",
        "Groupage that may not be split is not, nor partly left, if a container it is in surely holds it all.",
        _split,
    ),
    Rule("LEFT_WHAT", "A left record is of one known container, or of pieces of one known item.", _left_of_what),
    Rule("LEFT_STATE", "What is left is waiting or refused.", _left_state),
    Rule("LEFT_WHY", "What is left has a reason in words.", _left_why),
)
