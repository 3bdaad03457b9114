"""Use case except: what goes wrong by time or by an authority's order becomes an event, and somebody's task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from landport import track
from landport.app.ledger import reads
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.facts_given import order_fields
from landport.app.ledger.moving import Moved, consignments_of, containers_of, due, recorded
from landport.model.events import Draft, split
from landport.model.services import Service
from landport.model.troubles import OrderIssued
from landport.store import Tx, View
from landport.track.states import ConsignmentState, ContainerState

NUMBER: Final = "R{:09d}"
"""How restriction orders without an id of their own are numbered: by the position of their event."""

WAITS: Final = ("planned", "gated_in", "loaded", "unloaded", "gated_out")
"""Statuses of containers that can still miss a cut-off."""


def look_for_no_shows(ledger: Ledger, who: Principal) -> Command | None:
    """Find containers that missed the cut-off of their first train, or are too heavy, and that no event says yet.

    Returns
    -------
    Command | None
        Answers the ids of the tasks that it opened; None: there is nothing to say.

    Raises
    ------
    NotPermitted
        `not-permitted`.

    Notes
    -----
    All containers are looked at outside the transaction; in it only those found, again.
    """
    who.expect_may("move")

    def look(view: View) -> tuple[Draft, ...]:
        return due(ledger, reads.everything(view, "container", statuses=WAITS).values())

    found = {split(d.stream)[1] for d in ledger.store.read(who.tenant_id, look)}
    if not found:
        return None

    def command(tx: Tx) -> list[str]:
        events = tx.append(due(ledger, containers_of(tx, sorted(found))))
        tasks = tx.append([track.task_for(event, ledger.clock()) for event in events])
        return [split(t.stream)[1] for t in tasks]

    return command


def issue_order(ledger: Ledger, who: Principal, fields: Mapping[str, Any], *, order_id: str = "") -> Command:
    """Enter a restriction order of a railway or authority.

    Parameters
    ----------
    fields
        Of `model.troubles.OrderIssued`, as JSON has them.
    order_id
        Empty: it gets the next number.

    Returns
    -------
    Command
        Answers `Moved`; its task is about every container planned past the place while the order is in force.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-event`, `input`.
    Conflict
        In the command: `illegal-move`: there is an order of this id.
    """
    who.expect_may("plan")
    order_id, payload = order_fields(ledger, order_id, fields)

    def command(tx: Tx) -> Moved:
        number = order_id or NUMBER.format(tx.position + 1)
        hit = list(_hit(ledger, tx, track.fact_from("OrderIssued", payload)))
        draft = Draft(
            stream=f"order/{number}",
            type="OrderIssued",
            payload=payload,
            happened_at=ledger.clock(),
            about=(*(f"container/{b.container_id}" for b in hit), *consignments_of(hit)),
        )
        return recorded(ledger, tx, draft)

    return command


def lift_order(ledger: Ledger, who: Principal, order_id: str, *, why: str = "") -> Command:
    """Say that a restriction order holds no more.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-order`.
    Conflict
        In the command: `illegal-move`: it is lifted already.
    """
    who.expect_may("plan")

    def command(tx: Tx) -> Moved:
        reads.order(tx, who, order_id)
        draft = Draft(stream=f"order/{order_id}", type="OrderLifted", payload={"why": why}, happened_at=ledger.clock())
        return recorded(ledger, tx, draft)

    return command


def _hit(ledger: Ledger, view: View, order: OrderIssued) -> Iterator[ContainerState]:
    """List the containers whose planned rides touch the place of an order while it is in force, and that it names."""
    consignments = reads.consignments(view)
    for box in reads.everything(view, "container", statuses=(*WAITS, "under_way", "arrived")).values():
        rides = box.plan.rides if box.plan else ()
        while_in_force = [r for r in rides if r.arrives_at >= order.from_at and r.departs_at < order.until_at]
        touched = {p for r in while_in_force for p in places_of(ledger, r.departure_id, r.from_id, r.to_id)}
        if order.place_id in touched and _is_named(order, box, consignments):
            yield box


def places_of(ledger: Ledger, departure_id: str, from_id: str, to_id: str) -> Iterator[str]:
    """List the places that a ride touches; only its ends, if its service is not one of the world's."""
    yield from (from_id, to_id)
    service: Service | None = ledger.world.network.services.get(departure_id.partition("@")[0])
    is_on = False
    for leg in service.legs if service else ():
        is_on = is_on or leg.from_id == from_id
        if is_on:
            yield leg.from_id
        if leg.to_id == to_id:
            return


def _is_named(order: OrderIssued, box: ContainerState, consignments: Mapping[str, ConsignmentState]) -> bool:
    """Tell whether an order's lists match a box; an empty list matches anything."""
    inside = [consignments[c].goods for c in (box.plan.consignment_ids if box.plan else ()) if c in consignments]
    codes = [g.gng_code or g.hs for g in inside if g is not None]
    classes = [g.un_class for g in inside if g is not None and g.un_class]
    goods = not order.hs_prefixes or any(c.startswith(p) or p.startswith(c) for c in codes for p in order.hs_prefixes)
    un = not order.un_classes or any(c.startswith(wide) for c in classes for wide in order.un_classes)
    kinds = order.container_types
    return goods and un and (not kinds or (box.plan is not None and box.plan.container_type in kinds))
