"""What moving freight costs and emits, line by line; the auditor counts it all again on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landport.model.bookings import CargoItem, RestrictionOrder
from landport.model.changes import Road
from landport.model.network import Transfer
from landport.model.places import Places
from landport.model.plans import Charge
from landport.model.rules import Rules
from landport.model.services import Service, ServiceLeg

TRUCK_CO2 = "co2_truck_34_40t_g_per_tkm"
"""Emission rate of trucks on demand."""

HUB_CO2 = "co2_hub_g_per_t"
"""Emission rate of one transfer (a hub operation of ISO 14083), per tonne of cargo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What of a container or booking decides its price.

    Parameters
    ----------
    feu_milli
        Share of a 40-ft container or full truck, in thousandths: 500 for a 20-ft box, 1000 for larger ones.
    """

    subject_id: str
    teu: int
    feu_milli: int
    cargo_kg: int
    gross_kg: int
    priority: int

    @property
    def rate_of(self) -> str:
        """What time, lateness and leaving behind are weighed per: `feu`, or `empty_feu` of an empty container."""
        return "empty_feu" if self.cargo_kg == 0 < self.gross_kg else "feu"


def rounded(numerator: int, denominator: int) -> int:
    """Divide whole numbers, halves up.

    Examples
    --------
    >>> rounded(5, 2), rounded(4, 3)
    (3, 1)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def truck_share_milli(items: Sequence[CargoItem], rules: Rules) -> int:
    """Share of a full truck that groupage takes, in thousandths, at least 1; the larger of volume and mass.

    Parameters
    ----------
    rules
        Their rates `truck_groupage_m3` and `truck_groupage_t` say what fills a truck.
    """
    m3, tons = rules.milli("truck_groupage_m3"), rules.milli("truck_groupage_t")
    volume = sum(i.volume_mm3 * i.count for i in items)
    mass = sum(i.piece_g * i.count for i in items)
    return max(1, -(-volume * 1000 // (m3 * 1_000_000)), -(-mass * 1000 // (tons * 1000)))


def ride(
    load: Load, service: Service, first_leg: int, last_leg: int, rules: Rules, *, undecided: bool = False
) -> Charge:
    """Price legs `first_leg..last_leg` of a service for one container, with their emissions.

    Parameters
    ----------
    undecided
        A hub train that leaves after the plan's days: not run or cancelled tonight, so a position on it is priced like
        a bought one, with its share of the fixed cost (`fixed_share_cents`); the rate id ends in `+share`.
    """
    legs = service.legs[first_leg - 1 : last_leg]
    cents = sum(leg.usd_cents_per_teu + (fixed_share_cents(service, leg, rules) if undecided else 0) for leg in legs)
    return Charge(
        subject_id=load.subject_id,
        kind="freight",
        quantity=load.teu,
        rate_id=f"{service.service_id}/{first_leg}-{last_leg}" + ("+share" if undecided else ""),
        usd_cents=cents * load.teu,
        gco2e=sum(_gco2e(load, leg.length_km, leg.co2_rate, rules) for leg in legs),
    )


def fixed_share_cents(service: Service, leg: ServiceLeg, rules: Rules) -> int:
    """Share of a hub train's fixed cost that one TEU carries over one leg.

    Parameters
    ----------
    rules
        Their rate `bought_load_share` says how full the train is taken to run.
    """
    full = rules.milli("bought_load_share")
    total_km = sum(other.length_km for other in service.legs)
    return rounded(service.fixed_usd_cents * leg.length_km * 1000, max(1, total_km * leg.capacity_teu * full))


def road_rate(from_id: str, places: Places) -> str:
    """Name the road rate that holds where a truck starts."""
    return places[from_id].road_rate


def road(load: Load, way: Road, places: Places, rules: Rules) -> Charge:
    """Price a truck on demand: whole for a container of any size, by share for groupage (teu 0)."""
    rate_id = road_rate(way.from_id, places)
    share = load.feu_milli if load.teu == 0 else 1000
    return Charge(
        subject_id=load.subject_id,
        kind="road",
        quantity=way.length_km,
        rate_id=rate_id,
        usd_cents=rounded(way.length_km * rules.milli(rate_id) * share, 10_000),
        gco2e=_gco2e(load, way.length_km, TRUCK_CO2, rules),
    )


def change(load: Load, transfer: Transfer, rules: Rules) -> Charge:
    """Price one transfer of one container, with what the terminal emits for it."""
    cents = transfer.usd_cents_per_teu * load.teu
    return Charge(
        subject_id=load.subject_id,
        kind="handling",
        quantity=load.teu,
        rate_id=transfer.transfer_id,
        usd_cents=cents,
        gco2e=rounded(load.cargo_kg * rules.milli(HUB_CO2), 1_000_000),
    )


def handed_over(load: Load, order: RestrictionOrder) -> Charge:
    """Price one passage of one container under a quota."""
    return Charge(
        subject_id=load.subject_id,
        kind="quota",
        quantity=load.teu,
        rate_id=order.order_id,
        usd_cents=order.usd_cents_per_teu * load.teu,
        gco2e=0,
    )


def waiting(load: Load, ready_at: int, arrives_at: int, due_at: int, rules: Rules) -> list[Charge]:
    """Weigh the time a container takes, and its lateness if any."""
    minutes = (arrives_at - ready_at) * load.teu
    charges = [_timed(load, "time", minutes, f"value_of_time_usd_per_{load.rate_of}_day", 1, rules)]
    if arrives_at > due_at:
        late = (arrives_at - due_at) * load.teu
        rate_id = f"delay_penalty_usd_per_{load.rate_of}_day"
        charges.append(_timed(load, "late", late, rate_id, 1 + load.priority, rules))
    return charges


def left(load: Load, rules: Rules) -> Charge:
    """Weigh leaving freight behind."""
    rate_id = f"left_usd_per_{load.rate_of}"
    milli = rules.milli(rate_id) * load.feu_milli * (1 + load.priority)
    return Charge(
        subject_id=load.subject_id,
        kind="left",
        quantity=load.feu_milli,
        rate_id=rate_id,
        usd_cents=rounded(milli, 10_000),
        gco2e=0,
    )


def fixed(departure_id: str, service: Service) -> Charge:
    """Price running one train of the hub's."""
    return Charge(
        subject_id=departure_id,
        kind="fixed",
        quantity=1,
        rate_id=f"{service.service_id}/fixed",
        usd_cents=service.fixed_usd_cents,
        gco2e=0,
    )


def _timed(load: Load, kind: str, minutes: int, rate_id: str, weight: int, rules: Rules) -> Charge:
    cents = rounded(minutes * rules.milli(rate_id) * weight, 10 * 2 * 1440)
    return Charge(subject_id=load.subject_id, kind=kind, quantity=minutes, rate_id=rate_id, usd_cents=cents, gco2e=0)


def _gco2e(load: Load, km: int, rate_id: str, rules: Rules) -> int:
    rate = rules.rate(rate_id)
    kg = load.cargo_kg
    if rate.basis == "gross":
        kg = load.gross_kg + rounded(rules.milli("wagon_tare_t_per_feu") * load.teu, 2)
    return rounded(kg * km * rate.milli, 1_000_000)
