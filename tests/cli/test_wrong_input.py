"""Wrong input: one clear message, exit 2, no traceback, nothing written and nothing left behind."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landport import exchange
from landport.errors import LISTED
from landport.model.plans import SCHEMA
from landport.reference import load
from tests.cli.run import landport, names, refused, tampered
from tests.exchange.spoil import put

# ---- weeks -------------------------------------------------------------------------------------


def rename_column(week: Path, file: str, old: str, new: str) -> None:
    text = (week / file).read_text(encoding="utf-8")
    header, _, rest = text.partition("\n")
    assert old in header.split(",")
    (week / file).write_text(",".join(new if c == old else c for c in header.split(",")) + "\n" + rest, "utf-8")


def set_key(week: Path, key: str, value: str) -> None:
    lines = (week / "scenario.toml").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith(f"{key} = ") for line in lines)
    changed = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines]
    (week / "scenario.toml").write_text("\n".join(changed) + "\n", encoding="utf-8")


def many_items(week: Path) -> None:
    header, first, *_ = (week / "items.csv").read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    rows = [",".join([f"N{n:05d}", *cells[1:]]) for n in range(20_000)]
    (week / "items.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    put(week / "items.csv", 17, "mass_kg", "heavy")


SPOILT: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a missing column": (
        lambda week: rename_column(week, "bookings.csv", "destination", "dest"),
        ["bookings.csv row 1 column destination: expected a column destination"],
    ),
    "a binary file": (
        lambda week: (week / "bookings.csv").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20),
        ["bookings.csv: expected text", "binary file"],
    ),
    "an empty file": (
        lambda week: (week / "bookings.csv").write_bytes(b""),
        ["bookings.csv: expected content; the file is empty"],
    ),
    "no bookings": (lambda week: (week / "bookings.csv").unlink(), ["bookings.csv: expected this table"]),
    "no settings": (lambda week: (week / "scenario.toml").unlink(), ["scenario.toml: expected this file in ", "/week"]),
    "broken settings": (
        lambda week: (week / "scenario.toml").write_text("schema 1\n", encoding="utf-8"),
        ["scenario.toml: expected TOML", "line 1"],
    ),
    "a folder that does not exist": (shutil.rmtree, ["expected a scenario", "there is nothing of this name"]),
    "a file that is no week": (
        lambda week: (shutil.rmtree(week), week.write_text("x", encoding="utf-8")),
        ["expected a scenario"],
    ),
    "a folder without a week": (
        lambda week: (shutil.rmtree(week), week.mkdir()),
        ["scenario.toml: expected this file in ", "bookings.csv: expected this table in "],
    ),
    "an unknown place": (
        lambda week: put(week / "bookings.csv", 2, "destination", "Atlantis"),
        ["bookings.csv row 2 column destination: 'Atlantis' — expected a place", "1 problem"],
    ),
    "a text mass in 20,000 items": (
        many_items,
        ["items.csv row 17 column mass_kg: 'heavy' — expected kilograms", "1 problem"],
    ),
    "a newer schema": (
        lambda week: set_key(week, "schema", str(SCHEMA + 1)),
        [f"scenario.toml has schema {SCHEMA + 1}; this landport reads up to {SCHEMA}: update landport"],
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_week_is_refused(how: str, week: Path, out: Path) -> None:
    """The message names file, row, column and value and what was expected; no plan, no temporary file appears."""
    spoil, expected = SPOILT[how]
    spoil(week)
    message = refused("plan", week, "--out", out / "plan.json")
    assert [text for text in expected if text not in message] == []
    assert names(out) == []


@pytest.mark.parametrize("verb", ["plan", "check", "report"])
def test_every_verb_refuses_a_spoilt_week(verb: str, week: Path, made: tuple[Path, Path], out: Path) -> None:
    """Whatever reads the week tells the same; neither plan nor page is written."""
    put(week / "bookings.csv", 2, "declared_kg", "heavy")
    more = {"plan": ["--out", out / "plan.json"], "check": [made[1]], "report": [made[1], "--html", out / "a.html"]}
    assert "bookings.csv row 2 column declared_kg: 'heavy'" in refused(verb, week, *more[verb])
    assert names(out) == []


def test_a_spoilt_week_keeps_the_old_plan(week: Path, out: Path) -> None:
    """An older plan is not touched when its week cannot be read."""
    (out / "plan.json").write_text("old", encoding="utf-8")
    put(week / "bookings.csv", 2, "destination", "Atlantis")
    refused("plan", week, "--out", out / "plan.json")
    assert (out / "plan.json").read_text(encoding="utf-8") == "old"
    assert names(out) == ["plan.json"]


def test_all_wrong_rows_are_told_at_once(week: Path, out: Path) -> None:
    """Rows of several tables are listed together, in the order of their files and rows."""
    put(week / "bookings.csv", 4, "ready_at", "tomorrow")
    put(week / "bookings.csv", 2, "origin", "Atlantis")
    put(week / "items.csv", 3, "count", "-2")
    put(week / "orders.csv", 2, "un_classes", "77")
    lines = refused("plan", week, "--out", out / "plan.json").splitlines()
    assert lines[0] == "landport: 4 problems in the input:"
    wanted = ["bookings.csv row 2", "bookings.csv row 4", "items.csv row 3 column count: '-2'", "orders.csv row 2"]
    assert [line[: len(start)] for line, start in zip(lines[1:], wanted, strict=True)] == wanted


def test_very_many_wrong_rows_are_counted(week: Path, out: Path) -> None:
    """The message stays readable; --json lists every one."""
    header, first, *_ = (week / "items.csv").read_text(encoding="utf-8").splitlines()
    rows = [",".join([f"N{n}", *first.split(",")[1:]]) for n in range(LISTED + 10)]
    (week / "items.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    for row in range(2, LISTED + 12):
        put(week / "items.csv", row, "length_mm", "long")
    lines = refused("plan", week, "--out", out / "plan.json").splitlines()
    assert len(lines) == 1 + LISTED + 1
    assert lines[-1] == "... and 10 more"
    said = json.loads(landport("plan", week, "--out", out / "plan.json", "--json").err)
    assert [p["row"] for p in said["problems"]] == list(range(2, LISTED + 12))
    assert {p["value"] for p in said["problems"]} == {"long"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-27"])
def test_a_week_at_the_end_of_the_calendar(day: str, week: Path, out: Path) -> None:
    """The first and the last Monday there are cannot be planned, and that is said."""
    set_key(week, "start_at", f'"{day}T00:00+00:00"')
    set_key(week, "now_at", f'"{day}T08:00+00:00"')
    assert "scenario.toml key start_at" in refused("plan", week, "--out", out / "plan.json")
    assert names(out) == []


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04" + bytes(200)], ids=["empty", "text", "zip"])
def test_a_workbook_that_is_none(data: bytes, tmp_path: Path, out: Path) -> None:
    """A file that ends in .xlsx and is something else is named."""
    (tmp_path / "week.xlsx").write_bytes(data)
    assert "week.xlsx" in refused("plan", tmp_path / "week.xlsx", "--out", out / "plan.json")
    assert names(out) == []


def test_a_week_of_the_schema_before_is_upgraded(week: Path, out: Path, made: tuple[Path, Path]) -> None:
    """Schema 0 called the hub hub_id and had no plan_days; its plan is the same."""
    text = (week / "scenario.toml").read_text(encoding="utf-8").replace("hub = ", "hub_id = ")
    kept = [line for line in text.splitlines() if not line.startswith(("plan_days", "schema"))]
    (week / "scenario.toml").write_text("\n".join(["schema = 0", *kept]) + "\n", encoding="utf-8")
    assert landport("plan", week, "--out", out / "plan.json", "-q").code == 0
    assert (out / "plan.json").read_bytes() == made[1].read_bytes()


# ---- plans -------------------------------------------------------------------------------------


def cut(plan: Path) -> bytes:
    return plan.read_bytes()[:-100]


def changed(**values: Any) -> Callable[[Path], bytes]:
    return lambda plan: json.dumps(json.loads(plan.read_bytes()) | values).encode()


PLANS: dict[str, tuple[Callable[[Path], bytes], list[str]]] = {
    "no JSON": (lambda _: b"booking_id,shipper\nB1,me\n", ["bad.json: expected a plan as JSON"]),
    "binary": (lambda _: bytes(range(256)), ["bad.json: expected a plan as JSON"]),
    "cut off": (cut, ["bad.json: expected a plan as JSON"]),
    "empty": (lambda _: b"", ["bad.json: expected content; the file is empty"]),
    "another document": (lambda _: b'{"a": 1}', ["bad.json", "schema"]),
    "a list": (lambda _: b"[]", ["bad.json", "expected"]),
    "a text for a number": (changed(seed="one"), ["bad.json column $.seed: expected int"]),
    "a missing record": (changed(charges=None), ["bad.json column $.charges: expected"]),
    "a newer schema": (
        changed(schema=SCHEMA + 1),
        [f"bad.json has schema {SCHEMA + 1}; this landport reads up to {SCHEMA}: update landport"],
    ),
    "a schema that never was": (changed(schema=-1), ["bad.json column $.schema: '-1' — expected a whole number"]),
}


@pytest.mark.parametrize("verb", ["check", "report"])
@pytest.mark.parametrize("how", PLANS)
def test_a_spoilt_plan_is_refused(how: str, verb: str, made: tuple[Path, Path], out: Path) -> None:
    """The message names the file and where in it; no page appears."""
    spoil, expected = PLANS[how]
    bad = out / "bad.json"
    bad.write_bytes(spoil(made[1]))
    message = refused(verb, made[0], bad, *(["--html", out / "new" / "a.html"] if verb == "report" else []))
    assert [text for text in expected if text not in message] == []
    assert names(out) == ["bad.json"]


@pytest.mark.parametrize("verb", ["check", "report"])
def test_a_plan_that_is_not_there(verb: str, made: tuple[Path, Path], out: Path) -> None:
    """A missing file and a folder are told apart from a wrong plan."""
    assert "none.json: expected a readable file" in refused(verb, made[0], out / "none.json")
    assert "out: expected a regular file; this is a folder" in refused(verb, made[0], out)


@pytest.mark.parametrize("verb", ["check", "report"])
def test_nobody_waits_for_a_pipe(verb: str, made: tuple[Path, Path], out: Path) -> None:
    """A named pipe or a device as plan, settings, table or workbook is refused, not opened."""
    said = "expected a regular file; this is a pipe or a device"
    os.mkfifo(out / "pipe.json")
    os.mkfifo(out / "pipe.xlsx")
    assert f"pipe.json: {said}" in refused(verb, made[0], out / "pipe.json")
    assert f"null: {said}" in refused(verb, made[0], "/dev/null")
    assert f"pipe.xlsx: {said}" in refused(verb, out / "pipe.xlsx", made[1])
    for name in ("scenario.toml", "items.csv"):
        shutil.copytree(made[0], out / name)
        (out / name / name).unlink()
        os.mkfifo(out / name / name)
        assert f"{name}: {said}" in refused(verb, out / name, made[1])


@pytest.mark.parametrize("verb", ["check", "report"])
def test_what_we_may_not_read_is_told_in_our_words(
    verb: str, made: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No screen of usage: the command line is right, the file is closed to us."""
    access, opened = os.access, Path.open

    def closed(path: Path, *given: Any, **more: Any) -> Any:
        if path.name == made[1].name:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *given, **more)

    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.R_OK and access(path, mode))
    monkeypatch.setattr(Path, "open", closed)
    assert f"{made[1].name}: expected a readable file: Permission denied" in refused(verb, *made)


