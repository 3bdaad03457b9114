"""`landport diff`: words, JSON and a list; a plan against itself says that nothing moved."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.cli.conftest import Demo
from tests.cli.run import landport, refused, tampered


def _moved(document: dict[str, Any]) -> None:
    """Let the first container that rides anything ride something else."""
    ids = {c["container_id"] for c in document["containers"]}
    ride = next(r for r in document["rides"] if r["subject_id"] in ids)
    ride["departure_id"] = "X@2022-07-18"


def test_a_plan_against_itself(made: tuple[Path, Path]) -> None:
    """Exit 0, and nothing moved; as JSON, too, and not a word with --quiet."""
    ran = landport("diff", made[1], made[1])
    assert (ran.code, ran.err) == (0, "")
    assert "nothing moved" in ran.out
    document = landport("diff", made[1], made[1], "--json").document
    assert (document["is_empty"], document["containers"]) == (True, [])
    assert landport("diff", made[1], made[1], "--quiet").out == ""


def test_a_change_is_told_and_listed(demo: Demo, out: Path) -> None:
    """One container moved: in words, as data, and as a row of the list."""
    other = tampered(demo.plan, out / "b.json", _moved)
    ran = landport("diff", demo.plan, other, "--csv", out / "moved.csv")
    assert ran.code == 0
    assert "Moved to other departures" in ran.out
    assert ran.out.endswith(f"\nlist written to {out / 'moved.csv'}\n")
    with (out / "moved.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    (told,) = landport("diff", demo.plan, other, "--json").document["containers"]
    assert (row["container_id"], row["what"]) == (told["container_id"], "moved")
    assert "X@2022-07-18" in row["to_trains"]
    assert "X@2022-07-18" in told["after"]


def test_what_cannot_be_read_or_written_is_said(made: tuple[Path, Path], out: Path) -> None:
    """A missing plan, and a list that would overwrite one of the plans."""
    assert "nothing.json" in refused("diff", made[1], out / "nothing.json")
    assert "--csv" in refused("diff", made[1], made[1], "--csv", made[1])
