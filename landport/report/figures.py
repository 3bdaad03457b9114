"""Nouns of the report: what a plan is judged by, group by group."""

from __future__ import annotations

from dataclasses import dataclass

from landport.report.trains import TrainLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """What was asked for, what rides, what stays.

    Parameters
    ----------
    waiting_feu, refused_feu
        Containers and loose pieces left, in 40-ft containers or full trucks.
    """

    n_bookings: int
    n_fcl_containers: int
    n_lcl_containers: int
    n_containers_planned: int
    planned_teu: int
    n_containers_left: int
    left_teu: int
    n_containers_waiting: int
    n_containers_refused: int
    n_pieces_waiting: int
    n_pieces_refused: int
    waiting_feu: float
    refused_feu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFill:
    """Trains and positions of one group of services of the hub: assembly, assembly-return, feeder, ..."""

    group: str
    n_run: int
    n_cancelled: int
    positions_teu: int
    positions_capacity_teu: int
    positions_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trains:
    """How trains and containers are used; shares are of 1.

    Parameters
    ----------
    n_later_used
        Hub trains that leave after the plan's days and are counted on.
    positions_share
        TEU on the fullest leg over its capacity, summed over the hub trains that run.
    mass_share
        Mass over its limit where each hub train is tightest, summed likewise; None: no limit is known.
    """

    n_run: int
    n_cancelled: int
    n_bought_used: int
    n_later_used: int
    positions_teu: int
    positions_capacity_teu: int
    positions_share: float
    mass_share: float | None
    lcl_volume_share: float | None
    lcl_payload_share: float | None
    by_group: tuple[GroupFill, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """How long containers take.

    Parameters
    ----------
    mean_hub_dwell_minutes
        From ready at the hub, or arrival there, to departure; over containers that leave the hub.
    mean_transit_minutes
        From first departure to arrival at the destination.
    mean_door_minutes
        From ready to arrival.
    mean_late_minutes
        Over late containers only.
    """

    mean_hub_dwell_minutes: float
    mean_transit_minutes: float
    mean_door_minutes: float
    n_late: int
    late_teu: int
    mean_late_minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCost:
    """Cost of one kind of charge."""

    kind: str
    weighed: bool
    n_charges: int
    usd_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the plan costs and emits; per-TEU figures are over planned TEU.

    Parameters
    ----------
    money_usd_cents, weighed_usd_cents
        What somebody pays; what planning only weighs (time, lateness, freight left).
    """

    money_usd_cents: int
    weighed_usd_cents: int
    money_usd_cents_per_teu: float
    by_kind: tuple[KindCost, ...]
    co2e_kg: float
    co2e_kg_per_teu: float
    tonne_km: int
    co2e_g_per_tonne_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """Figure, bound and stop reason of one planning stage."""

    name: str
    unit: str
    cost: int
    bound: int
    gap_share: float
    stopped: str
    seed: int
    effort: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationLine:
    """What goes to one destination."""

    destination_id: str
    name: str
    n_containers: int
    teu: int
    n_left: int
    left_feu: float
    money_usd_cents: int
    co2e_kg: float
    mean_transit_minutes: float
    n_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """Everything a plan is judged by at a glance.

    Parameters
    ----------
    n_violations
        What the auditor found; None: nobody audited it.
    """

    freight: Freight
    trains: Trains
    time: Time
    money: Money
    stages: tuple[StageLine, ...]
    n_violations: int | None
    by_destination: tuple[DestinationLine, ...]
    by_train: tuple[TrainLine, ...]