def test_a_plan_of_the_schema_before_is_upgraded(made: tuple[Path, Path], out: Path) -> None:
    """Schema 0 had no remarks; the plan holds."""

    def older(document: dict[str, Any]) -> None:
        document["schema"] = 0
        del document["remarks"]

    old = tampered(made[1], out / "old.json", older)
    assert landport("check", made[0], old, "-q").code == 0
    assert exchange.read_plan(old) == exchange.read_plan(made[1])


# ---- options and targets -----------------------------------------------------------------------


OPTIONS = [
    (
        ["plan", "WEEK", "--out", "plan.json", "--effort", "wrong"],
        "--effort wrong: expected one of quick, normal, full",
    ),
    (["plan", "WEEK", "--out", "plan.json", "--effort", ""], "--effort '': expected one of quick, normal, full"),
    (["demo", "--out", "demo", "--effort", "wrong"], "--effort wrong: expected one of quick, normal, full"),
    *(
        (["demo", "--out", "demo", "--week", week], f"--week {week}: expected a Monday")
        for week in ("2022-07-19", "next", "0001-01-01", "9999-12-27", "2022-13-01")
    ),
]


@pytest.mark.parametrize(("arguments", "expected"), OPTIONS, ids=lambda x: x[-1] if isinstance(x, list) else "")
def test_a_wrong_option_is_refused(arguments: list[str], expected: str, week: Path, tmp_path: Path) -> None:
    """The message names the option, its value and what was expected; nothing is written."""
    message = refused(*(week if a == "WEEK" else a for a in arguments))
    assert expected in message
    assert names(tmp_path) == ["week"]


