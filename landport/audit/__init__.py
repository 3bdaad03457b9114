"""The independent auditor: judges plans, loads, choices of ways, lanes and logs of borders, and recounts every charge.

It shares no code with those it judges: of nouns it reads the fields, and what planners compute from them (dates, rules
in force, masses of pieces, railway days, transfers, roads, costs) is derived here again from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from landport.audit import (
    balance,
    border,
    cargo,
    choices,
    consists,
    counts,
    gaps,
    journeys,
    lanes,
    loads,
    money,
    orders,
    packing,
    plain,
    prices,
    proof,
    remedies,
    replanned,
    trains,
    turns,
    unloading,
    wagons,
    work,
)
from landport.audit.border import check_border
from landport.audit.case import Case
from landport.audit.choices import check_answers, check_choices
from landport.audit.gate_log import GateRecord
from landport.audit.lading import LoadCase
from landport.audit.lanes import check_lanes
from landport.audit.plain import check_plain
from landport.audit.violation import Violation
from landport.model.loads import LoadGroup, Loads
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World

__all__ = [
    "BORDER_RULES",
    "CHOICE_RULES",
    "LANE_RULES",
    "LOAD_RULES",
    "PLAIN_RULES",
    "RULES",
    "GateRecord",
    "Violation",
    "check",
    "check_answers",
    "check_border",
    "check_choices",
    "check_lanes",
    "check_load",
    "check_plain",
]

_SUBJECTS = (
    *(
        proof,
        cargo,
        loads,
        unloading,
        balance,
        counts,
        journeys,
        trains,
        orders,
        wagons,
        consists,
        work,
        turns,
        replanned,
    ),
    *(money, prices, remedies),
)
_RULES = tuple(rule for subject in _SUBJECTS for rule in subject.RULES)

RULES: Mapping[str, str] = MappingProxyType({rule.code: rule.sentence for rule in _RULES})
"""Every rule of a week's plan: code -> one sentence."""

_OF_LOADS = (*loads.RULES, *unloading.RULES, *balance.RULES, *packing.RULES, *gaps.RULES)

LOAD_RULES: Mapping[str, str] = MappingProxyType({rule.code: rule.sentence for rule in _OF_LOADS})
"""Every rule of a load: code -> one sentence."""

CHOICE_RULES: Mapping[str, str] = MappingProxyType({rule.code: rule.sentence for rule in choices.RULES})
"""Every rule of an answer to a question for ways: code -> one sentence."""

PLAIN_RULES: Mapping[str, str] = MappingProxyType({rule.code: rule.sentence for rule in plain.RULES})
"""Every rule of a plan of the plain assembly format: code -> one sentence."""

LANE_RULES: Mapping[str, str] = MappingProxyType({rule.code: rule.sentence for rule in lanes.RULES})
"""Every rule of a study of lanes: code -> one sentence."""

BORDER_RULES: Mapping[str, str] = border.SENTENCES
"""Every rule of the log of a border port: code -> one sentence."""


def check(plan: Plan, scenario: Scenario, world: World, previous: Plan | None = None) -> tuple[Violation, ...]:
    """List every rule that a plan breaks, rule by rule; empty when it holds.

    Parameters
    ----------
    previous
        The plan that it was re-planned from, to compare its records with; None: they are taken at their word.

    Notes
    -----
    Never raises on a bad plan: what cannot be followed (an unknown id, an impossible number) is a violation itself, and
    rules that would need it leave it out. O(n log n) in the records of the plan.
    """
    case = Case(plan, scenario, world, previous)
    found = []
    for rule in _RULES:
        for message, about in rule.find(case):
            found.append(Violation(rule.code, message, about))
    return tuple(found)


def check_load(group: LoadGroup, loads: Loads) -> tuple[Violation, ...]:
    """List every rule that the containers loaded from a group break, rule by rule; empty when they hold.

    Notes
    -----
    Never raises on a bad load. Containers are called `container 1`, `container 2`, .. in their order.
    """
    case = LoadCase(group, loads)
    found = []
    for rule in _OF_LOADS:
        for message, about in rule.find(case):
            found.append(Violation(rule.code, message, about))
    return tuple(found)
