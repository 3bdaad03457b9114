"""Planners with one check taken out of a kernel: the auditor notices every one of them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
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
    "price of nothing": Bug("assemble/worth.py", "if cents > 0 and runs", "if cents >= 0 and runs", "PRICE_VALUE"),
    "remedy for nothing": Bug(
        "assemble/remedies.py",
        "saves_usd_cents=left_cents - way.usd_cents",
        "saves_usd_cents=left_cents",
        "REMEDY_COST",
    ),
    "positions": Bug(
        "assemble/resources.py", 'amounts = {"teu": teu, "cargo_kg"', 'amounts = {"teu": 0, "cargo_kg"', "LEG_TEU"
    ),
    "minimum": Bug(
        "assemble/batches.py",
        "return self.resources.pricing.service(departure_id).min_teu",
        "return 0 * self.resources.pricing.service(departure_id).min_teu",
        "RUN_LEAST",
    ),
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


PARETO, BACKWARD, FORWARD, TABLE = (f"route/_kernel_{name}.py" for name in ("pareto", "backward", "forward", "table"))
NOT_BEATEN = "cost <= s[x, 1] and gco2e <= s[x, 2] and gauges <= s[x, 3] and risk <= s[x, 4]"
COVERED = "s[x, 1] <= cost and s[x, 0] <= at and s[x, 2] <= gco2e and s[x, 3] <= gauges and s[x, 4] <= risk"

ROUTE_BUGS = {
    "boards before it is ready": Bug(PARETO, "            if s[x, 0] > last:\n                continue\n", "", "audit"),
    "change for nothing": Bug(
        PARETO, "cost, gco2e = s[x, 1] + table.boarding[e, 2],", "cost, gco2e = s[x, 1],", "plain"
    ),
    "change without CO2e": Bug(PARETO, "s[x, 2] + table.boarding[e, 3]", "s[x, 2]", "front"),
    "change of gauge not counted": Bug(PARETO, "s[x, 3] + table.boarding[e, 4]", "s[x, 3]", "plain"),
    "gauge not counted on board": Bug(PARETO, "s[x, 3] + table.price[leg, 2]", "s[x, 3]", "front"),
    "leg for nothing": Bug(PARETO, "        s[x, 1] += table.price[leg, 0]\n", "", "plain"),
    "leg without CO2e": Bug(PARETO, "        s[x, 2] += table.price[leg, 1]\n", "", "front"),
    "stays on a barred leg": Bug(
        PARETO, "            if blocked[leg]:\n                bags.heads[bag, 1] = 0\n", "", "barred"
    ),
    "covers without arrival": Bug(PARETO, "s[x, 0] <= at and s[x, 2] <= gco2e", "s[x, 2] <= gco2e", "profile whole"),
    "covers without cost": Bug(PARETO, COVERED, COVERED.partition(" and ")[2], "plain"),
    "covers without CO2e": Bug(PARETO, COVERED, COVERED.replace(" and s[x, 2] <= gco2e", ""), "front"),
    "covers without gauges": Bug(PARETO, COVERED, COVERED.replace(" and s[x, 3] <= gauges", ""), "front"),
    "covers without risk": Bug(PARETO, COVERED, COVERED.replace(" and s[x, 4] <= risk", ""), "risk so far"),
    "beats without arrival": Bug(
        PARETO, "            s[x, 0] <= at + eps[0]\n            and ", "            ", "plain"
    ),
    "beats without cost": Bug(PARETO, "            and s[x, 1] <= cost + eps[1]\n", "", "plain"),
    "beats without CO2e": Bug(PARETO, "            and s[x, 2] <= gco2e + eps[2]\n", "", "front"),
    "beats without gauges": Bug(PARETO, "            and s[x, 3] <= gauges + eps[3]\n", "", "plain"),
    "beats without risk": Bug(PARETO, "            and s[x, 4] <= risk + eps[4]\n", "", "risk"),
    "drops without arrival": Bug(PARETO, f"at <= s[x, 0] and {NOT_BEATEN}", NOT_BEATEN, "plain"),
    "drops without cost": Bug(PARETO, NOT_BEATEN, NOT_BEATEN.partition(" and ")[2], "plain"),
    "drops without CO2e": Bug(PARETO, NOT_BEATEN, NOT_BEATEN.replace(" and gco2e <= s[x, 2]", ""), "cleaner"),
    "drops without gauges": Bug(PARETO, NOT_BEATEN, NOT_BEATEN.replace(" and gauges <= s[x, 3]", ""), "plain"),
    "drops without risk": Bug(PARETO, NOT_BEATEN, NOT_BEATEN.replace(" and risk <= s[x, 4]", ""), "risk so far"),
    "drops nothing": Bug(PARETO, f"if not (at <= s[x, 0] and {NOT_BEATEN}):", "if True:", "front"),
    "eps on board": Bug(
        PARETO,
        "if covered(bags, bag, 0, cost, gco2e, gauges, risk):",
        "if beaten(bags, bag, 0, cost, gco2e, gauges, risk, eps):",
        "dense eps",
    ),
    "eps on the way": Bug(
        PARETO,
        "if into != goal and covered(bags, into, at, cost, gco2e, gauges, risk):",
        "if beaten(bags, into, at, cost, gco2e, gauges, risk, eps):",
        "dense eps",
    ),
    "boards while it is closed": Bug(PARETO, "        if closes:\n", "        if False:\n", "hours"),
    "truck leaves while it is closed": Bug(
        PARETO, "begun(row, entry[0], table.open_at, table.opens), table.truck", "entry[0], table.truck", "hours"
    ),
    "catches while it is closed": Bug(
        TABLE, "max(begins + change[e, 5], arrives[leg] + change[e, 1])", "arrives[leg] + change[e, 1]", "profile"
    ),
    "opens an hour early": Bug(
        TABLE, "return max(at, opens[span, 0]) if", "return max(at, opens[span, 0] - 60) if", "hours"
    ),
    "open a minute longer": Bug(
        TABLE, "return min(at, opens[span - 1, 1] - 1) if", "return min(at, opens[span - 1, 1]) if", "profile"
    ),
    "quota not paid on board": Bug(PARETO, "s[x, 1] + table.price[leg, 3]", "s[x, 1]", "on board"),
    "no room for entries": Bug(PARETO, "            top[2] = 1\n            heads", "            heads", "room"),
    "no risk": Bug(PARETO, "            if is_risky:\n", "            if False:\n", "risk"),
    "truck in no time": Bug(PARETO, "begins + table.truck[x, 1], entry", "begins, entry", "front"),
    "truck for nothing": Bug(PARETO, "entry[1] + table.truck[x, 2]", "entry[1]", "front"),
    "truck without CO2e": Bug(PARETO, "entry[2] + table.truck[x, 3]", "entry[2]", "front"),
    "no truck from the start": Bug(
        PARETO, "    haul(start, -1, entry, goal, target, until, table, near, bags, eps)\n    for", "    for", "front"
    ),
    "no truck on the way": Bug(
        PARETO, "            haul(row, label, entry, goal, target, until, table, near, bags, eps)\n", "", "front"
    ),
    "truck after truck": Bug("route/priced.py", "if lift >= 0 else ()", "if lift >= -1 else ()", "front"),
    "bound without staying on": Bug(BACKWARD, "if after >= 0 and rides[after, 0] < NEVER:", "if False:", "plain"),
    "bound without later ones": Bug(
        BACKWARD, "            lower(best, spot, best, spot + 1, 0, 0, 0)\n", "            pass\n", "plain"
    ),
    "bound too dear": Bug(
        BACKWARD, "rides[leg, 1] += table.price[leg, 0]", "rides[leg, 1] += 2 * table.price[leg, 0]", "plain"
    ),
    "bound too dirty": Bug(
        BACKWARD, "rides[leg, 2] += table.price[leg, 1]", "rides[leg, 2] += 2 * table.price[leg, 1]", "front"
    ),
    "bound without by truck": Bug(BACKWARD, "            if e >= 0:\n", "            if False:\n", "front"),
    "bound without a last truck": Bug(BACKWARD, "        if near[there, 0] < NEVER:\n", "        if False:\n", "front"),
    "bound over a barred leg": Bug(
        BACKWARD, "        if not blocked[leg]:\n            lower", "        if True:\n            lower", "barred"
    ),
    "profile without staying on": Bug(BACKWARD, "end if after < 0 else min(end, rides[after])", "end", "profile"),
    "profile without later ones": Bug(
        BACKWARD,
        "                best[spot] = min(best[spot], best[spot + 1])\n",
        "                pass\n",
        "next train",
    ),
    "profile in no time": Bug(
        BACKWARD, "max(begins + table.change[e, 5], at + table.change[e, 1])", "at", "profile barred"
    ),
    "profile truck in no time": Bug(
        BACKWARD, "table.truck[x, 0], begins + table.truck[x, 1]", "table.truck[x, 0], begins", "profile"
    ),
    "profile over a barred leg": Bug(
        BACKWARD, "        if not blocked[leg]:\n            end", "        if True:\n            end", "profile barred"
    ),
    "earliest in no time": Bug(FORWARD, "        then = at + table.change[e, 1]\n", "        then = at\n", "earliest"),
    "earliest before it is ready": Bug(
        FORWARD, "boards[table.board[leg]] > departs or", "boards[table.board[leg]] > departs + 9 or", "earliest"
    ),
    "earliest ends early": Bug(FORWARD, "if departs >= end:", "if departs + 9 >= end:", "earliest"),
    "earliest comes last": Bug(FORWARD, "table.arrives[leg] < best[row]", "best[row] == NEVER", "earliest"),
    "earliest changes only": Bug(FORWARD, "            on_board[run] = True\n", "", "earliest"),
    "catches what has left": Bug(
        TABLE, "max(begins + change[e, 5], arrives[leg] + change[e, 1])", "arrives[leg]", "profile whole"
    ),
    "misses what leaves now": Bug(
        TABLE, "if departs[members[middle]] < at:", "if departs[members[middle]] <= at:", "plain"
    ),
}
"""Steps of the scans for ways, each missed by a check of that name (`tests.route.planted`)."""


AGAIN, BEFORE = "app/replanning.py", "app/before.py"

REPLAN_BUGS = {
    "changes weigh nothing": Bug(AGAIN, "    if not again.change_usd_cents:\n", "    if True:\n", "CHARGE_CHANGE"),
    "frozen too short": Bug(
        BEFORE,
        "    until = week.scenario.now_at + again.freeze_minutes\n",
        "    until = week.scenario.now_at\n",
        "REPLAN_RECORDS",
    ),
    "let go for nothing": Bug(
        "route/standing.py",
        "if stretch.departs_at < max(earliest, load.at + cut_off):",
        "if stretch.departs_at >= max(earliest, load.at + cut_off):",
        "REPLAN_FREED",
    ),
    "nothing is frozen": Bug(
        BEFORE,
        "return Past(records, ways, frozenset(frozen), runs)",
        "return Past(records, {}, frozenset(), runs)",
        "REPLAN_FROZEN",
    ),
    "bans are for all trains": Bug(
        "app/hands.py",
        "trains & (self.off.get(container_id, frozenset()) | self.ban)",
        "trains & self.ban",
        "REPLAN_BAN",
    ),
    "pins are wishes": Bug(
        "app/hands.py",
        "return not is_barred and self.onto.get(container_id, frozenset()) <= trains",
        "return not is_barred",
        "REPLAN_PIN",
    ),
}
"""Steps of planning again, each missed by a rule when a train is cancelled, a box banned from one and one pinned."""


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


def test_every_bug_finds_its_place() -> None:
    """What a bug changes stands in its file, once, and the bug changes it: none has been overtaken by the code."""
    planted = [*BUGS.items(), *SEARCH_BUGS.items(), *ROUTE_BUGS.items(), *REPLAN_BUGS.items()]
    assert misplaced(planted) == []


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


def misplaced(planted: Iterable[tuple[str, Bug]]) -> list[str]:
    """List the bugs whose place is gone, or that change nothing."""
    return [name for name, bug in planted if bug.old == bug.new or in_file(bug).count(bug.old) != 1]


def plant(bug: Bug, folder: Path) -> None:
    """Copy the package to a folder, with the bug."""
    shutil.copytree(PACKAGE, folder / "landport", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "landport" / bug.file).write_text(in_file(bug).replace(bug.old, bug.new), "utf-8")


def in_file(bug: Bug) -> str:
    """Text of the file that a bug changes."""
    return (PACKAGE / bug.file).read_text("utf-8")


def said(program: str, *arguments: str, places: tuple[Path, ...]) -> set[str]:
    """Run a program of the tests with the package of the first place, not compiled: the lines that it prints."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", program, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        cwd=places[0],
        text=True,
        timeout=300,
        check=True,
    )
    return set(ran.stdout.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("name", SEARCH_BUGS)
def test_a_check_that_the_search_lost_is_noticed(name: str, tmp_path: Path) -> None:
    """With all checks the cargo is loaded without a fault; with one less its rule is broken."""
    program, here = "tests.consolidate.planted", PACKAGE.parent
    assert said(program, name, places=(here,)) == {""}
    plant(SEARCH_BUGS[name], tmp_path)
    assert SEARCH_BUGS[name].code in " ".join(said(program, name, places=(tmp_path, here))).split()


@pytest.mark.slow
def test_scans_that_lost_nothing_pass_every_check() -> None:
    """What notices planted bugs finds nothing in the scans as they are, not compiled."""
    assert said("tests.route.planted", places=(PACKAGE.parent,)) == {""}


@pytest.mark.slow
@pytest.mark.parametrize("name", ROUTE_BUGS)
def test_a_step_that_the_scans_lost_is_noticed(name: str, tmp_path: Path) -> None:
    """Brute force over small networks and timetables, or the auditor, tells."""
    plant(ROUTE_BUGS[name], tmp_path)
    assert ROUTE_BUGS[name].code in said("tests.route.planted", places=(tmp_path, PACKAGE.parent))


def replanned(*places: Path) -> str:
    """Plan again with the package of the first place, compiled as always: the rules that the plan breaks."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.app.again"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
        capture_output=True,
        cwd=places[0],
        text=True,
        timeout=600,
        check=True,
    )
    return ran.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("name", REPLAN_BUGS)
def test_a_step_that_planning_again_lost_is_noticed(name: str, tmp_path: Path) -> None:
    """The rule of the step is among those that the new plan breaks."""
    plant(REPLAN_BUGS[name], tmp_path)
    assert REPLAN_BUGS[name].code in replanned(tmp_path, PACKAGE.parent).split()


@pytest.mark.slow
def test_planning_again_breaks_no_rule() -> None:
    """Without a planted bug the same program prints nothing."""
    assert replanned(PACKAGE.parent) == ""
