"""What README and tutorial show is what landport says: their commands are run, their tables are planned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

ROOT = Path(__file__).parents[2]
LANDPORT = f"""landport() {{ {sys.executable} -c 'import sys
from landport.cli import main
main(sys.argv[1:])' "$@"; }}
"""
CLOCKED = LANDPORT.replace(
    "main(sys",
    """import os
from datetime import datetime
from landport.app.ledger import opening
opening.open_ledger.__kwdefaults__["clock"] = lambda: datetime.fromisoformat(os.environ["NOW"])
main(sys""",
)
FENCE = re.compile(r"^```(sh|text|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)
SETTINGS = [
    ("schema", 1), ("name", "my-week"), ("start_at", "2022-07-18T00:00Z"), ("now_at", "2022-07-18T08:00+08:00"),
    ("hub", "Urumqi"), ("plan_days", 7), ("horizon_days", 28),
]  # fmt: skip

pytestmark = pytest.mark.slow


def shell(command: str, folder: Path, now: str = "") -> str:
    """Run lines of a page, at an instant if one is given; answer all that they print, without line breaks."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LANDPORT_")} | {"COLUMNS": "120", "NOW": now}
    done = subprocess.run(
        ["bash", "-c", (CLOCKED if now else LANDPORT) + command.replace("python3 -c", f"{sys.executable} -c")],
        cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
    )  # fmt: skip
    return squashed(done.stdout)


def squashed(text: str) -> str:
    return " ".join(text.split())


def missing(shown: str, said: str) -> list[str]:
    """Parts of a block, between dots, that the output does not have."""
    parts = [squashed(part) for part in re.split(r"^\.\.\.$|…", shown, flags=re.MULTILINE)]
    return [part for part in parts if part not in said]


def test_the_readme_shows_what_happens(tmp_path: Path) -> None:
    """Every command of the ten minutes, in order, in one folder; `make demo` is `landport demo` there."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Ten minutes")[2]
    said = shell("landport demo --out out/demo", tmp_path)
    wrong = []
    for kind, block in FENCE.findall(text):
        if kind == "sh":
            said = shell(block, tmp_path)
            assert "Traceback" not in said
        else:
            wrong += missing(block, said)
    assert wrong == []


def test_the_page_on_loads_shows_what_happens(tmp_path: Path) -> None:
    """Its commands run one after another in one folder, but for the last: what stands there is not kept yet."""
    page = (ROOT / "docs" / "load.md").read_text("utf-8")
    said, wrong = "", []
    for kind, block in FENCE.findall(page):
        if kind == "sh" and "--onto" not in block:
            said = shell(block, tmp_path)
            assert "landport:" not in said
        elif kind == "text":
            wrong += missing(block, said)
    assert wrong == []


def test_the_page_on_ways_shows_what_happens(tmp_path: Path) -> None:
    """Questions, what-ifs and a timetable of one's own; each command answers something."""
    said, wrong = "", []
    for kind, block in FENCE.findall((ROOT / "docs" / "route.md").read_text("utf-8")):
        if kind == "sh":
            said = shell(block, tmp_path)
            assert "landport:" not in said.replace("WARNING landport:", "")
            assert said
        else:
            wrong += missing(block, said)
    assert wrong == []


def test_the_page_on_trains_shows_what_happens(tmp_path: Path) -> None:
    """A case, its plan, and the auditor's word."""
    said, wrong = "", []
    for kind, block in FENCE.findall((ROOT / "docs" / "assemble.md").read_text("utf-8")):
        if kind == "sh":
            said = shell(block, tmp_path)
            assert "landport:" not in said
        else:
            wrong += missing(block, said)
    assert wrong == []


def test_the_page_on_lanes_shows_what_happens(tmp_path: Path) -> None:
    """Its commands run one after another in one folder; each says what stands below it."""
    said, wrong = "", []
    for kind, block in FENCE.findall((ROOT / "docs" / "lanes.md").read_text("utf-8")):
        if kind == "sh":
            said = shell(block, tmp_path)
            assert "landport:" not in said
        else:
            wrong += missing(block, said)
    assert wrong == []


def test_the_page_on_the_border_shows_what_happens(tmp_path: Path) -> None:
    """Its two days, in one folder; the clock is where the page says that it is."""
    days = {"Monday": "2026-03-02", "Tuesday": "2026-03-03"}
    parts = re.compile(r"\*\*(Monday|Tuesday), (\d\d:\d\d)\.\*\*|^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    said, now, wrong = "", "", []
    for day, clock, kind, block in parts.findall((ROOT / "docs" / "border.md").read_text("utf-8")):
        now = f"{days[day]}T{clock}+08:00" if day else now
        if kind == "sh":
            said = shell(block, tmp_path, now)
            assert "landport:" not in said
        elif kind == "text" and "|" not in block and "c(t)" not in block:  # neither a drawing nor a formula
            wrong += missing(block, said)
    assert wrong == []


def cells(table: str) -> list[list[str]]:
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
    return [head, *rows]


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    """Write sheets as a planner would: numbers as numbers, times as dates."""
    with xlsxwriter.Workbook(path) as book:
        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", cell):
                        sheet.write_datetime(r, c, datetime.fromisoformat(cell), style)
                    elif re.fullmatch(r"\d+", cell):
                        sheet.write_number(r, c, int(cell))
                    elif cell:
                        sheet.write_string(r, c, cell)


def test_the_tutorial_shows_what_happens(tmp_path: Path) -> None:
    """The list as it came, the mistake in it, the plan, and what another train changes."""
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    tables = [cells(t) for t in TABLE.findall(page)]
    bookings, items, trains = (
        next(t for t in tables if t[0][0] == n) for n in ("Booking ID", "item_id", "departure_id")
    )
    for row, said in zip(bookings, ["Anna's remark", "", "ask again", "", "", ""], strict=True):
        row.append(said)
    settings = [["key", "value"], *([key, str(value)] for key, value in SETTINGS)]
    sheets = {"scenario": settings, "bookings": bookings, "items": items}
    command = "landport plan my-week.xlsx --out my-plan.json"
    mistake, plan = [block for kind, block in FENCE.findall(page) if kind == "text"]
    workbook(tmp_path / "my-week.xlsx", sheets)
    assert missing(mistake, shell(command, tmp_path)) == []
    items[1][items[0].index("mass_kg")] = "62,5"
    workbook(tmp_path / "my-week.xlsx", sheets)
    said = shell(command, tmp_path)
    assert missing(plan, said) == []
    assert "C00005" in shell("""grep '"B2"' my-plan.json""", tmp_path)
    dear = re.search(r"Cost ([\d ]+) USD", said)
    workbook(tmp_path / "my-week.xlsx", {**sheets, "departures": trains})
    cheap = re.search(r"Cost ([\d ]+) USD", shell(command, tmp_path))
    assert dear
    assert cheap
    assert f"costs {cheap[1]} USD instead of {dear[1]}" in squashed(page).replace("\u202f", " ").replace("\u00a0", " ")
