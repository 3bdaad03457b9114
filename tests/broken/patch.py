"""Small changes of a plan and its world, written as JSON.

A file says what it breaks (`says`), lists `changes`, and tells with `recount` whether the charges are then made anew
by the planners' tariff, and with `decide` whether the hub trains of the plan's days are then listed anew, those that
nobody rides as cancelled. A place is written `plan.containers[container_id=C00001].gross_kg` or `...blocks[2].y_mm`; it
begins with `plan`, `scenario`, `rules` (the plan's and the world's), `wagon_types` or `transfers`. A change is one of

- `{"set": place, "to": value}`
- `{"drop": row}`
- `{"add": list, "row": {...}}`
- `{"copy": row, "with": {...}}`: the same row again, changed as said
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from landport.model.equipment import WagonType
from landport.model.network import Transfer
from landport.model.plans import Plan
from landport.model.rules import Rules
from landport.model.scenario import Scenario, World
from tests.broken.week import decided, priced, tiny

HERE = Path(__file__).parent
CODES = sorted(path.stem for path in HERE.glob("*.json"))

_STEP = re.compile(r"(?P<name>\w+)(\[(?P<row>[^]]*)\])?(\.|$)")


def _plain(noun: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(noun))


@cache
def _whole() -> dict[str, Any]:
    plan, week, world = tiny()
    rules = _plain(world.rules)
    plan_doc = _plain(replace(plan, rules=Rules(rates=(), train_rules=(), forbidden_pairs=())))
    plan_doc["rules"] = deepcopy(rules)
    return {
        "plan": plan_doc,
        "scenario": _plain(week),
        "rules": rules,
        "wagon_types": _plain(world.wagon_types),
        "transfers": _plain(world.network.transfers),
    }


def broken(code: str) -> tuple[Plan, Scenario, World]:
    """Read the file of a rule, and break the tiny week as it says."""
    spec = json.loads((HERE / f"{code}.json").read_text("utf-8"))
    return changed(spec["changes"], recount=spec.get("recount", False), decide=spec.get("decide", False))


def changed(
    changes: list[dict[str, Any]], *, recount: bool = False, decide: bool = False
) -> tuple[Plan, Scenario, World]:
    """Apply changes to the tiny week."""
    doc = deepcopy(_whole())
    for change in changes:
        _apply(doc, change)
    before = _whole()
    if doc["rules"] != before["rules"]:
        doc["plan"]["rules"] = doc["rules"]
    world = tiny()[2]
    rules = msgspec.convert(doc["rules"], Rules)
    world = replace(world, rules=rules, wagon_types=msgspec.convert(doc["wagon_types"], dict[str, WagonType]))
    if doc["transfers"] != before["transfers"]:
        transfers = msgspec.convert(doc["transfers"], tuple[Transfer, ...])
        world = replace(world, network=replace(world.network, transfers=transfers))
    week = msgspec.convert(doc["scenario"], Scenario)
    plan = msgspec.convert(doc["plan"], Plan)
    plan = decided(plan, week, world) if decide else plan
    return (priced(plan, week, world) if recount else plan), week, world


def _apply(doc: dict[str, Any], change: dict[str, Any]) -> None:
    if "set" in change:
        holder, key = _find(doc, change["set"])
        assert holder[key] != change["to"], f"{change['set']} is {change['to']} already"
        holder[key] = deepcopy(change["to"])
    elif "drop" in change:
        holder, key = _find(doc, change["drop"])
        del holder[key]
    elif "add" in change:
        holder, key = _find(doc, change["add"])
        holder[key].append(change["row"])
    else:
        holder, key = _find(doc, change["copy"])
        holder.append({**deepcopy(holder[key]), **change["with"]})


def _find(doc: Any, place: str) -> tuple[Any, Any]:
    """Follow a place; answers what holds it, and the key or index there."""
    holder, key = None, None
    for step in _STEP.finditer(place):
        holder, key = (doc if holder is None else holder[key]), step["name"]
        assert key in holder, f"no {key} on the way to {place}"
        if step["row"] is not None:
            holder = holder[key]
            key = int(step["row"]) if step["row"].isdecimal() else _row(holder, step["row"], place)
    return holder, key


def _row(rows: list[dict[str, Any]], wanted: str, place: str) -> int:
    pairs = [part.split("=") for part in wanted.split(",")]
    found = [i for i, row in enumerate(rows) if all(str(row[name]) == value for name, value in pairs)]
    assert len(found) == 1, f"{len(found)} rows at {place}"
    return found[0]
