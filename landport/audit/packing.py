"""Rules of a load against its group: types, masses, counts, who shares a container, what is left and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from landport.audit.counts import STATES
from landport.audit.fitting import needs_temperature
from landport.audit.lading import LoadCase
from landport.audit.sharing import apart, division, no_common_range, some_without_range
from landport.audit.violation import Finding, Rule
from landport.model.bookings import Booking
from landport.model.plans import Left


def _type(case: LoadCase) -> Iterator[Finding]:
    used: dict[str, list[str]] = {}
    for label, box in case.boxes():
        used.setdefault(box.container_type, []).append(label)
        if box.container_type not in case.types:
            yield f"{label} is a {box.container_type!r}, which is not on offer", (label,)
    before = Counter(box.container_type for box in case.group.stowed)
    for name, labels in used.items():
        most = case.group.n_available.get(name)
        if most is not None and len(labels) > max(most, before[name]):
            yield f"{len(labels)} containers are {name}; {most:,} are at hand", tuple(labels)
    n, most = len(case.loads.boxes), case.group.n_boxes
    if most is not None and n > max(most, len(case.group.stowed)):
        yield f"{n} containers are loaded; there are {most:,} to fill", tuple(label for label, _ in case.boxes())


def _bookings(case: LoadCase) -> Iterator[Finding]:
    for label, box in case.boxes():
        if box.group_id != case.group.group_id:
            yield f"{label} is of group {box.group_id!r}, not {case.group.group_id!r}", (label,)
        named, inside = Counter(box.booking_ids), {b.booking_id for b in case.inside(box)}
        for booking_id in sorted(named.keys() - inside):
            yield f"{label} names {booking_id} but holds no piece of it", (label, booking_id)
        for booking_id in sorted(inside - named.keys()):
            yield f"{label} holds pieces of {booking_id} but does not name it", (label, booking_id)
        for booking_id in sorted(b for b, times in named.items() if times > 1):
            yield f"{label} names {booking_id} more than once", (label, booking_id)


def _mass(case: LoadCase) -> Iterator[Finding]:
    for label, box in case.boxes():
        grams = case.cargo_g(box)
        if box.cargo_g != grams:
            yield f"{label} states {box.cargo_g:,} g of cargo; its pieces weigh {grams:,} g", (label,)


def _payload(case: LoadCase) -> Iterator[Finding]:
    for label, box in case.boxes():
        kind = case.types.get(box.container_type)
        if kind is not None:
            most, grams = case.group.payload_kg.get(box.container_type, kind.payload_kg), case.cargo_g(box)
            if grams > most * 1000:
                text = f"{label} holds {grams:,} g; a {box.container_type} may hold {most:,} kg on its journey"
                yield text, (label,)


def _together(case: LoadCase) -> Iterator[Finding]:
    totals: dict[str, list[int]] = {}
    for item in case.group.items:
        total = totals.setdefault(item.booking_id, [0, 0])
        total[0] += item.count
        total[1] += case.packed.get(item.item_id, 0)
    for booking_id, numbers in case.holders.items():
        if case.bookings[booking_id].may_split:
            continue
        stood, labels = case.stood_in.get(booking_id, []), [f"container {n + 1}" for n in numbers]
        of, packed = totals[booking_id]
        if len(numbers) > 1 and not set(numbers) <= set(stood):
            yield f"{booking_id} may not be split, but is in {len(numbers)} containers", (booking_id, *labels)
        elif packed < of and not stood:
            text = f"{booking_id} may not be split, but {packed:,} of its {of:,} pieces are in {labels[0]}"
            yield text, (booking_id, *labels)


def _count(case: LoadCase) -> Iterator[Finding]:
    behind: dict[str, int] = {}
    for left in case.loads.left:
        behind[left.item_id] = behind.get(left.item_id, 0) + left.count
        item = case.items.get(left.item_id)
        about = tuple(x for x in (left.item_id, left.booking_id) if x)
        if item is not None and (left.count < 1 or left.booking_id != item.booking_id or left.container_id):
            named = f"{left.count:,} x {left.item_id} of {left.booking_id!r}"
            in_box = f" in {left.container_id}" if left.container_id else ""
            yield f"the left record of {named}{in_box} is no record of pieces of {item.booking_id}", about
    for item_id in sorted((behind.keys() | case.packed.keys()) - case.items.keys()):
        yield f"{item_id or 'an item without a name'} is no item of the group", (item_id,) if item_id else ()
    for item in case.group.items:
        inside, there = case.packed.get(item.item_id, 0), behind.get(item.item_id, 0)
        if inside + there != item.count:
            text = f"{item.item_id} has {item.count:,} pieces; {inside:,} are loaded and {there:,} left"
            yield text, (item.item_id, item.booking_id)


def _refused(case: LoadCase) -> Iterator[Finding]:
    for label, box in case.boxes():
        for booking in case.inside(box):
            name = _refusal(case, booking)
            if name:
                yield f"{label} holds {booking.booking_id}, but the service refuses {name}", (label, booking.booking_id)


def _refusal(case: LoadCase, booking: Booking) -> str:
    """Name by which the service refuses goods: their UN number, class or division; empty: it takes them."""
    names = {_bare(booking.un_number), booking.un_class, division(booking.un_class)} - {""}
    return next((refused for refused in case.group.rules.refused_un if _bare(refused) in names), "")


def _bare(un_number: str) -> str:
    return un_number.removeprefix("UN").strip()


def _segregation(case: LoadCase) -> Iterator[Finding]:
    for label, box in case.boxes():
        yield from apart(label, case.inside(box), case.group.rules.forbidden_pairs)


def _temperature(case: LoadCase) -> Iterator[Finding]:
    is_mixed = len({kind.equipment == "reefer" for kind in case.types.values()}) > 1
    for label, box in case.boxes():
        bookings, kind = case.inside(box), case.types.get(box.container_type)
        yield from no_common_range(label, bookings)
        yield from some_without_range(label, bookings)
        for booking in bookings if kind is not None and is_mixed else ():
            if needs_temperature(booking) != (kind is not None and kind.equipment == "reefer"):
                needs = "needs a temperature" if needs_temperature(booking) else "needs none"
                yield (
                    f"{label} is a {box.container_type}, but {booking.booking_id} {needs}",
                    (label, booking.booking_id),
                )


def _stowed(case: LoadCase) -> Iterator[Finding]:
    boxes = [*case.boxes()]
    for n, before in enumerate(case.group.stowed):
        if n >= len(boxes) or boxes[n][1].container_type != before.container_type:
            is_now = f"is a {boxes[n][1].container_type}" if n < len(boxes) else "is gone"
            yield f"container {n + 1} is a partly loaded {before.container_type}; it {is_now}", (f"container {n + 1}",)
            continue
        label, box = boxes[n]
        for b, times in (Counter(before.blocks) - Counter(box.blocks)).items():
            at = f"{b.nx} x {b.ny} x {b.nz} pieces of {b.item_id} at ({b.x_mm}, {b.y_mm}, {b.z_mm})"
            text = f"{label}: a block of {at} stood there before loading and does not now"
            yield text + (f" ({times} times)" if times > 1 else ""), (label, b.item_id)


def _why(case: LoadCase) -> Iterator[Finding]:
    for left in case.loads.left:
        booking = case.bookings.get(left.booking_id)
        is_refused = booking is not None and bool(_refusal(case, booking))
        for text in _unsaid(left, is_refused=is_refused):
            yield f"{left.count:,} x {left.item_id!r} {text}", tuple(x for x in (left.booking_id, left.item_id) if x)


def _unsaid(left: Left, *, is_refused: bool) -> Iterator[str]:
    if left.state not in STATES:
        yield f"are left {left.state!r}, expected waiting or refused"
    elif is_refused and left.state != "refused":
        yield f"are {left.state}; the service refuses them, whatever else is against them"
    if not re.fullmatch("[a-z]+(-[a-z]+)*", left.code):
        yield f"are left by {left.code!r}, which is no reason"
    elif left.code == "un-refused" and not is_refused:
        yield "are left as refused by the service, which takes them"
    if not left.why.strip():
        yield "are left without a reason in words"


RULES = (
    Rule("LOAD_TYPE", "Containers are of types on offer, as many as are at hand and to be filled at most.", _type),
    Rule("LOAD_BOOKINGS", "A container names its group, and exactly the bookings of its pieces, each once.", _bookings),
    Rule("LOAD_MASS", "The mass stated of a container is that of the pieces in it.", _mass),
    Rule("LOAD_PAYLOAD", "No container holds more than its journey allows one of its type.", _payload),
    Rule("LOAD_TOGETHER", "A booking that may not be split is whole in one container, or wholly left.", _together),
    Rule("LOAD_COUNT", "Every piece of the group is loaded or left, and once; nothing else is.", _count),
    Rule("LOAD_REFUSED", "Nothing is loaded that the service refuses by UN number or class.", _refused),
    Rule(
        "LOAD_SEGREGATION", "Dangerous goods that segregation keeps apart, or does not know, never share.", _segregation
    ),
    Rule(
        "LOAD_TEMPERATURE",
        "Goods of one container have a temperature in common, or none states one; reefers are for those that do.",
        _temperature,
    ),
    Rule("LOAD_STOWED", "What stood in a partly loaded container before stands where it stood.", _stowed),
    Rule("LOAD_WHY", "What is left is waiting or refused, by a code and for a reason in words.", _why),
)
