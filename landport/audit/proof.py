"""Rules of the plan as a document: what it was made from, its ids, and what its stages claim."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case
from landport.audit.violation import Finding, Rule
from landport.model.plans import SCHEMA

STOPPED = ("optimal", "bound", "effort", "time", "infeasible")
"""Why a stage may have stopped."""


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


def _bound(case: Case) -> Iterator[Finding]:
    for stage in case.plan.stages:
        if stage.bound > stage.cost:
            yield (
                f"stage {stage.name} costs {stage.cost:,} {stage.unit}, less than its bound {stage.bound:,}",
                (stage.name,),
            )


def _stopped(case: Case) -> Iterator[Finding]:
    for stage in case.plan.stages:
        if stage.stopped not in STOPPED:
            yield (
                f"stage {stage.name} stopped by {stage.stopped!r}, expected one of {', '.join(STOPPED)}",
                (stage.name,),
            )


def _cost(case: Case) -> Iterator[Finding]:
    total = 0
    for charge in case.plan.charges:
        if charge.subject_id in case.containers or charge.subject_id in case.runs:
            total += charge.usd_cents
    stages = [s for s in case.plan.stages if s.name == "assemble"]
    if len(stages) != 1:
        yield f"the plan has {len(stages)} stages called assemble, expected one", ("assemble",)
    for stage in stages:
        if stage.cost != total or stage.unit != "USD cents":
            text = f"stage assemble costs {stage.cost:,} {stage.unit}"
            yield f"{text}; containers and runs are charged {total:,} USD cents", (stage.name,)


RULES = (
    Rule("PLAN_SCHEMA", "The plan has the schema of this package.", _schema),
    Rule("PLAN_SCENARIO", "The plan was made from this scenario.", _scenario),
    Rule("PLAN_REFERENCE", "The plan was made over these reference tables.", _reference),
    Rule("RULES_CHANGED", "The plan was made under the rules of the world, unchanged.", _rules),
    Rule("ID_TWICE", "Containers have ids of their own, and none is a booking's.", _ids),
    Rule("STAGE_BOUND", "No stage costs less than its bound.", _bound),
    Rule("STAGE_STOPPED", "Every stage says in a known word why it stopped.", _stopped),
    Rule("STAGE_COST", "The stage `assemble` costs what containers and runs are charged.", _cost),
)
