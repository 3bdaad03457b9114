"""The import contracts hold, and each of them bites."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ["route", "consolidate", "assemble", "deliver", "appointments", "track", "economy", "report"]
ROOMS += ["audit", "exchange", "store"]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
FOLDERS = ["cli", "server", "app", "simulate", *ROOMS, "reference", "model"]
FILES = ["__init__", "_compile", "errors", "units", "route/_kernel", "route/_kernel_scan", "route/_bound"]

BROKEN = [  # contract, file that gets the illegal line, the line
    ("layers", "units", "import landport.model"),
    ("layers", "model/places", "import landport.reference"),
    ("layers", "route/plan", "import landport.consolidate"),
    ("layers", "exchange/read", "import landport.app"),
    ("layers", "app/book", "import landport.server"),
    ("layers", "report/page", "import landport.simulate"),
    ("layers", "warehouse/__init__", "x = 1"),  # a room that no contract names
    ("kernels", "route/_kernel", "from landport.model import x"),
    ("kernels", "route/_kernel_scan", "import landport.units"),
    ("kernels", "route/_bound", "import msgspec"),
    ("audit", "audit/times", "import scipy.optimize"),
    ("audit", "audit/times", "import numba"),
    ("audit", "audit/times", "import landport.units"),
    ("audit", "audit/times", "import landport.route"),
    ("audit", "model/plans", "import highspy"),  # indirectly: audit imports the model
    ("audit", "model/plans", "import landport.model.tariff"),
    ("audit", "model/loads", "import landport.model.result"),
    ("audit", "audit/times", "import landport.model.assembly"),
    ("store", "app/plan", "import sqlite3"),
    ("store", "exchange/tables", "from sqlalchemy import orm"),
    ("server", "app/plan", "import fastapi"),
    ("files", "track/fold", "import landport.track.state"),
    ("folders", "track/fold/a", "import landport.track.state.b"),
]


def lint(folder: Path) -> tuple[int, set[str], str]:
    """Run lint-imports in a folder; answer its exit status, the broken contracts and what it said."""
    command = [str(LINT_IMPORTS), "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    names = {re.sub(r"\s+", " ", name) for name in re.findall(r"^(.+?)\s+BROKEN", said, re.MULTILINE)}
    return done.returncode, names, said


def write(folder: Path, module: str, line: str) -> None:
    file = folder / "landport" / f"{module}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    for parent in file.relative_to(folder).parents[:-1]:
        (folder / parent / "__init__.py").touch()
    with file.open("a") as text:
        text.write(f"{line}\n")


@pytest.fixture
def package(tmp_path):
    """A small landport under the real contracts, with every room that house.md names."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    house = tmp_path / "tests" / "house"
    house.mkdir(parents=True)
    for folder in (house, house.parent):
        (folder / "__init__.py").touch()
    shutil.copy(ROOT / "tests" / "house" / "contracts.py", house)
    for module in [*FILES, *(f"{folder}/__init__" for folder in FOLDERS)]:
        write(tmp_path, module, "")
    write(tmp_path, "route/_kernel", "import numpy, landport._compile, landport.route._kernel_scan")
    write(tmp_path, "audit/times", "import landport.audit.case, landport.model.plans")
    write(tmp_path, "audit/case", "import landport.errors, landport.model.loads")
    write(tmp_path, "model/plans", "import landport.errors")
    write(tmp_path, "model/loads", "import landport.model.plans")
    write(tmp_path, "model/result", "import landport.errors")
    write(tmp_path, "model/assembly", "import landport.errors")
    write(tmp_path, "model/tariff", "import landport.units")
    write(tmp_path, "store/log", "import sqlalchemy, sqlite3")
    write(tmp_path, "server/pages", "import fastapi, landport.app")
    write(tmp_path, "track/state/__init__", "import landport.track.fold")
    write(tmp_path, "track/state/b", "x = 1")
    return tmp_path


def test_this_tree_keeps_its_contracts():
    """Nobody imports what house.md forbids."""
    status, _, said = lint(ROOT)
    assert status == 0, said


def test_a_lawful_package_passes(package):
    """What house.md allows, the contracts allow."""
    status, _, said = lint(package)
    assert status == 0, said


@pytest.mark.parametrize(("contract", "module", "line"), BROKEN, ids=lambda value: value.replace(" ", "_"))
def test_contracts_bite(package, contract, module, line):
    """One illegal import breaks its contract."""
    write(package, module, line)
    status, broken, said = lint(package)
    assert status == 1, said
    assert name_of(contract) in broken, said


def name_of(contract: str) -> str:
    found = re.search(rf'id = "{contract}"\nname = "(.+)"', (ROOT / "pyproject.toml").read_text())
    assert found, contract
    return found[1]


def test_every_contract_is_broken_once():
    """No contract stands untested."""
    contracts = re.findall(r'^id = "(\w+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert set(contracts) == {contract for contract, _, _ in BROKEN}


BANNED = [
    "from datetime import datetime\n\nx = datetime.now()",
    "from datetime import datetime\n\nx = datetime.utcnow()",
    "import datetime\n\nx = datetime.date.today()",
    "import time\n\nx = time.time()",
    "from time import perf_counter\n\nx = perf_counter()",
    "import time\n\nx = time.monotonic()",
    "import os\n\nx = os.environ",
    "import os\n\nx = os.getenv('X')",
    "import random\n\nx = random.random()",
    "import random\n\nrandom.seed(1)",
    "import numpy as np\n\nnp.random.seed(1)",
]


@pytest.mark.parametrize("text", BANNED)
@pytest.mark.parametrize(("room", "banned"), [("route", True), ("model", True), ("app", False), ("cli", False)])
def test_only_the_edge_reads_clock_chance_and_environment(room, banned, text):
    """Law 6: everywhere else they are arguments."""
    command = [str(LINT_IMPORTS.with_name("ruff")), "check", "--output-format=concise", "--select=TID251"]
    command += ["--no-cache", f"--stdin-filename=landport/{room}/x.py", "-"]
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    assert ("TID251" in done.stdout) == banned, done.stdout + done.stderr
