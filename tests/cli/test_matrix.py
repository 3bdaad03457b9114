"""`landport matrix`: rows that agree with what is printed, and every wrong wish told."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest

from landport import exchange
from landport.app import matrix
from landport.cli.matrix import show
from landport.model.scenario import World
from tests.cli.conftest import Demo
from tests.cli.run import landport, names, refused

FEW = ("--samples", 100, "--workers", 1)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_booking(path: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    return ((booking_id, list(some)) for booking_id, some in groupby(rows(path), key=lambda r: r["booking_id"]))


def test_choices_are_written_and_counted(demo: Demo, out: Path, world: World) -> None:
    """One row a choice in the week's order, times with offset, odds; the summary counts them."""
    ran = landport("matrix", demo.week, *FEW, "--most", 3, "--by", "cost", "--out", out / "c.csv", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert names(out) == ["c.csv"]
    said, found = ran.document, dict(by_booking(out / "c.csv"))
    scenario, _ = exchange.read_scenario(demo.week, world)
    assert list(found) == [b.booking_id for b in scenario.bookings]
    refusals = Counter(some[0]["code"] for some in found.values() if some[0]["code"])
    assert said["refused"] == dict(refusals)
    assert said["n_with_ways"] == len(found) - refusals.total() > 0
    assert said["n_choices"] == sum(1 for some in found.values() for row in some if row["number"]) > len(found)
    assert (said["n_bookings"], said["n_incomplete"], said["samples"]) == (len(found), 0, 100)
    for some in found.values():
        if some[0]["code"]:
            assert (len(some), some[0]["rides"], bool(some[0]["why"])) == (1, "", True)
            continue
        assert [row["number"] for row in some] == [str(n) for n in range(1, len(some) + 1)]
        assert [float(row["usd"]) for row in some] == sorted(float(row["usd"]) for row in some)
        assert len(some) <= 3
        for row in some:
            check_choice(row)


def check_choice(row: dict[str, str]) -> None:
    departs, arrives, due = (datetime.fromisoformat(row[f"{what}_at"]) for what in ("departs", "arrives", "due"))
    assert departs < arrives <= due
    assert departs.tzinfo is not None
    rides = row["rides"].split()
    assert len(rides) == int(row["changes"]) + 1
    assert rides[-1].endswith(f">{row['to_id']}")
    assert 0 <= float(row["odds_by_due"]) <= 1
    assert float(row["odds_error"]) > 0
    assert float(row["co2e_kg"]) > 0


def test_the_summary_is_for_people(demo: Demo, out: Path, world: World) -> None:
    """Counts, and where files went; quiet says nothing; without odds cells are empty."""
    ran = landport("matrix", demo.week, "--samples", 0, "--workers", 1, "--out", out / "c.csv")
    assert (ran.code, ran.err) == (0, "")
    day = f"worth {world.rules.milli('value_of_time_usd_per_feu_day') / 1000:g} USD"
    for said in ("Bookings with ways", "Choices", day, "s of processors", f"choices written to {out / 'c.csv'}"):
        assert said in ran.out
    assert {row["odds_by_due"] for row in rows(out / "c.csv")} == {""}
    again = landport("matrix", demo.week, "--samples", 0, "--workers", 1, "--out", out / "d.csv", "--quiet")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert (out / "c.csv").read_bytes() == (out / "d.csv").read_bytes()


def test_legs_and_changes_join(demo: Demo, out: Path, world: World) -> None:
    """Every class and manner of a change is one of a leg or a start; rooms and prices are said."""
    ran = landport("matrix", demo.week, *FEW, "--legs", out / "l.csv", "--changes", out / "x.csv")
    assert (ran.code, names(out)) == (0, ["l.csv", "x.csv"])
    legs, changes = rows(out / "l.csv"), rows(out / "x.csv")
    scenario, _ = exchange.read_scenario(demo.week, world)
    priced = matrix.legs(scenario, world)
    assert (len(legs), len(changes)) == (len(priced.departs_at), len(priced.change) + len(priced.truck))
    boards = {row["boards"]: row["from_id"] for row in legs}
    lands = {row["lands"]: row["to_id"] for row in legs if row["lands"]}
    for row in changes:
        if row["to_class"]:
            assert boards[row["to_class"]] == row["at_id"] == row["to_id"]
        if row["kind"] == "change" and row["from_manner"] in lands:
            assert lands[row["from_manner"]] == row["at_id"]
        assert bool(row["transfer_id"]) == (row["kind"] == "change") or row["kind"] == "truck"
    assert {row["kind"] for row in changes} == {"start", "change", "truck"}
    assert all(datetime.fromisoformat(r["departs_at"]) < datetime.fromisoformat(r["arrives_at"]) for r in legs)
    assert all(int(row["room_teu"]) > 0 and float(row["usd"]) >= 0 for row in legs)


def test_what_is_not_whole_is_told() -> None:
    """A search that ran out of room is counted for people, too."""
    from rich.console import Console

    counts = {"n_bookings": 2, "n_asked": 2, "n_with_ways": 1, "n_choices": 3, "n_incomplete": 1}
    said = {**counts, "refused": {"too-late": 1}, "box_day_usd": 20.0, "wall_seconds": 1.0, "cpu_seconds": 2.0}
    console = Console(record=True, width=100, quiet=False)
    show(console, said)
    text = console.export_text()
    assert "Not all choices known" in text
    assert "Without: too-late" in text


WISHES = [
    (("--by", "luck"), "--by luck: expected one of time, cost, co2, odds"),
    (("--by", ""), "--by '': expected one of"),
    (("--by", "odds", "--samples", "0"), "--by odds: needs --samples"),
    (("--out", "week"), "week is a folder; give the name of a file"),
    (("--out", "week/bookings.csv"), "this is the week that is read"),
    (("--out", "x.csv", "--legs", "x.csv"), "--legs x.csv: --out has the same name"),
    (("--changes", "."), "expected the name of a file"),
]


@pytest.mark.parametrize(("options", "expected"), WISHES)
def test_a_wrong_wish_is_told(options: tuple[str, ...], expected: str, week: Path) -> None:
    """One message, exit 2, nothing written."""
    before = names(week)
    said = refused("matrix", week.name, *options)
    assert expected in said
    assert (names(week), names(week.parent)) == (before, ["week"])


@pytest.mark.parametrize("options", [("--most", "0"), ("--most", "101"), ("--samples", "-1"), ("--workers", "257")])
def test_numbers_out_of_range_are_told(options: tuple[str, ...], week: Path) -> None:
    """As the command line tells them, exit 2."""
    ran = landport("matrix", week, *options)
    assert (ran.code, ran.out) == (2, "")
    assert options[0] in ran.err


def test_a_stopped_search_leaves_the_old_file(week: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while searching: exit 130, what was there is there."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    (out / "c.csv").write_text("old", encoding="utf-8")
    monkeypatch.setattr(matrix, "answered", stop)
    ran = landport("matrix", week, "--out", out / "c.csv", "--workers", 1)
    assert ran.code == 130
    assert ((out / "c.csv").read_text("utf-8"), names(out)) == ("old", ["c.csv"])
