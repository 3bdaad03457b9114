"""Dives and mends of a large plain case: cheaper, whole, and never below the bound."""

import numpy as np
import pytest

from bench.trains.generate import generate
from landport.assemble.hot import root
from landport.assemble.plain_boarding import boarding
from landport.assemble.plain_diving import count_sums, dive, enter, search, whole_counts
from landport.assemble.plain_growing import Growing
from landport.assemble.plain_mending import Mending
from landport.assemble.plain_ways import network
from landport.model.result import Limit


@pytest.fixture
def grown():
    """A relaxation solved at its root, with its bound."""
    lp = Growing(boarding(network(generate(500, 1))), Limit())
    lp.start()
    bound = lp.grow(1e-6)
    return lp, bound


def test_counts_are_whole_before_trains(grown):
    """After the counts of all groups are whole, trains are fixed one after another, and counts never fall."""
    lp, bound = grown
    node = whole_counts(lp, root(lp.program), Limit())
    sums = count_sums(lp)
    assert sums == pytest.approx(np.round(sums), abs=1e-4)
    assert lp.cost() >= bound * (1 - 1e-6)
    runs = dive(lp, node, Limit())
    assert runs == pytest.approx(np.round(runs), abs=1e-5)
    assert all(runs[g].sum() >= n - 1e-4 for g, n in zip(lp.program.groups, sums, strict=True))


def test_a_search_of_all_trains_ends_whole_and_below_its_cutoff(grown):
    """Depth first from the root it finds whole trains; with their cost as cutoff it finds none dearer."""
    lp, bound = grown
    node, basis = root(lp.program), lp.solver.getBasis()
    found = search(lp, node, basis, np.inf, 400, Limit())
    assert found is not None
    assert set(found.runs.tolist()) <= {0.0, 1.0}
    assert found.cost >= bound * (1 - 1e-6)
    again = search(lp, node, basis, found.cost, 30, Limit())
    assert again is None or again.cost < found.cost


def test_mending_only_ever_saves(grown):
    """From trains rounded it becomes cheaper step by step, and what it says it costs is what these trains cost."""
    lp, bound = grown
    lean = lp.runs().copy()
    every = root(lp.program).with_trains(np.arange(len(lp.trains)), np.round(lean))
    enter(lp, every)
    lp.grow(1e-6)
    while lp.lacking().any():
        every = every.with_trains(np.flatnonzero(lp.lacking())[:1], np.zeros(1))
        enter(lp, every)
        lp.grow(1e-6)
    mending = Mending(lp, [lean], Limit(), seed=0)
    mending.start(every.train_lower)
    costs = [mending.best.cost]
    for _ in range(15):
        saved = mending.step()
        assert (mending.best.cost < costs[-1]) == saved
        costs.append(mending.best.cost)
    assert bound * (1 - 1e-6) <= costs[-1] < costs[0]
    assert mending.stand()
    assert lp.cost() == pytest.approx(costs[-1], rel=1e-6)
