"""The table of lanes: one row a lane, every figure with its unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landport.model.lanes import ChoiceFigures, LaneAnswer, LaneStudy
from landport.units import usd_text


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """A lane: what it sends, what to do, and what it gets under both choices; empty: it has no such choice.

    Parameters
    ----------
    fills_trains_per_week
        Direct trains that it would fill.
    switch_usd_per_week
        What the whole mix would cost more if this lane alone went the other way.
    breakeven_teu_per_week, breakeven_promise_days
        From where on direct is cheaper; 0: always, empty: never or no choice.
    """

    from_id: str
    to_id: str
    teu_per_week: str
    promise_days: str
    do: str
    fills_trains_per_week: str
    direct_usd_per_teu: str
    direct_error_usd_per_teu: str
    direct_trains_per_week: str
    direct_fill_pct: str
    direct_dwell_days: str
    direct_longest_wait_days: str
    direct_transit_days: str
    direct_transit_p90_days: str
    direct_transit_p95_days: str
    hub_usd_per_teu: str
    hub_error_usd_per_teu: str
    hub_feeder: str
    hub_trunk: str
    hub_trains_per_week: str
    hub_fill_pct: str
    hub_dwell_days: str
    hub_longest_wait_days: str
    hub_transit_days: str
    hub_transit_p90_days: str
    hub_transit_p95_days: str
    switch_usd_per_week: str
    breakeven_teu_per_week: str
    breakeven_promise_days: str
    sentence: str


def lane_rows(study: LaneStudy) -> Iterator[LaneRow]:
    """List the lanes of a study, in its order, then those that nothing is said of, with the reason."""
    for lane in study.lanes:
        hub = lane.hub_course
        yield LaneRow(
            **_asked(lane),
            **_got("direct", lane.direct),
            **_got("hub", lane.hub),
            hub_feeder=hub.feeder_id if hub else "",
            hub_trunk=hub.trunk_id if hub else "",
            do=lane.chosen,
            fills_trains_per_week=f"{lane.fills_milli / 1000:.3f}" if lane.direct_course else "",
            switch_usd_per_week="" if lane.switch_usd_cents is None else usd_text(lane.switch_usd_cents),
            breakeven_teu_per_week=_thousandths(lane.breakeven_teu_milli),
            breakeven_promise_days=_days(lane.breakeven_promise_minutes),
            sentence=lane.sentence,
        )
    empty = dict.fromkeys(LaneRow.__slots__, "")
    for left in study.unjudged:
        asked = {
            "from_id": left.demand.from_id,
            "to_id": left.demand.to_id,
            "teu_per_week": _thousandths(left.demand.teu_milli),
            "promise_days": _days(left.demand.promise_minutes),
        }
        yield LaneRow(**{**empty, **asked, "sentence": left.why})


def _asked(lane: LaneAnswer) -> dict[str, str]:
    demand = lane.demand
    return {
        "from_id": demand.from_id,
        "to_id": demand.to_id,
        "teu_per_week": _thousandths(demand.teu_milli),
        "promise_days": _days(demand.promise_minutes),
    }


def _got(name: str, got: ChoiceFigures | None) -> dict[str, str]:
    figures = {
        "usd_per_teu": got and usd_text(got.usd_cents_per_teu),
        "error_usd_per_teu": got and usd_text(got.error_usd_cents_per_teu),
        "trains_per_week": got and f"{got.trains_per_week_milli / 1000:.2f}",
        "fill_pct": got and f"{got.fill_milli / 10:.1f}",
        "dwell_days": got and _days(got.dwell_minutes),
        "longest_wait_days": got and _days(got.longest_wait_minutes),
        "transit_days": got and _days(got.transit_minutes),
        "transit_p90_days": got and _days(got.transit_p90_minutes),
        "transit_p95_days": got and _days(got.transit_p95_minutes),
    }
    return {f"{name}_{figure}": text or "" for figure, text in figures.items()}


def _thousandths(milli: int | None) -> str:
    return "" if milli is None else f"{milli / 1000:g}"


def _days(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes / 1440:.1f}"
