"""Rules of containers against their bookings: who is in them, from where to where, when, how heavy, how warm."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case
from landport.audit.fitting import DRY_TYPES, REEFER_TYPES, needs_temperature
from landport.audit.sharing import apart, no_common_range, some_without_range
from landport.audit.stow import piece_g
from landport.audit.violation import Finding, Rule
from landport.model.bookings import Booking
from landport.model.plans import PlannedContainer


def _unknown_booking(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        if not box.booking_ids:
            yield f"{box.container_id} names no booking", (box.container_id,)
        for booking_id in box.booking_ids:
            if booking_id not in case.bookings:
                yield f"{box.container_id} is for {booking_id}, which is no booking", (box.container_id, booking_id)
    for left in case.plan.left:
        if left.booking_id not in case.bookings:
            what = left.container_id or left.item_id
            yield f"{what} is left for {left.booking_id}, which is no booking", (what, left.booking_id)


def _unknown_type(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        if box.container_type not in case.types:
            yield f"{box.container_id} is a {box.container_type!r}, which is no container type", (box.container_id,)


def _unknown_item(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        for item_id in dict.fromkeys(b.item_id for b in box.blocks):
            if item_id not in case.items:
                yield f"{box.container_id} holds {item_id}, which is no cargo item", (box.container_id, item_id)


def _mixed(case: Case) -> Iterator[Finding]:
    for box, booking in case.fcl():
        if len(box.booking_ids) != 1:
            text = f"{box.container_id} holds {len(box.booking_ids)} bookings, with {booking.booking_id} stuffed as FCL"
            yield text, (box.container_id, *box.booking_ids)
    for box, bookings in case.lcl():
        for booking in bookings:
            if booking.kind == "FCL":
                text = f"{box.container_id} is packed by the hub, but {booking.booking_id} is FCL"
                yield text, (box.container_id, booking.booking_id)


def _bookings_inside(case: Case) -> Iterator[Finding]:
    for box, bookings in case.lcl():
        named = {b.booking_id for b in bookings if b.kind != "FCL"}
        for booking_id in sorted(b for b in named if box.booking_ids.count(b) > 1):
            yield f"{box.container_id} names {booking_id} twice", (box.container_id, booking_id)
        inside = {case.items[b.item_id].booking_id for b in box.blocks if b.item_id in case.items}
        for booking_id in sorted(named - inside):
            text = f"{box.container_id} names {booking_id} but holds no piece of it"
            yield text, (box.container_id, booking_id)
        for booking_id in sorted(inside - named):
            text = f"{box.container_id} holds pieces of {booking_id} but does not name it"
            yield text, (box.container_id, booking_id)


def _documents(case: Case) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for box, _ in case.fcl():
        if box.master_id or box.blocks:
            text = f"{box.container_id} is FCL but has master {box.master_id!r} and {len(box.blocks)} blocks"
            yield text, (box.container_id,)
    for box, _ in case.lcl():
        if not box.master_id.startswith("M") or not box.blocks:
            text = f"{box.container_id} is LCL but has master {box.master_id!r} and {len(box.blocks)} blocks"
            yield text, (box.container_id,)
        elif box.master_id in seen:
            text = f"{box.container_id} and {seen[box.master_id]} both travel under {box.master_id}"
            yield text, (seen[box.master_id], box.container_id)
        seen[box.master_id] = box.container_id


def _type(case: Case) -> Iterator[Finding]:
    for box, booking in case.fcl():
        if box.container_type in case.types and box.container_type != booking.container_type:
            text = f"{box.container_id} is a {box.container_type}; {booking.booking_id} booked {booking.container_type}"
            yield text, (box.container_id, booking.booking_id)
    for box, bookings in case.lcl():
        kind, is_warm = case.types.get(box.container_type), any(needs_temperature(b) for b in bookings)
        types = REEFER_TYPES if is_warm else DRY_TYPES
        is_told = is_warm and kind is not None and kind.equipment != "reefer"  # by BOX_REEFER
        if kind is not None and box.container_type not in types and not is_told:
            goods = "goods that need a temperature" if is_warm else "goods that need no temperature"
            text = f"{box.container_id} is a {box.container_type}; the hub packs {goods} into {' and '.join(types)}"
            yield text, (box.container_id,)


def _starts(case: Case) -> Iterator[Finding]:
    for box, booking in case.fcl():
        if box.at_id != booking.at_id:
            text = f"{box.container_id} starts at {box.at_id}; {booking.booking_id} is at {booking.at_id}"
            yield text, (box.container_id, booking.booking_id)
    for box, _ in case.lcl():
        if box.at_id != case.scenario.hub_id:
            text = f"{box.container_id} is packed at {box.at_id}; groupage is packed at the hub {case.scenario.hub_id}"
            yield text, (box.container_id,)


def _ends(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        for booking in case.bookings_of(box):
            if box.destination_id != booking.destination_id:
                where = f"goes to {box.destination_id}; {booking.booking_id} to {booking.destination_id}"
                yield f"{box.container_id} {where}", (box.container_id, booking.booking_id)


def _ready(case: Case) -> Iterator[Finding]:
    for box, booking in case.fcl():
        if box.ready_at != booking.ready_at:
            text = (
                f"{box.container_id} is ready at minute {box.ready_at:,}; {booking.booking_id} at {booking.ready_at:,}"
            )
            yield text, (box.container_id, booking.booking_id)
    stuffing = case.milli("lcl_stuffing_h") * 60 // 1000
    for box, bookings in case.lcl():
        there = {b.booking_id: at for b in bookings if (at := _at_hub(case, b)) is not None}
        if len(there) < len(set(box.booking_ids)):
            continue
        last = max(there, key=lambda booking_id: there[booking_id])
        if box.ready_at != there[last] + stuffing and not _was_packed(case, box, bookings, stuffing):
            when = f"is at the hub at minute {there[last]:,} and takes {stuffing:,} to stuff (lcl_stuffing_h)"
            text = f"{box.container_id} is ready at minute {box.ready_at:,}; the last of its goods, {last}, {when}"
            yield text, (box.container_id, last)


def _was_packed(case: Case, box: PlannedContainer, bookings: list[Booking], stuffing: int) -> bool:
    """Tell whether a container is ready as in the plan before, when now was earlier, and could have been."""
    record = case.before.get(box.container_id)
    if record is None or record.ready_at != box.ready_at:
        return False
    for booking in bookings:
        there_at = booking.ready_at
        if booking.at_id != case.scenario.hub_id:
            there_at = max((r.arrives_at for r in case.rides_of.get(booking.booking_id, ())), default=there_at)
        if there_at + stuffing > box.ready_at:
            return False
    return True


def _at_hub(case: Case, booking: Booking) -> int | None:
    """Minute at which goods can be packed at the hub, not before now; None: they are not there, or FCL."""
    if booking.kind == "FCL":
        return None
    if booking.at_id == case.scenario.hub_id:
        return max(booking.ready_at, case.scenario.now_at)
    rides = case.rides_of.get(booking.booking_id, ())
    return max((ride.arrives_at for ride in rides), default=None)


def _due(case: Case) -> Iterator[Finding]:
    for box, first, due_at in _over_bookings(case, "due_at"):
        if box.due_at != due_at:
            text = f"{box.container_id} is due at minute {box.due_at:,}; the earliest of its bookings at {due_at:,}"
            yield text, (box.container_id, first.booking_id)


def _priority(case: Case) -> Iterator[Finding]:
    for box, first, priority in _over_bookings(case, "priority"):
        if box.priority != priority:
            text = f"{box.container_id} has priority {box.priority}; the highest of its bookings is {priority}"
            yield text, (box.container_id, first.booking_id)


def _over_bookings(case: Case, what: str) -> Iterator[tuple[PlannedContainer, Booking, int]]:
    """List containers with the booking that decides the earliest due date, or the highest priority."""
    for box in case.plan.containers:
        bookings = case.bookings_of(box)
        if bookings and what == "due_at":
            first = min(bookings, key=lambda b: b.due_at)
            yield box, first, first.due_at
        elif bookings:
            first = max(bookings, key=lambda b: b.priority)
            yield box, first, first.priority


def _cargo(case: Case) -> Iterator[Finding]:
    for box, booking in case.fcl():
        booked = booking.declared_kg if booking.weighed_kg is None else booking.weighed_kg
        if box.cargo_kg != booked:
            text = f"{box.container_id} states {box.cargo_kg:,} kg of cargo; {booking.booking_id} has {booked:,} kg"
            yield text, (box.container_id, booking.booking_id)
    for box, _ in case.lcl():
        grams = 0
        for block in box.blocks:
            item = case.items.get(block.item_id)
            if item is not None:
                grams += piece_g(item) * block.nx * block.ny * block.nz
        if box.cargo_kg != -(-grams // 1000):
            text = f"{box.container_id} states {box.cargo_kg:,} kg of cargo; its pieces weigh {grams:,} g"
            yield text, (box.container_id,)


def _gross(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        kind = case.types.get(box.container_type)
        if kind is not None and box.gross_kg != box.cargo_kg + kind.tare_kg:
            parts = f"{box.cargo_kg:,} kg of cargo and {kind.tare_kg:,} kg of {kind.container_type}"
            yield f"{box.container_id} states {box.gross_kg:,} kg gross; it is {parts}", (box.container_id,)


def _payload(case: Case) -> Iterator[Finding]:
    for box, kind, _ in case.carried():
        most = min(kind.payload_kg, kind.max_gross_kg - kind.tare_kg)
        if box.cargo_kg > most:
            text = f"{box.container_id} holds {box.cargo_kg:,} kg; a {kind.container_type} may hold {most:,} kg"
            yield text, (box.container_id,)


def _reefer(case: Case) -> Iterator[Finding]:
    for box, kind, bookings in case.carried():
        for b in bookings:
            if kind.equipment != "reefer" and (b.temperature_min_c, b.temperature_max_c) != (None, None):
                ends = ("any" if c is None else c for c in (b.temperature_min_c, b.temperature_max_c))
                needs = f"{b.booking_id} needs {' to '.join(map(str, ends))} °C"
                text = f"{box.container_id} is a {kind.container_type} ({kind.equipment}), but {needs}"
                yield text, (box.container_id, b.booking_id)


def _temperature(case: Case) -> Iterator[Finding]:
    for box, _, bookings in case.carried():
        yield from no_common_range(box.container_id, bookings)
    for box, bookings in case.lcl():
        yield from some_without_range(box.container_id, bookings)


def _dangerous(case: Case) -> Iterator[Finding]:
    for box in case.plan.containers:
        yield from apart(box.container_id, case.bookings_of(box), case.world.rules.forbidden_pairs)


RULES = (
    Rule("BOOKING_UNKNOWN", "Containers and left records name bookings of the scenario.", _unknown_booking),
    Rule("TYPE_UNKNOWN", "Containers are of a known type.", _unknown_type),
    Rule("ITEM_UNKNOWN", "Blocks are of cargo items of the scenario.", _unknown_item),
    Rule("BOX_KIND", "A container holds one FCL booking, or groupage only.", _mixed),
    Rule(
        "BOX_BOOKINGS", "An LCL container names exactly the bookings of the pieces in it, each once.", _bookings_inside
    ),
    Rule("BOX_DOCUMENT", "An LCL container has a load plan and a master of its own, an FCL one neither.", _documents),
    Rule("BOX_TYPE", "An FCL container is of the type booked, groupage in a type that the hub packs it into.", _type),
    Rule("BOX_FROM", "A container starts where its booking is; an LCL container at the hub.", _starts),
    Rule("BOX_TO", "A container goes to the destination of each of its bookings.", _ends),
    Rule(
        "BOX_READY",
        "A container is ready with its booking; packed by the hub, when the last of its goods is stuffed.",
        _ready,
    ),
    Rule("BOX_DUE", "A container is due when the first of its bookings is.", _due),
    Rule("BOX_PRIORITY", "A container has the highest priority of its bookings.", _priority),
    Rule("BOX_CARGO", "Cargo is the weighed (else declared) mass, for groupage summed and rounded up once.", _cargo),
    Rule("BOX_GROSS", "Gross mass is cargo and tare.", _gross),
    Rule("BOX_PAYLOAD", "No container rides or is packed with more than its plate allows.", _payload),
    Rule("BOX_REEFER", "Goods that need a temperature ride and are packed in reefers only.", _reefer),
    Rule(
        "BOX_TEMPERATURE",
        "The temperatures that goods of one container need have one in common; in groupage all or none state one.",
        _temperature,
    ),
    Rule(
        "BOX_DANGEROUS",
        "Dangerous goods that segregation keeps apart, or does not know, never share a container.",
        _dangerous,
    ),
)
