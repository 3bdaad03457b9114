"""The strip of eight figures, each with the rows that answer "why?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landport.report import words
from landport.report.facts import Facts
from landport.report.figures import Indicators, StageLine
from landport.report.numbers import boxes, count, days, feu, number, percent, share, usd, usd_column

Rows = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of the strip.

    Parameters
    ----------
    key
        Names its answer on the page.
    rows
        (what, detail, figure with unit).
    source
        Where in the plan it comes from.
    alarm
        It wants an act now.
    """

    key: str
    label: str
    value: str
    unit: str
    sub: str
    answer: str
    rows: Rows
    source: str
    alarm: bool = False


def strip(facts: Facts, found: Indicators) -> list[Kpi]:
    """Write the eight figures."""
    return [
        _planned(found),
        _trains(found),
        _fill(found),
        _late(found),
        _cost(found),
        _climate(found),
        _gap(found),
        _audit(facts, found),
    ]


def _planned(found: Indicators) -> Kpi:
    f = found.freight
    return Kpi(
        "planned",
        "Containers planned",
        number(f.n_containers_planned),
        "boxes",
        f"{number(f.planned_teu)} of {number(f.planned_teu + f.left_teu)} TEU",
        "Containers with a ride to their destination. The rest waits or is refused, each with its reason below.",
        (
            ("bookings", "in the scenario", number(f.n_bookings)),
            ("FCL", "stuffed by the shipper", boxes(f.n_fcl_containers)),
            ("LCL", "packed at the hub", boxes(f.n_lcl_containers)),
            ("planned", "with rides", boxes(f.n_containers_planned)),
            ("left", "without", boxes(f.n_containers_left)),
        ),
        "plan.containers, plan.rides",
    )


def _trains(found: Indicators) -> Kpi:
    t = found.trains
    cancelled = "none cancelled" if not t.n_cancelled else f"{number(t.n_cancelled)} cancelled"
    return Kpi(
        "trains",
        "Trains run",
        number(t.n_run),
        f"of {number(t.n_run + t.n_cancelled)}",
        cancelled,
        "Departures that the hub runs or cancels itself in the plan's days; on all others it buys positions.",
        (
            ("run", "fixed cost paid by the hub", number(t.n_run)),
            ("cancelled", "each with its reason in the chart", number(t.n_cancelled)),
            ("bought", "departures of others with our boxes", number(t.n_bought_used)),
            ("later", "hub trains after the plan's days", number(t.n_later_used)),
        ),
        "plan.runs, plan.rides",
    )


def _fill(found: Indicators) -> Kpi:
    t = found.trains
    main = next((g for g in t.by_group if g.group == "assembly" and g.n_run), None)
    groups = tuple(
        (words.GROUPS.get(g.group, g.group).lower(), *_filled(g.n_run, g.positions_teu, g.positions_capacity_teu))
        for g in t.by_group
    )
    return Kpi(
        "fill",
        "Fill, outbound trains" if main else "Fill of hub trains",
        percent(main.positions_share if main else t.positions_share) if t.n_run else "–",
        "%",
        f"all hub trains {percent(t.positions_share)} %"
        if main
        else f"mass {percent(t.mass_share, 0)} %"
        if t.n_run
        else "no train runs",
        "TEU on the fullest leg of each train that runs, over that leg's capacity; mass where each train is tightest.",
        (
            *groups,
            ("all", *_filled(t.n_run, t.positions_teu, t.positions_capacity_teu)),
            ("mass", "over its limits", share(t.mass_share)),
            ("LCL volume", "of inside volume", share(t.lcl_volume_share)),
            ("LCL payload", "of the plate's payload", share(t.lcl_payload_share)),
        ),
        "plan.wagons, plan.rides, service legs",
    )


def _filled(n_run: int, teu: int, capacity: int) -> tuple[str, str]:
    """Say how full trains are: detail and figure; a dash where none runs."""
    if not n_run:
        return "none runs", "–"
    return f"{number(teu)} of {number(capacity)} TEU", share(teu / capacity if capacity else None)


def _late(found: Indicators) -> Kpi:
    f, t = found.freight, found.time
    n_out = t.n_late + f.n_containers_left
    counts = {"waiting": f.n_containers_waiting, "refused": f.n_containers_refused, "late": t.n_late}
    return Kpi(
        "late",
        "Left, late",
        number(n_out),
        "box" if n_out == 1 else "boxes",
        ", ".join(f"{number(n)} {what}" for what, n in counts.items() if n) or "none",
        "Late: planned arrival after the due date. Refused: cannot be carried as it is. Waiting: a later plan may.",
        (
            ("late", f"by {days(t.mean_late_minutes)} days on average", boxes(t.n_late)),
            ("refused", _beside(f.refused_feu, f.n_pieces_refused), boxes(f.n_containers_refused)),
            ("waiting", _beside(f.waiting_feu, f.n_pieces_waiting), boxes(f.n_containers_waiting)),
            ("together", "", boxes(n_out)),
            ("at the hub", "mean dwell", f"{days(t.mean_hub_dwell_minutes)} days"),
            ("under way", "mean transit", f"{days(t.mean_transit_minutes)} days"),
        ),
        "plan.rides, plan.left",
    )


