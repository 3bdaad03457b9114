"""What each type of event says: one class a type, its fields the payload. New fields get defaults, old ones stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from landport.model.bookings import CargoItem
from landport.model.gate_facts import GATE_FACTS
from landport.model.troubles import (
    ContainerDamaged,
    ContainerOverweight,
    ContainerRepaired,
    CustomsHeld,
    CutOffMissed,
    HandOverCancelled,
    OrderIssued,
    OrderLifted,
    PathCancelled,
    RepairProposed,
    TaskClosed,
    TaskOpened,
    WagonBadOrdered,
)

# ---- consignments ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedGoods:
    """A booking as the log keeps it: `model.bookings.Booking` with instants for minutes and parties by id.

    Parameters
    ----------
    shipper_id, consignee_id
        Parties; their names and contacts stand outside the log.
    forwarder_id
        Party that booked and sees the consignment; empty: the port itself.
    """

    kind: str
    shipper_id: str
    consignee_id: str
    forwarder_id: str
    origin_id: str
    at_id: str
    destination_id: str
    ready_at: datetime
    due_at: datetime
    container_type: str
    n_containers: int
    goods_id: str
    hs: str
    gng_code: str
    declared_kg: int
    weighed_kg: int | None
    value_usd_cents: int
    priority: int
    may_split: bool
    temperature_min_c: int | None
    temperature_max_c: int | None
    un_class: str
    un_number: str
    is_released: bool
    items: tuple[CargoItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsignmentBooked:
    """A forwarder booked it. `quote_id`: the price it was booked at; empty: none was asked for."""

    goods: BookedGoods
    quote_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsignmentAmended:
    """It is another now: all of it, not only what changed."""

    goods: BookedGoods
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsignmentCancelled:
    """It will not be moved."""

    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way at one price.

    Parameters
    ----------
    arrives_at
        At the destination terminal.
    usd_cents, gco2e
        For everything asked for.
    legs
        `FROM-TO by MODE` each, for the reader.
    """

    arrives_at: datetime
    usd_cents: int
    gco2e: int
    legs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteGiven:
    """A price was offered, good until `valid_until_at`."""

    origin_id: str
    destination_id: str
    container_type: str
    n_containers: int
    cargo_kg: int
    ready_at: datetime
    due_at: datetime | None
    valid_until_at: datetime
    forwarder_id: str
    offers: tuple[Offer, ...]


# ---- plans -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOpened:
    """A week is planned from here on: its settings and tables but for bookings, stored under `digest`."""

    name: str
    start_at: datetime
    now_at: datetime
    hub_id: str
    plan_days: int
    horizon_days: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCommitted:
    """A plan counts from here on; the plan itself is stored under `digest`.

    Parameters
    ----------
    scenario_digest
        The week as it was planned, stored too.
    usd_cents, bound_usd_cents
        Cost of the stage assemble, and what no plan over the ways offered can beat.
    previous_digest
        Of the plan that it replaces; empty: the first.
    """

    digest: str
    scenario_digest: str
    name: str
    effort: str
    seed: int
    usd_cents: int
    bound_usd_cents: int
    n_containers: int
    n_left: int
    n_trains: int
    previous_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRide:
    """One ride of a planned journey; `departure_id` is empty for a truck on demand."""

    departure_id: str
    from_id: str
    to_id: str
    departs_at: datetime
    arrives_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerPlanned:
    """A container has a journey, a wagon, or a reason why it stays.

    Parameters
    ----------
    cut_off_at
        When it must be ready for its first train; None: it rides none.
    wagon_departure_id, wagon_seq, wagon_position
        Where it stands; empty, 0, 0: no wagon plan covers it.
    left_code, left_why
        Why it stays; empty: it rides.
    forwarder_id
        Forwarder of all its consignments; empty: they have several, or none.
    """

    plan_digest: str
    consignment_ids: tuple[str, ...]
    master_id: str
    container_type: str
    destination_id: str
    gross_kg: int
    due_at: datetime
    cut_off_at: datetime | None
    rides: tuple[PlannedRide, ...]
    wagon_departure_id: str = ""
    wagon_seq: int = 0
    wagon_position: int = 0
    left_code: str = ""
    left_why: str = ""
    forwarder_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerWithdrawn:
    """The plan before had it, this one has not."""

    plan_digest: str


# ---- movements ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerNumbered:
    """A real box stands for the planned one. `number`: ISO 6346."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerGatedIn:
    """It came into a terminal, by truck (`truck`: its plate) or train."""

    at_id: str
    truck: str = ""
    driver_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerGatedOut:
    """It left a terminal by road."""

    at_id: str
    truck: str = ""
    driver_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerWeighed:
    """Its verified gross mass. `method`: 1 the whole box on a scale, 2 the sum of its parts (SOLAS VI/2)."""

    gross_kg: int
    method: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightAccepted:
    """A planner accepts the weighed mass though it differs from the declared one beyond the tolerance."""

    gross_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerReleased:
    """Customs let it go. `reference`: of the declaration."""

    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSealed:
    """It is sealed."""

    seals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteIssued:
    """Its consignment note is issued. `form`: CIM, SMGS or CIM/SMGS."""

    number: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLoaded:
    """It stands on a wagon (or a truck, ship) of a departure."""

    departure_id: str
    at_id: str
    wagon: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerUnloaded:
    """It stands on the ground again."""

    departure_id: str
    at_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerDelivered:
    """The consignee has it."""

    at_id: str
    receiver_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainDeparted:
    """A train left a place, with the containers and wagons that the event is about."""

    at_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainArrived:
    """A train came to a place, with the containers and wagons that the event is about."""

    at_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WagonPlaced:
    """A wagon stands in a train. `seq`: 1 behind the locomotive."""

    departure_id: str
    wagon_type: str
    seq: int


# ---- people ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyErased:
    """Name and contacts of a person are gone; the id stays."""

    why: str = ""


FACTS: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (
        ConsignmentBooked,
        ConsignmentAmended,
        ConsignmentCancelled,
        QuoteGiven,
        WeekOpened,
        PlanCommitted,
        ContainerPlanned,
        ContainerWithdrawn,
        ContainerNumbered,
        ContainerGatedIn,
        ContainerGatedOut,
        ContainerWeighed,
        WeightAccepted,
        ContainerReleased,
        ContainerSealed,
        NoteIssued,
        ContainerLoaded,
        ContainerUnloaded,
        ContainerDelivered,
        TrainDeparted,
        TrainArrived,
        WagonPlaced,
        CutOffMissed,
        ContainerOverweight,
        CustomsHeld,
        ContainerDamaged,
        ContainerRepaired,
        WagonBadOrdered,
        PathCancelled,
        HandOverCancelled,
        OrderIssued,
        OrderLifted,
        TaskOpened,
        RepairProposed,
        TaskClosed,
        PartyErased,
        *GATE_FACTS,
    )
}
"""Every type of event, by name."""
