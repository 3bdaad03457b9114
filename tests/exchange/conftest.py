"""A world, and an example scenario folder to spoil."""

from __future__ import annotations

from pathlib import Path

import pytest

from landport import exchange
from landport.model.scenario import World
from landport.reference import load


@pytest.fixture(scope="session")
def world() -> World:
    return load.world()


@pytest.fixture
def week(tmp_path: Path, world: World) -> Path:
    exchange.init(tmp_path / "week", world)
    return tmp_path / "week"
