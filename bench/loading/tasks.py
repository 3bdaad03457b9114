"""What is to be measured, and a file of what was: one JSON line a run, so that an interrupted table goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import landport

OURS = "landport"


@dataclass(frozen=True, slots=True)
class Task:
    """One instance, solved once.

    Parameters
    ----------
    solver
        `landport`, or a peer of `peers.py`.
    version
        Of the solver; landport's carries a digest of what decides its plans.
    counted
        `search`: the process is warm, its CPU seconds are counted from the call. `process`: from its start, with all
        imports.
    mode
        Of `cargo.MODES` or `cargo.FLEETS`.
    """

    solver: str
    version: str
    counted: str
    seconds: float
    mode: str
    instance: str

    @property
    def family(self) -> str:
        """What means are taken over."""
        return self.instance.rpartition("-")[0]

    @property
    def setup(self) -> tuple[str, str, float, str]:
        """Solver, how it is counted, seconds, mode: a column of a table."""
        return self.solver, self.counted, self.seconds, self.mode


@dataclass(frozen=True, slots=True)
class Record:
    """What came out.

    Parameters
    ----------
    share
        Of the container that is cargo; of a fleet, of all containers used.
    cost, bound
        Of a fleet: containers, or US cents; 0 for one container.
    cpu_s, wall_s
        Spent; `process` counts the whole child process.
    faults
        Why the plan is not valid, empty if it is.
    wrong_side_up, unsupported, floating
        Boxes, of `n_boxes`, that the mode may or may not forbid (`exact.Findings`).
    is_short
        A wall-limited peer that never got close to its CPU seconds: leave it out or run it again.
    on
        ISO date.
    is_audited
        The auditor looked at the plan, too; what it found is among the faults.
    """

    task: Task
    share: float
    n_boxes: int
    cost: int
    bound: int
    cpu_s: float
    wall_s: float
    faults: tuple[str, ...]
    wrong_side_up: int
    unsupported: int
    floating: int
    is_short: bool
    on: str
    is_audited: bool = False


def append(path: Path, record: Record) -> None:
    """Add a record to the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")


def read(path: Path) -> Iterator[Record]:
    """Read the records; a line cut off by an interruption is passed over."""
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            fields: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            continue
        fields["task"], fields["faults"] = Task(**fields["task"]), tuple(fields["faults"])
        yield Record(**fields)


def latest(records: Iterable[Record]) -> dict[Task, Record]:
    """Keep the last record of each task."""
    return {record.task: record for record in records}


def missing(todo: Iterable[Task], known: Mapping[Task, Record]) -> list[Task]:
    """List what has no record, or one of a peer that did not get its seconds."""
    return [task for task in dict.fromkeys(todo) if task not in known or known[task].is_short]


def our_version() -> str:
    """Name landport's version with a digest of the planner and of what it is given."""
    package = Path(landport.__file__).parent
    sources = [*package.glob("consolidate/*.py"), package / "_compile.py", package / "model" / "loads.py"]
    text = "\0".join(path.read_text("utf-8") for path in sorted(sources))
    return f"{landport.__version__}+{sha256(text.encode()).hexdigest()[:8]}"
