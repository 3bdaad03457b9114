"""Kernels compiled, or loaded, before the clock of a plan starts."""

from __future__ import annotations

import numpy as np

from landport.consolidate import _kernel
from landport.consolidate._kernel_beam import begin_phase
from landport.consolidate._kernel_spaces import rebuild
from landport.consolidate.searching import Search, new_state, new_work
from landport.consolidate.stock import BEARS_ALL_G, BEYOND, Kinds, blocks

BOX, SIDES, COUNTS = (10, 10, 10), (6, 4), (2, 5)
"""A box and cubes that greedy filling does not get into it, so that the search has something to do."""


def warm() -> None:
    """Pack containers of ten millimetres, so that the first one that matters does not wait for a compiler.

    Notes
    -----
    Kernels are compiled for the types and strides of what they are called with: arrays here are as in a real load.
    """
    _fill()
    _search()


def _fill() -> None:
    """Fill a container with one piece, in one style."""
    box, poses = np.array([*BOX, 100], np.int64), np.array([(0, 6, 6, 6)], np.int64)
    spaces, blocks, tally = np.zeros((8, 10), np.int64), np.zeros((8, 10), np.int64), np.zeros(4, np.int64)
    flat, up = (_kernel.reachable(np.unique(side), 10) for side in (poses[:, 1:3], poses[:, 3]))
    _kernel.begin(box, spaces, tally)
    items, bias = np.array([(1, 9, _kernel.STRONG)], np.int64), np.full(1, 1000)
    style = np.array((0, 2, 0, 1), np.int64)
    _kernel.fill(box, items, poses, np.ones(1, np.int64), style, bias, flat, up, spaces, blocks, tally)


def _search() -> None:
    """Search a container of which greedy filling leaves something."""
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
