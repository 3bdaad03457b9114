"""Demand of lanes from a file: what is read, and every wrong row named."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from landport import exchange
from landport.errors import InputError
from landport.model.lanes import LaneDemand
from landport.model.scenario import World

WEEK = 7 * 1440


def read(path: Path, world: World, text: str) -> tuple[LaneDemand, ...]:
    path.write_text(text, encoding="utf-8")
    return exchange.read_lane_demand(path, world.network.places, promise_minutes=WEEK)[0]


def test_lanes_are_read_as_they_stand(tmp_path: Path, world: World) -> None:
    """Places by name or id, any order of columns, empty promises as they are told, empty rows dropped."""
    text = "To, FROM,teu per week,promise_days,remark\nDuisburg,Xian,190.5,5.5,x\n,,,,\nALM,Kuytun,0.1,,\n"
    assert read(tmp_path / "lanes.csv", world, text) == (
        LaneDemand(from_id="XIA", to_id="DUI", teu_milli=190_500, promise_minutes=7920),
        LaneDemand(from_id="KUY", to_id="ALM", teu_milli=100, promise_minutes=WEEK),
    )
    short = read(tmp_path / "lanes.csv", world, "from,to,teu_per_week\nXIA,DUI,1\n")
    assert [(lane.lane_id, lane.promise_minutes) for lane in short] == [("XIA-DUI", WEEK)]


def test_a_workbook_is_read_too(tmp_path: Path, world: World) -> None:
    """Numbers of cells are numbers."""
    with xlsxwriter.Workbook(tmp_path / "lanes.xlsx") as book:
        sheet = book.add_worksheet("lanes")
        sheet.write_row(0, 0, ["from", "to", "teu_per_week", "promise_days"])
        sheet.write_row(1, 0, ["XIA", "DUI", 40, 3.5])
    found, _ = exchange.read_lane_demand(tmp_path / "lanes.xlsx", world.network.places, promise_minutes=WEEK)
    assert found == (LaneDemand(from_id="XIA", to_id="DUI", teu_milli=40_000, promise_minutes=5040),)


def test_every_wrong_row_is_named(tmp_path: Path, world: World) -> None:
    """One bad row hides no other."""
    rows = [
        "XIA,Nowhere,5,7",
        "XIA,DUI,-1,7",
        "XIA,DUI,many,7",
        "XIA,XIA,5,7",
        ",DUI,5,7",
        "XIA,DUI,5,0.1",
        "A,B",
        "XIA,DUI,nan,",
    ]
    text = "\n".join(["from,to,teu_per_week,promise_days", *rows, "KUY,ALM,5,7", "Kuytun,Almaty,6,7"])
    with pytest.raises(InputError) as raised:
        read(tmp_path / "lanes.csv", world, text)
    told = [(p.row, p.column) for p in raised.value.problems]
    assert told == [
        (2, "to"), (3, "teu_per_week"), (4, "teu_per_week"), (5, "to"), (6, "from"), (7, "promise_days"),
        (8, "from"), (8, "to"), (8, "teu_per_week"), (9, "teu_per_week"), (11, None),
    ]  # fmt: skip
    by_row = {(p.row, p.column): p for p in raised.value.problems}
    assert by_row[3, "teu_per_week"].expected == "expected a number from 0.1 to 100,000"
    assert by_row[11, None].expected == "expected each lane once; it is in row 10, too"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("from,to\nXIA,DUI\n", "expected the columns from, to"),
        ("from,to,to,teu_per_week\n", "each once"),
        ("from,to,teu_per_week\n", "expected at least one lane"),
    ],
)
def test_a_file_without_lanes_is_refused(tmp_path: Path, world: World, text: str, expected: str) -> None:
    """It is said what was expected."""
    with pytest.raises(InputError, match=expected):
        read(tmp_path / "lanes.csv", world, text)
