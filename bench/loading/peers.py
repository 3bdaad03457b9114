"""Peers: one instance as JSON on stdin, where they put its boxes as JSON on stdout.

    PYTHON bench/loading/peers.py NAME CPU_SECONDS WALL_SECONDS SUPPORT_PCT CORE < instance.json

Runs under the peer's own interpreter, so it uses the standard library only. An instance is `{"inside": [x, y, z],
"rows": [[length, width, height, vertical, count], ..]}`; the answer `{"version": .., "placements": [[row, x, y, z,
dx, dy, dz], ..], "cpu_s": ..}`, with `{"version": ..}` alone when `--version` stands for the CPU seconds. Peers know
wall seconds only. `cpu_s` says when the answer stood, for a peer that tells of its steps; else it is null.

`py3dbp` knows neither sides that may stand up nor support nor a time limit. `packingsolver3d` keeps to the sides and
knows no support. `packer3d` keeps upright what must stay upright and turns all else freely, since it has no finer word;
its rule is `full_base` where support is asked for, else `contact`; its aim is to pack all in few containers.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from itertools import permutations
from typing import Any

Placement = tuple[int, int, int, int, int, int, int]

TAIL_S = 0.05
"""CPU seconds kept back for the answer."""


@dataclass(frozen=True)
class Job:
    """What to solve, and for how long: seconds of the whole process."""

    inside: tuple[int, int, int]
    rows: list[tuple[int, int, int, str, int]]
    cpu_s: float
    wall_s: float
    support_pct: int

    def left_s(self) -> float:
        """Wall seconds left for the search, less what imports took."""
        return max(0.1, self.wall_s - time.process_time() - TAIL_S)


Answer = tuple[list[Placement], Any]


def packingsolver3d(job: Job) -> Answer:
    """Knapsack of the most volume; the plan it has when its CPU seconds end, or the first one after that."""
    from packingsolver3d import BinType, Instance, ItemType, Objective, Rotation, box

    if job.support_pct:
        sys.exit("packingsolver3d has no support rule")
    x, y, z = job.inside
    kinds = [
        ItemType(x=a, y=b, z=c, copies=n, rotations=[Rotation[name] for name in _rotations(vertical)])
        for a, b, c, vertical, n in job.rows
    ]
    better = [0.0]

    def is_going_on(event: object) -> bool:
        better.append(time.process_time())
        return better[-1] < job.cpu_s - TAIL_S

    asked = Instance(bin_types=[BinType(x=x, y=y, z=z)], item_types=kinds, objective=Objective.KNAPSACK)
    found = box.solve(asked, time_limit=job.left_s(), progress_callback=is_going_on)
    stood_at = min(time.process_time(), max(job.cpu_s, better[-1]))
    return [(p.item_type_id, p.x, p.y, p.z, p.lx, p.ly, p.lz) for p in found.placements], stood_at


def _rotations(vertical: str) -> list[str]:
    """Orders of the three sides, the last one vertical."""
    return ["".join(order) for order in permutations("XYZ") if "lwh"["XYZ".index(order[2])] in vertical]


def py3dbp(job: Job) -> Answer:
    """Its one greedy pass, big boxes first."""
    from py3dbp import Bin, Item, Packer

    x, y, z = job.inside
    packer = Packer()
    packer.add_bin(Bin("0", y, z, x, 10**9))
    for k, (length, width, height, _, n) in enumerate(job.rows):
        for _ in range(n):
            packer.add_item(Item(str(k), width, height, length, 0))
    packer.pack(bigger_first=True)
    inside = packer.bins[0].items
    return [(int(i.name), *_turned(i.position), *_turned(i.get_dimension())) for i in inside], None


def _turned(yzx: Any) -> tuple[int, int, int]:
    return int(yzx[2]), int(yzx[0]), int(yzx[1])


def packer3d(job: Job) -> Answer:
    """As many containers as it takes, searched until the time ends; the fullest one counts."""
    from packer3d import Packer

    x, y, z = job.inside
    packer = Packer().add_box(id="0", length=x, width=y, height=z)
    for k, (length, width, height, vertical, n) in enumerate(job.rows):
        sides = {"length": length, "width": width, "height": height}
        packer.add_item(id=str(k), **sides, rotation="flat" if vertical == "h" else "any", diagonal=False, quantity=n)
    packer.set_options(time_limit_ms=int(1000 * job.left_s()), improve=True, restarts=64, max_candidates=10**8)
    packer.set_options(support_mode="full_base" if job.support_pct else "contact")
    boxes = [[_centred(item) for item in full["items"]] for full in packer.pack()["bins"]]
    return max(boxes, key=lambda box: sum(dx * dy * dz for *_, dx, dy, dz in box)), None


def _centred(item: dict[str, Any]) -> Placement:
    """Its x runs across the container; x and y tell the middle of the base; the angle is 0, 90, .. degrees."""
    across, along = item["width"], item["length"]
    if item["angle"] % 180:
        across, along = along, across
    sizes = int(along), int(across), int(item["height"])
    return int(item["id"]), round(item["y"] - along / 2), round(item["x"] - across / 2), int(item["z"]), *sizes


PEERS = {peer.__name__: peer for peer in (packingsolver3d, py3dbp, packer3d)}


def main() -> None:
    """Answer one instance."""
    name, cpu_s, wall_s, support_pct, core = sys.argv[1:6]
    answer: dict[str, object] = {"version": version(name)}
    if cpu_s != "--version":
        os.sched_setaffinity(0, {int(core)})
        asked = json.load(sys.stdin)
        job = Job(asked["inside"], asked["rows"], float(cpu_s), float(wall_s), int(support_pct))
        answer["placements"], answer["cpu_s"] = PEERS[name](job)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
