"""Every verb does its work, says so in the way asked for, and leaves with the right exit code."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from landport import __version__, audit, errors, exchange, report
from landport.cli import check
from landport.errors import LandportError
from landport.model.plans import SCHEMA
from landport.model.scenario import World
from landport.reference import table
from tests.cli.conftest import Demo
from tests.cli.run import Ran, landport, names, process, refused, tampered
from tests.exchange.spoil import put

HEAVY = {"numpy", "numba", "scipy", "highspy"}
LOADED = """
import sys
from landport.cli import main
try:
    main(sys.argv[1:])
except SystemExit as left:
    print()
    print(*sorted({m.partition(".")[0] for m in sys.modules}))
    sys.exit(left.code)
"""


# ---- what each verb does -----------------------------------------------------------------------


def test_init_makes_a_week(tmp_path: Path) -> None:
    """A folder and a workbook appear, and the words tell what to do next."""
    for name in ("mine", "mine.xlsx"):
        ran = landport("init", name)
        assert ran.code == 0
        assert f"landport plan {name} --out plan.json" in ran.out
    assert names(tmp_path) == ["mine", "mine.xlsx"]
    assert "bookings.csv" in names(tmp_path / "mine")


def test_plan_writes_and_shows(week: Path, out: Path, world: World) -> None:
    """The plan is written, is the week's own, and its tables are on stdout."""
    ran = landport("plan", week, "--out", out / "plan.json", "--seed", 3, "--effort", "normal")
    assert (ran.code, ran.err) == (0, "")
    assert names(out) == ["plan.json"]
    plan = exchange.read_plan(out / "plan.json")
    scenario, _ = exchange.read_scenario(week, world)
    assert (plan.seed, plan.effort, plan.version, plan.schema) == (3, "normal", __version__, SCHEMA)
    assert plan.scenario_digest == scenario.digest
    for said in (
        "Containers planned",
        f"{len(plan.containers)} boxes",
        "Audit",
        f"plan written to {out / 'plan.json'}",
    ):
        assert said in ran.out


def test_plan_makes_the_folder_of_its_file(week: Path, out: Path) -> None:
    """A plan may go into a folder that is not there yet."""
    assert landport("plan", week, "--out", out / "deep" / "er" / "plan.json", "-q").code == 0
    assert names(out / "deep" / "er") == ["plan.json"]


def test_check_says_that_a_plan_holds(made: tuple[Path, Path]) -> None:
    """A good plan is told in one line with the number of rules."""
    ran = landport("check", *made)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{made[1]}: holds; {len(audit.RULES)} rules checked, every charge recounted\n"


def test_report_shows_and_writes_a_page(made: tuple[Path, Path], out: Path) -> None:
    """Tables go to stdout, the page into its file, in a folder that is made for it."""
    ran = landport("report", *made, "--html", out / "new" / "page.html")
    assert ran.code == 0
    assert "Containers planned" in ran.out
    assert f"page written to {out / 'new' / 'page.html'}" in ran.out
    assert names(out / "new") == ["page.html"]
    page = (out / "new" / "page.html").read_text(encoding="utf-8")
    assert page.startswith(("<!doctype html>", "<!DOCTYPE html>"))
    assert page.rstrip().endswith("</html>")
    assert landport("report", *made).out in ran.out


