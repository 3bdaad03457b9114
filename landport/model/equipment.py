"""Containers and wagons as types, and goods as a trade describes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerType:
    """A kind of container.

    Parameters
    ----------
    teu
        Positions it bills on a train, 1 or 2. (Statistics count a 45-ft box 2.25.)
    inside_length_mm, inside_width_mm, inside_height_mm
        Free inside size.
    payload_kg
        Cargo its plate allows; `max_gross_kg - tare_kg` or less.
    equipment
        dry, reefer, open-top, flat-rack or tank.
    """

    container_type: str
    name: str
    length_ft: int
    teu: int
    inside_length_mm: int
    inside_width_mm: int
    inside_height_mm: int
    outside_length_mm: int
    tare_kg: int
    max_gross_kg: int
    payload_kg: int
    equipment: str

    @property
    def volume_mm3(self) -> int:
        """Inside volume."""
        return self.inside_length_mm * self.inside_width_mm * self.inside_height_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class WagonType:
    """A kind of container wagon.

    Parameters
    ----------
    configurations
        What it can carry, as container lengths in feet by position: ((20, 20), (40,)).
    position_limit_kg
        (length in feet, greatest gross mass of one box of it) pairs; (0, kg) holds for every length.
    """

    wagon_type: str
    name: str
    gauge_mm: int
    length_mm: int
    loading_length_mm: int
    axles: int
    tare_kg: int
    payload_kg: int
    axle_load_kg: int
    configurations: tuple[tuple[int, ...], ...]
    position_limit_kg: tuple[tuple[int, int], ...]

    def limit_kg(self, length_ft: int) -> int:
        """Greatest gross mass of one box of a length; the payload when nothing else is known."""
        limits = dict(self.position_limit_kg)
        return limits.get(length_ft, limits.get(0, self.payload_kg))


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A category of goods (an HS heading) and how one handling unit of it looks.

    Parameters
    ----------
    length_mm, width_mm, height_mm
        One handling unit, as packed.
    mass_min_g, mass_typ_g, mass_max_g
        Mass of one unit.
    density_kg_per_m3
        Stowed density.
    value_usd_cents_per_t
        Value of a tonne.
    temperature_min_c, temperature_max_c
        None when it needs none.
    season_months
        Months of shipping, 1..12; empty: all year.
    share_export, share_import
        Share of FEU, each summing to 1 over all goods.
    """

    goods_id: str
    hs: str
    name: str
    name_zh: str
    name_ru: str
    sector: str
    packaging: str
    length_mm: int
    width_mm: int
    height_mm: int
    mass_min_g: int
    mass_typ_g: int
    mass_max_g: int
    density_kg_per_m3: int
    value_usd_cents_per_t: int
    temperature_min_c: int | None
    temperature_max_c: int | None
    un_class: str
    un_number: str
    max_layers: int
    max_on_top_g: int
    this_way_up: bool
    odour: str
    equipment: str
    season_months: tuple[int, ...]
    share_export: float
    share_import: float
