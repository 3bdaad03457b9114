"""FCL bookings: which goods, in which containers, how heavy; a few that the rules refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from landport.app.demo import drafts, flows, market
from landport.app.demo.drafts import Cargo
from landport.app.demo.draws import Draws
from landport.app.demo.flows import Lane
from landport.app.demo.market import Market
from landport.model.bookings import Booking
from landport.model.equipment import ContainerType, Good
from landport.model.rules import Rules
from landport.model.scenario import World

DENSE_KG_PER_M3 = 600
LIGHT_KG_PER_M3 = 250
PAIR_SHARE = 0.6
"""Share of dense goods that travel as pairs of 20-ft boxes (assumed)."""

LONG_SHARE = 0.06
"""Share of light goods in 45-ft boxes (assumed)."""

OVERWEIGHT_SHARE = 0.007
OPEN_TOP_SHARE = 0.003
"""Shares of boxes that Chinese express trains refuse (assumed)."""

OVER_PLATE_EVERY = 3
"""Each so many-th overweight booking exceeds the plate of its box, too (assumed)."""

FRESH_DAYS = 12
"""Fresh fruit goes no farther than this many days of transit (assumed)."""

TRAIN_CLASS = "CN-EXPRESS"


@dataclass(slots=True, kw_only=True)
class Draft:
    """An FCL booking in the making."""

    lane: int
    feu: int
    good: Good
    container_type: str = "40HC"
    cargo_kg: int = 0
    is_overweight: bool = False

    @property
    def n_containers(self) -> int:
        """Boxes: two for each FEU of 20-ft boxes."""
        return self.feu * (2 if self.container_type == "20GP" else 1)


def fcl(lanes: Sequence[Lane], goods: Market, world: World, draws: Draws, *, on: date) -> tuple[Booking, ...]:
    """Book the whole containers of a week, outbound first."""
    outbound = [i for i, lane in enumerate(lanes) if lane.is_outbound]
    inbound = [i for i, lane in enumerate(lanes) if not lane.is_outbound]
    exports = _drafts(lanes, outbound, goods.whole, draws.child("outbound"))
    _place_natives(exports, lanes, goods, draws.child("natives"))
    found = exports + _drafts(lanes, inbound, goods.imports, draws.child("inbound"))
    caps = cargo_caps(world.container_types, world.rules, on)
    _choose_boxes(found, goods.month, draws.child("boxes"))
    _open_tops(exports, len(found), draws.child("open tops"))
    _load(found, world.container_types, caps, draws.child("masses"))
    n_boxes = sum(d.n_containers for d in found)
    _overload(exports, n_boxes, world.container_types["40HC"], caps["40HC"], draws.child("overweight"))
    return _write(found, lanes, goods.month, draws)


def cargo_caps(types: Mapping[str, ContainerType], rules: Rules, on: date) -> dict[str, int]:
    """Find the cargo (kg) that each container type may hold on Chinese express trains."""
    caps = {}
    for kind in types.values():
        size = "20ft" if kind.length_ft == 20 else "40ft"
        found = rules.limits(TRAIN_CLASS, "max_box_gross_kg", on)
        gross = min((r.greatest() // 1000 for r in found if r.applies_to == size), default=kind.max_gross_kg)
        caps[kind.container_type] = min(gross - kind.tare_kg, kind.payload_kg)
    return caps


def _drafts(
    lanes: Sequence[Lane], chosen: list[int], shelf: tuple[tuple[Good, ...], tuple[float, ...]], draws: Draws
) -> list[Draft]:
    booked = flows.booked([lanes[i] for i in chosen], draws)
    goods, weights = shelf
    picks = draws.child("goods").choice(len(booked), weights).tolist()
    return [Draft(lane=chosen[i], feu=feu, good=goods[k]) for (i, feu), k in zip(booked, picks, strict=True)]


def _place_natives(drafts: list[Draft], lanes: Sequence[Lane], goods: Market, draws: Draws) -> None:
    """Give the goods of some origins only to bookings from there, up to their share of all exports."""
    total = sum(d.feu for d in drafts)
    taken: set[int] = set()
    for good, share in goods.natives:
        stream = draws.child(good.goods_id)
        left = int(share * total + stream.uniform(1)[0])
        days = FRESH_DAYS if good.equipment == "reefer" else 1000
        fitting = [i for i, d in enumerate(drafts) if i not in taken and _fits(good, lanes[d.lane], days)]
        for k in stream.order(len(fitting)):
            draft = drafts[fitting[k]]
            if draft.feu <= left:
                draft.good = good
                taken.add(fitting[k])
                left -= draft.feu


def _fits(good: Good, lane: Lane, days: int) -> bool:
    return lane.origin_id in market.NATIVE[good.goods_id] and lane.transit_days <= days


def _choose_boxes(drafts: list[Draft], month: int, draws: Draws) -> None:
    for draft, u in zip(drafts, draws.uniform(len(drafts)).tolist(), strict=True):
        draft.container_type = _box(draft.good, month, u)


def _box(good: Good, month: int, u: float) -> str:
    if market.needs_reefer(good, month):
        return "40RH"
    if good.equipment == "flat_rack":
        return "40FR"
    if good.equipment in ("40GP", "40HC"):
        return good.equipment
    if good.density_kg_per_m3 >= DENSE_KG_PER_M3 and u < PAIR_SHARE:
        return "20GP"
    if good.density_kg_per_m3 < LIGHT_KG_PER_M3 and u < LONG_SHARE:
        return "45HC"
    return "40HC"


def _open_tops(drafts: list[Draft], n: int, draws: Draws) -> None:
    def fits(draft: Draft) -> bool:
        return draft.container_type in ("40HC", "40GP") and draft.good.packaging == "crate" and draft.feu == 1

    for draft in _some(drafts, fits, max(1, round(OPEN_TOP_SHARE * n)), draws):
        draft.container_type = "40OT"


def _some(drafts: list[Draft], fits: Callable[[Draft], bool], n_boxes: int, draws: Draws) -> list[Draft]:
    found: list[Draft] = []
    fitting = [d for d in drafts if fits(d)]
    for k in draws.order(len(fitting)):
        if n_boxes <= 0:
            break
        found.append(fitting[k])
        n_boxes -= fitting[k].n_containers
    return found


def _load(drafts: list[Draft], types: Mapping[str, ContainerType], caps: Mapping[str, int], draws: Draws) -> None:
    """Fill boxes to about 86 % of their volume, or to what the train allows."""
    fills = draws.child("fill").bell(len(drafts)).tolist()
    rests = draws.child("rest").uniform(len(drafts)).tolist()
    for draft, fill, rest in zip(drafts, fills, rests, strict=True):
        kind, good = types[draft.container_type], draft.good
        volume_m3 = kind.volume_mm3 / 1e9 * min(0.96, max(0.6, 0.86 + 0.05 * fill))
        most = caps[draft.container_type] * (0.93 + 0.065 * rest)
        kg = min(volume_m3 * good.density_kg_per_m3, most)
        if good.packaging == "vehicle":
            unit = good.mass_typ_g / 1000
            kg = unit * max(1, min(round(kg / unit), int(most / unit)))
        draft.cargo_kg = max(1, round(kg))


def _overload(drafts: list[Draft], n: int, kind: ContainerType, cap: int, draws: Draws) -> None:
    """Overload a few 40HC: beyond what express trains take, and each third beyond its plate, which nobody takes."""

    def fits(draft: Draft) -> bool:
        return draft.container_type == "40HC" and draft.n_containers <= 2 and draft.good.packaging != "vehicle"

    chosen = _some(drafts, fits, max(1, round(OVERWEIGHT_SHARE * n)), draws)
    for k, (draft, u) in enumerate(zip(chosen, draws.child("kg").uniform(len(chosen)).tolist(), strict=True)):
        if k % OVER_PLATE_EVERY == 0:
            draft.cargo_kg = kind.payload_kg + 200 + int(1000 * u)
        else:
            draft.cargo_kg = cap + 300 + int(2400 * u)
        draft.is_overweight = True


def _write(found: list[Draft], lanes: Sequence[Lane], month: int, draws: Draws) -> tuple[Booking, ...]:
    drawn = drafts.papers(lanes, [d.lane for d in found], draws)
    ratios = drafts.weighings(len(found), draws.child("scales"))
    bookings = []
    for i, (draft, ratio) in enumerate(zip(found, ratios, strict=True)):
        is_weighed = drawn.is_weighed[i] or draft.is_overweight
        cargo = Cargo(
            container_type=draft.container_type,
            n_containers=draft.n_containers,
            declared_kg=max(1, round(draft.cargo_kg / ratio)) if is_weighed else draft.cargo_kg,
            weighed_kg=draft.cargo_kg if is_weighed else None,
            total_kg=draft.cargo_kg * draft.n_containers,
            may_split=False,
        )
        bookings.append(drafts.booking(f"F{i + 1:06d}", i, lanes[draft.lane], draft.good, month, cargo, drawn))
    return tuple(bookings)
