"""Planners with one check taken out of a kernel: the auditor notices every one of them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "landport"
START = "import sys\nfrom landport.cli import main\nmain(sys.argv[1:])\n"
PACK, SCAN = "consolidate/_kernel.py", "route/_kernel.py"


@dataclass(frozen=True, slots=True)
class Bug:
    """One check that is dropped: what stands in the file, once; what is left of it; a rule that must be broken."""

    file: str
    old: str
    new: str
    code: str


BUGS = {
    "payload": Bug(
        PACK,
        "min(counts[index], (box[PAYLOAD] - tally[CARGO]) // items[index, MASS])",
        "counts[index]",
        "BOX_PAYLOAD",
    ),
    "height": Bug(PACK, "box[HEIGHT] - spaces[s, Z]\n    best", "box[HEIGHT]\n    best", "BLOCK_INSIDE"),
    "overlap": Bug(PACK, "    cut(spaces, tally, x, y, x + long, y + wide, z)\n", "", "BLOCK_OVERLAP"),
    "support": Bug(PACK, "n, x, y, x + long, y + wide) >= 0", "n, x, y, box[LENGTH], y + wide) >= 0", "BLOCK_SUPPORT"),
    "mass on top": Bug(
        PACK, "    n = min(n, spaces[s, LOAD] * area // (spaces[s, AREA] * mass))\n", "", "BLOCK_ON_TOP"
    ),
    "layers": Bug(PACK, "    return int(min(n, items[index, LAYERS]))\n", "    return int(n)\n", "BLOCK_LAYERS"),
    "layers below": Bug(PACK, "items[index, LAYERS] - spaces[s, PILED]", "items[index, LAYERS]", "BLOCK_LAYERS"),
    "cut-off": Bug(SCAN, "if departs < then + needs or", "if departs < then or", "JOURNEY_CUT_OFF"),
    "transfer": Bug(SCAN, "classes[k, 1], at + minutes, departs", "classes[k, 1], at, departs", "TRANSFER_TIME"),
    "truck": Bug(SCAN, "then = at + moves[row, truck, 0] + roads[r, 2]", "then = at", "TRANSFER_TIME"),
    "order": Bug(SCAN, "if blocked[leg] == 0:", "if blocked[leg] >= 0:", "ORDER_BAN"),
}


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A twentieth of the demo week, and an example week whose groupage is heavy."""
    home = tmp_path_factory.mktemp("weeks")
    landport(home, "demo", "--scale", "0.05", "--out", home / "demo", "-q")
    landport(home, "init", home / "heavy", "-q")
    for file, column, value in (("bookings.csv", "may_split", "1"), ("items.csv", "mass_kg", "900")):
        path = home / "heavy" / file
        with path.open(encoding="utf-8-sig", newline="") as read:
            rows = [*csv.DictReader(read)]
        with path.open("w", encoding="utf-8", newline="") as write:
            writer = csv.DictWriter(write, list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, column: value} for row in rows)
    return {"payload": home / "heavy", "": home / "demo" / "week"}


def landport(folder: Path, *arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", BUGS)
def test_a_dropped_check_is_noticed(name: str, weeks: dict[str, Path], tmp_path: Path) -> None:
    """The plan is not written, exit 7, and the rule of the dropped check is among those that are broken."""
    bug = BUGS[name]
    shutil.copytree(PACKAGE, tmp_path / "landport", ignore=shutil.ignore_patterns("__pycache__"))
    source = tmp_path / "landport" / bug.file
    text = source.read_text("utf-8")
    assert text.count(bug.old) == 1
    source.write_text(text.replace(bug.old, bug.new), "utf-8")
    command = ("plan", weeks.get(name, weeks[""]), "--out", tmp_path / "plan.json", "--json")
    ran = landport(tmp_path, *command, PYTHONPATH=str(tmp_path), LANDPORT_CACHE=str(tmp_path / "cache"))
    assert ran.returncode == 7, ran.stderr
    assert bug.code in json.loads(ran.stderr.splitlines()[-1])["about"]
    assert not (tmp_path / "plan.json").exists()
