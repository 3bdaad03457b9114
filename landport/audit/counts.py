"""Rules of counting: every box and piece booked is exactly once somewhere, moved or left with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from landport.audit.case import Case
from landport.audit.fitting import DRY_TYPES, REEFER_TYPES, needs_temperature, sure_kg, surely_fits, surely_holds
from landport.audit.violation import Finding, Rule
from landport.model.bookings import Booking, CargoItem
from landport.model.plans import PlannedContainer

STATES = ("waiting", "refused")
"""What freight that is not moved can be."""

REASONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "full": ("waiting",),
        "cancelled": ("waiting",),
        "no-wagon": ("waiting",),
        "dear": ("waiting",),
        "order": ("waiting",),
        "quota": ("waiting",),
        "too-late": ("waiting",),
        "no-connection": ("waiting",),
        "unbalanced": ("waiting",),
        "customs-hold": ("waiting",),
        "by-hand": ("waiting",),
        "overweight": ("refused",),
        "equipment": ("refused",),
        "at-destination": ("refused",),
        "no-road": ("refused",),
        "no-container-type": ("refused",),
        "too-large": ("refused",),
        "too-heavy": ("refused",),
        "un-refused": ("refused",),
        "no-room": ("waiting",),
        "segregation": ("waiting",),
        "temperature": ("waiting",),
    }
)
"""Every reason to leave freight, with the states it may have."""


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
    behind = _behind(case)
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


def _behind(case: Case) -> set[str]:
    """Bookings of which pieces are left that some container of the hub takes, whatever their record says."""
    found = set()
    for left in case.plan.left:
        item, booking = case.items.get(left.item_id), case.bookings.get(left.booking_id)
        if item is not None and booking is not None and _fits_any(case, item, booking):
            found.add(left.booking_id)
    return found


def _fits_any(case: Case, item: CargoItem, booking: Booking) -> bool:
    for name in REEFER_TYPES if needs_temperature(booking) else DRY_TYPES:
        kind = case.types.get(name)
        if kind is not None and surely_fits(item, kind, sure_kg(kind, case.world.rules)):
            return True
    return False


def _holds_all(case: Case, box: PlannedContainer, booking: Booking) -> bool:
    """Tell whether a container surely holds a booking, but for pieces that are left and may fit nowhere."""
    kind, pieces = case.types[box.container_type], []
    for item in case.items_of.get(booking.booking_id, ()):
        is_sure = _fits_any(case, item, booking)
        pieces.append((item, item.count if is_sure else case.packed.get(item.item_id, 0)))
    return surely_holds(pieces, kind, sure_kg(kind, case.world.rules))


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


def _left_code(case: Case) -> Iterator[Finding]:
    for left in case.plan.left:
        what, states = left.container_id or left.item_id, REASONS.get(left.code)
        if states is None:
            yield f"{what} is left by {left.code!r}, which is no reason", (left.booking_id, what)
        elif left.state in STATES and left.state not in states:
            expected = f"what is left by {left.code} is {' or '.join(states)}"
            yield f"{what} is {left.state}; {expected}", (left.booking_id, what)


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
    Rule("LEFT_CODE", "What is left has a known reason, and its state is one that the reason may have.", _left_code),
    Rule("LEFT_WHY", "What is left has a reason in words.", _left_why),
)
