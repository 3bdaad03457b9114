"""Which goods are shipped in a month, from where, and what each needs: seasons, origins, temperature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from landport.model.equipment import Good

NATIVE: Mapping[str, tuple[str, ...]] = {
    "aksu_apples": ("AKS",),
    "cotton_yarn": ("AKS", "KRL", "SHZ"),
    "dried_chillies": ("KRL",),
    "dried_jujubes_red_dates": ("AKS", "KHG", "KRL"),
    "hami_melons": ("TUR",),
    "kashgar_prunes_and_apricots": ("KHG",),
    "korla_fragrant_pears": ("AKS", "KRL"),
    "raisins": ("TUR", "URC"),
    "tomato_paste_in_aseptic_drums": ("KRL", "KUY", "SHZ", "URC"),
    "turpan_table_grapes": ("TUR",),
    "walnuts": ("AKS", "KHG"),
}
"""Exports that come from some origins only (assumed, after their names)."""

COLD_MONTHS = frozenset({11, 12, 1, 2, 3})
"""Months in which goods that may not freeze travel in reefers (assumed)."""

LCL_PIECE_MM3 = 4_000_000_000
"""Greatest piece that is booked as groupage (assumed)."""

LCL_USD_CENTS_PER_T = 100_000
"""Cheaper goods are not booked as groupage (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Goods of a month and their shares.

    Parameters
    ----------
    whole, groupage, imports
        Goods of FCL exports, LCL exports and imports, with their weights; native ones left out.
    natives
        Exports of some origins only, with their share of all FCL exports.
    """

    month: int
    whole: tuple[tuple[Good, ...], tuple[float, ...]]
    groupage: tuple[tuple[Good, ...], tuple[float, ...]]
    imports: tuple[tuple[Good, ...], tuple[float, ...]]
    natives: tuple[tuple[Good, float], ...]


def market(goods: Iterable[Good], month: int) -> Market:
    """Sort the goods that are in season."""
    found = [good for good in goods if in_season(good, month)]
    exports = [good for good in found if good.share_export > 0]
    total = fsum(good.share_export for good in exports)
    common = [good for good in exports if good.goods_id not in NATIVE]
    small = [good for good in common if _is_groupage(good, month)]
    imports = [good for good in found if good.share_import > 0]
    return Market(
        month=month,
        whole=(tuple(common), tuple(good.share_export for good in common)),
        groupage=(tuple(small), tuple(good.share_export for good in small)),
        imports=(tuple(imports), tuple(good.share_import for good in imports)),
        natives=tuple((good, good.share_export / total) for good in exports if good.goods_id in NATIVE),
    )


def in_season(good: Good, month: int) -> bool:
    """Tell whether a good is shipped in a month."""
    return not good.season_months or month in good.season_months


def needs_reefer(good: Good, month: int) -> bool:
    """Tell whether a good travels in a reefer in a month."""
    if good.equipment == "dry_or_insulated_in_winter":
        return month in COLD_MONTHS
    return good.equipment in ("reefer", "reefer_or_insulated")


def _is_groupage(good: Good, month: int) -> bool:
    piece = good.length_mm * good.width_mm * good.height_mm
    if piece > LCL_PIECE_MM3 or good.value_usd_cents_per_t < LCL_USD_CENTS_PER_T or good.packaging == "vehicle":
        return False
    if needs_reefer(good, month):
        return good.sector == "health"
    return good.equipment in ("dry", "dry_or_insulated_in_winter")
