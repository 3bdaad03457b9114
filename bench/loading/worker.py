"""A process of ours on one core: tasks as JSON lines on stdin, a record's numbers as a JSON line on stdout each.

    python -m bench.loading.worker CORE search|process

`search`: kernels are compiled and loaded before the first line is read, and the seconds of a task are CPU seconds of
the process since the task was read and laid out. `process`: they count from the start of the process, for one task.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bench.loading import cargo, exact
from bench.loading.instances import Instance, bischoff_ratcliff, named
from bench.loading.peers import TAIL_S
from landport import audit
from landport.consolidate import plan
from landport.model.loads import LoadedBox, LoadGroup, Loads
from landport.model.result import Limit, Result

SAID = 5
"""Violations of one plan that are written down."""


def warm(modes: Sequence[str] = cargo.MODES) -> None:
    """Compile or load every kernel."""
    for mode in modes:
        solve(cargo.in_mm(bischoff_ratcliff(3, 100)), mode, seconds=0.3, began=time.process_time())


def solve(instance: Instance, mode: str, *, seconds: float, began: float) -> tuple[LoadGroup, Result[Loads], float]:
    """Plan within so many CPU seconds from `began`; answer with the seconds spent, too."""
    group = cargo.to_group(instance, mode)
    limit = Limit(seconds=seconds, stopwatch=lambda: time.process_time() - began)
    result = plan([group], limit=limit)
    return group, result, time.process_time() - began


def answer(task: dict[str, Any], *, is_whole: bool) -> dict[str, Any]:
    """Solve a task and look at the plan with the auditor and without."""
    instance, mode = cargo.in_mm(named(task["instance"])), task["mode"]
    began = 0.0 if is_whole else time.process_time()
    wall = time.perf_counter()
    group, result, spent = solve(instance, mode, seconds=task["seconds"] - TAIL_S * is_whole, began=began)
    found = {"cpu_s": round(spent, 3), "wall_s": round(time.perf_counter() - wall, 3)}
    boxes = result.plan.boxes
    if mode not in cargo.FLEETS:
        boxes = tuple(sorted(boxes, key=_volume)[-1:])
    return found | _looked_at(instance, group, result, boxes)


def _volume(box: LoadedBox) -> int:
    return sum(b.count * b.dx_mm * b.dy_mm * b.dz_mm for b in box.blocks)


def _looked_at(
    instance: Instance, group: LoadGroup, result: Result[Loads], boxes: Sequence[LoadedBox]
) -> dict[str, Any]:
    kinds = {k.container_type: k for k in group.container_types}
    support = group.rules.support_pct
    found = []
    for box in boxes:
        kind = kinds[box.container_type]
        inside = kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm
        found.append(exact.examine(inside, instance.rows, [*cargo.pieces(box)], support))
    faults = [fault for one in found for fault in _faults(one, support)]
    faults += [f"audit: {v.code}: {v.message}" for v in audit.check_load(group, result.plan)][:SAID]
    if group.n_boxes is None:
        faults += _uncounted(instance, result.plan)
    room = sum(kinds[box.container_type].volume_mm3 for box in boxes)
    return {
        "share": sum(one.volume for one in found) / max(1, room),
        "n_boxes": sum(one.n_boxes for one in found),
        "cost": result.cost,
        "bound": result.bound,
        "faults": faults,
        "wrong_side_up": sum(one.wrong_side_up for one in found),
        "unsupported": sum(one.unsupported for one in found),
        "floating": sum(one.floating for one in found),
        "is_audited": True,
    }


def _faults(one: exact.Findings, support_pct: int) -> list[str]:
    """Name what is wrong with a plan of ours."""
    wrong = [f"{one.wrong_side_up} boxes wrong side up"] if one.wrong_side_up else []
    weak = [f"{one.unsupported} boxes unsupported"] if support_pct and one.unsupported else []
    return [*one.faults, *wrong, *weak]


def _uncounted(instance: Instance, loads: Loads) -> list[str]:
    """Compare what is packed and left with what there was."""
    packed = Counter(p[0] for box in loads.boxes for p in cargo.pieces(box))
    left = Counter({int(x.item_id): x.count for x in loads.left})
    wrong = [k for k, row in enumerate(instance.rows) if packed[k] + left[k] != row.count]
    return [f"{len(wrong)} rows whose pieces are not all packed or left"] if wrong else []


def main() -> None:
    """Answer until stdin ends."""
    os.sched_setaffinity(0, {int(sys.argv[1])})
    is_whole = sys.argv[2] == "process"
    if not is_whole:
        warm()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), is_whole=is_whole)), flush=True)


if __name__ == "__main__":
    main()
