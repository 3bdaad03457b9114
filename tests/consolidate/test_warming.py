"""Kernels that are ready before a plan starts: they are the very ones that it calls."""

from __future__ import annotations

from dataclasses import replace

import numba
import pytest

from landport.consolidate import _kernel, plan, stowing, warm, warming
from landport.model.loads import LoadRules
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind


def noting(types, made):
    """Wrap a function so that the types and strides of its arguments are noted."""

    def noted(*arguments):
        types.append(numba.typeof(arguments))
        return made(*arguments)

    return noted


def tables(types, made):
    """Wrap the search so that the types of the tables of its kernels are noted."""

    def noted(blocks, start, work):
        types.append(numba.typeof((blocks.stock, start, work)))
        return made(blocks, start, work)

    return noted


@pytest.mark.parametrize(("n_boxes", "support_pct"), [(1, 100), (1, 80), (None, 100)])
def test_a_load_calls_only_kernels_that_were_warmed(monkeypatch, n_boxes, support_pct):
    """Its tables have the types of those that were warmed, so that nothing is compiled within its seconds."""
    warmed, used, fills = [], [], []
    monkeypatch.setattr(warming, "Search", tables(warmed, warming.Search))
    monkeypatch.setattr(stowing, "Search", tables(used, stowing.Search))
    monkeypatch.setattr(_kernel, "fill", noting(fills, _kernel.fill))
    warm()
    ready = fills.pop()
    items = [item(f"I{n}", "B", (n + 1, 2, 1), 3, max_layers=2, max_on_top_g=5000) for n in range(3)]
    of = replace(group([booking("B", may_split=True)], items, (kind("40HC", (12, 2, 2)),)), n_boxes=n_boxes)
    of = replace(of, rules=LoadRules(support_pct=support_pct))
    plan([of], limit=Limit(effort=1))
    assert used or fills
    assert set(used) <= set(warmed)
    assert set(fills) <= {ready}
