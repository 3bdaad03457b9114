"""Lanes in words that a manager can read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from landport.model.lanes import LaneAnswer, LaneOption, PolicyTotal

THIN_MILLI = 250
"""Fill, in thousandths, below which a direct train is called nearly empty."""

NEARLY = 0.005
"""Shares below are called the same."""


def sentence(answer: LaneAnswer, option: LaneOption, names: Mapping[str, str]) -> str:
    """Say what to do with a lane, and why."""
    demand = answer.demand
    lane = "-".join(short(names.get(place_id, place_id)) for place_id in (demand.from_id, demand.to_id))
    teu = f"{demand.teu_milli / 1000:,.0f}" if demand.teu_milli >= 9_950 else f"{demand.teu_milli / 1000:.1f}"
    if answer.direct_course is None:
        return f"{lane} sends {teu} TEU a week: assemble, for {option.why_no_direct}"
    fills = _trains(answer.fills_milli)
    thin = _thin(answer)
    if answer.hub_course is None:
        return f"{lane} fills {fills}: run it direct, for {option.why_no_hub}{thin}"
    more = f"{abs(answer.switch_usd_cents or 0) / 100:,.0f} USD"
    if answer.chosen == "direct":
        return f"{lane} fills {fills}: run it direct; by the hub the week would cost {more} more{thin}"
    both = answer.direct, answer.hub
    if both[0] and both[1] and both[0].usd_cents_per_teu < both[1].usd_cents_per_teu:
        return (
            f"{lane} fills {fills}: assemble, since its freight keeps trains full for others; direct the week would "
            f"cost {more} more, and {_from_when(answer)}"
        )
    return f"{lane} fills {fills}: assemble; direct the week would cost {more} more, and {_from_when(answer)}"


def short(name: str) -> str:
    """Leave out of a place's name which of its terminals it is.

    Examples
    --------
    >>> short("Xi'an International Port"), short("Duisburg (DIT)"), short("Alat port (Baku)")
    ("Xi'an", 'Duisburg', 'Alat port')
    """
    return re.sub(r" (International .*|\(.*\))$", "", name)


def _trains(fills_milli: int) -> str:
    if fills_milli < 50:
        return "less than 0.05 trains a week"
    return f"{fills_milli / 1000:,.1f} trains a week"


def _thin(answer: LaneAnswer) -> str:
    """Admit that a direct train runs nearly empty."""
    if answer.direct is None or answer.direct.fill_milli >= THIN_MILLI:
        return ""
    return f", but neither pays: its trains leave {answer.direct.fill_milli / 10:.0f} % full within the promise"


def _from_when(answer: LaneAnswer) -> str:
    teu = answer.breakeven_teu_milli
    if teu is None:
        return "it pays at no demand"
    return f"it pays from {teu / 1000:,.0f} TEU a week on"


def verdict(lanes: Sequence[LaneAnswer], totals: Sequence[PolicyTotal], hub: str) -> str:
    """Say in a sentence what to do with all lanes."""
    free = [lane for lane in lanes if lane.switch_usd_cents is not None]
    by_name = {total.name: total for total in totals}
    direct = sum(lane.chosen == "direct" for lane in free)
    if not free:
        return f"No lane has a choice: nothing to decide at {hub}."
    hub_more, direct_more = (_share(by_name[name], by_name["mix"]) for name in ("hub", "direct"))
    if direct == len(free):
        return (
            f"The hub is wrong here: all {direct} lanes that could be assembled at {hub} are cheaper direct; "
            f"assembling them all would cost {hub_more}."
        )
    if not direct:
        return (
            f"Assemble all {len(free)} lanes that have a choice at {hub}; to run them all direct would cost "
            f"{direct_more}."
        )
    teu = sum(lane.demand.teu_milli for lane in free if lane.chosen == "direct")
    part = 100 * teu / sum(lane.demand.teu_milli for lane in free)
    return (
        f"Run {direct} of {len(free)} lanes direct, {part:.0f} % of their TEU, and assemble {len(free) - direct} at "
        f"{hub}: to assemble them all would cost {hub_more}, to run them all direct {direct_more}."
    )


def _share(other: PolicyTotal, mix: PolicyTotal) -> str:
    if not mix.usd_cents:
        return "the same"
    share = other.more_usd_cents / mix.usd_cents
    if abs(share) < NEARLY:
        return "much the same"
    usd = f"{abs(other.more_usd_cents) / 100:,.0f} USD a week"
    return f"{usd} ({100 * abs(share):,.0f} %) {'more' if share > 0 else 'less'}"