USAGE = [
    (["plan", "WEEK", "--out", "plan.json", "--limit", "0"], "--limit"),
    (["plan", "WEEK", "--out", "plan.json", "--limit", "soon"], "--limit"),
    (["plan", "WEEK", "--out", "plan.json", "--limit", "31622401"], "--limit"),
    (["plan", "WEEK", "--out", "plan.json", "--seed", "-1"], "--seed"),
    (["plan", "WEEK", "--out", "plan.json", "--seed", "2147483648"], "--seed"),
    (["demo", "--seed", "2147483648"], "--seed"),
    (["plan", "WEEK"], "--out"),
    (["plan", "WEEK", "--out", "plan.json", "--fast"], "--fast"),
    (["plan"], "WEEK"),
    (["check", "WEEK"], "PLAN"),
    (["demo", "--scale", "0"], "--scale"),
    (["demo", "--scale", "nan"], "--scale"),
    (["demo", "--seed", "x"], "--seed"),
    (["frobnicate"], "frobnicate"),
    (["serve", "--port", "65536"], "--port"),
    (["serve", "--demo-scale", "0"], "--demo-scale"),
]


@pytest.mark.parametrize(("arguments", "named"), USAGE, ids=lambda x: " ".join(x) if isinstance(x, list) else "")
def test_a_wrong_command_line_is_refused(arguments: list[str], named: str, week: Path, tmp_path: Path) -> None:
    """Exit 2, the option or argument is named on stderr, nothing is written."""
    ran = landport(*(week if a == "WEEK" else a for a in arguments))
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: landport" in ran.err
    assert named in ran.err.partition("Error:")[2]
    assert names(tmp_path) == ["week"]


