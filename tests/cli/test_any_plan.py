"""Whatever records of a plan are gone, doubled or changed, a report ends with 0 or 2 and never with a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import landport, tampered

LISTS = ["containers", "rides", "runs", "wagons", "charges", "stages"]
HOW: dict[str, Callable[[list[Any]], list[Any]]] = {
    "none": lambda _: [],
    "the first is gone": lambda records: records[1:],
    "the last is gone": lambda records: records[:-1],
    "twice": lambda records: records * 2,
}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("key", LISTS)
def test_no_list_of_a_plan_gives_a_traceback(key: str, how: str, made: tuple[Path, Path], out: Path) -> None:
    """Records that are missing or stand there twice are shown as they stand, or refused."""

    def change(document: dict[str, Any]) -> None:
        assert document[key]
        document[key] = HOW[how](document[key])

    check(made, tampered(made[1], out / "bad.json", change))


@pytest.mark.parametrize("how", ["none", "twice"])
@pytest.mark.parametrize("field", ["booking_ids", "blocks", "container_type", "master_id", "gross_kg", "due_at"])
def test_no_packed_container_gives_a_traceback(field: str, how: str, made: tuple[Path, Path], out: Path) -> None:
    """A container that the page draws may say anything."""

    def change(document: dict[str, Any]) -> None:
        box = next(box for box in document["containers"] if box["blocks"])
        old = box[field]
        box[field] = old * {"none": 0, "twice": 2}[how]

    check(made, tampered(made[1], out / "bad.json", change))


def check(made: tuple[Path, Path], bad: Path) -> None:
    for more in ([], ["--json"]):
        ran = landport("report", made[0], bad, "--html", bad.parent / "a.html", "--csv", bad.parent / "a.csv", *more)
        assert ran.code in (0, 2), ran