def test_report_writes_a_list(made: tuple[Path, Path], out: Path, world: World) -> None:
    """One row a consignment and container, headed by names, in the encoding that Excel opens."""
    ran = landport("report", *made, "--csv", out / "new" / "list.csv")
    assert ran.code == 0
    assert f"list written to {out / 'new' / 'list.csv'}" in ran.out
    assert names(out / "new") == ["list.csv"]
    assert (out / "new" / "list.csv").read_bytes().startswith(b"\xef\xbb\xbfbooking_id,shipper,")
    with (out / "new" / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    plan, scenario = exchange.read_plan(made[1]), exchange.read_scenario(made[0], world)[0]
    pairs = [(b, c.container_id) for c in plan.containers for b in c.booking_ids]
    assert sorted(pairs) == sorted((r["booking_id"], r["container_id"]) for r in rows if r["container_id"])
    assert {r["booking_id"] for r in rows} == {b.booking_id for b in scenario.bookings}
    assert {r["state"] for r in rows} <= {"planned", "waiting", "refused"}
    assert all(r["why"] for r in rows if r["state"] != "planned")
    quiet = landport("report", *made, "--csv", out / "list.csv", "--html", out / "page.html", "-q")
    assert (quiet.code, quiet.out) == (0, "")
    assert names(out) == ["list.csv", "new", "page.html"]


def test_report_writes_the_masters(made: tuple[Path, Path], out: Path) -> None:
    """One row a house consignment; all pieces of the plan's groupage are there."""
    ran = landport("report", *made, "--masters", out / "masters.csv")
    assert ran.code == 0
    assert f"masters written to {out / 'masters.csv'}" in ran.out
    with (out / "masters.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    boxes = [c for c in exchange.read_plan(made[1]).containers if c.master_id]
    assert [(r["master_id"], r["container_id"], r["booking_id"]) for r in rows] == [
        (c.master_id, c.container_id, b) for c in boxes for b in c.booking_ids
    ]
    assert sum(int(r["n_pieces"]) for r in rows) == sum(b.count for c in boxes for b in c.blocks) > 0
    assert {r["released"] for r in rows} == {"yes"}


def test_no_formula_reaches_a_list(week: Path, out: Path, world: World) -> None:
    """A name that a spreadsheet would run stands in the list with an apostrophe before it."""
    put(week / "bookings.csv", 2, "shipper", "=1+1")
    assert landport("plan", week, "--out", out / "plan.json", "-q").code == 0
    assert landport("report", week, out / "plan.json", "--csv", out / "list.csv", "-q").code == 0
    with (out / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {r["shipper"] for r in csv.DictReader(file)}
    assert "'=1+1" in names
    assert not [name for name in names if name.startswith("=")]


def test_whatever_a_week_is_called_its_plan_is_read(week: Path, out: Path) -> None:
    """Texts that look like numbers or escapes of JSON are texts: what was written is checked and reported."""
    text = "\\u001b[31m: 12345678901234567890 [99999999999999999999"
    toml = (week / "scenario.toml").read_text(encoding="utf-8")
    (week / "scenario.toml").write_text(toml.replace('name = "week"', f"name = '{text}'"), encoding="utf-8")
    put(week / "bookings.csv", 2, "booking_id", text)
    put(week / "orders.csv", 2, "text", text)
    put(week / "orders.csv", 2, "number", text)
    assert landport("plan", week, "--out", out / "plan.json", "-q").code == 0
    assert exchange.read_plan(out / "plan.json").name == text
    assert landport("check", week, out / "plan.json").code == 0
    assert landport("report", week, out / "plan.json", "--html", out / "page.html").code == 0


@pytest.mark.parametrize("verb", ["report", "demo"])
def test_indicators_are_summed_once(
    verb: str, made: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page and tables show the same sums, made once."""
    made_of: list[object] = []
    really = report.indicators

    def counted(*arguments: object, **more: object) -> report.Indicators:
        made_of.append(arguments)
        return really(*arguments, **more)

    monkeypatch.setattr(report, "indicators", counted)
    given = {"report": ["report", *made, "--html", out / "a.html"], "demo": ["demo", "--scale", 0.001, "--out", out]}
    assert landport(*given[verb]).code == 0
    assert len(made_of) == 1


def test_demo_writes_three_things(demo: Demo) -> None:
    """A week, its plan and a page, and nothing else."""
    assert demo.ran.code == 0, demo.ran.err
    assert names(demo.folder) == ["page.html", "plan.json", "week"]
    assert names(demo.folder.parent) == ["small"]
    assert (demo.folder / "page.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


# ---- exit codes --------------------------------------------------------------------------------


def cheaper(document: dict) -> None:
    document["charges"][0]["usd_cents"] -= 1
    document["charges"][-1]["gco2e"] += 1
    document["containers"][0]["gross_kg"] += 1000


def test_check_lists_every_violation(made: tuple[Path, Path], out: Path, world: World) -> None:
    """A plan that was tampered with is read, judged and refused with exit 1; each violation has a line."""
    week, plan = made
    bad = tampered(plan, out / "bad.json", cheaper)
    found = audit.check(exchange.read_plan(bad), exchange.read_scenario(week, world)[0], world)
    assert {"BOX_GROSS"} < {v.code for v in found}
    ran = landport("check", week, bad)
    assert (ran.code, ran.err) == (1, "")
    *lines, total = ran.out.splitlines()
    assert lines == [f"{v.code}: {v.message}" for v in found]
    n_rules = len({v.code for v in found})
    assert total == f"{len(found)} violations of {n_rules} rule{'s' * (n_rules > 1)}"
    listed = landport("check", week, bad, "--json")
    assert listed.code == 1
    assert [v["code"] for v in listed.document["violations"]] == [v.code for v in found]
    assert [v["about"] for v in listed.document["violations"]] == [list(v.about) for v in found]


def test_a_plan_of_another_week_does_not_hold(
    made: tuple[Path, Path], demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest says that the plan was made from something else; too many violations are counted by rule."""
    monkeypatch.setattr(check, "LISTED", 50)
    ran = landport("check", demo.week, made[1])
    assert ran.code == 1
    assert ran.out.startswith("PLAN_SCENARIO: the plan was made from scenario ")
    listed = landport("check", demo.week, made[1], "--json").document["violations"]
    n_by_rule = Counter(v["code"] for v in listed)
    first, *lines, total = ran.out.splitlines()
    assert first.startswith("PLAN_SCENARIO: ")
    assert len(lines) == len(n_by_rule) - 1 < len(listed) - 1
    counted = dict(line.split(": ") for line in lines)
    assert {code: int(said.split()[0]) for code, said in counted.items()} == n_by_rule - Counter(PLAN_SCENARIO=1)
    assert total == f"{len(listed)} violations of {len(n_by_rule)} rules; landport check --json lists all"


def test_only_another_week_is_told_as_ever(made: tuple[Path, Path], out: Path) -> None:
    """When little follows from it every violation is written."""
    bad = tampered(made[1], out / "bad.json", lambda document: document.update(scenario_digest="0" * 12))
    lines = landport("check", made[0], bad).out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["PLAN_SCENARIO", "1 violation of 1 rule"]


def test_a_week_that_changed_a_little_lists_every_violation(made: tuple[Path, Path], out: Path) -> None:
    """One booking weighs more now: what follows from it is written in full."""
    shutil.copytree(made[0], out / "week")
    path = out / "week" / "bookings.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(",9750,") == 1
    path.write_text(text.replace(",9750,", ",9850,"), encoding="utf-8")
    ran, listed = (landport("check", out / "week", made[1], *more) for more in ((), ("--json",)))
    found = [f"{v['code']}: {v['message']}" for v in listed.document["violations"]]
    assert {line.partition(":")[0] for line in found} >= {"PLAN_SCENARIO", "BOX_CARGO"}
    assert ran.out.splitlines()[:-1] == found


@pytest.mark.parametrize("is_here", [True, False])
@pytest.mark.parametrize("name", ["d", "a-folder-with-a-name-as-long-as-names-of-folders-may-be-at-times"])
def test_the_demo_says_what_to_try_next(
    is_here: bool, name: str, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What commands do stands in one column; where landport lies is said only where it lies there."""
    script = tmp_path / ".venv" / "bin" / "landport"
    if is_here:
        script.parent.mkdir(parents=True)
        script.touch()
    monkeypatch.setattr(sys, "argv", [str(script)])
    said = landport("demo", "--scale", 0.001, "--out", out / name).out.splitlines()[-5:]
    assert ("(landport is .venv/bin/landport here)" in said[0]) is is_here
    columns = {line.rindex("    ") for line in said[1:]}
    assert len(columns) == 1, said


def test_report_shows_violations_and_leaves_with_0(made: tuple[Path, Path], out: Path) -> None:
    """Showing a bad plan is no mistake, but it is said."""
    week, plan = made
    ran = landport("report", week, tampered(plan, out / "bad.json", cheaper))
    assert ran.code == 0
    assert "BOX_GROSS" in ran.out
    assert landport("report", week, out / "bad.json", "--json").document["n_violations"] > 0


ERRORS = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, LandportError)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda k: k.__name__)
def test_each_error_has_its_exit_code(kind: type[LandportError], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is raised on purpose becomes one message, or one JSON line, and the code of its class."""

    def stop(*_: object) -> None:
        raise kind("some-code", "something is wrong", ("A1", "A2"))

    monkeypatch.setattr(exchange, "init", stop)
    assert refused("init", out / "week", code=kind.exit_code) == "landport: something is wrong\n"
    ran = landport("init", out / "week", "--json")
    assert (ran.code, ran.out) == (kind.exit_code, "")
    said = json.loads(ran.err)
    assert (said["code"], said["message"], said["about"]) == ("some-code", "something is wrong", ["A1", "A2"])


def test_a_bug_is_not_hidden(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody raised on purpose keeps its traceback."""
    monkeypatch.setattr(exchange, "init", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        landport("init", out / "week")


def test_init_overwrites_nothing(week: Path) -> None:
    """What exists is left alone: a conflict, exit 5."""
    before = {p.name: p.read_bytes() for p in week.iterdir()}
    assert "exists already" in refused("init", week, code=5)
    assert {p.name: p.read_bytes() for p in week.iterdir()} == before


@pytest.mark.parametrize("verb", ["plan", "demo"])
def test_a_plan_of_ours_that_fails_is_kept_apart(
    verb: str, week: Path, out: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the auditor finds a mistake of ours: exit 7, nothing in the plan's file, plan and week beside it."""
    (out / "plan.json").write_text("old", encoding="utf-8")
    found = (audit.Violation("BOX_GROSS", "C00001 is too heavy", ("C00001",)),)
    monkeypatch.setattr(audit, "check", lambda *_: found)
    target = ("plan", week, "--out", out / "plan.json")
    command = target if verb == "plan" else ("demo", "--scale", 0.001, "--out", out)
    message = refused(*command, code=7)
    assert "BOX_GROSS: C00001 is too heavy" in message
    assert str(out / "plan.failed.json") in message
    assert str(out / "plan.failed.week") in message
    made_from = exchange.read_scenario(out / "plan.failed.week", world)[0]
    assert exchange.read_plan(out / "plan.failed.json").scenario_digest == made_from.digest
    kept = ["plan.json"] if verb == "plan" else ["week"]  # a demo's old plan goes with its week
    assert names(out) == ["plan.failed.json", "plan.failed.week", *kept]
    assert verb == "demo" or (out / "plan.json").read_text(encoding="utf-8") == "old"
    first = (out / "plan.failed.json").read_bytes()
    (out / "plan.failed.json").write_bytes(b"kept")
    assert str(out / "plan.failed-2.json") in refused(*command, code=7)
    again = ["plan.failed-2.json", "plan.failed-2.week", "plan.failed.json", "plan.failed.week"]
    assert names(out) == [*again, *kept]
    assert (out / "plan.failed.json").read_bytes() == b"kept"
    assert (out / "plan.failed-2.json").read_bytes() == first


# ---- versions, help, imports -------------------------------------------------------------------


def test_version() -> None:
    """Package, schema and reference digest, in one line."""
    ran = landport("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"landport {__version__}, schema {SCHEMA}, reference {table.digest()}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([v, "--help"] for v in ["init", "plan", "check"])])
def test_help(arguments: list[str]) -> None:
    """Help is no mistake."""
    ran = landport(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: landport" in ran.out


def test_no_arguments_show_help() -> None:
    """Without a verb the verbs are listed, and it is a mistake."""
    ran = landport()
    assert ran.code == 2
    assert all(verb in ran.out + ran.err for verb in ("init", "plan", "check", "report", "demo"))


def loaded(*arguments: object, folder: Path) -> tuple[Ran, set[str]]:
    ran = process(*arguments, folder=folder, code=LOADED)
    return ran, set(ran.out.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["plan", "--help"]])
def test_small_questions_load_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    """Help and version answer without solver, compiler or arrays."""
    ran, modules = loaded(*arguments, folder=tmp_path)
    assert ran.code == 0
    assert "landport" in modules
    assert modules & HEAVY == set()


def test_check_loads_no_planner(made: tuple[Path, Path], tmp_path: Path) -> None:
    """The auditor works where solver and compiler are not even imported."""
    ran, modules = loaded("check", *made, folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "holds" in ran.out
    assert modules & HEAVY == set()
