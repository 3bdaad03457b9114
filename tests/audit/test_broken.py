"""One plan per rule that breaks exactly it."""

import json

import pytest

from landport import audit
from tests.broken.patch import CODES, HERE, broken, changed
from tests.broken.week import tiny


def test_the_tiny_plan_holds():
    """The plan that all others are made from breaks no rule."""
    assert audit.check(*tiny()) == ()


def test_changing_nothing_changes_nothing():
    """A plan read back from JSON, charged anew by the planners' tariff, is the tiny plan."""
    plan, week, world = changed([], recount=True)
    assert (plan, week, world.rules) == (tiny()[0], tiny()[1], tiny()[2].rules)


def test_every_rule_has_a_broken_plan():
    """Every code has its file, and every file its code."""
    assert sorted(audit.RULES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_broken_plan_breaks_its_rule_only(code):
    """The auditor finds the rule that the file is named after, and no other."""
    found = audit.check(*broken(code))
    assert {v.code for v in found} == {code}, "\n".join(f"{v.code}: {v.message}" for v in found)
    for violation in found:
        assert violation.message
        assert all(violation.about)


@pytest.mark.parametrize("code", CODES)
def test_a_broken_plan_says_what_it_breaks(code):
    """Every file has a sentence for its reader."""
    says = json.loads((HERE / f"{code}.json").read_text("utf-8"))["says"]
    assert says[0].isupper()
    assert says[-1] == "."
