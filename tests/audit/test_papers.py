"""The room keeps to itself, and its rules are written down."""

import ast
from datetime import date, datetime
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path
from typing import Any

import pytest

from landport import audit, units
from landport.model.bookings import CargoItem
from landport.model.rules import Rules, TrainRule
from tests.audit.breaks import BREAKS
from tests.broken.patch import CODES, broken
from tests.broken.week import tiny

ROOM = Path(audit.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "audit.md"

NOUNS = (
    "bookings",
    "border",
    "choices",
    "edits",
    "equipment",
    "gate_facts",
    "itinerary",
    "lanes",
    "loads",
    "network",
    "places",
    "plain_assembly",
    "plans",
    "rules",
    "scenario",
    "services",
)
SENTENCES = {**audit.RULES, **audit.LOAD_RULES, **audit.CHOICE_RULES, **audit.PLAIN_RULES, **audit.LANE_RULES}
SENTENCES |= audit.BORDER_RULES
STANDARD = (
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "fractions",
    "functools",
    "itertools",
    "math",
    "re",
    "types",
    "typing",
    "zoneinfo",
)


def test_the_auditor_shares_nouns_only():
    """It imports nouns and the standard library: nothing that planners compute with."""
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                noun = name.startswith("landport.model.") and name.split(".")[2] in NOUNS
                ours = noun or name.split(".")[:2] == ["landport", "audit"]
                assert ours or name.split(".")[0] in STANDARD, f"{path.name} imports {name}"


def _poisoned(*_: object) -> Any:
    raise AssertionError("the auditor asks a noun to compute")


def test_the_auditor_asks_no_noun_to_compute(monkeypatch):
    """Of nouns it reads fields only: every method and property of theirs may be wrong, it finds the same."""
    cases = {code: broken(code) for code in CODES}
    answers = [(code, case()) for code, _, case in BREAKS]
    poison(monkeypatch)
    for code, case in cases.items():
        assert {v.code for v in audit.check(*case)} == {code}
    for code, case in answers:
        assert {v.code for v in audit.check_choices(*case)} == {code}


def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every method and property of the nouns raise."""
    for name in NOUNS:
        module = import_module(f"landport.model.{name}")
        for noun in (n for n in vars(module).values() if isclass(n) and n.__module__ == module.__name__):
            for attribute, value in [*vars(noun).items()]:
                if attribute.startswith("__"):
                    continue
                if isfunction(value):
                    monkeypatch.setattr(noun, attribute, _poisoned)
                elif isinstance(value, property):
                    monkeypatch.setattr(noun, attribute, property(_poisoned))


def _no_limits(self: Rules, train_class: str, rule: str, on: date) -> tuple[()]:
    return ()


def _weightless(self: CargoItem) -> int:
    return 0


def _never(self: TrainRule, on: date) -> bool:
    return False


def _one_day(minute: int, start_at: datetime) -> date:
    return start_at.date()


DATED = tuple(code for code in CODES if code.startswith("RULE_"))
PLANTED = {
    "holds": (TrainRule.holds, _never, DATED),
    "limits": (Rules.limits, _no_limits, DATED),
    "piece_g": (CargoItem.piece_g.fget, _weightless, ("BLOCK_ON_TOP", "BOX_CARGO", "COUNT_SPLIT", "CHARGE_ROAD")),
    "railway_day": (units.railway_day, _one_day, ("SUPPLY_TRACKS", "SUPPLY_WAGONS", "ORDER_CAP", "ORDER_QUOTA")),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_of_planners_is_no_bug_of_the_auditor(name, monkeypatch):
    """What planners compute with answers wrongly; the auditor finds what it found, and nothing in a plan that holds."""
    shared, bug, codes = PLANTED[name]
    cases = {code: broken(code) for code in codes}
    whole = tiny()
    monkeypatch.setattr(shared, "__code__", bug.__code__)  # for all who imported it, too
    assert audit.check(*whole) == ()
    for code, case in cases.items():
        assert {v.code for v in audit.check(*case)} == {code}


def test_every_rule_is_in_the_docs():
    """The table lists every code with its sentence, in the order they are checked, and no other."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows == [f"| `{code}` | {sentence} |" for code, sentence in SENTENCES.items()]


def test_sentences_are_sentences():
    """Every rule is one sentence."""
    for code, sentence in SENTENCES.items():
        assert code.isupper()
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
