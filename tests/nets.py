"""Tiny networks for tests: places A, B, C ... an hour apart, priced in round numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from landport.model.equipment import ContainerType, WagonType
from landport.model.network import Line, Network, Transfer
from landport.model.places import Place, Places
from landport.model.plans import PlannedContainer
from landport.model.rules import Rate, Rules, TrainRule
from landport.model.services import Service, ServiceLeg

MONDAY = datetime(2022, 7, 18, tzinfo=UTC)

RATES = {
    "value_of_time_usd_per_feu_day": 60_000,
    "delay_penalty_usd_per_feu_day": 100_000,
    "left_usd_per_feu": 12_000_000,
    "value_of_time_usd_per_empty_feu_day": 3_000,
    "delay_penalty_usd_per_empty_feu_day": 10_000,
    "left_usd_per_empty_feu": 2_000_000,
    "max_late_days": 10_000,
    "wagon_tare_t_per_feu": 21_000,
    "loco_length_m": 22_000,
    "bogie_centres_share": 700,
    "road_cn_usd_per_km": 1_100,
    "co2_truck_34_40t_g_per_tkm": 94_000,
    "co2_hub_g_per_t": 1_200_000,
    "co2": 10_000,
    "bought_load_share": 800,
    "truck_reach_km": 1_500_000,
    "truck_groupage_m3": 68_000,
    "truck_groupage_t": 21_000,
}
BOX40 = ContainerType(
    container_type="40HC",
    name="40",
    length_ft=40,
    teu=2,
    inside_length_mm=12032,
    inside_width_mm=2352,
    inside_height_mm=2698,
    outside_length_mm=12192,
    tare_kg=3940,
    max_gross_kg=30480,
    payload_kg=26540,
    equipment="dry",
)
BOX20 = ContainerType(
    container_type="20GP",
    name="20",
    length_ft=20,
    teu=1,
    inside_length_mm=5898,
    inside_width_mm=2352,
    inside_height_mm=2393,
    outside_length_mm=6058,
    tare_kg=2300,
    max_gross_kg=30480,
    payload_kg=28180,
    equipment="dry",
)
TYPES = {"40HC": BOX40, "20GP": BOX20}
FLAT = WagonType(
    wagon_type="FLAT",
    name="flat",
    gauge_mm=1435,
    length_mm=13966,
    loading_length_mm=13000,
    axles=4,
    tare_kg=23800,
    payload_kg=70000,
    axle_load_kg=23000,
    configurations=((20, 20), (40,)),
    position_limit_kg=((20, 35000),),
)


def rules(*train_rules: TrainRule) -> Rules:
    rates = tuple(Rate(rate_id=k, milli=v, unit="", source="test", confidence="test") for k, v in RATES.items())
    return Rules(rates=rates, train_rules=train_rules, forbidden_pairs=())


def train_rule(rule: str, milli: int, applies_to: str, operator: str = "<=") -> TrainRule:
    return TrainRule(
        rule_id=f"r_{rule}_{applies_to}",
        train_class="T",
        valid_from=None,
        valid_to=None,
        rule=rule,
        operator=operator,
        milli=milli,
        unit="",
        applies_to=applies_to,
    )


def place(place_id: str) -> Place:
    return Place(
        place_id=place_id,
        name=place_id,
        name_zh="",
        name_ru="",
        country="CN",
        lat=0,
        lon=0,
        kind="hub",
        timezone="UTC",
        road_rate="road_cn_usd_per_km",
        modes=("rail", "road"),
    )


def leg(seq: int, from_id: str, to_id: str, **changes) -> ServiceLeg:
    given = {
        "seq": seq,
        "from_id": from_id,
        "to_id": to_id,
        "mode": "rail",
        "gauge_mm": 1435,
        "train_class": "T",
        "line_ids": (),
        "length_km": 100,
        "running_minutes": 60,
        "dwell_minutes": 0 if seq == 1 else 30,
        "capacity_teu": 100,
        "max_length_mm": 850_000,
        "max_gross_kg": 2_500_000,
        "max_cargo_kg": 1_300_000,
        "usd_cents_per_teu": 10_000,
        "co2_rate": "co2",
    }
    return ServiceLeg(**(given | changes))


def service(service_id: str, stops: str, *, at: int = 600, legs: tuple[ServiceLeg, ...] | None = None, **changes):
    """Make a daily service over stops such as "ABC"; `at` is its minute of departure."""
    pairs = pairwise(stops)
    given = {
        "service_id": service_id,
        "name": service_id,
        "mode": "rail",
        "group": "onward",
        "operation": "bought",
        "weekdays": (1, 2, 3, 4, 5, 6, 7),
        "every_n_weeks": 1,
        "week_offset": 0,
        "depart_minute": at,
        "cut_off_minutes": 60,
        "min_teu": 0,
        "fixed_usd_cents": 0,
        "legs": legs or tuple(leg(i, a, b) for i, (a, b) in enumerate(pairs, 1)),
    }
    return Service(**(given | changes))


def handover(place_id: str, minutes: int = 120, cents: int = 500) -> Transfer:
    return Transfer(
        transfer_id=f"{place_id}-rail-rail",
        place_id=place_id,
        from_mode="rail",
        from_gauge_mm=1435,
        to_mode="rail",
        to_gauge_mm=1435,
        neighbour_id="",
        direction="",
        kind="handover",
        minutes=minutes,
        usd_cents_per_teu=cents,
    )


def network(*services: Service, transfers: tuple[Transfer, ...] = (), lines: tuple[Line, ...] = ()) -> Network:
    stops = {s for x in services for leg in x.legs for s in (leg.from_id, leg.to_id)} | {
        p for line in lines for p in (line.from_id, line.to_id)
    }
    return Network(
        places=Places([place(s) for s in sorted(stops)]),
        lines=lines,
        transfers=transfers,
        services={s.service_id: s for s in services},
    )


def box(number: int, to_id: str, *, kind: str = "40HC", gross_kg: int = 20_000, ready_at: int = 0, due_at: int = 9_000):
    return PlannedContainer(
        container_id=f"C{number:05d}",
        container_type=kind,
        booking_ids=(f"B{number}",),
        master_id="",
        at_id="A",
        destination_id=to_id,
        ready_at=ready_at,
        due_at=due_at,
        priority=0,
        cargo_kg=gross_kg - TYPES[kind].tare_kg,
        gross_kg=gross_kg,
        blocks=(),
    )
