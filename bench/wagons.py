"""Wagon loading: trains of 54 wagons from a published generator, ours against HiGHS on the plain assignment program.

    python -m bench.wagons [--sizes 80 160 320] [--seeds 0-9] [--seconds 60] [--peer-seconds 20]

Wagons stand beside the yard; every fifth of the first fifty is an Sgnss60 (60 ft), the others are X70 (40 ft). Boxes:
40 % of 20 ft, 48 % of 40 ft, 12 % of 45 ft, masses in steps of 100 kg, values in whole cents, places along 800 m of
yard. Rules: payload, positions and axles of the wagon types, pairs that differ by less than 5 t, bogies by 10 t at
most, 1,300 t of boxes; a crane metre costs 2 cents of value. The peer has a variable a box, wagon and position and one
a wagon and configuration, no sets of boxes; it gets `peer-seconds` wall seconds of one thread.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator

import numpy as np

from landport.assemble.highs import solver
from landport.assemble.wagon_program import Berth, TrainRow, WagonTask, program
from landport.assemble.wagon_rules import Lot, WagonRules, most_moment, positions
from landport.assemble.wagon_search import Loading, search
from landport.model.equipment import WagonType
from landport.model.result import Limit
from landport.reference import load

N_WAGONS, YARD_MM, CARGO_KG = 54, 800_000, 1_300_000
CRANE_CENTS_PER_M = 2
RULES = WagonRules(pair_kg=4_999, bogie_kg=10_000, lateral_um=100_000)
SIZES = {20: (60, 300, 10_000), 40: (80, 300, 20_000), 45: (100, 290, 23_000)}
"""By length in feet: least and greatest mass in 100 kg, and the value in cents about which values are drawn."""


def task(n: int, seed: int) -> WagonTask:
    """Draw a train and its candidates."""
    draw = np.random.default_rng(seed)
    lots = []
    for i, feet in enumerate(draw.choice([20, 40, 45], n, p=[0.40, 0.48, 0.12]).tolist()):
        low, high, value = SIZES[feet]
        gross_kg = int(draw.integers(low, high + 1)) * 100
        worth = int(value * draw.uniform(0.7, 1.5))
        lots.append(Lot((f"C{i:05d}",), feet, gross_kg, value=worth, yard_mm=int(draw.integers(0, YARD_MM + 1))))
    types, berths, front = load.wagon_types(), [], 0
    for j in range(N_WAGONS):
        wagon = types["Sgnss60" if j % 5 == 4 and j < 50 else "X70"]
        berths.append(Berth(wagon, 1, front + wagon.length_mm // 2))
        front += wagon.length_mm
    masses = np.array([lot.gross_kg for lot in lots], np.int64)
    row = TrainRow(1, masses, np.zeros(N_WAGONS, np.int64), CARGO_KG)
    return WagonTask(tuple(lots), tuple(berths), (RULES,), (row,), CRANE_CENTS_PER_M)


def ours(asked: WagonTask, seconds: float) -> tuple[Loading, float]:
    """Load by our search; answer with CPU seconds."""
    began, wall = time.process_time(), time.monotonic()
    limit = Limit(effort=5, seconds=seconds, stopwatch=lambda: time.monotonic() - wall)
    found = search(program(asked), (), limit=limit)
    return found, time.process_time() - began


class _Plain:
    """The assignment program: box i on position p of wagon j in configuration c."""

    def __init__(self, asked: WagonTask) -> None:
        self.asked = asked
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        self.value: list[float] = []
        self.at: list[tuple[int, int, int, int]] = []
        taken: list[dict[int, float]] = [{} for _ in asked.lots]
        mass: dict[int, float] = {}
        for j, berth in enumerate(asked.berths):
            chosen: dict[int, float] = {}
            for c, lengths in enumerate(_layouts(berth.wagon)):
                use = self._column(0.0, (-1, j, c, 0))
                chosen[use] = 1.0
                self._layout(j, c, lengths, use, taken, mass)
            self.rows.append((-np.inf, 1.0, chosen))
        self.rows += [(-np.inf, 1.0, entries) for entries in taken]
        self.rows.append((-np.inf, CARGO_KG / 1000, mass))

    def _column(self, value: float, at: tuple[int, int, int, int]) -> int:
        self.value.append(value)
        self.at.append(at)
        return len(self.value) - 1

    def _layout(
        self, j: int, c: int, lengths: tuple[int, ...], use: int, taken: list[dict[int, float]], mass: dict[int, float]
    ) -> None:
        berth, lots = self.asked.berths[j], self.asked.lots
        middles = positions(berth.wagon, lengths)
        assert middles is not None
        assert berth.middle_mm is not None
        moment: dict[int, float] = {}
        weighs: list[dict[int, float]] = []
        for p, feet in enumerate(lengths):
            here: dict[int, float] = {use: -1.0}
            weighs.append({})
            for i, lot in enumerate(lots):
                if lot.feet == feet and lot.gross_kg <= berth.wagon.limit_kg(feet):
                    assert lot.yard_mm is not None
                    crane = CRANE_CENTS_PER_M * abs(lot.yard_mm - berth.middle_mm) // 1000
                    x = self._column(lot.value - crane, (i, j, c, p))
                    here[x] = taken[i][x] = 1.0
                    mass[x] = weighs[p][x] = lot.gross_kg / 1000
                    moment[x] = lot.gross_kg / 1000 * middles[p] / 1e4
            self.rows.append((0.0, 0.0, here))
        most = most_moment(berth.wagon, RULES) / 2e9
        self.rows.append((-most, most, moment))
        self.rows.append((-np.inf, berth.wagon.payload_kg / 1000, {x: v for w in weighs for x, v in w.items()}))
        twenties = [p for p, feet in enumerate(lengths) if feet == 20]
        for a, b in zip(twenties[::2], twenties[1::2], strict=False):
            apart = RULES.pair_kg / 1000
            self.rows.append((-apart, apart, {**weighs[a], **{x: -v for x, v in weighs[b].items()}}))


def _layouts(wagon: WagonType) -> Iterator[tuple[int, ...]]:
    """List the configurations and the beginnings of them that no configuration names."""
    yield from dict.fromkeys(c[:n] for c in wagon.configurations for n in range(1, len(c) + 1))


def peer(asked: WagonTask, seconds: float) -> tuple[float, float, float]:
    """Let HiGHS load a train by the plain program; answer value, bound and CPU seconds."""
    began = time.process_time()
    plain = _Plain(asked)
    highs = solver(mip_rel_gap=1e-4, time_limit=seconds)
    n = len(plain.value)
    for value in plain.value:
        highs.addCol(-value / 1e4, 0.0, 1.0, 0, np.empty(0, np.int32), np.empty(0))
    highs.changeColsIntegrality(n, np.arange(n, dtype=np.int32), np.ones(n, np.uint8))
    for low, high, entries in plain.rows:
        highs.addRow(low, high, len(entries), np.array(list(entries), np.int32), np.array(list(entries.values())))
    highs.run()
    info = highs.getInfo()
    has_plan = abs(info.objective_function_value) < 1e20
    return (
        -info.objective_function_value * 1e4 if has_plan else 0.0,
        -info.mip_dual_bound * 1e4,
        time.process_time() - began,
    )


def crane_m(asked: WagonTask, found: Loading) -> float:
    """Metres that boxes are moved along the track."""
    total = 0
    for j, on in found.wagons:
        for i in on:
            yard, middle = asked.lots[i].yard_mm, asked.berths[j].middle_mm
            assert yard is not None
            assert middle is not None
            total += abs(yard - middle)
    return total / 1000


def main() -> None:
    """Load trains of every size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[80, 160, 320])
    parser.add_argument("--seeds", default="0-9")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--peer-seconds", type=float, default=20.0)
    args = parser.parse_args()
    first, last = (int(word) for word in (args.seeds + "-" + args.seeds).split("-")[:2])
    for n in args.sizes:
        print(f"{n} candidates: seed, value, bound, gap, CPU s, boxes, crane metres | peer's value, bound, CPU s")
        spent = []
        for seed in range(first, last + 1):
            asked = task(n, seed)
            found, cpu = ours(asked, args.seconds)
            spent.append((cpu, found.is_proven))
            gap = (found.bound - found.value) / found.bound
            line = f"  {seed:2} {found.value:9,} {found.bound:9,} {gap:.4%} {cpu:6.2f}"
            line += f" {sum(len(on) for _, on in found.wagons):4} {crane_m(asked, found):8.0f}"
            if args.peer_seconds > 0:
                value, bound, other = peer(asked, args.peer_seconds)
                line += f" | {value:11,.0f} {bound:11,.0f} {other:6.2f}"
            print(line, flush=True)
        proven = sum(is_proven for _, is_proven in spent)
        cpus = [cpu for cpu, _ in spent]
        print(f"  proven {proven} of {len(spent)}; CPU s median {statistics.median(cpus):.2f}, worst {max(cpus):.2f}")


if __name__ == "__main__":
    main()
