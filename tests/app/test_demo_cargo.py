"""What the demo loads into a box is what the rules of its trains allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from landport.app.demo.cargo import TRAIN_CLASS, cargo_caps
from landport.reference import load

WORLD = load.world()
MONDAY = date(2022, 7, 18)


@pytest.mark.parametrize(("operator", "gross_kg"), [("<=", 25_000), ("<", 24_999)])
def test_a_limit_that_must_not_be_reached_leaves_a_kilogram(operator, gross_kg):
    """A 40-ft box on an express train may weigh up to the limit, or less than it, as the rule says."""
    rules = tuple(
        replace(r, operator=operator) if r.train_class == TRAIN_CLASS and r.rule == "max_box_gross_kg" else r
        for r in WORLD.rules.train_rules
    )
    caps = cargo_caps(WORLD.container_types, replace(WORLD.rules, train_rules=rules), MONDAY)
    assert caps["40HC"] == gross_kg - WORLD.container_types["40HC"].tare_kg