@pytest.mark.parametrize("verb", ["plan", "report", "init", "demo"])
def test_a_target_that_cannot_be_written(verb: str, made: tuple[Path, Path], out: Path) -> None:
    """A target below a file is refused, and the file stays."""
    (out / "file").write_text("old", encoding="utf-8")
    target = out / "file" / "x"
    given = {
        "plan": ["plan", made[0], "--out", target],
        "report": ["report", *made, "--html", target],
        "init": ["init", target],
        "demo": ["demo", "--scale", 0.001, "--out", target],
    }
    assert f"cannot write {target}" in refused(*given[verb])
    assert (out / "file").read_text(encoding="utf-8") == "old"
    assert names(out) == ["file"]


def test_a_folder_is_no_target(made: tuple[Path, Path], out: Path) -> None:
    """Plan, page and list are files."""
    report = ["report", *made]
    for given in (["plan", made[0], "--out", out], [*report, "--html", out], [*report, "--csv", out]):
        assert f"{out} is a folder; give the name of a file" in refused(*given)
    assert names(out) == []


@pytest.mark.parametrize("verb", ["plan", "report", "list", "demo"])
def test_a_target_is_tried_before_the_work(
    verb: str, made: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a plan that cannot be written: the target is refused before the tables are read."""

    def worked() -> None:
        raise AssertionError("the work has begun")

    monkeypatch.setattr(load, "world", worked)
    (out / "plan.json").mkdir()
    given = {
        "plan": ["plan", made[0], "--out", out / "plan.json"],
        "report": ["report", *made, "--html", out / "plan.json"],
        "list": ["report", *made, "--csv", out / "plan.json"],
        "demo": ["demo", "--out", out],
    }
    assert "is a folder; give the name of a file" in refused(*given[verb])
    assert names(out) == ["plan.json"]


# ---- targets that are read, plans that nobody can sum ------------------------------------------


def own(verb: str, made: tuple[Path, Path], out: Path) -> list[object]:
    week, plan = out / "week", out / "plan.json"
    shutil.copytree(made[0], week)
    shutil.copy(made[1], plan)
    (out / "link").symlink_to(week)
    report = ["report", week, plan]
    return {
        "a table": ["plan", week, "--out", week / "bookings.csv"],
        "a table that is not there": ["plan", week, "--out", week / "SUPPLY.csv"],
        "settings by a link": ["plan", week, "--out", out / "link" / "scenario.toml"],
        "the plan": [*report, "--html", plan],
        "the plan by another name": [*report, "--csv", out / "week" / ".." / "plan.json"],
        "a table of the report": [*report, "--csv", week / "items.csv"],
        "twice the same": [*report, "--csv", out / "a", "--html", out / "week" / ".." / "a"],
    }[verb]


def content(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("verb", "why"),
    [
        ("a table", "this is the week that is read"),
        ("a table that is not there", "this is the week that is read"),
        ("settings by a link", "this is the week that is read"),
        ("the plan", "this is the plan that is read"),
        ("the plan by another name", "this is the plan that is read"),
        ("a table of the report", "this is the week that is read"),
        ("twice the same", "--html has the same name"),
    ],
)
def test_what_is_read_is_no_target(verb: str, why: str, made: tuple[Path, Path], out: Path) -> None:
    """A week, a plan and another output are never overwritten."""
    given = own(verb, made, out)
    before = content(out)
    assert why in refused(*given)
    assert content(out) == before


def test_a_workbook_is_no_target_of_its_plan(out: Path) -> None:
    """`landport plan b.xlsx --out b.xlsx` keeps the week."""
    assert landport("init", out / "b.xlsx", "-q").code == 0
    before = content(out)
    assert "--out" in refused("plan", out / "b.xlsx", "--out", out / "b.xlsx")
    assert content(out) == before


def unknown_type(document: dict[str, Any]) -> None:
    document["containers"][0]["container_type"] = "99XX"


def far_away(document: dict[str, Any]) -> None:
    document["rides"][0]["arrives_at"] = 10**12


def nobodys(document: dict[str, Any]) -> None:
    next(box for box in document["containers"] if box["blocks"])["booking_ids"] = []


def doubled(document: dict[str, Any]) -> None:
    next(box for box in document["containers"] if box["blocks"])["booking_ids"] = ["B0002", "B0002"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (unknown_type, "'99XX'"),
        (far_away, "'1000000000000'"),
        (nobodys, "column booking_ids: '' — expected bookings, each once; these are of container "),
        (doubled, "column booking_ids: 'B0002, B0002' — expected bookings, each once"),
    ],
)
def test_a_report_of_a_plan_that_nobody_can_sum(
    change: Callable[[dict[str, Any]], None], said: str, made: tuple[Path, Path], out: Path
) -> None:
    """What the auditor says is printed; the error names the plan, the record and the value."""
    bad = tampered(made[1], out / "bad.json", change)
    ran = landport("report", made[0], bad, "--html", out / "page.html")
    assert ran.code == 2
    assert ran.out == landport("check", made[0], bad).out
    assert said in ran.err
    assert str(bad) in ran.err
    assert names(out) == ["bad.json"]


UNKNOWN = [
    (key, field, value)
    for key, fields in {
        "containers": ["container_id", "at_id", "destination_id", "booking_ids", "blocks"],
        "rides": ["subject_id", "departure_id", "from_id", "to_id", "first_leg", "last_leg"],
        "runs": ["departure_id", "status"],
        "left": ["booking_id", "container_id", "item_id", "state"],
        "charges": ["subject_id", "kind"],
    }.items()
    for field in fields
    for value in ("NOPE", [], -3)
]


@pytest.mark.parametrize(("key", "field", "value"), UNKNOWN)
def test_no_id_of_a_plan_gives_a_traceback(
    key: str, field: str, value: object, made: tuple[Path, Path], out: Path
) -> None:
    """Unknown places, departures and bookings are shown as they stand, or refused."""

    def change(document: dict[str, Any]) -> None:
        for record in document[key][:2]:
            record[field] = value

    bad = tampered(made[1], out / "bad.json", change)
    ran = landport("report", made[0], bad, "--html", out / "page.html", "--csv", out / "list.csv")
    assert ran.code in (0, 2)
    assert "Traceback" not in ran.err


def test_an_empty_name_is_told(week: Path) -> None:
    """`--out ""` is not called a folder of the name `.`."""
    assert "expected the name of a file" in refused("plan", week, "--out", "")
