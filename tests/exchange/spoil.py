"""Ways to spoil a scenario folder, and to see what the reader says."""

from __future__ import annotations

from pathlib import Path

import pytest

from landport import exchange
from landport.errors import InputError, Problem
from landport.model.scenario import World


def problems(path: Path, world: World, **caps: int) -> tuple[Problem, ...]:
    """Read what cannot be read; every message must name a file and what was expected."""
    with pytest.raises(InputError) as caught:
        exchange.read_scenario(path, world, caps=exchange.Caps(**caps))
    assert caught.value.exit_code == 2
    assert caught.value.problems
    assert all(p.file and p.expected.startswith("expected") for p in caught.value.problems)
    return caught.value.problems


def places(found: tuple[Problem, ...]) -> list[tuple[str, int | None, str | None]]:
    """Say where problems are; a setting has a key instead of a column."""
    return [(p.file, p.row, p.key if p.column is None else p.column) for p in found]


def put(path: Path, row: int, column: str, value: str) -> None:
    """Write a value into a cell of a plain CSV file; the header is row 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    index = lines[0].split(",").index(column)
    cells = lines[row - 1].split(",")
    cells[index] = value
    lines[row - 1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
