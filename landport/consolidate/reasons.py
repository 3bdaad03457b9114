"""Why cargo that fits a container is left all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import MOST_PIECES, Cargo, Lot
from landport.consolidate.filling import Filling
from landport.consolidate.segregation import no_common_range
from landport.model.plans import Left

OFF = "no way was found to bring the container it was in into balance with it; load one more container"


def left_over(cargo: Cargo, boxes: Sequence[Filling], rest: Ints, off: Ints | None = None) -> Iterator[Left]:
    """Tell of every item of which pieces are left why they are; `off`: those of them taken off for balance."""
    inside = [cargo.inside(box.counts) for box in boxes]
    count = rest + cargo.over
    for lot in cargo.lots:
        if count[lot.rows].any():
            is_off = off is not None and off[lot.rows].any()
            code, why = ("unbalanced", OFF) if is_off else _why(cargo, lot, inside)
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
    """Answer the code of what keeps a booking out of every container, and a sentence."""
    if inside and cargo.apart.any() and not any(cargo.joins(lot, company) for company in inside):
        other = next(cargo.lots[m] for company in inside for m in company if cargo.apart[lot.sort, cargo.lots[m].sort])
        mine, its = cargo.sorts[lot.sort], cargo.sorts[other.sort]
        if no_common_range(mine, its):
            code, why = "temperature", f"it needs {_range(*mine[1:])}, {other.booking_id} {_range(*its[1:])}"
        else:
            code = "segregation"
            why = f"class {mine[0]} may not share a container with class {its[0]} of {other.booking_id}"
    elif cargo.is_capped and cargo.over[lot.rows].any():
        return "no-room", f"one plan loads at most {MOST_PIECES:,} pieces; load the others in a plan of their own"
    else:
        most = min(cargo.fleet.n_boxes, sum(cargo.fleet.at_hand))
        size = f"{lot.volume_mm3 / 1e9:.3f} m3 and {lot.mass_g / 1000:,g} kg"
        together = ", to stay together," if lot.is_whole else ""
        code = "no-room"
        why = f"{len(inside)} of at most {most:,} containers are loaded; its {size}{together} find no room"
    return code, f"{why}; load one more container"


def _range(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "no temperature"
    return f"{'' if low is None else low}..{'' if high is None else high} C"
