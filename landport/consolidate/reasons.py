"""Why cargo that fits a container is left all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import Cargo, Lot
from landport.consolidate.filling import Filling
from landport.consolidate.segregation import no_common_range
from landport.model.plans import Left


def left_over(cargo: Cargo, boxes: Sequence[Filling], rest: Ints) -> Iterator[Left]:
    """Tell of every item of which pieces are left why they are."""
    inside = [cargo.inside(box.counts) for box in boxes]
    count = rest + cargo.over
    for lot in cargo.lots:
        if count[lot.rows].any():
            code, why = _why(cargo, lot, inside)
            for row in lot.rows[count[lot.rows] > 0].tolist():
                yield Left(
                    booking_id=lot.booking_id,
                    container_id="",
                    item_id=cargo.item_ids[row],
                    count=int(count[row]),
                    state="waiting",
                    code=code,
                    why=why,
                )


def _why(cargo: Cargo, lot: Lot, inside: Sequence[list[int]]) -> tuple[str, str]:
    n = len(inside)
    if inside and cargo.apart.any() and not any(cargo.joins(lot, company) for company in inside):
        others = [cargo.lots[m] for company in inside for m in company if cargo.apart[lot.sort, cargo.lots[m].sort]]
        other = others[0]
        mine, its = cargo.sorts[lot.sort], cargo.sorts[other.sort]
        if no_common_range(mine, its):
            ranges = f"{_range(mine[1], mine[2])} and {_range(its[1], its[2])}"
            return "temperature", f"it needs {ranges} of {other.booking_id} do not meet; load one more container"
        text = f"class {mine[0]} may not share a container with class {its[0]} of {other.booking_id}"
        return "segregation", f"{text}; load one more container"
    whole = " and it must stay together" if lot.is_whole else ""
    size = f"{lot.volume_mm3 / 1e9:.3f} m3, {lot.mass_g / 1000:g} kg"
    return "no-room", f"{n} of at most {cargo.fleet.n_boxes} containers are loaded{whole}: {size}; load one more"


def _range(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "no temperature"
    return f"{'' if low is None else low}..{'' if high is None else high} C"
