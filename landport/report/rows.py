"""The list of a plan: one row a consignment and container, and one for every piece of it that no container took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from landport.model.plans import Left, Plan, PlannedContainer, Ride
from landport.model.scenario import Scenario, World
from landport.report.facts import Facts, join
from landport.report.indicators import MONEY
from landport.report.numbers import local
from landport.units import instant_text, usd_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A consignment in a container, or what no container took of it.

    Parameters
    ----------
    state
        planned, waiting or refused; `missing`: the plan says nothing of it.
    n_pieces
        Pieces of it in the container, or in none; None: its shipper packs it.
    departs_at, arrives_at, due_at
        Local time of the place where it happens, with its offset; empty: never.
    trains
        Departures in the order it rides them, `truck` for a truck on demand.
    wagon
        Its place in the consist, 1 behind the locomotive; None: no train of the hub's own wagons.
    container_id, container_type
        Empty: in none.
    container_gross_kg, container_usd
        Of the whole container, whoever else is in it; what somebody pays, without fixed costs of trains.
    code, why
        The rule that binds, and in words, where it is left.
    """

    booking_id: str
    shipper: str
    consignee: str
    container_id: str
    container_type: str
    n_pieces: int | None
    state: str
    from_id: str
    to_id: str
    departs_at: str
    arrives_at: str
    due_at: str
    late_minutes: int | None
    trains: str
    wagon: int | None
    container_gross_kg: int | None
    container_usd: str
    code: str
    why: str


def rows(plan: Plan, scenario: Scenario, world: World) -> tuple[ListRow, ...]:
    """List every consignment of the scenario with its containers, moved or left with the reason.

    Notes
    -----
    In the order of the bookings, then of the plan's containers. A container that is left keeps all its consignments,
    and each says why. O(containers + rides + charges).
    """
    facts = join(plan, scenario, world)
    found: dict[str, list[ListRow]] = {b.booking_id: [] for b in scenario.bookings}
    for row in (*_in_boxes(facts), *_loose(facts)):
        found.setdefault(row.booking_id, []).append(row)
    for booking_id, its_rows in found.items():
        if not its_rows:
            its_rows.append(_by_itself(facts, booking_id))
    return tuple(row for its_rows in found.values() for row in its_rows)


def _in_boxes(facts: Facts) -> Iterator[ListRow]:
    lefts = {x.container_id: x for x in facts.plan.left if x.container_id}
    wagon_of = {c: w.seq for w in facts.plan.wagons for c in w.container_ids}
    cents: dict[str, int] = {}
    for charge in facts.plan.charges:
        if charge.kind in MONEY:
            cents[charge.subject_id] = cents.get(charge.subject_id, 0) + charge.usd_cents
    for box in facts.plan.containers:
        rides = facts.rides.get(box.container_id, ())
        for booking_id in box.booking_ids:
            row = _row(facts, booking_id, box, lefts.get(box.container_id), rides)
            money = usd_text(cents.get(box.container_id, 0))
            yield replace(row, wagon=wagon_of.get(box.container_id), container_usd=money)


def _loose(facts: Facts) -> Iterator[ListRow]:
    for left in facts.plan.left:
        if left.container_id not in facts.containers:
            yield replace(_row(facts, left.booking_id, None, left, ()), n_pieces=left.count)


def _by_itself(facts: Facts, booking_id: str) -> ListRow:
    """List a consignment in no container: groupage that a truck delivers at the hub, or one that the plan forgot."""
    rides = facts.rides.get(booking_id, ())
    n_pieces = sum(i.count for i in facts.items.values() if i.booking_id == booking_id)
    return replace(_row(facts, booking_id, None, None, rides), n_pieces=n_pieces or None)


def _row(
    facts: Facts, booking_id: str, box: PlannedContainer | None, left: Left | None, rides: Sequence[Ride]
) -> ListRow:
    booking = facts.bookings.get(booking_id)
    to_id = booking.destination_id if booking else box.destination_id if box else ""
    due_at = booking.due_at if booking else box.due_at if box else None
    return ListRow(
        booking_id=booking_id,
        shipper=booking.shipper if booking else "",
        consignee=booking.consignee if booking else "",
        container_id=box.container_id if box else "",
        container_type=box.container_type if box else "",
        n_pieces=_pieces(facts, booking_id, box) if box else None,
        state=left.state if left else "planned" if rides else "missing",
        from_id=box.at_id if box else booking.at_id if booking else "",
        to_id=to_id,
        departs_at=_local(facts, rides[0].departs_at, rides[0].from_id) if rides else "",
        arrives_at=_local(facts, rides[-1].arrives_at, rides[-1].to_id) if rides else "",
        due_at="" if due_at is None else _local(facts, due_at, to_id),
        late_minutes=max(0, rides[-1].arrives_at - due_at) if rides and due_at is not None else None,
        trains=" ".join(r.departure_id or "truck" for r in rides),
        wagon=None,
        container_gross_kg=box.gross_kg if box else None,
        container_usd="",
        code=left.code if left else "",
        why=left.why if left else "",
    )


def _pieces(facts: Facts, booking_id: str, box: PlannedContainer) -> int | None:
    """Count the pieces of a booking in a container that the hub packs; None for any other."""
    mine = [b for b in box.blocks if b.item_id in facts.items and facts.items[b.item_id].booking_id == booking_id]
    return sum(b.count for b in mine) if box.blocks else None


def _local(facts: Facts, minute: int, place_id: str) -> str:
    return instant_text(local(minute, facts.scenario.start_at, facts.zone(place_id)))
