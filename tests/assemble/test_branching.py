"""Branching over trains, where links come in late."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from landport.assemble.branching import branch
from landport.assemble.hot import Hot, Program
from landport.model.result import Limit

LIMIT = Limit()


class Late(Hot):
    """A relaxation to which nobody adds links."""

    def tighten(self, rounds, cutoff=np.inf):
        return "solved"


def test_nobody_rides_a_train_that_is_cancelled():
    """A box may ride for 1 a train that costs 5, or stay for 3; without the link it would ride for nothing."""
    program = Program(
        cost=np.array([1.0, 3.0, 5.0]),
        upper=np.ones(3),
        matrix=sparse.csc_matrix([[1.0, 1.0, 0.0]]),
        row_lower=np.ones(1),
        row_upper=np.ones(1),
        links=sparse.csr_matrix([[1.0, 0.0, -1.0]]),
        trains=np.array([2]),
        groups=(),
    )
    stays = np.array([0, 1, 0])
    asked = []

    def whole(runs):
        asked.append(runs.tolist())
        return stays

    hot = Late(program, LIMIT)
    found = branch(program, np.array([1, 0, 1]), whole, limit=LIMIT, gap=0.0, most_iterations=99, hot=hot)
    assert found.x.tolist() == stays.tolist()
    assert found.cost == 3.0
    assert found.bound <= 3.0
    assert asked == [[0]]
