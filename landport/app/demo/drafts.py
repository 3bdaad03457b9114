"""What FCL and LCL bookings of the demo share: names, priorities, scales and how a draft becomes a booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landport.app.demo import flows, market
from landport.app.demo.draws import Draws
from landport.app.demo.flows import Lane
from landport.model.bookings import Booking
from landport.model.equipment import Good

N_NAMES = 800
"""Invented shippers, and as many consignees."""

WEIGHED_SHARE = 0.85
"""Share of bookings that have been weighed (assumed)."""

FAR_OFF_SHARE = 0.015
"""Share of weighings that differ from what was declared by more than 5 % (assumed)."""

SHIPPERS = tuple(f"Shipper {i:04d}" for i in range(1, N_NAMES + 1))
CONSIGNEES = tuple(f"Consignee {i:04d}" for i in range(1, N_NAMES + 1))


@dataclass(frozen=True, slots=True)
class Papers:
    """What is drawn for each booking whatever its kind; lists of equal length."""

    shippers: list[int]
    consignees: list[int]
    ready: list[int]
    due: list[int]
    priority: list[int]
    is_weighed: list[bool]
    price_milli: list[int]


def papers(lanes: Sequence[Lane], lane_of: Sequence[int], draws: Draws) -> Papers:
    """Draw the papers of bookings, lane indices given."""
    n = len(lane_of)
    ready, due = flows.times(lanes, lane_of, draws)
    return Papers(
        shippers=draws.child("shippers").below(n, N_NAMES).tolist(),
        consignees=draws.child("consignees").below(n, N_NAMES).tolist(),
        ready=ready,
        due=due,
        priority=draws.child("priority").choice(n, (0.90, 0.06, 0.03, 0.01)).tolist(),
        is_weighed=(draws.child("weighed").uniform(n) < WEIGHED_SHARE).tolist(),
        price_milli=(850 + draws.child("price").below(n, 301)).tolist(),
    )


def weighings(n: int, draws: Draws) -> list[float]:
    """Draw n ratios of weighed to declared mass: 1 +- 1.5 %, a few of them off by 5.5 to 12 %."""
    near = 1.0 + 0.015 * draws.child("near").bell(n)
    sign = np.where(draws.child("sign").uniform(n) < 0.5, -1.0, 1.0)
    far = 1.0 + sign * (0.055 + 0.065 * draws.child("far").uniform(n))
    ratio = np.where(draws.child("is far").uniform(n) < FAR_OFF_SHARE, far, near)
    return [float(r) for r in ratio]


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a booking holds; container fields empty or 0 for LCL.

    Parameters
    ----------
    total_kg
        Mass that the value is reckoned on.
    """

    container_type: str
    n_containers: int
    declared_kg: int
    weighed_kg: int | None
    total_kg: int
    may_split: bool


def booking(booking_id: str, i: int, lane: Lane, good: Good, month: int, cargo: Cargo, drawn: Papers) -> Booking:
    """Write the i-th booking of a kind from its draws."""
    is_cool = market.needs_reefer(good, month)
    return Booking(
        booking_id=booking_id,
        shipper=SHIPPERS[drawn.shippers[i]],
        consignee=CONSIGNEES[drawn.consignees[i]],
        kind="FCL" if cargo.n_containers else "LCL",
        origin_id=lane.origin_id,
        at_id=flows.place_at(lane, drawn.ready[i]),
        destination_id=lane.destination_id,
        ready_at=drawn.ready[i],
        due_at=drawn.due[i],
        container_type=cargo.container_type,
        n_containers=cargo.n_containers,
        goods_id=good.goods_id,
        hs=good.hs,
        gng_code="",
        declared_kg=cargo.declared_kg,
        weighed_kg=cargo.weighed_kg,
        value_usd_cents=good.value_usd_cents_per_t * cargo.total_kg * drawn.price_milli[i] // 1_000_000,
        priority=drawn.priority[i],
        may_split=cargo.may_split,
        temperature_min_c=good.temperature_min_c if is_cool else None,
        temperature_max_c=good.temperature_max_c if is_cool else None,
        un_class=good.un_class,
        un_number=good.un_number,
    )
