"""The border benchmark: predictions against the simulation, and a closure's cells."""

from __future__ import annotations

import pytest

from bench.border.gates import CHANNEL, START, WEEKS, large, small
from bench.border.policy import full_windows, predicted
from landport.appointments import openings


@pytest.mark.parametrize("kappa", [80, 90])
def test_predictions_come_near_the_simulation(kappa):
    """With all places taken by punctual trucks, the predicted mean wait is within a minute and a third."""
    played = full_windows(large(), kappa, 80)
    assert predicted(large(), kappa) == pytest.approx(played.mean, rel=0.33, abs=1 + 3 * played.error)


def test_the_small_port_is_open_when_both_sides_are():
    """Nine hours in common, on the days of the neighbour's week."""
    found = openings(small(WEEKS["6 days"], 720), START, START.replace(day=9))
    assert {one.channel for one in found} == {CHANNEL}
    assert len(found) == 6 * 9
