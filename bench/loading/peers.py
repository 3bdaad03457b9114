"""Peers: one instance as JSON on stdin, where they put its boxes as JSON on stdout.

    PYTHON bench/loading/peers.py NAME SECONDS SUPPORT_PCT CORE < instance.json

Runs under the peer's own interpreter, so it uses the standard library only. An instance is `{"inside": [x, y, z],
"rows": [[length, width, height, vertical, count], ..]}`; the answer `{"version": .., "placements": [[row, x, y, z,
dx, dy, dz], ..]}`, with `{"version": ..}` alone when `--version` stands for the seconds.

`py3dbp` knows neither sides that may stand up nor support nor a time limit. `packingsolver3d` keeps to the sides and
knows no support. `packer3d` keeps upright what must stay upright and turns all else freely, since it has no finer word;
its rule is `full_base` where support is asked for, else `contact`; its aim is to pack all in few containers.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from itertools import permutations

Placement = tuple[int, int, int, int, int, int, int]

TAIL_S = 0.05
"""CPU seconds kept back for the answer."""


def packingsolver3d(instance: dict, seconds: float, support_pct: int) -> list[Placement]:
    """Knapsack of the most volume; `seconds` of the whole process, so what imports took is taken off."""
    from packingsolver3d import BinType, Instance, ItemType, Objective, Rotation, box

    if support_pct:
        sys.exit("packingsolver3d has no support rule")
    x, y, z = instance["inside"]
    kinds = [
        ItemType(x=a, y=b, z=c, copies=n, rotations=[Rotation[name] for name in _rotations(vertical)])
        for a, b, c, vertical, n in instance["rows"]
    ]
    asked = Instance(bin_types=[BinType(x=x, y=y, z=z)], item_types=kinds, objective=Objective.KNAPSACK)
    found = box.solve(asked, time_limit=max(0.1, seconds - time.process_time() - TAIL_S))
    return [(p.item_type_id, p.x, p.y, p.z, p.lx, p.ly, p.lz) for p in found.placements]


def _rotations(vertical: str) -> list[str]:
    """Orders of the three sides, the last one vertical."""
    return ["".join(order) for order in permutations("XYZ") if "lwh"["XYZ".index(order[2])] in vertical]


def py3dbp(instance: dict, seconds: float, support_pct: int) -> list[Placement]:
    """Its one greedy pass, big boxes first."""
    from py3dbp import Bin, Item, Packer

    x, y, z = instance["inside"]
    packer = Packer()
    packer.add_bin(Bin("0", y, z, x, 10**9))
    for k, (length, width, height, _, n) in enumerate(instance["rows"]):
        for _ in range(n):
            packer.add_item(Item(str(k), width, height, length, 0))
    packer.pack(bigger_first=True)
    inside = packer.bins[0].items
    return [(int(i.name), *_turned(i.position), *_turned(i.get_dimension())) for i in inside]


def _turned(yzx: list) -> tuple[int, int, int]:
    return int(yzx[2]), int(yzx[0]), int(yzx[1])


def packer3d(instance: dict, seconds: float, support_pct: int) -> list[Placement]:
    """As many containers as it takes, searched until the time ends; the fullest one counts."""
    from packer3d import Packer

    x, y, z = instance["inside"]
    packer = Packer().add_box(id="0", length=x, width=y, height=z)
    for k, (length, width, height, vertical, n) in enumerate(instance["rows"]):
        sides = {"length": length, "width": width, "height": height}
        packer.add_item(id=str(k), **sides, rotation="flat" if vertical == "h" else "any", diagonal=False, quantity=n)
    milliseconds = max(100, int(1000 * (seconds - time.process_time() - TAIL_S)))
    packer.set_options(time_limit_ms=milliseconds, improve=True, restarts=64, max_candidates=10**8)
    packer.set_options(support_mode="full_base" if support_pct else "contact")
    boxes = [[_centred(item) for item in full["items"]] for full in packer.pack()["bins"]]
    return max(boxes, key=lambda box: sum(dx * dy * dz for *_, dx, dy, dz in box))


def _centred(item: dict) -> Placement:
    """Its x runs across the container; x and y tell the middle of the base; the angle is 0, 90, .. degrees."""
    across, along = item["width"], item["length"]
    if item["angle"] % 180:
        across, along = along, across
    sizes = int(along), int(across), int(item["height"])
    return int(item["id"]), round(item["y"] - along / 2), round(item["x"] - across / 2), int(item["z"]), *sizes


PEERS = {peer.__name__: peer for peer in (packingsolver3d, py3dbp, packer3d)}


def main() -> None:
    """Answer one instance."""
    name, seconds, support_pct, core = sys.argv[1:5]
    answer: dict = {"version": version(name)}
    if seconds != "--version":
        os.sched_setaffinity(0, {int(core)})
        answer["placements"] = PEERS[name](json.load(sys.stdin), float(seconds), int(support_pct))
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
