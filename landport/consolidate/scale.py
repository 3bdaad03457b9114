"""Where the mass of a load lies, exactly, and what its rules say of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from landport.model.equipment import ContainerType
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A load on the scale.

    Parameters
    ----------
    cog_mm
        Centre of gravity: along the length, across, above the floor. Of an empty container the middle of its floor.
    closed_end_g
        Mass in the half at the closed end; a piece across the middle is shared by length.
    """

    mass_g: int
    cog_mm: tuple[Fraction, Fraction, Fraction]
    closed_end_g: Fraction


def weigh(blocks: Iterable[CargoBlock], piece_g: Mapping[str, int], kind: ContainerType) -> Balance:
    """Put a load on the scale; `piece_g` is by item id."""
    mass = x = y = z = within = 0
    across = Fraction(0)
    for b in blocks:
        grams, long = b.count * piece_g[b.item_id], b.nx * b.dx_mm
        mass += grams
        x += grams * (2 * b.x_mm + long)
        y += grams * (2 * b.y_mm + b.ny * b.dy_mm)
        z += grams * (2 * b.z_mm + b.nz * b.dz_mm)
        before_middle = kind.inside_length_mm - 2 * b.x_mm
        if before_middle >= 2 * long:
            within += grams
        elif before_middle > 0:
            across += Fraction(grams * before_middle, 2 * long)
    if not mass:
        cog = (Fraction(kind.inside_length_mm, 2), Fraction(kind.inside_width_mm, 2), Fraction(0))
    else:
        cog = (Fraction(x, 2 * mass), Fraction(y, 2 * mass), Fraction(z, 2 * mass))
    return Balance(mass_g=mass, cog_mm=cog, closed_end_g=within + across)


def tilts(balance: Balance, kind: ContainerType, rules: LoadRules) -> tuple[str, ...]:
    """Say each rule of balance that a load breaks, with its figures."""
    found = []
    ends = ("the closed end", "the door"), ("the left wall", "the right wall")
    sides = (kind.inside_length_mm, kind.inside_width_mm)
    for n, pct in enumerate((rules.cog_length_pct, rules.cog_width_pct)):
        off = balance.cog_mm[n] - Fraction(sides[n], 2)
        if pct is not None and abs(off) * 100 > pct * sides[n]:
            share = float(100 * abs(off) / sides[n])
            what = ("length", "width")[n]
            found.append(
                f"its centre of gravity lies {float(abs(off)):,.0f} mm, {share:.1f} % of the {what}, from the middle "
                f"towards {ends[n][off > 0]}; {pct} % are allowed"
            )
    halves = (balance.closed_end_g, balance.mass_g - balance.closed_end_g)
    if rules.half_pct is not None and max(halves) * 100 > rules.half_pct * balance.mass_g:
        share = float(100 * max(halves) / balance.mass_g)
        end = ends[0][halves[1] > halves[0]]
        found.append(f"{share:.1f} % of its mass stand in the half at {end}; {rules.half_pct} % are allowed")
    return tuple(found)
