"""Kernels compiled, or loaded, before the clock of a plan starts."""

from __future__ import annotations

import numpy as np

from landport.consolidate._kernel_beam import begin_phase
from landport.consolidate._kernel_spaces import rebuild
from landport.consolidate.searching import Search, new_state, new_work
from landport.consolidate.stock import BEARS_ALL_G, BEYOND, Kinds, blocks

BOX, SIDES, COUNTS = (10, 10, 10), (6, 4), (2, 5)
"""A box and cubes that greedy filling does not get into it, so that the search has something to do."""


def warm() -> None:
    """Search a container of ten millimetres, so that the first one that matters does not wait for a compiler."""
    like = np.zeros(len(SIDES), np.int64)
    kinds = Kinds(
        counts=np.array(COUNTS, np.int64),
        masses_g=like + 1,
        bears_g=like + BEARS_ALL_G,
        most_layers=like + BEYOND,
        ranks=like,
        is_rigid=like > 0,
        poses=np.array([(n, side, side, side) for n, side in enumerate(SIDES)], np.int64),
    )
    made = blocks(np.array(BOX, np.int64), 100, kinds, is_supported=True)
    work, start = new_work(made.stock, sum(COUNTS)), new_state(made.stock, sum(COUNTS))
    start.rest[:] = kinds.counts
    begin_phase(made.stock, start)
    rebuild(made.stock, start, work)
    Search(made, start, work).run(1, lambda: None)
