"""One self-contained page: no request leaves it, and its own policy forbids any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from landport.model.plans import Plan
from landport.model.scenario import Scenario, World
from landport.report import embed, flowmap, kpis, numbers, shell, waits, week, why, why_words, words
from landport.report.facts import Facts, Violation, join
from landport.report.figures import Indicators
from landport.report.trains import TrainLine

SCRIPTS = ("common.js", "base.js", "consist.js", "turn.js", "load.js", "table.js")
STYLES = ("tokens.css", "base.css", "page.css", "load.css")
MOST_WAITS = 60
"""Groups of waiting freight that the page lists; the rest is summed by code."""

MOST_PRICES = 5
"""Prices of what is full that the page names, the dearest first."""

MOST_RECORDS = 40
"""Records listed inside one group."""

_RUN_ID = re.compile(r"\b([A-Z0-9][A-Z0-9-]*)@\d{4}-\d\d-\d\d(?:\+\d+)?")


def page(
    plan: Plan,
    scenario: Scenario,
    world: World,
    found: Indicators,
    violations: Sequence[Violation] | None = None,
) -> str:
    """Write the plan as one HTML page.

    Parameters
    ----------
    violations
        What the auditor found; None: not audited.

    Returns
    -------
    str
        Without any address of another file; its content security policy allows its own script and style by digest,
        nothing else.

    Notes
    -----
    Same plan, same bytes. Drawings are capped (`embed.MOST_CONSISTS`, `loads.MOST_BLOCKS`), the table of containers
    is not: its rows are drawn as they are scrolled to.
    """
    facts = join(plan, scenario, world)
    style, script = shell.asset(STYLES) + _foot(plan), shell.asset(SCRIPTS)
    context = {
        **_head(facts, found, violations),
        **_week(facts, found),
        **_tables(facts, found),
        "map": Markup(flowmap.draw(facts)),
        "options": embed.consist_options(found, facts),
        "chosen": _chosen(facts, found),
        "data": Markup(embed.script_json(embed.data(facts, found))),
        "style": Markup(style),
        "script": Markup(script),
        "csp": shell.policy(style, script),
    }
    return shell.environment().get_template("page.html").render(context)


def _foot(plan: Plan) -> str:
    """Write the style that puts the plan's name and digests on the foot of each printed page."""
    parts = [plan.name, f"scenario {plan.scenario_digest or '–'}", f"reference tables {plan.reference_digest or '–'}"]
    parts.append(f"landport {plan.version}, effort {plan.effort}, seed {plan.seed}")
    return shell.page_foot(parts)


def _head(facts: Facts, found: Indicators, violations: Sequence[Violation] | None) -> dict[str, Any]:
    scenario = facts.scenario
    zone = facts.zone(scenario.hub_id)
    now = numbers.local(scenario.now_at, scenario.start_at, zone)
    year, iso_week, _ = scenario.start_at.isocalendar()
    return {
        "plan": facts.plan,
        "scenario": scenario,
        "hub": facts.name(scenario.hub_id),
        "iso_week": iso_week,
        "year": year,
        "clock": f"{now:%H:%M}",
        "today": f"{numbers.DAYS[now.weekday()]} {now.day} {numbers.MONTHS[now.month - 1]} {now.year}",
        "zone": numbers.zone_name(scenario.now_at, scenario.start_at, zone),
        "zone_id": zone,
        "kpis": kpis.strip(facts, found),
        "stops": _stops(found),
        "n_violations": found.n_violations,
        "violations": _by_rule(violations or ()),
        "land_source": flowmap.land()["source"],
    }


def _by_rule(violations: Sequence[Violation]) -> list[tuple[str, int, str, list[str]]]:
    """Group what the auditor found: (rule, count, first message, more messages), in order of appearance."""
    rules: dict[str, list[str]] = {}
    for v in violations:
        rules.setdefault(v.code, []).append(v.message)
    return [(code, len(said), said[0], said[1:MOST_RECORDS]) for code, said in rules.items()]


def _stops(found: Indicators) -> list[tuple[str, str]]:
    """List why stages stopped: (reason, stages)."""
    names: dict[str, list[str]] = {}
    for s in found.stages:
        names.setdefault(kpis.stopped(s), []).append(s.name)
    return [(why, ", ".join(stages)) for why, stages in names.items()]


def _week(facts: Facts, found: Indicators) -> dict[str, Any]:
    index = {t.departure_id: i for i, t in enumerate(found.by_train)}
    groups = week.groups(facts, found.by_train)
    outbound = [g for g in groups if g.title.startswith("via ")]
    others = [g for g in groups if g not in outbound]
    return {
        "outbound": Markup(week.draw(facts, outbound, index)) if outbound else "",
        "inbound": Markup(week.draw(facts, others, index)) if others else "",
        "n_others": sum(len(r.trains) for g in others for r in g.rows),
        "day_list": _day_list(facts, [t for t in found.by_train if _main(facts, t)], index),
        "day_others": _day_list(facts, [t for t in found.by_train if not _main(facts, t)], index),
    }


