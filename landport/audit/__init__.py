"""The independent auditor: judges a plan by every rule and recounts every charge.

It shares no code with those it judges: of nouns it reads the fields, and what planners compute from them (dates, rules
in force, masses of pieces, railway days, transfers, roads, costs) is derived here again from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from landport.audit import cargo, counts, journeys, loads, money, orders, proof, trains, unloading, wagons
from landport.audit.case import Case
from landport.audit.violation import Violation
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World

__all__ = ["RULES", "Violation", "check"]

_SUBJECTS = (proof, cargo, loads, unloading, counts, journeys, trains, orders, wagons, money)
_RULES = tuple(rule for subject in _SUBJECTS for rule in subject.RULES)

RULES: Mapping[str, str] = MappingProxyType({rule.code: rule.sentence for rule in _RULES})
"""Every rule: code -> one sentence."""


def check(plan: Plan, scenario: Scenario, world: World) -> tuple[Violation, ...]:
    """List every rule that a plan breaks, rule by rule; empty when it holds.

    Notes
    -----
    Never raises on a bad plan: what cannot be followed (an unknown id, an impossible number) is a violation itself, and
    rules that would need it leave it out. O(n log n) in the records of the plan.
    """
    case = Case(plan, scenario, world)
    found = []
    for rule in _RULES:
        for message, about in rule.find(case):
            found.append(Violation(rule.code, message, about))
    return tuple(found)