def _beside(left_feu: float, n_pieces: int) -> str:
    """Say what boxes that are left amount to, with the loose pieces that nobody packed."""
    if not left_feu:
        return ""
    return f"{feu(round(left_feu * 1000))} FEU" + (f" with {count(n_pieces, 'loose piece')}" if n_pieces else "")


def _cost(found: Indicators) -> Kpi:
    m = found.money
    value, unit = usd(m.money_usd_cents)
    figures = usd_column(k.usd_cents for k in m.by_kind)
    rows = [
        (
            words.KINDS.get(k.kind, k.kind),
            "weighed, nobody pays it" if k.weighed else count(k.n_charges, "charge"),
            figure,
        )
        for k, figure in zip(m.by_kind, figures, strict=True)
    ]
    return Kpi(
        "cost",
        "Cost",
        value,
        unit,
        f"{number(m.money_usd_cents_per_teu / 100)} USD a TEU",
        "Money: freight, fixed cost, handling, trucks. Time, lateness and freight left are weighed apart.",
        tuple(rows),
        "plan.charges, recounted by the auditor",
    )


def _climate(found: Indicators) -> Kpi:
    m = found.money
    return Kpi(
        "climate",
        "Climate",
        number(m.co2e_kg / 1000),
        "t CO₂e",
        f"{number(m.co2e_kg_per_teu)} kg a TEU",
        "Emissions of every ride: mass times distance times the rate of its leg.",
        (
            ("total", "all charges", f"{number(m.co2e_kg)} kg CO₂e"),
            ("a TEU", "planned", f"{number(m.co2e_kg_per_teu)} kg CO₂e"),
            ("work", "cargo times distance", f"{number(m.tonne_km)} tkm"),
            ("intensity", "cargo alone", f"{number(m.co2e_g_per_tonne_km, 1)} g/tkm"),
        ),
        "plan.charges",
    )


def widest(found: Indicators) -> StageLine | None:
    """Find the stage with the widest gap; None: the plan has no stage."""
    return max(found.stages, key=lambda s: s.gap_share, default=None)


def stage_figures(stage: StageLine, stages: Sequence[StageLine]) -> tuple[str, str]:
    """Write a stage's cost and bound with their unit, that of money alike in all stages."""
    both = (stage.cost, stage.bound)
    if stage.unit == "USD cents":
        cost, bound = usd_column(both, of=[v for s in stages if s.unit == stage.unit for v in (s.cost, s.bound)])
        return cost, bound
    cost, bound = (count(v, stage.unit.removesuffix("s")) for v in both)
    return cost, bound


def stopped(stage: StageLine) -> str:
    """Say why a stage stopped; whatever stopped it, at its bound it is proven optimal."""
    if stage.cost == stage.bound and stage.stopped != "infeasible":
        return words.STOPPED["optimal"]
    return words.STOPPED.get(stage.stopped, stage.stopped)


def _gap(found: Indicators) -> Kpi:
    stage = widest(found)
    value = percent(stage.gap_share, 2 if stage and stage.gap_share < 0.1 else 1) if stage else "–"
    return Kpi(
        "gap",
        "Gap to bound, widest",
        value,
        "%",
        f"{stage.name}, of {count(len(found.stages), 'stage')}" if stage else "no stage reported",
        "Bounds hold per stage: no choice among what the stage before offers is better. No total gap is invented.",
        tuple((s.name, f"bound {stage_figures(s, found.stages)[1]}", share(s.gap_share, 2)) for s in found.stages),
        "plan.stages",
    )


def _audit(facts: Facts, found: Indicators) -> Kpi:
    n = found.n_violations
    plan = facts.plan
    return Kpi(
        "audit",
        "Audit",
        "–" if n is None else number(n),
        "not audited" if n is None else "violation" if n == 1 else "violations",
        "run landport check" if n is None else "recounted apart",
        "The auditor shares no code with the planners: it derives times, loads, capacities and costs again.",
        (
            ("containers", "loads and journeys", number(len(plan.containers))),
            ("rides", "times, transfers, legs", number(len(plan.rides))),
            ("wagons", "positions and mass", number(len(plan.wagons))),
            ("charges", "recounted", number(len(plan.charges))),
        ),
        "landport check",
        alarm=bool(n),
    )
