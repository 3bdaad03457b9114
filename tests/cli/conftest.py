"""A quiet working folder for each test, the plan of the example week, and one small demo for all tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from landport import exchange
from landport.model.scenario import World
from tests.cli.run import SETTINGS, Ran, landport, process

SMALL = ("--scale", "0.01")


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo week in its folder, and what the command said."""

    folder: Path
    ran: Ran

    @property
    def week(self) -> Path:
        return self.folder / "week"

    @property
    def plan(self) -> Path:
        return self.folder / "plan.json"


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody's settings, a working folder of the test's own, and logging as it was afterwards."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    log = logging.getLogger("landport")
    handlers, level = log.handlers[:], log.level
    yield
    log.handlers[:] = handlers
    log.setLevel(level)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder for what commands write."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A small demo week, made in a process of its own with JSON and logs."""
    home = tmp_path_factory.mktemp("demo")
    arguments = ("demo", *SMALL, "--out", home / "small", "--json", "-v", "--log-json")
    return Demo(home / "small", process(*arguments, folder=home, PYTHONHASHSEED="1"))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, world: World) -> tuple[Path, Path]:
    """The example week and its plan, to read only."""
    home = tmp_path_factory.mktemp("made")
    exchange.init(home / "week", world)
    ran = landport("plan", home / "week", "--out", home / "plan.json", "--quiet")
    assert (ran.code, ran.out) == (0, "")
    return home / "week", home / "plan.json"
