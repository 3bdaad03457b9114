"""A made-up week of groupage from the shipped goods: containers against their bound, and how full they are."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

from landport.consolidate import plan
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType, Good
from landport.model.loads import LoadedBox, LoadGroup
from landport.model.result import Limit
from landport.reference import load

PAYLOAD_KG = {"40HC": 21_060, "20GP": 21_700}
"""What a Chinese express train leaves: 25,000 kg gross on a 40-ft position, 24,000 kg on a 20-ft one."""


def booking(booking_id: str, *, due_at: int = 0, may_split: bool = False) -> Booking:
    """Make an LCL booking with nothing special about it."""
    return Booking(
        booking_id=booking_id,
        shipper="",
        consignee="",
        kind="LCL",
        origin_id="",
        at_id="HUB",
        destination_id="D",
        ready_at=0,
        due_at=due_at,
        container_type="",
        n_containers=0,
        goods_id="",
        hs="",
        gng_code="",
        declared_kg=0,
        weighed_kg=None,
        value_usd_cents=0,
        priority=0,
        may_split=may_split,
        temperature_min_c=None,
        temperature_max_c=None,
        un_class="",
        un_number="",
    )


def group(
    group_id: str,
    bookings: Sequence[Booking],
    items: Sequence[CargoItem],
    kinds: Sequence[ContainerType],
    payload_kg: dict[str, int],
) -> LoadGroup:
    """Make a group of bookings that are ready, bound for a place of their own."""
    return LoadGroup(
        group_id=group_id,
        at_id="HUB",
        destination_id=group_id,
        bookings=tuple(bookings),
        items=tuple(items),
        ready_at={b.booking_id: 0 for b in bookings},
        container_types=tuple(kinds),
        payload_kg=payload_kg,
        lane_id=group_id,
    )


def week(feu: float, n_groups: int, split: float, packaging: str = "", seed: int = 1) -> list[LoadGroup]:
    """Make groupage of so many FEU by volume from the shipped goods: bookings of 2-25 m3, one to three goods each."""
    draw = random.Random(seed)
    goods = [g for g in load.goods().values() if g.share_export > 0 and g.equipment == "dry"]
    goods = [g for g in goods if g.packaging not in ("vehicle", "crate") or g.mass_max_g < 2_000_000]
    goods = [g for g in goods if packaging in ("", g.packaging)]
    kinds = [load.container_types()[k] for k in PAYLOAD_KG]
    shares = [draw.paretovariate(1.3) for _ in range(n_groups)]
    groups = []
    for n, share in enumerate(shares):
        volume = feu * 76.35 * share / sum(shares)
        bookings: list[Booking] = []
        items: list[CargoItem] = []
        while volume > 0:
            cargo = min(25.0, max(2.0, draw.lognormvariate(2.0, 0.7)))
            volume -= cargo
            b = booking(f"B{n}-{len(bookings)}", due_at=draw.randrange(20_000), may_split=draw.random() < split)
            bookings.append(b)
            n_goods = draw.choice((1, 1, 1, 2, 3))
            chosen = draw.choices(goods, [g.share_export for g in goods], k=n_goods)
            items += [_item(f"{b.booking_id}-{k}", b, g, cargo / n_goods, draw) for k, g in enumerate(chosen)]
        groups.append(group(f"G{n}", bookings, items, kinds, PAYLOAD_KG))
    return groups


def _item(item_id: str, of: Booking, good: Good, volume_m3: float, draw: random.Random) -> CargoItem:
    piece = good.length_mm * good.width_mm * good.height_mm / 1e9
    is_upright = good.this_way_up or good.packaging != "carton"
    return CargoItem(
        item_id=item_id,
        booking_id=of.booking_id,
        goods_id=good.goods_id,
        length_mm=good.length_mm,
        width_mm=good.width_mm,
        height_mm=good.height_mm,
        mass_g=round(draw.triangular(good.mass_min_g, good.mass_max_g, good.mass_typ_g)),
        weighed_g=None,
        count=max(1, round(volume_m3 / piece)),
        vertical="h" if is_upright else "lwh",
        max_layers=good.max_layers,
        max_on_top_g=good.max_on_top_g,
    )


def fill_of(box: LoadedBox, kind: ContainerType) -> float:
    """Share of the volume that is cargo."""
    return sum(b.count * b.dx_mm * b.dy_mm * b.dz_mm for b in box.blocks) / kind.volume_mm3


def options(parser: argparse.ArgumentParser) -> None:
    """Add what the week can be made of."""
    parser.add_argument("--feu", type=float, default=190, help="of the week")
    parser.add_argument("--groups", type=int, default=120, help="of the week")
    parser.add_argument("--effort", type=int, default=1, help="of the week")
    parser.add_argument("--split", type=float, default=0.3, help="share of the week's bookings that may be split")
    parser.add_argument("--packaging", default="", help="carton, bag, ...: only these goods in the week")


def report_week(args: argparse.Namespace) -> None:
    """Pack the made-up week and print fills, containers against the bound, CPU seconds."""
    groups = week(args.feu, args.groups, args.split, args.packaging)
    pieces = sum(i.count for g in groups for i in g.items)
    plan(groups[:1], limit=Limit())  # compile
    began = time.process_time()
    result = plan(groups, limit=Limit(effort=args.effort))
    spent = time.process_time() - began
    boxes: dict[str, list[LoadedBox]] = {}
    for box in result.plan.boxes:
        boxes.setdefault(box.group_id, []).append(box)
    counted = [full for found in boxes.values() for full in sorted(map(_fullness, found))[1:]]
    print(f"week: {pieces} pieces, {sum(len(g.items) for g in groups)} items, {sum(len(g.bookings) for g in groups)}")
    print(f"  bookings in {len(groups)} groups; effort {args.effort}: {spent:.2f} CPU s, {len(result.plan.left)} left")
    print(f"  containers {result.cost}, bound {result.bound}, ratio {result.cost / result.bound:.3f}")
    print(f"  without each group's emptiest: {len(counted)} boxes, by the fuller of volume and mass {_mean(counted)}")
    for most, name in ((0.5, "less than half"), (0.95, "less than 95 %")):
        by_volume = [(v, v, m) for _, v, m in counted if m < most]
        print(f"  of these with {name} of the payload: {len(by_volume)} boxes, by volume {_mean(by_volume)}")


def _fullness(box: LoadedBox) -> tuple[float, float, float]:
    """Answer the fuller of volume and mass, volume, mass; each as a share of what the box takes."""
    volume = fill_of(box, load.container_types()[box.container_type])
    mass = box.cargo_g / 1000 / PAYLOAD_KG[box.container_type]
    return max(volume, mass), volume, mass


def _mean(shares: Sequence[tuple[float, float, float]]) -> str:
    return f"{sum(s[0] for s in shares) / max(1, len(shares)):.1%}"