def _main(facts: Facts, train: TrainLine) -> bool:
    """Tell whether a train goes from the hub abroad."""
    return train.origin_id == facts.scenario.hub_id and bool(train.via_from_id)


def _day_list(
    facts: Facts, trains: Sequence[TrainLine], index: dict[str, int]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """List trains by local day, for narrow screens."""
    found_days: dict[str, list[dict[str, Any]]] = {}
    for t in trains:
        zone = facts.zone(t.origin_id)
        at = numbers.local(t.departs_at, facts.scenario.start_at, zone)
        day = f"{numbers.DAYS[at.weekday()]} {at.day} {numbers.MONTHS[at.month - 1]}"
        code, name = week.label(facts, t)
        row = {
            "at": f"{at:%H:%M}",
            "zone": numbers.zone_name(t.departs_at, facts.scenario.start_at, zone),
            "code": code,
            "name": name,
            "teu": t.teu,
            "capacity": t.capacity_teu,
            "state": week.state(t),
            "number": index[t.departure_id],
            "inbound": t.origin_id != facts.scenario.hub_id,
            "kind": words.cancel_kind(t.why),
            "width": round(64 * min(1.0, t.teu / max(1, t.capacity_teu)), 1),
        }
        found_days.setdefault(day, []).append(row)
    return list(found_days.items())


def _chosen(facts: Facts, found: Indicators) -> int:
    """Choose the train drawn first: the fullest outbound one."""
    with_wagons = {w.departure_id for w in facts.plan.wagons}
    ranked = [(_main(facts, t), t.teu, -i) for i, t in enumerate(found.by_train) if t.departure_id in with_wagons]
    return -max(ranked)[2] if ranked else -1


def _tables(facts: Facts, found: Indicators) -> dict[str, Any]:
    lines = waits.wait_lines(facts)
    zone = facts.zone(facts.scenario.hub_id)
    return {
        "waits": [_wait(facts, w) for w in lines[:MOST_WAITS]],
        "waits_rest": waits.by_code(lines[MOST_WAITS:]),
        "wait_codes": [(words.reason(c), state, feu) for state, c, feu, _ in waits.by_code(lines)],
        "waits_feu": sum(w.feu_milli for w in lines),
        "n_waits": len(lines),
        "worth": [readable(facts, why_words.worth(facts, p)) for p in facts.plan.prices[:MOST_PRICES]],
        "destinations": found.by_destination,
        "n_containers": len(facts.plan.containers),
        "stages": [
            {
                "line": s,
                "figures": kpis.stage_figures(s, found.stages),
                "stopped": kpis.stopped(s),
                "remarks": r.remarks,
            }
            for s, r in zip(found.stages, facts.plan.stages, strict=True)
        ],
        **_costs(found),
        "money": found.money,
        "time": found.time,
        "assumed": sum(r.confidence in ("recall", "assumed") for r in facts.plan.rules.rates),
        "n_rates": len(facts.plan.rules.rates),
        "hub_zone": zone,
    }


def _costs(found: Indicators) -> dict[str, Any]:
    """Write the columns of money: kinds of charge and their sum, all in one unit."""
    money = found.money
    total, *each = numbers.usd_column([money.money_usd_cents, *(k.usd_cents for k in money.by_kind)])
    named = [(words.KINDS.get(k.kind, k.kind), k, said) for k, said in zip(money.by_kind, each, strict=True)]
    return {"costs": named, "total": total}


def _wait(facts: Facts, line: waits.WaitLine) -> dict[str, Any]:
    return {
        "line": line,
        "codes": [(p, facts.name(p)) for p in line.destination_ids[:3]],
        "more": max(0, len(line.destination_ids) - 3),
        "reason": words.reason(line.code),
        "why": readable(facts, line.why),
        "advice": words.ADVICE.get(line.code, ""),
        "remedy": _remedy(facts, line),
        "left": [(" ".join(facts.left_booking_ids(x)), x) for x in line.left[:MOST_RECORDS]],
        "rest": max(0, len(line.left) - MOST_RECORDS),
    }


def _remedy(facts: Facts, line: waits.WaitLine) -> str:
    """Say what would free one of a group at the least cost; empty where nothing was found."""
    best = why.cheapest(facts, line.left)
    return readable(facts, f"{best.container_id}: {why_words.sentence(facts, best)}") if best else ""


def readable(facts: Facts, text: str) -> str:
    """Say departures by name and time instead of by id, and figures as tables do."""

    def named(match: re.Match[str]) -> str:
        run = facts.departures.get(match[0])
        if run is None:
            return match[0]
        service = facts.network.services[run.service_id]
        at = numbers.when(run.departs_at, facts.scenario.start_at, facts.zone(service.legs[0].from_id))
        return f"{service.name}, {at}"

    return numbers.spoken(_RUN_ID.sub(named, text))
