"""What stands behind the figures of tables: answers to "why?", as rows with the record they come from."""

from __future__ import annotations

from collections.abc import Iterable

from landport.model.plans import Charge
from landport.report import kpis, words
from landport.report.facts import Facts
from landport.report.figures import DestinationLine, Indicators, StageLine
from landport.report.indicators import MONEY
from landport.report.numbers import boxes, count, days, feu, number, share, usd_column

Answer = tuple[str, str, list[tuple[str, str, str]], str]
"""Title, answer in a sentence, (what, detail, figure) and where in the plan they come from."""

MOST_TERMS = 7
"""Rates, trains or places that one answer lists; the rest is summed."""

STAGES = {
    "consolidate": "Containers packed at the hub, against the fewest that volume and payload of each lane allow.",
    "route": "Every container's cheapest way, as if no train were full, against an exact search.",
    "assemble": "Money and weights of the whole plan, against the least that any choice among the ways offered costs.",
}
"""What cost and bound of a stage are."""

KINDS = {
    "freight": "TEU on each leg, times its price.",
    "fixed": "Each hub train that runs costs this, however many boxes ride it.",
    "handling": "TEU at each transfer: lifts, changes of gauge, borders.",
    "quota": "TEU handed over under a quota, times the price that its order states.",
    "road": "Trucks on demand, by km and share of a truck.",
    "time": "Time from ready to arrival, weighed by the rate.",
    "late": "Time after the due date, weighed by the rate and the booking's priority.",
    "left": "Freight without a ride, weighed by the rate and the booking's priority.",
    "change": "Containers that ride otherwise than in the plan before, at the weight it was re-planned with.",
}
"""What a kind of charge is."""


def answers(facts: Facts, found: Indicators) -> dict[str, Answer]:
    """Answer for the figures of By destination (`dest-ALM`), Bounds (`stage-route`) and Cost (`cost-freight`)."""
    charges: dict[str, list[Charge]] = {}
    by_subject: dict[str, list[Charge]] = {}
    for c in facts.plan.charges:
        charges.setdefault(c.kind, []).append(c)
        by_subject.setdefault(c.subject_id, []).append(c)
    return {
        **{f"dest-{d.destination_id}": _destination(facts, d, by_subject) for d in found.by_destination},
        **{f"stage-{s.name}": _stage(s, found) for s in found.stages},
        **{f"cost-{kind}": _kind(facts, kind, mine) for kind, mine in charges.items()},
        "cost-money": _money(found),
        "cost-climate": _climate(facts, found),
    }


def _destination(facts: Facts, line: DestinationLine, by_subject: dict[str, list[Charge]]) -> Answer:
    mine = [c for c in facts.moved() if c.destination_id == line.destination_id]
    cents = dict.fromkeys(MONEY, 0)
    for charge in (x for c in mine for x in by_subject.get(c.container_id, ())):
        if charge.kind in cents:
            cents[charge.kind] += charge.usd_cents
    paid = [kind for kind, sum_ in cents.items() if sum_]
    figures = usd_column([*(cents[kind] for kind in paid), line.money_usd_cents])
    rows = [("planned", boxes(line.n_containers), f"{number(line.teu)} TEU")]
    if line.n_left:
        rows.append(("left", count(line.n_left, "record"), f"{feu(round(line.left_feu * 1000))} FEU"))
    if mine:
        rows.append(("transit", "first departure to arrival, mean", f"{days(line.mean_transit_minutes)} days"))
        rows.append(("late", "arrive after their due time", boxes(line.n_late)))
        rows += [(words.KINDS[kind].lower(), "", figure) for kind, figure in zip(paid, figures, strict=False)]
        rows.append(("money", "without fixed cost of trains", figures[-1]))
        rows.append(("a TEU", f"over {number(line.teu)} TEU", f"{number(line.money_usd_cents / line.teu / 100)} USD"))
        rows.append(("emissions", "of the boxes", f"{number(line.co2e_kg / 1000, 1)} t CO₂e"))
    said = "Sums over the containers that go there; trucks that bring groupage to the hub belong to no destination."
    return f"{line.name} ({line.destination_id})", said, rows, "plan.containers, plan.rides, plan.charges, plan.left"


def _stage(stage: StageLine, found: Indicators) -> Answer:
    cost, bound = kpis.stage_figures(stage, found.stages)
    rows = [
        ("plan", "what the stage found", cost),
        ("bound", "no choice is better", bound),
        ("gap", "(plan − bound) / plan", share(stage.gap_share, 2)),
        ("stopped", kpis.stopped(stage), ""),
    ]
    return stage.name, STAGES.get(stage.name, "What the stage found, against its bound."), rows, "plan.stages"


def _kind(facts: Facts, kind: str, charges: Iterable[Charge]) -> Answer:
    """Sum the charges of a kind by service, transfer or rate."""
    sums: dict[str, list[int]] = {}
    for c in charges:
        term = sums.setdefault(c.rate_id.partition("/")[0].removesuffix("+share"), [0, 0])
        term[0] += c.usd_cents
        term[1] += 1
    ranked = sorted(sums.items(), key=lambda x: (-x[1][0], x[0]))
    shown, rest = ranked[:MOST_TERMS], ranked[MOST_TERMS:]
    if rest:
        shown = [*shown, (f"{len(rest)} more", [sum(v[i] for _, v in rest) for i in (0, 1)])]
    total = sum(v[0] for _, v in ranked)
    *figures, whole = usd_column([*(v[0] for _, v in shown), total])
    rows = [(name, count(v[1], "charge"), said) for (name, v), said in zip(shown, figures, strict=True)]
    rows.append(("together", count(sum(v[1] for _, v in ranked), "charge"), whole))
    title = words.KINDS.get(kind, kind)
    return title, KINDS.get(kind, "Quantity times rate."), rows, f'plan.charges, kind "{kind}"'


def _money(found: Indicators) -> Answer:
    paid = [k for k in found.money.by_kind if not k.weighed]
    *figures, total = usd_column([*(k.usd_cents for k in paid), found.money.money_usd_cents])
    rows = [
        (words.KINDS.get(k.kind, k.kind), count(k.n_charges, "charge"), said)
        for k, said in zip(paid, figures, strict=True)
    ]
    rows.append(("together", "", total))
    rows.append(("a TEU", "planned", f"{number(found.money.money_usd_cents_per_teu / 100)} USD"))
    return "Money", "What somebody pays.", rows, "plan.charges"


def _climate(facts: Facts, found: Indicators) -> Answer:
    grams: dict[str, int] = {}
    for c in facts.plan.charges:
        grams[c.kind] = grams.get(c.kind, 0) + c.gco2e
    rows = [
        (words.KINDS.get(kind, kind), "", f"{number(g / 1e6, 1)} t CO₂e")
        for kind, g in sorted(grams.items(), key=lambda x: (-x[1], x[0]))
        if g
    ]
    rows.append(("together", "", f"{number(found.money.co2e_kg / 1000, 1)} t CO₂e"))
    rows.append(("work", "cargo times distance", f"{number(found.money.tonne_km)} tkm"))
    return "Emissions", "Mass times distance times the rate of each leg.", rows, "plan.charges, gco2e"
