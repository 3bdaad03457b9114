"""Answers to questions for ways hold, and the smallest change of one breaks exactly its rule."""

import pytest

from landport import audit
from tests.audit.breaks import BREAKS, TRIPS, clean

NAMES = [f"{code} {says}".strip() for code, says, _ in BREAKS]


@pytest.mark.parametrize("n", range(len(TRIPS)))
def test_an_answer_holds(n):
    """Ways of `route`, priced by the planners' tariff, break no rule."""
    case = clean(n)
    assert case[0].choices
    assert audit.check_choices(*case) == ()


def test_every_rule_can_be_broken():
    """Every code has at least one case, in the order of the rules."""
    assert list(dict.fromkeys(code for code, _, _ in BREAKS)) == list(audit.CHOICE_RULES)


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, _, case in BREAKS], ids=NAMES)
def test_a_broken_answer_breaks_its_rule_only(code, case):
    """The auditor finds the rule that the change breaks, and no other."""
    violations = audit.check_choices(*case())
    assert {v.code for v in violations} == {code}, "\n".join(f"{v.code}: {v.message}" for v in violations)
    for violation in violations:
        assert violation.message
        assert all(violation.about)
