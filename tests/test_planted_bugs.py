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
    "transfer": Bug(SCAN, "max(at + minutes, begins + moves[row, k - first, 2])", "at", "TRANSFER_TIME"),
    "truck": Bug(SCAN, "then = begins + moves[row, truck, 0] + roads[r, 2]", "then = at", "TRANSFER_TIME"),
    "order": Bug(SCAN, "if blocked[leg] == 0:", "if blocked[leg] >= 0:", "ORDER_BAN"),
}


SPACES, BEAM, RANK, HANG = (f"consolidate/_kernel_{name}.py" for name in ("spaces", "beam", "rank", "hang"))

SEARCH_BUGS = {
    "payload": Bug(RANK, "bears[MASS] > stock.task[PAYLOAD] - state.tally[CARGO] or ", "", "LOAD_PAYLOAD"),
    "pressure": Bug(RANK, " or bears[ASKS] > grips[GROUND]:", ":", "BLOCK_ON_TOP"),
    "layers": Bug(
        RANK,
        "return bool(bears[LAYERS] + grips[ON_LAYERS] <= stock.most_layers[bears[KIND]])",
        "return True",
        "BLOCK_LAYERS",
    ),
    "rigid": Bug(RANK, "    if bears[NEEDS] and not grips[ON_RIGID]:\n        return False\n", "", "BLOCK_RIGID"),
    "behind": Bug(SPACES, "if state.ranks[i] < phase and place[0] > 0:", "if False:", "BLOCK_UNLOAD"),
    "before": Bug(SPACES, "elif state.ranks[i] > phase and place[3] < stock.box[0]:", "elif False:", "BLOCK_UNLOAD"),
    "on a held one": Bug(SPACES, "            work.top[GROUND] = 0\n", "            pass\n", "BLOCK_UNLOAD"),
    "gap": Bug(
        SPACES,
        "high <= low or spaces[i, d] > spaces[j, d + 3] or spaces[j, d] > spaces[i, d + 3]",
        "high <= low",
        "BLOCK_SUPPORT",
    ),
    "hangs over": Bug(RANK, "return bool(is_borne(stock, b, at[0], at[1], work))", "return True", "BLOCK_SUPPORT"),
    "on a weak top": Bug(HANG, "                weaker_ground(work.cut_grips, 0, 1, ground)\n", "", "BLOCK_ON_TOP"),
    "hangs behind": Bug(
        SPACES,
        "            bar(stock, state, place, state.ranks[i] - phase, work)\n",
        "            pass\n",
        "BLOCK_UNLOAD",
    ),
    "above": Bug(SPACES, "if is_supported and face > 3:", "if False:", "BLOCK_SUPPORT"),
    "overlap": Bug(BEAM, "    crop(stock, state, state.placed[n], state.tops[n], work)\n", "", "BLOCK_OVERLAP"),
    "counts": Bug(BEAM, "stock.numbers[q]\n        restrict(stock, state, k)\n", "stock.numbers[q]\n", "LOAD_COUNT"),
    "vertical": Bug("consolidate/cargo.py", "if letter in item.vertical:", "if letter:", "BLOCK_TURNED"),
}
"""Checks of the search for one container, each missed by the cargo of that name (`tests.consolidate.planted`)."""


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
    plant(bug, tmp_path)
    command = ("plan", weeks.get(name, weeks[""]), "--out", tmp_path / "plan.json", "--json")
    ran = landport(tmp_path, *command, PYTHONPATH=str(tmp_path), LANDPORT_CACHE=str(tmp_path / "cache"))
    assert ran.returncode == 7, ran.stderr
    assert bug.code in json.loads(ran.stderr.splitlines()[-1])["about"]
    assert not (tmp_path / "plan.json").exists()


def plant(bug: Bug, folder: Path) -> None:
    """Copy the package to a folder, with the bug."""
    shutil.copytree(PACKAGE, folder / "landport", ignore=shutil.ignore_patterns("__pycache__"))
    source = folder / "landport" / bug.file
    text = source.read_text("utf-8")
    assert text.count(bug.old) == 1
    source.write_text(text.replace(bug.old, bug.new), "utf-8")


def broken_rules(name: str, *places: Path) -> set[str]:
    """Load a cargo with the package of the first place, not compiled: codes of the rules that are broken."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.consolidate.planted", name],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        cwd=places[0],
        text=True,
        timeout=300,
        check=True,
    )
    return set(ran.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("name", SEARCH_BUGS)
def test_a_check_that_the_search_lost_is_noticed(name: str, tmp_path: Path) -> None:
    """With all checks the cargo is loaded without a fault; with one less its rule is broken."""
    assert broken_rules(name, PACKAGE.parent) == set()
    plant(SEARCH_BUGS[name], tmp_path)
    assert SEARCH_BUGS[name].code in broken_rules(name, tmp_path, PACKAGE.parent)
