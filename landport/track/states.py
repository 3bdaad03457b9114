"""States: what is known of a consignment, container, train, wagon or truck, of a task or an order, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from landport.model.facts import BookedGoods, ContainerPlanned
from landport.model.troubles import OrderIssued


class OpenException(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Something that went wrong and is not right again.

    Parameters
    ----------
    type
        One of `model.troubles.EXCEPTIONS`.
    source
        Subject in whose stream the event stands, such as the cancelled train.
    departure_id
        Departure concerned; empty: none.
    most_kg
        Mass that would have been right; 0: it is not about mass.
    """

    type: str
    event_id: str
    source: str
    happened_at: datetime
    departure_id: str = ""
    most_kg: int = 0


class Ridden(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A ride that happened, or is under way.

    Parameters
    ----------
    departure_id
        Empty: by road, from gate to gate.
    from_id, departed_at
        Empty, None: nobody said.
    to_id, arrived_at
        Its last stop so far; empty, None while it is between two stops.
    """

    departure_id: str = ""
    from_id: str = ""
    departed_at: datetime | None = None
    to_id: str = ""
    arrived_at: datetime | None = None


class ContainerState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A container.

    Parameters
    ----------
    status
        One of `STATUSES`.
    updated_at
        When the log took the last event about it.
    at_id
        Last place where it was seen; empty: none yet.
    plan
        The plan that counts; None: none yet, or it was withdrawn.
    weighed_kg, accepted_kg
        Verified gross mass, and the mass that a planner accepted; 0: none.
    released_at
        Customs let it go last; None: not yet. A hold that came later is an open exception.
    departure_id, wagon, position
        What it stands on; empty, empty, 0: on none.
    rides
        What it rode, in order.
    cut_offs_missed
        Departures whose cut-off it missed, whatever came of it.
    overweight_kg
        The mass weighed last, if it is said to be too much; 0: it is not.
    exceptions
        Those that are open, oldest first.
    """

    container_id: str
    status: str
    updated_at: datetime | None = None
    at_id: str = ""
    number: str = ""
    plan: ContainerPlanned | None = None
    gated_in_at: datetime | None = None
    gated_out_at: datetime | None = None
    truck: str = ""
    weighed_kg: int = 0
    weighed_at: datetime | None = None
    accepted_kg: int = 0
    accepted_at: datetime | None = None
    released_at: datetime | None = None
    release_reference: str = ""
    seals: tuple[str, ...] = ()
    sealed_at: datetime | None = None
    note_number: str = ""
    note_form: str = ""
    note_issued_at: datetime | None = None
    departure_id: str = ""
    wagon: str = ""
    position: int = 0
    rides: tuple[Ridden, ...] = ()
    delivered_at: datetime | None = None
    receiver_id: str = ""
    cut_offs_missed: tuple[str, ...] = ()
    overweight_kg: int = 0
    exceptions: tuple[OpenException, ...] = ()

    def has_open(self, type_name: str) -> bool:
        """Tell whether an exception of a type is open."""
        return any(e.type == type_name for e in self.exceptions)


class Box(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A container as its consignment sees it. `has_left`: a train took it from where it was gated in."""

    container_id: str
    status: str
    at_id: str = ""
    has_left: bool = False


class ConsignmentState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A consignment.

    Parameters
    ----------
    status
        One of `STATUSES`.
    at_id
        Last place where one of its containers was seen.
    goods
        What is booked, as amended; None: events about it came before its booking.
    containers
        Those that plans put it in, in the order of their planning; an LCL consignment shares them.
    """

    consignment_id: str
    status: str
    updated_at: datetime | None = None
    at_id: str = ""
    forwarder_id: str = ""
    shipper_id: str = ""
    consignee_id: str = ""
    destination_id: str = ""
    goods: BookedGoods | None = None
    quote_id: str = ""
    booked_at: datetime | None = None
    containers: tuple[Box, ...] = ()
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    why: str = ""


class Stop(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A stop of a train: planned as the rides of its containers say, and as it was. None: not, or not yet."""

    at_id: str
    arrives_at: datetime | None = None
    departs_at: datetime | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None


class TrainState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A departure: a train, or a ship or truck that runs to a timetable.

    Parameters
    ----------
    status
        One of `STATUSES`.
    stops
        In order of time.
    containers
        Those that are planned to ride it.
    aboard
        Those that stand on it.
    wagons
        Those placed in it, in the order of placing.
    """

    departure_id: str
    status: str
    updated_at: datetime | None = None
    at_id: str = ""
    stops: tuple[Stop, ...] = ()
    containers: tuple[str, ...] = ()
    aboard: tuple[str, ...] = ()
    wagons: tuple[str, ...] = ()
    exceptions: tuple[OpenException, ...] = ()


class WagonState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A wagon: the train it stands in, its place there, and what stands on it."""

    wagon: str
    status: str
    updated_at: datetime | None = None
    at_id: str = ""
    departure_id: str = ""
    wagon_type: str = ""
    seq: int = 0
    containers: tuple[str, ...] = ()
    exceptions: tuple[OpenException, ...] = ()


class TruckState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A truck at the gate: what it brought or took last, and when."""

    truck: str
    status: str
    updated_at: datetime | None = None
    at_id: str = ""
    driver_id: str = ""
    container_id: str = ""
    gated_in_at: datetime | None = None
    gated_out_at: datetime | None = None


class TaskState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What somebody has to see to.

    Parameters
    ----------
    status
        One of `STATUSES`.
    exception, event_id
        Type and id of the event that is the cause.
    about
        Subjects concerned.
    plan_digest, usd_cents, n_moved, n_left, proposal
        The cheapest repair; empty: none is proposed yet.
    how
        repaired, resolved or dismissed; empty while it is not closed.
    """

    task_id: str
    status: str
    updated_at: datetime | None = None
    exception: str = ""
    event_id: str = ""
    text: str = ""
    about: tuple[str, ...] = ()
    opened_at: datetime | None = None
    plan_digest: str = ""
    usd_cents: int = 0
    n_moved: int = 0
    n_left: int = 0
    proposal: str = ""
    closed_at: datetime | None = None
    how: str = ""
    why: str = ""


class OrderState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A restriction order."""

    order_id: str
    status: str
    updated_at: datetime | None = None
    order: OrderIssued | None = None
    why: str = ""


State = ContainerState | ConsignmentState | TrainState | WagonState | TruckState | TaskState | OrderState
"""State of any kind of subject that is followed."""

STATES: Final[dict[str, type[State]]] = {
    "consignment": ConsignmentState,
    "container": ContainerState,
    "train": TrainState,
    "wagon": WagonState,
    "truck": TruckState,
    "task": TaskState,
    "order": OrderState,
}
"""Kinds of subjects that are followed, and the class of their states."""

STATUSES: Final[dict[str, tuple[str, ...]]] = {
    "consignment": ("booked", "waiting", "planned", "in_hand", "under_way", "arrived", "delivered", "cancelled"),
    "container": (
        "planned",
        "waiting",
        "gated_in",
        "loaded",
        "under_way",
        "arrived",
        "unloaded",
        "gated_out",
        "delivered",
        "withdrawn",
    ),
    "train": ("planned", "under_way", "arrived", "cancelled"),
    "wagon": ("placed", "under_way", "arrived", "bad_ordered"),
    "truck": ("gated_in", "gated_out"),
    "task": ("open", "proposed", "closed"),
    "order": ("in_force", "lifted"),
}
"""Every status that a state of a kind can have; docs/track.md tells what they mean."""

_DECODERS: Final = {kind: msgspec.json.Decoder(state) for kind, state in STATES.items()}
_ENCODE: Final = msgspec.json.Encoder().encode


def as_document(state: State) -> bytes:
    """Write a state as JSON; what has its default is left out.

    Examples
    --------
    >>> as_document(ContainerState(container_id="C00017", status="waiting"))
    b'{"container_id":"C00017","status":"waiting"}'
    """
    return _ENCODE(state)


def state_from(kind: str, document: bytes | str | Mapping[str, Any]) -> State:
    """Read a state that `as_document` wrote, as text or as the values that its JSON holds.

    Examples
    --------
    >>> state_from("wagon", b'{"wagon":"31823456","status":"placed"}').seq
    0
    """
    if isinstance(document, bytes | str):
        return _DECODERS[kind].decode(document)
    return msgspec.convert(document, STATES[kind])
