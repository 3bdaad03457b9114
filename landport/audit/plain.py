"""Judges a plan of the plain assembly format: who rides what, which trains run, and what all of it costs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from landport.audit.violation import Finding, Rule, Violation
from landport.model.plain_assembly import PlainBooking, PlainCase, PlainPlan, PlainService, Shipped

MICROS = 1_000_000
"""Micros in one unit of money; millionths in a share of one."""


class PlainFolder:
    """A plan before the auditor, joined to the rows that it names; nothing here raises, whatever stands in it.

    Parameters
    ----------
    cost_micros, bound_micros
        As the plan states them.
    """

    def __init__(self, plan: PlainPlan, case: PlainCase, cost_micros: int, bound_micros: int) -> None:
        self.plan, self.case, self.rules = plan, case, case.rules
        self.cost_micros, self.bound_micros = cost_micros, bound_micros
        self.services = {s.service_id: s for s in case.services}
        self.bookings = {b.booking_id: b for b in case.bookings}
        self.run = set(plan.run)
        self.aboard: dict[str, int] = {}
        for shipped in plan.ship:
            for service_id in shipped.service_ids:
                self.aboard[service_id] = self.aboard.get(service_id, 0) + shipped.containers

    def rides(self) -> Iterator[tuple[Shipped, list[PlainService]]]:
        """List what is shipped with its services; what rides unknown ones, or none, is left out."""
        for shipped in self.plan.ship:
            found = [self.services[i] for i in shipped.service_ids if i in self.services]
            if found and len(found) == len(shipped.service_ids):
                yield shipped, found

    def journeys(self) -> Iterator[tuple[PlainBooking, list[PlainService]]]:
        """List the rides of known bookings."""
        for shipped, found in self.rides():
            if shipped.booking_id in self.bookings:
                yield self.bookings[shipped.booking_id], found

    def unknown(self) -> Iterator[tuple[str, str]]:
        """List the kinds and ids of what the plan names and the case does not have, each once."""
        named = [("booking", shipped.booking_id) for shipped in self.plan.ship]
        named += [("booking", left.booking_id) for left in self.plan.left]
        named += [("service", i) for i in self.plan.run]
        named += [("service", i) for shipped in self.plan.ship for i in shipped.service_ids]
        for kind, name in dict.fromkeys(named):
            if name not in (self.bookings if kind == "booking" else self.services):
                yield kind, name


def check_plain(plan: PlainPlan, case: PlainCase, *, cost_micros: int, bound_micros: int) -> tuple[Violation, ...]:
    """List every rule that a plan of the plain assembly format breaks, rule by rule; empty when it holds.

    Parameters
    ----------
    cost_micros, bound_micros
        What the plan says that it costs, and that no plan costs less than.

    Notes
    -----
    Never raises on a bad plan. O(containers records x services of each).
    """
    folder = PlainFolder(plan, case, cost_micros, bound_micros)
    return tuple(Violation(rule.code, message, about) for rule in RULES for message, about in rule.find(folder))


def _unknown(folder: PlainFolder) -> Iterator[Finding]:
    for kind, name in folder.unknown():
        yield f"there is no {kind} {name!r}", (name,) if name else ()


def _count(folder: PlainFolder) -> Iterator[Finding]:
    for what, records in (("ships", folder.plan.ship), ("leaves", folder.plan.left)):
        for record in records:
            if record.containers < 1:
                yield f"a record {what} {_boxes(record.containers)} of {record.booking_id}", (record.booking_id,)


def _once(folder: PlainFolder) -> Iterator[Finding]:
    shipped, left = dict.fromkeys(folder.bookings, 0), dict.fromkeys(folder.bookings, 0)
    for counts, records in ((shipped, folder.plan.ship), (left, folder.plan.left)):
        for record in records:
            if record.booking_id in counts:
                counts[record.booking_id] += record.containers
    for booking_id, booking in folder.bookings.items():
        there, gone, stays = booking.containers, shipped[booking_id], left[booking_id]
        if gone + stays != there:
            yield f"{_boxes(there)} of {booking_id}: {gone:,} shipped and {stays:,} left", (booking_id,)


def _why(folder: PlainFolder) -> Iterator[Finding]:
    for left in folder.plan.left:
        if not left.why.strip():
            yield f"{_boxes(left.containers)} of {left.booking_id} left for no reason", (left.booking_id,)


def _legs(folder: PlainFolder) -> Iterator[Finding]:
    most = folder.rules.max_legs
    for shipped in folder.plan.ship:
        n = len(shipped.service_ids)
        if not 1 <= n <= most:
            yield f"{shipped.booking_id} takes {n} services; 1 to {most} are allowed", (shipped.booking_id,)


def _start(folder: PlainFolder) -> Iterator[Finding]:
    for booking, ride in folder.journeys():
        if ride[0].from_id != booking.from_id:
            text = f"{booking.booking_id} is at {booking.from_id}; {ride[0].service_id} starts at {ride[0].from_id}"
            yield text, (booking.booking_id, ride[0].service_id)


def _end(folder: PlainFolder) -> Iterator[Finding]:
    for booking, ride in folder.journeys():
        if ride[-1].to_id != booking.to_id:
            text = f"{booking.booking_id} goes to {booking.to_id}; {ride[-1].service_id} ends at {ride[-1].to_id}"
            yield text, (booking.booking_id, ride[-1].service_id)


def _chain(folder: PlainFolder) -> Iterator[Finding]:
    for shipped, ride in folder.rides():
        for one, two in pairwise(ride):
            if one.to_id != two.from_id:
                text = f"{one.service_id} ends at {one.to_id}, {two.service_id} starts at {two.from_id}"
                yield f"{shipped.booking_id}: {text}", (shipped.booking_id, one.service_id, two.service_id)


def _change(folder: PlainFolder) -> Iterator[Finding]:
    least = folder.rules.min_change_h
    for shipped, ride in folder.rides():
        for one, two in pairwise(ride):
            if two.departs_h < one.arrives_h + least:
                text = f"{one.service_id} arrives at {one.arrives_h}, {two.service_id} departs at {two.departs_h}"
                said = f"{shipped.booking_id}: {text}; a change takes {least} h"
                yield said, (shipped.booking_id, one.service_id, two.service_id)


def _ready(folder: PlainFolder) -> Iterator[Finding]:
    for booking, ride in folder.journeys():
        if ride[0].departs_h < booking.ready_h:
            text = f"{booking.booking_id} is ready at {booking.ready_h}"
            said = f"{text}; {ride[0].service_id} departs at {ride[0].departs_h}"
            yield said, (booking.booking_id, ride[0].service_id)


def _late(folder: PlainFolder) -> Iterator[Finding]:
    for booking, ride in folder.journeys():
        latest = booking.due_h + folder.rules.max_late_h
        if ride[-1].arrives_h > latest:
            text = f"{booking.booking_id} must arrive by {latest}"
            said = f"{text}; {ride[-1].service_id} arrives at {ride[-1].arrives_h}"
            yield said, (booking.booking_id, ride[-1].service_id)


def _run(folder: PlainFolder) -> Iterator[Finding]:
    seen: set[str] = set()
    for service_id in folder.plan.run:
        service = folder.services.get(service_id)
        if service_id in seen:
            yield f"{service_id} is run twice", (service_id,)
        elif service is not None and service.fixed_micros <= 0:
            yield f"{service_id} is run; the hub does not decide about it", (service_id,)
        seen.add(service_id)


def _cancelled(folder: PlainFolder) -> Iterator[Finding]:
    for service_id, n in folder.aboard.items():
        service = folder.services.get(service_id)
        if service is not None and service.fixed_micros > 0 and service_id not in folder.run and n:
            yield f"{service_id} is not run, {_boxes(n)} aboard", (service_id,)


def _room(folder: PlainFolder) -> Iterator[Finding]:
    for service_id, n in folder.aboard.items():
        service = folder.services.get(service_id)
        if service is not None and n > service.positions:
            yield f"{service_id} has {service.positions:,} positions, {_boxes(n)} aboard", (service_id,)


def _least(folder: PlainFolder) -> Iterator[Finding]:
    for service_id in dict.fromkeys(folder.plan.run):
        service, n = folder.services.get(service_id), folder.aboard.get(service_id, 0)
        if service is not None and service.fixed_micros > 0 and n < service.min_containers:
            yield f"{service_id} runs with {service.min_containers:,} or more, {_boxes(n)} aboard", (service_id,)


def _cost(folder: PlainFolder) -> Iterator[Finding]:
    recounted = _recounted(folder)
    if recounted is not None and recounted != folder.cost_micros:
        yield f"the plan states a cost of {_money(folder.cost_micros)}; it is {_money(recounted)}", ()


def _bound(folder: PlainFolder) -> Iterator[Finding]:
    if folder.bound_micros > folder.cost_micros:
        yield f"the bound is {_money(folder.bound_micros)}, the plan costs {_money(folder.cost_micros)}", ()


def _recounted(folder: PlainFolder) -> int | None:
    """Sum everything up from the rows; None when the plan names what there is not."""
    if any(True for _ in folder.unknown()):
        return None
    rules, total = folder.rules, 0
    for service_id in folder.plan.run:
        total += folder.services[service_id].fixed_micros
    for shipped in folder.plan.ship:
        booking, one = folder.bookings[shipped.booking_id], 0
        for service_id in shipped.service_ids:
            one += folder.services[service_id].position_micros
        if shipped.service_ids:
            arrives_h = folder.services[shipped.service_ids[-1]].arrives_h
            late_h = max(0, arrives_h - booking.due_h)
            held_h = arrives_h - booking.ready_h
            one += booking.priority * (rules.late_micros_per_h * late_h + rules.hold_micros_per_h * held_h)
        total += one * shipped.containers
    for left in folder.plan.left:
        share = MICROS + rules.reject_per_priority_millionths * folder.bookings[left.booking_id].priority
        total += (2 * rules.reject_micros * share + MICROS) // (2 * MICROS) * left.containers
    return total


def _boxes(n: int) -> str:
    return f"{n:,} container{'' if n == 1 else 's'}"


def _money(micros: int) -> str:
    """Write micros in the unit of the file."""
    sign, whole, rest = "-" if micros < 0 else "", abs(micros) // MICROS, abs(micros) % MICROS
    decimals = f".{rest:06}".rstrip("0") if rest else ""
    return f"{sign}{whole:,}{decimals}"


RULES = (
    Rule("PLAIN_UNKNOWN", "A plan names services and bookings that there are.", _unknown),
    Rule("PLAIN_COUNT", "Every record ships or leaves one container or more.", _count),
    Rule("PLAIN_ONCE", "Every container of a booking is shipped or left, and once.", _once),
    Rule("PLAIN_WHY", "What is left has a reason in words.", _why),
    Rule("PLAIN_LEGS", "A container takes at least one service, and at most as many as the rules allow.", _legs),
    Rule("PLAIN_START", "A container starts where its booking is.", _start),
    Rule("PLAIN_END", "A container ends where its booking goes.", _end),
    Rule("PLAIN_CHAIN", "Each service of a container starts where the one before ends.", _chain),
    Rule("PLAIN_CHANGE", "Each service of a container departs a change after the one before arrives.", _change),
    Rule("PLAIN_READY", "No container departs before it is ready.", _ready),
    Rule("PLAIN_LATE", "No container arrives later after its due hour than the rules allow.", _late),
    Rule("PLAIN_RUN", "Trains that are run are the hub's to decide, each once.", _run),
    Rule("PLAIN_CANCELLED", "Nothing rides a train of the hub that is not run.", _cancelled),
    Rule("PLAIN_ROOM", "No service takes more containers than it has positions.", _room),
    Rule("PLAIN_LEAST", "A train that is run takes at least its minimum of containers.", _least),
    Rule("PLAIN_COST", "The cost is that of trains run, positions, hours and what is left.", _cost),
    Rule("PLAIN_BOUND", "The bound is at most the cost.", _bound),
)
