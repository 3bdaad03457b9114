"""Lines, trains over them and edits, for tests of what-ifs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from landport.model.edits import NetworkEdit
from landport.model.network import Line, Transfer
from landport.model.rules import Rate
from landport.model.services import Service
from tests import nets

ON = date(2022, 7, 18)
RATES = {
    "hub_cutoff_h": 6_000,
    "rail_cn_usd_per_feu_km": 550,
    "rail_1520_usd_per_feu_km": 610,
    "rail_eu_usd_per_feu_km": 900,
}
RULES = replace(
    nets.rules(),
    rates=tuple(Rate(rate_id=k, milli=v, unit="", source="test", confidence="test") for k, v in RATES.items()),
)


def line(line_id: str, **changes) -> Line:
    """Make the line "AB", 100 km and an hour long, with rails of 1435 mm."""
    given_ = {
        "line_id": line_id,
        "from_id": line_id[0],
        "to_id": line_id[1],
        "mode": "rail",
        "gauge_mm": 1435,
        "length_km": 100,
        "running_minutes": 60,
    }
    return Line(**(given_ | changes))


def train(service_id: str, stops: str, **changes) -> Service:
    """Make a service over the lines between its stops."""
    made = nets.service(service_id, stops)
    legs = tuple(
        replace(leg, line_ids=("".join(sorted((leg.from_id, leg.to_id))),), **changes.get(str(leg.seq), {}))
        for leg in made.legs
    )
    return replace(made, legs=legs)


def change(place_id: str, from_mm: int, to_mm: int, neighbour_id: str = "", direction: str = "") -> Transfer:
    """Make a row of work between rails of two gauges, or at a border."""
    return replace(
        nets.handover(place_id),
        transfer_id=f"{place_id}-{from_mm}-{to_mm}-{neighbour_id}-{direction}",
        from_gauge_mm=from_mm,
        to_gauge_mm=to_mm,
        neighbour_id=neighbour_id,
        direction=direction,
    )


def edits(*texts: str) -> list[NetworkEdit]:
    """Write edits as "slow AB 1500"."""
    split = [text.split() for text in texts]
    return [NetworkEdit(action=a, subject_id=s, value=int(rest[0]) if rest else 0) for a, s, *rest in split]
