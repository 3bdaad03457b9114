"""The manifest of groupage: every master document with the house consignments in its container."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landport.model.plans import Plan, PlannedContainer
from landport.model.scenario import Scenario, World
from landport.report import goods
from landport.report.facts import Facts, join
from landport.units import kg_text


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRow:
    """One house consignment, or what a container holds of it, under its master document.

    Parameters
    ----------
    container_gross_kg
        Of the whole container, whoever else is in it.
    trains
        Departures in the order the container rides them, `truck` for a truck on demand; empty: it stays.
    booking_id
        The house consignment.
    mass_kg
        Of its pieces in this container, weighed if known, else declared; with the decimals of its pieces.
    goods, hs
        Of its pieces in this container, each once, with semicolons between.
    released
        yes or no: whether customs let it go.
    """

    master_id: str
    container_id: str
    container_type: str
    container_gross_kg: int
    from_id: str
    to_id: str
    trains: str
    booking_id: str
    shipper: str
    consignee: str
    n_pieces: int
    mass_kg: str
    goods: str
    hs: str
    gng_code: str
    un_class: str
    un_number: str
    released: str


def masters(plan: Plan, scenario: Scenario, world: World) -> tuple[HouseRow, ...]:
    """List the containers that the hub packs, by master document, and in each its consignments.

    Notes
    -----
    Of a consignment in two containers each master lists its own part. Containers that stay are listed, too: they are
    packed. What no container took is in none. O(blocks + rides).
    """
    facts = join(plan, scenario, world)
    boxes = sorted((box for box in plan.containers if box.master_id), key=lambda box: box.master_id)
    return tuple(row for box in boxes for row in _houses(facts, box))


def _houses(facts: Facts, box: PlannedContainer) -> Iterator[HouseRow]:
    trains = " ".join(ride.departure_id or "truck" for ride in facts.rides.get(box.container_id, ()))
    for booking_id in box.booking_ids:
        booking = facts.bookings.get(booking_id)
        counts = _pieces(facts, box, booking_id)
        said = [goods.declared(facts.items[i], booking) for i in counts]
        yield HouseRow(
            master_id=box.master_id,
            container_id=box.container_id,
            container_type=box.container_type,
            container_gross_kg=box.gross_kg,
            from_id=box.at_id,
            to_id=box.destination_id,
            trains=trains,
            booking_id=booking_id,
            shipper=booking.shipper if booking else "",
            consignee=booking.consignee if booking else "",
            n_pieces=sum(counts.values()),
            mass_kg=kg_text(sum(n * facts.items[i].piece_g for i, n in counts.items())),
            goods=_once(name for name, _ in said),
            hs=_once(heading for _, heading in said) or (booking.hs if booking else ""),
            gng_code=booking.gng_code if booking else "",
            un_class=booking.un_class if booking else "",
            un_number=booking.un_number if booking else "",
            released="no" if booking and not booking.is_released else "yes",
        )


def _pieces(facts: Facts, box: PlannedContainer, booking_id: str) -> dict[str, int]:
    """Count the pieces of a consignment in a container by item id."""
    counts: dict[str, int] = {}
    for block in box.blocks:
        item = facts.items.get(block.item_id)
        if item is not None and item.booking_id == booking_id:
            counts[block.item_id] = counts.get(block.item_id, 0) + block.count
    return counts


def _once(texts: Iterator[str]) -> str:
    return "; ".join(filter(None, dict.fromkeys(texts)))
