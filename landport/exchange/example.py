"""An example scenario to start from."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from landport.errors import Conflict
from landport.exchange.scenarios import read_scenario, write_documented
from landport.model.scenario import Scenario, World


def init(path: Path, world: World) -> None:
    """Write the example scenario: every table with three rows, and what each column means.

    Parameters
    ----------
    path
        A folder, or a workbook when it ends with .xlsx.

    Raises
    ------
    Conflict
        `target-exists`: something lies there already.
    InputError
        `not-writable`: the system refuses.

    Notes
    -----
    `columns.csv` (sheet `columns`) documents the columns; it is never read back.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise Conflict("target-exists", f"{path} exists already: choose another name or move it away", (str(path),))
    name = path.stem if path.suffix.lower() == ".xlsx" else path.name
    write_documented(replace(example(world), name=name or "example"), path, world)


def example(world: World) -> Scenario:
    """Read the example: containers to Almaty, one groupage booking, and what the yard knows that week."""
    with as_file(files("landport.exchange") / "example") as folder:
        return read_scenario(folder, world)[0]
