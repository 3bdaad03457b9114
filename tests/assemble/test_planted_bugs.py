"""Lanes, wagons and plain cases with one step taken out: the auditor, or trying everything, notices each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_planted_bugs import PACKAGE, Bug, misplaced, plant, said

GATHERS = "assemble/_kernel_lanes.py"

LANE_BUGS = {
    "misses one": Bug(GATHERS, "chance *= mean / (k - 1)", "chance *= mean / k", "LANE_FORM"),
    "waits on": Bug(GATHERS, "ready[last + 1] <= limit:", "ready[last + 1] <= limit + 999:", "LANE_FIGURES"),
    "forgets a promise": Bug(GATHERS, "            limit = min(limit, until[last])\n", "", "LANE_FIGURES"),
    "overfull": Bug(GATHERS, "last + 1 - first < capacity and", "last < n and", "LANE_FIGURES"),
    "empty positions": Bug(
        "assemble/gathering.py", "+ train.usd_cents_per_teu * missing)", "+ 0 * missing)", "LANE_FORM"
    ),
    "change in no time": Bug(
        "app/lane_ways.py", "            minutes = here.change[1]\n", "            minutes = 0\n", "LANE_COURSE"
    ),
    "joins in no time": Bug("app/lane_direct.py", " + joins * STOP_MINUTES", "", "LANE_COURSE"),
    "positions twice": Bug(
        "app/lane_prices.py",
        "return one.usd_cents_per_teu - rounded(",
        "return one.usd_cents_per_teu + rounded(",
        "LANE_RATE",
    ),
    "least load": Bug(
        "app/lane_direct.py", "min_teu=-(-capacity * self.least_milli // 1000)", "min_teu=0", "LANE_TRAIN"
    ),
    "breaks even below": Bug("assemble/lane_breakeven.py", "or alone <= by_hub", "or alone >= by_hub", "LANE_EVEN"),
    "direct twice": Bug(
        "assemble/_bound_lanes.py",
        "rest += sum(lane.teu * (lane.direct or 0.0) for lane in free)",
        "rest += sum(2 * lane.teu * (lane.direct or 0.0) for lane in free)",
        "LANE_BOUND",
    ),
    "the dearest mix": Bug("assemble/lanes.py", 'mixes["mix"] = min(', 'mixes["mix"] = max(', "LANE_CHOICE"),
}
"""Steps of the study of lanes, each noticed by the auditor (`tests.assemble.planted`)."""


WAGON, SETS, PROGRAM, RELAX, TREE, ORDER = (
    f"assemble/{name}.py"
    for name in ("wagon_rules", "sets", "wagon_program", "wagon_relax", "wagon_search", "consist_order")
)

WAGON_BUGS = {
    "payload": Bug(WAGON, "    if cargo > cargo_kg(wagon, limits):\n        return False\n", "", "carries"),
    "gross": Bug(WAGON, ", limits.gross_kg - wagon.tare_kg, axles - wagon.tare_kg)", ", NO_LIMIT)", "carries"),
    "pairs": Bug(WAGON, "if limits.is_paired and len(twenties) % 2:", "if False:", "single"),
    "difference": Bug(WAGON, "abs(a - b) > limits.pair_kg", "abs(a - b) > 9 * limits.pair_kg", "carries"),
    "bogies": Bug(WAGON, "return abs(moment) <= most_moment(wagon, limits) and abs(", "return abs(", "carries"),
    "bogies of sets": Bug(SETS, "abs(moment) <= most_moment(wagon, limits))", "abs(moment) >= 0)", "carries"),
    "pairs of sets": Bug(SETS, "<= limits.pair_kg for a, b", "<= 9 * limits.pair_kg for a, b", "carries"),
    "width of sets": Bug(SETS, "<= 2 * limits.lateral_um * cargo", "<= 9 * limits.lateral_um * cargo", "carries"),
    "crane": Bug(PROGRAM, " - self.crane[members, g.berth].sum(axis=1)", "", "placed"),
    "bound too low": Bug(RELAX, "return total + 1e-9 * abs(total) + 1e-3", "return 0.9 * total", "placed"),
    "one side only": Bug(TREE, "heappush(self.open, (-bound, self.n_nodes, (*choices, other)))", "pass", "placed"),
    "first off first": Bug(ORDER, "key=lambda i: (-wagons[i].stop,", "key=lambda i: (wagons[i].stop,", "order"),
    "too near": Bug(ORDER, "limits.between(kind[1], other[1]) <= gap", "True", "order"),
}
"""Steps of wagon loading, each missed by a check of that name (`tests.assemble.planted_wagons`)."""


PLAIN, WAYS = "assemble/plain_program.py", "assemble/_kernel_ways.py"

PLAIN_BUGS = {
    "positions": Bug(
        PLAIN,
        "np.arange(len(trains)), -positions[trains])",
        "np.arange(len(trains)), -9 * positions[trains])",
        "PLAIN_ROOM",
    ),
    "minimum": Bug(
        PLAIN, "first + np.arange(len(trains)), -least)", "first + np.arange(len(trains)), 0 * least)", "PLAIN_LEAST"
    ),
    "links too tight": Bug(
        PLAIN, "-count[keys // max(1, n_trains)]])", "-0.5 * count[keys // max(1, n_trains)]])", "bound"
    ),
    "too late": Bug(WAYS, "or arrives > kind[5]", "", "PLAIN_LATE"),
}
"""Steps of the plain engine, each noticed by the auditor or by trying everything (`tests.assemble.planted_plain`)."""


PROGRAMS = {"planted": LANE_BUGS, "planted_wagons": WAGON_BUGS, "planted_plain": PLAIN_BUGS}
"""Which program of `tests.assemble` notices which bugs."""


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_bug_finds_its_place(program: str) -> None:
    """What a bug changes stands in its file, once, and the bug changes it."""
    assert misplaced(PROGRAMS[program].items()) == []


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_code_that_lost_nothing_passes(program: str) -> None:
    """What notices planted bugs finds nothing in the package as it is, not compiled."""
    assert said(f"tests.assemble.{program}", places=(PACKAGE.parent,)) == {""}


@pytest.mark.slow
@pytest.mark.parametrize(("program", "name"), [(program, name) for program, bugs in PROGRAMS.items() for name in bugs])
def test_a_step_that_is_lost_is_noticed(program: str, name: str, tmp_path: Path) -> None:
    """The auditor names the rule, or trying everything finds what is better than the bound or breaks a check."""
    bug = PROGRAMS[program][name]
    plant(bug, tmp_path)
    told = said(f"tests.assemble.{program}", places=(tmp_path, PACKAGE.parent))
    assert bug.code in " ".join(told).split()
