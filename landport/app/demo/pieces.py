"""LCL bookings: a few cubic metres each, as rows of equal pieces of real size and mass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from landport.app.demo import drafts
from landport.app.demo.drafts import Cargo
from landport.app.demo.draws import Draws
from landport.app.demo.flows import Lane
from landport.app.demo.market import Market, needs_reefer
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import Good

M3_PER_FEU = 60
"""Groupage that makes an FEU, by volume ..."""

KG_PER_FEU = 19_000
"""... or by mass, whichever is more (both assumed)."""

BOOKED_M3 = (1.0, 4.0, 12.0)
"""Least, typical and greatest booking of light goods (assumed)."""

ROW_WEIGHTS = (0.2, 0.3, 0.3, 0.2)
"""How often a booking has 1, 2, 3 or 4 rows (assumed)."""

OTHER_SHARE = 0.4
"""Share of further rows that hold another good of the same sector (assumed)."""

SPLIT_MM3 = 8_000_000_000
"""Bookings larger than this may travel in parts."""

CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be: its good, how many pieces, and the mass of one."""

    good: Good
    count: int
    mass_g: int
    weighed_g: int | None


def lcl(lanes: Sequence[Lane], goods: Market, draws: Draws) -> tuple[tuple[Booking, ...], tuple[CargoItem, ...]]:
    """Book groupage until the expected FEU of the lanes are reached."""
    left = fsum(lane.lcl_feu for lane in lanes)
    bookings: list[Booking] = []
    items: list[CargoItem] = []
    chunk = 0
    while left > 0:
        left = _chunk(lanes, goods, draws.child(f"chunk {chunk}"), left, bookings, items)
        chunk += 1
    return tuple(bookings), tuple(items)


def feu(volume_mm3: int, mass_g: int) -> float:
    """Count groupage as a share of an FEU."""
    return max(volume_mm3 / (M3_PER_FEU * 1e9), mass_g / (KG_PER_FEU * 1e3))


def _chunk(
    lanes: Sequence[Lane],
    goods: Market,
    draws: Draws,
    left: float,
    bookings: list[Booking],
    items: list[CargoItem],
) -> float:
    """Add up to `CHUNK` bookings; return the FEU still to book, 0 when all are."""
    lane_of = draws.child("lanes").choice(CHUNK, [lane.lcl_feu for lane in lanes]).tolist()
    drawn = drafts.papers(lanes, lane_of, draws)
    mixer = _Mixer(goods, draws)
    for i in range(CHUNK):
        rows = mixer.rows(i, is_weighed=drawn.is_weighed[i])
        volume = sum(_piece_mm3(row.good) * row.count for row in rows)
        mass = sum((row.weighed_g or row.mass_g) * row.count for row in rows)
        size = feu(volume, mass)
        if size > 2 * left:
            return 0.0
        left -= size
        number = f"L{len(bookings) + 1:06d}"
        cargo = Cargo("", 0, 0, None, -(-mass // 1000), volume > SPLIT_MM3)
        good = rows[0].good
        bookings.append(drafts.booking(number, i, lanes[lane_of[i]], good, goods.month, cargo, drawn))
        items += [_item(f"{number}-{k}", number, row) for k, row in enumerate(rows, 1)]
        if left <= 0:
            return 0.0
    return left


class _Mixer:
    """Draws of a chunk, turned into rows booking by booking."""

    def __init__(self, goods: Market, draws: Draws) -> None:
        shelf, weights = goods.groupage
        self._goods = [shelf[k] for k in draws.child("goods").choice(CHUNK, weights).tolist()]
        self._m3 = draws.child("m3").triangular(*BOOKED_M3, CHUNK).tolist()
        self._n_rows = (1 + draws.child("rows").choice(CHUNK, ROW_WEIGHTS)).tolist()
        self._parts, self._other, self._which, self._mass = (
            draws.child(name).uniform(4 * CHUNK).tolist() for name in ("parts", "other", "which", "mass")
        )
        self._ratio = drafts.weighings(4 * CHUNK, draws.child("scales"))
        self._plain: dict[str, list[Good]] = {}
        for good in shelf:
            if _is_plain(good, goods.month):
                self._plain.setdefault(good.sector, []).append(good)
        self._month = goods.month

    def rows(self, i: int, *, is_weighed: bool) -> list[Row]:
        """Divide the volume of booking i among its rows, at random."""
        good = self._goods[i]
        m3 = self._m3[i] * min(1.0, KG_PER_FEU / M3_PER_FEU / good.density_kg_per_m3)
        n = max(1, min(self._n_rows[i], int(m3 * 1e9 / _piece_mm3(good) / 2)))
        weights = [0.3 + u for u in self._parts[4 * i : 4 * i + n]]
        total = fsum(weights)
        return [self._row(4 * i + k, good, k, m3 * w / total, is_weighed) for k, w in enumerate(weights)]

    def _row(self, at: int, main: Good, k: int, m3: float, is_weighed: bool) -> Row:
        good = self._other_good(at, main, m3) if k else main
        typical, low, high = good.mass_typ_g, good.mass_min_g, good.mass_max_g
        mass = max(1, int(_between(self._mass[at], low, typical, high)) // 10 * 10)
        count = max(1, round(m3 * 1e9 / _piece_mm3(good)))
        return Row(good, count, mass, max(1, round(mass * self._ratio[at])) if is_weighed else None)

    def _other_good(self, at: int, main: Good, m3: float) -> Good:
        if self._other[at] >= OTHER_SHARE or not _is_plain(main, self._month):
            return main
        shelf = self._plain[main.sector]
        good = shelf[int(self._which[at] * len(shelf))]
        fits = _piece_mm3(good) <= m3 * 1e9 and good.density_kg_per_m3 <= 2 * main.density_kg_per_m3
        return good if fits else main


def _is_plain(good: Good, month: int) -> bool:
    return not good.un_class and not needs_reefer(good, month)


def _piece_mm3(good: Good) -> int:
    return good.length_mm * good.width_mm * good.height_mm


def _between(u: float, low: int, typical: int, high: int) -> float:
    """Turn a uniform number into a triangular one."""
    width = high - low
    if u * width < typical - low:
        return low + sqrt(u * width * (typical - low))
    return high - sqrt((1.0 - u) * width * (high - typical))


def _on_top(good: Good, mass_g: int) -> int:
    """Let a heavier piece of a good bear as many of its kind as a typical one does."""
    return max(good.max_on_top_g, mass_g * (good.max_layers - 1)) if good.max_on_top_g else 0


def _item(item_id: str, booking_id: str, row: Row) -> CargoItem:
    good = row.good
    return CargoItem(
        item_id=item_id,
        booking_id=booking_id,
        goods_id=good.goods_id,
        length_mm=good.length_mm,
        width_mm=good.width_mm,
        height_mm=good.height_mm,
        mass_g=row.mass_g,
        weighed_g=row.weighed_g,
        count=row.count,
        vertical="h" if good.this_way_up else "lwh",
        max_layers=good.max_layers,
        max_on_top_g=_on_top(good, row.mass_g),
    )
