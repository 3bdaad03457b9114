"""What events make of the state of a consignment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from landport.model import facts
from landport.model.events import Event
from landport.track.fold_container import Changes, status_after
from landport.track.states import Box, ConsignmentState

_RODE: Final = ("under_way", "arrived")
_THERE: Final = ("arrived", "unloaded", "gated_out", "delivered")
_IN_HAND: Final = ("gated_in", "loaded", "unloaded", "gated_out", "delivered")


def _booked(state: ConsignmentState, event: Event, fact: facts.ConsignmentBooked) -> Changes:
    return {**_of_goods(fact.goods), "booked_at": event.happened_at, "quote_id": fact.quote_id}


def _amended(state: ConsignmentState, event: Event, fact: facts.ConsignmentAmended) -> Changes:
    return _of_goods(fact.goods)


def _of_goods(goods: facts.BookedGoods) -> Changes:
    return {
        "goods": goods,
        "forwarder_id": goods.forwarder_id,
        "shipper_id": goods.shipper_id,
        "consignee_id": goods.consignee_id,
        "destination_id": goods.destination_id,
    }


def _cancelled(state: ConsignmentState, event: Event, fact: facts.ConsignmentCancelled) -> Changes:
    return {"cancelled_at": event.happened_at, "why": fact.why}


def _box_planned(state: ConsignmentState, event: Event, fact: facts.ContainerPlanned) -> Changes:
    container_id = event.stream.partition("/")[2]
    if state.consignment_id not in fact.consignment_ids:  # it is in another container now
        return _box_gone(state, event, fact)
    if not any(box.container_id == container_id for box in state.containers):
        state = replace(state, containers=(*state.containers, Box(container_id=container_id, status="")))
    return _box_moved(state, event, fact)


def _box_gone(state: ConsignmentState, event: Event, fact: Any) -> Changes:
    container_id = event.stream.partition("/")[2]
    return {"containers": tuple(b for b in state.containers if b.container_id != container_id)}


def _box_moved(state: ConsignmentState, event: Event, fact: Any) -> Changes:
    """Move those of its containers that the event is about."""
    at_id = getattr(fact, "at_id", "")
    boxes, is_here = [], False
    for box in state.containers:
        subject = f"container/{box.container_id}"
        if subject == event.stream or subject in event.about:
            status = status_after(box.status, event.type, fact)
            has_left = box.has_left or status in _RODE
            box = Box(container_id=box.container_id, status=status, at_id=at_id or box.at_id, has_left=has_left)
            is_here = bool(at_id)
        boxes.append(box)
    return {"containers": tuple(boxes), "at_id": at_id if is_here else state.at_id}


CONSIGNMENT: Final[dict[str, Callable[[ConsignmentState, Event, Any], Changes]]] = {
    "ConsignmentBooked": _booked,
    "ConsignmentAmended": _amended,
    "ConsignmentCancelled": _cancelled,
    "ContainerPlanned": _box_planned,
    "ContainerWithdrawn": _box_gone,
    "ContainerGatedIn": _box_moved,
    "ContainerGatedOut": _box_moved,
    "ContainerLoaded": _box_moved,
    "ContainerUnloaded": _box_moved,
    "ContainerDelivered": _box_moved,
    "TrainDeparted": _box_moved,
    "TrainArrived": _box_moved,
}
"""By type of event: what it changes in the state of a consignment, beside its status."""


def status_of(boxes: tuple[Box, ...], destination_id: str) -> str:
    """Answer the status of a consignment that nobody cancelled from those of its containers."""
    if not boxes:
        return "booked"
    statuses, are_there, has_left = set(), True, False
    for box in boxes:
        statuses.add(box.status)
        are_there = are_there and _is_there(box, destination_id)
        has_left = has_left or box.has_left
    if statuses == {"delivered"}:
        return "delivered"
    if are_there:
        return "arrived"
    if has_left:
        return "under_way"
    if not statuses.isdisjoint(_IN_HAND):
        return "in_hand"
    return "waiting" if statuses == {"waiting"} else "planned"


def _is_there(box: Box, destination_id: str) -> bool:
    return box.status == "delivered" or (box.status in _THERE and box.has_left and box.at_id == destination_id)


def fold_consignment(
    consignment_id: str, state: ConsignmentState | None, event: Event, fact: Any
) -> ConsignmentState | None:
    """Fold one event into the state of a consignment; None: nothing is known of it still."""
    step = CONSIGNMENT.get(event.type)
    if step is None:
        return replace(state, updated_at=event.recorded_at) if state else None
    before = state or ConsignmentState(consignment_id=consignment_id, status="booked")
    changes = step(before, event, fact)
    boxes = changes.get("containers", before.containers)
    is_cancelled = before.cancelled_at or "cancelled_at" in changes
    status = "cancelled" if is_cancelled else status_of(boxes, changes.get("destination_id", before.destination_id))
    delivered_at = (before.delivered_at or event.happened_at) if status == "delivered" else None
    return replace(before, **changes, status=status, delivered_at=delivered_at, updated_at=event.recorded_at)
