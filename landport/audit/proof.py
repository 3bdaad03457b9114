"""Rules of the plan as a document: what it was made from, its ids, and what its stages claim."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case
from landport.audit.violation import Finding, Rule
from landport.model.plans import SCHEMA

STOPPED = ("optimal", "bound", "effort", "time")
"""Why a stage that has an answer may have stopped."""

STAGES = {"consolidate": "containers", "route": "USD cents", "assemble": "USD cents"}
"""The stages of a plan, in order, and the unit of each."""

EFFORTS = {"quick": 50, "normal": 20, "full": 1}
"""Efforts a plan may be made with; how far above its bound a stage then counts as close, in ten-thousandths of it."""


def _schema(case: Case) -> Iterator[Finding]:
    if case.plan.schema != SCHEMA:
        yield f"the plan has schema {case.plan.schema}, expected {SCHEMA}", (case.plan.name,)


def _scenario(case: Case) -> Iterator[Finding]:
    made_from, given = case.plan.scenario_digest, case.scenario.digest
    if made_from != given:
        yield f"the plan was made from scenario {made_from!r}; this one is {given!r}", (case.scenario.name,)


def _reference(case: Case) -> Iterator[Finding]:
    made_from, given = case.plan.reference_digest, case.world.reference_digest
    if made_from != given:
        yield f"the plan was made over reference tables {made_from!r}; these are {given!r}", (case.plan.name,)


def _rules(case: Case) -> Iterator[Finding]:
    stated, held = case.plan.rules, case.world.rules
    if stated == held:
        return
    rates = {r.rate_id: r for r in held.rates}
    limits = {r.rule_id: r for r in held.train_rules}
    changed = [r.rate_id for r in stated.rates if rates.get(r.rate_id) != r]
    changed += [r.rule_id for r in stated.train_rules if limits.get(r.rule_id) != r]
    names = ", ".join(changed[:5]) or "rows missing, doubled or in another order"
    yield f"the plan was made under other rules: {names}", tuple(changed[:5])


def _ids(case: Case) -> Iterator[Finding]:
    seen: set[str] = set()
    for box in case.plan.containers:
        if not box.container_id or box.container_id in seen:
            yield f"two containers are called {box.container_id!r}", (box.container_id,)
        elif box.container_id in case.bookings:
            yield f"{box.container_id} is a container and a booking", (box.container_id,)
        seen.add(box.container_id)


def _head(case: Case) -> Iterator[Finding]:
    plan = case.plan
    if plan.name != case.scenario.name:
        yield f"the plan is called {plan.name!r}; its scenario {case.scenario.name!r}", (plan.name,)
    if plan.effort not in EFFORTS:
        yield f"the plan was made with effort {plan.effort!r}, expected one of {', '.join(EFFORTS)}", (plan.name,)
    for stage in plan.stages:
        if stage.seed != plan.seed:
            yield f"stage {stage.name} has seed {stage.seed}, the plan {plan.seed}", (stage.name,)


def _stages(case: Case) -> Iterator[Finding]:
    stated = [(s.name, s.unit) for s in case.plan.stages]
    if stated != list(STAGES.items()):
        expected, found = (", ".join(f"{name} ({unit})" for name, unit in x) for x in (STAGES.items(), stated))
        yield f"the plan has the stages {found or 'none'}; expected {expected}", tuple(s.name for s in case.plan.stages)


def _bound(case: Case) -> Iterator[Finding]:
    for stage in case.plan.stages:
        if stage.bound < 0:
            yield f"stage {stage.name} has a bound of {stage.bound:,} {stage.unit}, below nothing", (stage.name,)
        if stage.bound > stage.cost:
            yield (
                f"stage {stage.name} costs {stage.cost:,} {stage.unit}, less than its bound {stage.bound:,}",
                (stage.name,),
            )


def _stopped(case: Case) -> Iterator[Finding]:
    close = EFFORTS.get(case.plan.effort, max(EFFORTS.values()))
    for stage in case.plan.stages:
        if stage.stopped not in STOPPED:
            yield (
                f"stage {stage.name} stopped by {stage.stopped!r}, expected one of {', '.join(STOPPED)}",
                (stage.name,),
            )
        elif stage.stopped == "optimal" and stage.bound < stage.cost:
            text = f"stage {stage.name} is called optimal at {stage.cost:,}, above its bound {stage.bound:,}"
            yield text, (stage.name,)
        elif stage.stopped == "bound" and (stage.cost - stage.bound) * 10_000 > close * stage.bound:
            far = f"farther from its bound {stage.bound:,} than {close / 100:g} %"
            yield f"stage {stage.name} is called close at {stage.cost:,}, {far}", (stage.name,)


def _tried(case: Case) -> Iterator[Finding]:
    for stage in case.plan.stages:
        if stage.effort < 1:
            yield f"stage {stage.name} has effort {stage.effort:,}, expected 1 or more", (stage.name,)


def _cost(case: Case) -> Iterator[Finding]:
    charged = 0
    for charge in case.plan.charges:
        if charge.subject_id in case.containers or charge.subject_id in case.runs:
            charged += charge.usd_cents
    packed = sum(1 for box in case.plan.containers if box.blocks)
    for stage in case.plan.stages:
        if stage.name == "assemble" and stage.cost != charged:
            text = f"stage assemble costs {stage.cost:,}; containers and runs are charged {charged:,} USD cents"
            yield text, (stage.name,)
        if stage.name == "consolidate" and stage.cost != packed:
            yield f"stage consolidate costs {stage.cost:,}; {packed:,} containers are packed", (stage.name,)


RULES = (
    Rule("PLAN_SCHEMA", "The plan has the schema of this package.", _schema),
    Rule("PLAN_SCENARIO", "The plan was made from this scenario.", _scenario),
    Rule("PLAN_REFERENCE", "The plan was made over these reference tables.", _reference),
    Rule("RULES_CHANGED", "The plan was made under the rules of the world, unchanged.", _rules),
    Rule("ID_TWICE", "Containers have ids of their own, and none is a booking's.", _ids),
    Rule("PLAN_HEAD", "The plan has its scenario's name, a known effort, and one seed for all stages.", _head),
    Rule("STAGE_NAMES", "The stages are consolidate, route and assemble, each with its unit.", _stages),
    Rule("STAGE_BOUND", "No stage costs less than its bound, and no bound is below 0.", _bound),
    Rule(
        "STAGE_STOPPED",
        "Every stage says why it stopped; `optimal` costs its bound, `bound` is as close to it as the effort promises.",
        _stopped,
    ),
    Rule("STAGE_EFFORT", "Every stage had an effort of 1 or more.", _tried),
    Rule("STAGE_COST", "Stage assemble costs what containers and runs are charged, consolidate its boxes.", _cost),
)
