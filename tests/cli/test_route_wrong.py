"""`landport route`: every wish that cannot be is told in one message, and nothing is written."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Demo
from tests.cli.run import landport, names, refused

THEN = ("--as-of", "2026-12-01", "--ready", "2026-12-01")
MILAN = ("URC", "MIL", *THEN)
WHEN = "expected a day or a time such as 2026-03-02 or 2026-03-02T08:15"
DAY = "expected a day such as 2026-03-02"
YEAR = "expected a year from 1950 to 2200"
EPS = "expected 0 (exact), 1 (the usual) or a number between or above, e.g. 0.5"

WRONG: dict[str, tuple[tuple[object, ...], str]] = {
    "no such place": (("URC", "Atlantis", *THEN), "no place is called 'Atlantis'"),
    "a typo": (("Urumki", "MIL", *THEN), "no place is called 'Urumki'; did you mean Urumqi (URC)"),
    "a Russian typo": (("URC", "Алмата", *THEN), "no place is called 'Алмата'; did you mean Алматы (ALM)"),
    "no name": (("", "MIL", *THEN), "no place is called ''"),
    "two sides of a border": (
        ("Khorgos", "MIL", *THEN),
        "'Khorgos' is the name of 3 places: write the id, or side and mode such as 'Khorgos (CN, rail)'. Choices: HRG",
    ),
    "there already": (("URC", "乌鲁木齐", *THEN), "TO: Urumqi International Land Port is where the load is already"),
    "ready before now": (
        ("URC", "MIL", "--as-of", "1999-03-01", "--ready", "1950-01-01", "--due", "1949-01-01"),
        f"--due 1949-01-01: {YEAR}",
    ),
    "ready in the past": (
        ("URC", "MIL", "--ready", "2020-01-01"),
        "--ready: 2020-01-01 00:00 (UTC+0800) is before now",
    ),
    "due before ready": (
        (*MILAN, "--due", "2026-11-29"),
        "--due: 2026-11-30 00:00 (UTC+0100) is not after the load is ready, 2026-12-01 00:00 (UTC+0800)",
    ),
    "due when ready": ((*MILAN, "--due", "2026-11-30T17:00"), "is not after the load is ready"),
    "due far away": ((*MILAN, "--due", "2100-01-01"), "--due: is more than ten years away"),
    "ready no day": (("URC", "MIL", "--ready", "tomorrow"), f"--ready tomorrow: {WHEN}"),
    "ready no month": (("URC", "MIL", "--ready", "2026-13-01"), f"--ready 2026-13-01: {DAY}"),
    "ready no hour": (("URC", "MIL", "--ready", "2026-12-01T25:00"), f"--ready 2026-12-01T25:00: {WHEN}"),
    "ready in year 1": (("URC", "MIL", "--ready", "0001-01-01T00:00"), f"--ready 0001-01-01T00:00: {YEAR}"),
    "ready in year 9999": (("URC", "MIL", "--ready", "9999-12-31T23:59"), f"--ready 9999-12-31T23:59: {YEAR}"),
    "due in year 9999": ((*MILAN, "--due", "9999-12-31"), f"--due 9999-12-31: {YEAR}"),
    "due with seconds": (
        (*MILAN, "--due", "2026-12-31T23:59:59"),
        "--due 2026-12-31T23:59:59: expected a whole minute, without seconds",
    ),
    "as of no day": (("URC", "MIL", "--as-of", "2026-12-01T08:00"), f"--as-of 2026-12-01T08:00: {DAY}"),
    "as of nothing": (("URC", "MIL", "--as-of", ""), f"--as-of '': {DAY}"),
    "400 t in one box": (
        (*MILAN, "--tonnes", 400),
        "--tonnes: 400 t do not fit one box: a 40HC takes 26,540 kg; it needs 16 (--feu 16)",
    ),
    "400 t in three boxes": ((*MILAN, "--tonnes", 400, "--feu", 3), "--tonnes: 400 t do not fit 3 boxes"),
    "tonnes no number": ((*MILAN, "--tonnes", "heavy"), "--tonnes heavy: expected tonnes, e.g. 18 or 18.5"),
    "tonnes below 0": ((*MILAN, "--tonnes", -3), "--tonnes -3: expected tonnes, e.g. 18 or 18.5"),
    "tonnes 0": ((*MILAN, "--tonnes", 0), "--tonnes 0: expected more than 0 and at most 1,000,000 t"),
    "tonnes nan": ((*MILAN, "--tonnes", "nan"), "--tonnes nan: expected tonnes, e.g. 18 or 18.5"),
    "no such box": ((*MILAN, "--container", "99XX"), "--container 99XX: expected one of 20GP, 20HC, 40GP, 40HC"),
    "odds of nothing": ((*MILAN, "--by", "odds"), "--by odds: needs --due: the odds are of being there by then"),
    "no such order": ((*MILAN, "--by", "beauty"), "--by beauty: expected one of time, cost, co2, odds"),
    "eps no number": ((*MILAN, "--eps", "x"), f"--eps x: {EPS}"),
    "eps below 0": ((*MILAN, "--eps", -1), f"--eps -1: {EPS}"),
    "no minute": ((*MILAN, "--at", 5), "--at goes with --timetable; here it is --ready"),
    "no such line": ((*MILAN, "--open", "XYZ"), "no line is called 'XYZ'"),
    "a place opened": (
        (*MILAN, "--open", "HRG"),
        "open takes a line, not the place 'HRG'; lines there: R-YIN-HRG-1435",
    ),
    "no line between": ((*MILAN, "--close", "URC-MIL"), "no line joins 'URC' and 'MIL'"),
    "a place mistyped": ((*MILAN, "--close", "Khorgo"), "no line or place is called 'Khorgo'; did you mean"),
    "an unsure place": ((*MILAN, "--close", "Khorgos"), "'Khorgos' is the name of 3 places"),
    "slow by nothing": ((*MILAN, "--slow", "HRG"), "'HRG': expected a line or place and a value such as HRG=1.5"),
    "slow by 0": ((*MILAN, "--slow", "HRG=0"), "'HRG=0': expected 0.001 to 1000 times the old time"),
    "no such gauge": ((*MILAN, "--gauge", "KHG-TOR=1000"), "expected a gauge of 1435, 1520, 1668 mm"),
    "no capacity": ((*MILAN, "--capacity", "HRG-ALT=0"), "expected 1 to 1,000,000 TEU; for none, close it"),
    "no week": ((*MILAN, "--week", "nowhere"), "nowhere: expected a scenario"),
    "a page that is a folder": ((*MILAN, "--html", "out"), "out is a folder; give the name of a file"),
    "a page below a file": (
        (*MILAN, "--html", "out/note/page.html"),
        "cannot write out/note/page.html: Not a dir",
    ),
}


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_told(name: str, out: Path, tmp_path: Path) -> None:
    """Exit 2, one message, the same as JSON; no page, no table."""
    arguments, said = WRONG[name]
    (out / "note").write_text("mine", encoding="utf-8")
    page = () if "--html" in arguments else ("--html", "out/page.html")
    message = refused("route", *arguments, *page)
    assert said in message
    assert message.count("landport: ") == 1
    ran = landport("route", *arguments, *page, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert json.loads(ran.err)["message"] == message.removeprefix("landport: ").rstrip("\n")
    assert files(tmp_path) == {"out/note": b"mine"}


def test_before_the_clock_of_a_week_nothing_is_ready(demo: Demo) -> None:
    """Now is the week's, local at the place, whatever the day of today or of --as-of."""
    ready = ("--week", demo.week, "--ready", "2022-07-18T07:59")
    said = "--ready: 2022-07-18 07:59 (UTC+0800) is before now, 2022-07-18 08:00 (UTC+0800)"
    assert said in refused("route", "URC", "MIL", *ready)
    assert said in refused("route", "URC", "MIL", *ready, "--as-of", "2022-01-01")


