"""`landport lanes`: what is said, written and refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Demo
from tests.cli.run import landport, names, refused

ROWS = "Xian,Duisburg,190,7\nKuytun,Almaty,16,7\nYiwu,Almaty,70,7\nUrumqi,Almaty,60,7\nAlmaty,Urumqi,5,7\n"


@pytest.fixture
def lanes(tmp_path: Path) -> Path:
    """A few lanes in a file."""
    path = tmp_path / "lanes.csv"
    path.write_text("from,to,teu_per_week,promise_days\n" + ROWS, encoding="utf-8")
    return path


def test_a_manager_reads_what_to_do(made: tuple[Path, Path], lanes: Path, out: Path) -> None:
    """Verdict, policies, lanes, a sentence each, and what all rests on; the file has every lane."""
    ran = landport("lanes", made[0], "--demand", lanes, "--csv", out / "found.csv")
    assert (ran.code, ran.err) == (0, "")
    for said in (
        "Xi'an-Duisburg fills 2.2 trains a week: run it direct; by the hub",
        "Kuytun-Almaty fills 0.2 trains a week: assemble; direct the week would cost",
        "Urumqi-Almaty sends 60 TEU a week: assemble, for it starts at the hub",
        "nothing is said of 1 lane: ALM-URC: it ends at the hub",
        "no choice of lanes costs less",
        "lanes_feeder_wait_share 0.5 share of a promise (assumption)",
        "10 runs of 26 weeks, seed 0",
    ):
        assert said in ran.out, ran.out
    assert names(out) == ["found.csv"]
    with (out / "found.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["do"] for row in rows] == ["direct", "hub", rows[2]["do"], "hub", ""]
    assert float(rows[0]["direct_usd_per_teu"]) < float(rows[0]["hub_usd_per_teu"])
    assert float(rows[1]["direct_usd_per_teu"]) > float(rows[1]["hub_usd_per_teu"])
    assert rows[4]["sentence"].startswith("it ends at the hub")
    for row in rows[:3]:
        assert float(row["direct_longest_wait_days"]) <= 7.0
        assert float(row["direct_transit_days"]) <= float(row["direct_transit_p95_days"])


def test_one_lane_has_its_curve(made: tuple[Path, Path], lanes: Path) -> None:
    """As text, and as data with every figure and its unit."""
    asked = ("lanes", made[0], "--demand", lanes, "--from", "Kuytun", "--to", "Almaty")
    said = landport(*asked).out
    assert "KUY-ALM: TEU a week" in said
    found = landport(*asked, "--json").document
    assert [lane["demand"]["from_id"] for lane in found["lanes"]] == ["KUY"]
    curve, even = found["curves"]["KUY-ALM"], found["lanes"][0]["breakeven_teu_milli"]
    for point in curve:
        wins = point["direct_usd_cents_per_teu"] <= point["hub_usd_cents_per_teu"]
        assert wins == (point["teu_milli"] >= even)
    assert found["recommended"] == "mix"
    assert {total["name"] for total in found["totals"]} == {"hub", "direct", "mix"}
    assert all(rate["source"] and rate["confidence"] for rate in found["rates"])


def test_same_seed_same_answer(made: tuple[Path, Path], lanes: Path) -> None:
    """The seed alone decides on the draws."""
    first, again, other = (
        landport("lanes", made[0], "--demand", lanes, "--json", "--seed", seed).document for seed in (5, 5, 6)
    )
    assert first == again
    assert first["totals"] != other["totals"]
    assert [lane["chosen"] for lane in first["lanes"]] == [lane["chosen"] for lane in other["lanes"]]


def test_the_weeks_own_bookings_are_lanes(demo: Demo) -> None:
    """Without a file; a shorter promise never lets anything wait longer."""
    for days in (4, 12):
        found = landport("lanes", demo.week, "--promise", days, "--json").document
        assert len(found["lanes"]) + len(found["unjudged"]) > 5
        for lane in found["lanes"]:
            for name in ("direct", "hub"):
                if lane[name]:
                    assert lane[name]["longest_wait_minutes"] <= days * 1440
    assert landport("lanes", demo.week, "--quiet").out == ""


def test_wrong_wishes_are_told(made: tuple[Path, Path], lanes: Path, out: Path) -> None:
    """Exit 2 and one message; nothing is written."""
    week = made[0]
    assert "--promise 99: expected 0.5 to 60 days" in refused("lanes", week, "--promise", 99)
    assert "no such lane" in refused("lanes", week, "--demand", lanes, "--from", "Moscow", "--to", "Almaty")
    said = refused("lanes", week, "--demand", lanes, "--from", "Almaty", "--to", "Urumqi")
    assert "it ends at the hub" in said
    assert "Nowhere" in refused("lanes", week, "--from", "Nowhere")
    assert "this is the demand that is read" in refused("lanes", week, "--demand", lanes, "--csv", lanes)
    lanes.write_text("from,to,teu_per_week\nXian,Mars,5\nXian,Duisburg,x\n", encoding="utf-8")
    said = refused("lanes", week, "--demand", lanes, "--csv", out / "found.csv")
    assert "2 problems" in said
    assert "row 2 column to" in said
    assert "row 3 column teu_per_week" in said
    assert "lanes.csv" in refused("lanes", week, "--demand", out / "nothing.csv").replace("nothing.csv", "lanes.csv")
    assert names(out) == []