def test_all_wrong_edits_of_an_action_are_named(out: Path) -> None:
    """One message with a line for each."""
    message = refused("route", *MILAN, "--close", "XYZ", "--close", "HRG", "--close", "Nowhere-MIL")
    assert message.startswith("landport: no line or place is called 'XYZ'")
    assert "\nno place is called 'Nowhere'" in message
    assert names(out) == []


@pytest.mark.parametrize("option", ["--feu", "--most", "--samples", "--seed"])
@pytest.mark.parametrize("value", ["-1", "x", "99999999999"])
def test_counts_have_bounds(option: str, value: str) -> None:
    """What is no number or out of bounds is refused before anything is read."""
    ran = landport("route", *MILAN, option, value)
    assert (ran.code, ran.out) == (2, "")
    assert re.search(rf"Invalid value for '{option}'", ran.err)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("name", ["bookings.csv", "scenario.toml", "services.csv"])
def test_a_page_never_takes_the_place_of_the_week(name: str, demo: Demo, out: Path) -> None:
    """A file that the week has, or may have, is no target, by no other path either."""
    week = Path(shutil.copytree(demo.week, out / "week"))
    before = files(out)
    for target in (week / name, week / ".." / "week" / name):
        message = refused("route", "URC", "MIL", "--week", week, "--html", target)
        assert "this is the week that is read; give another name" in message
    assert files(out) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_page_in_a_closed_folder(out: Path) -> None:
    """It is refused before the search."""
    out.chmod(0o500)
    assert "cannot write" in refused("route", *MILAN, "--html", out / "p.html")


def test_a_page_that_exists_stays_when_the_question_is_wrong(out: Path) -> None:
    """Only an answer takes its place."""
    (out / "p.html").write_text("old", encoding="utf-8")
    refused("route", *MILAN, "--tonnes", 400, "--html", out / "p.html")
    assert files(out) == {"p.html": b"old"}
