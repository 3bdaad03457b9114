"""`landport assemble`: a folder in, an audited PLAN.json out; plans of others judged; wrong input told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landport import audit
from landport.app import assembling
from landport.exchange import read_plain_plan
from tests.cli.run import Ran, landport, names, process, refused, tampered
from tests.plain_cases import BOOKINGS, RULES, SERVICES, SMALL_COST, write


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """The case of the docs."""
    return write(tmp_path / "night")


@pytest.fixture
def plan(night: Path, out: Path) -> Path:
    """Its plan."""
    assert landport("assemble", night, "--out", out / "plan.json", "--quiet") == Ran(0, "", "")
    return out / "plan.json"


def test_a_plan_is_written_and_shown(night: Path, out: Path) -> None:
    """Trains with their fill, sums, what is left and why, the proof; the file has the frozen keys."""
    ran = landport("assemble", night, "--out", out / "plan.json")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.replace("\u202f", " ").splitlines()]
    assert lines[:2] == [
        ["train", "to", "departs", "h", "arrives", "h", "minimum", "aboard", "positions", "fill"],
        ["T1", "G", "10", "40", "2", "4", "4", "100", "%"],
    ]
    for said in (
        "1 of 2 trains run",
        "4 of 6 containers shipped, 0 of them late",
        "2 containers left behind:",
        "cost 3 640.75",
        "gap 0.000 %; proven optimal (seed 0)",
        f"plan written to {out / 'plan.json'}",
    ):
        assert said.split() in lines, said  # fmt: skip
    document = json.loads((out / "plan.json").read_bytes())
    assert list(document) == ["run", "ship", "left", "cost", "bound", "stopped", "seed"]
    assert (document["run"], document["cost"], document["bound"]) == (["T1"], 3640.75, 3640.75)
    assert read_plain_plan(out / "plan.json").cost == SMALL_COST
    assert names(out) == ["plan.json"]


def test_json_is_the_file(night: Path, out: Path) -> None:
    """The same document on stdout and nothing else; the seed is the one asked for, or that of the settings."""
    ran = landport("assemble", night, "--out", out / "plan.json", "--json", "--seed", 7, "--effort", 2)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (out / "plan.json").read_text("utf-8")
    assert ran.document["seed"] == 7
    ran = process("assemble", night, "--out", out / "b.json", "--json", folder=out, LANDPORT_SEED="9")
    assert (ran.code, ran.err, ran.document["seed"]) == (0, "", 9)


def test_seconds_may_limit_it(night: Path, out: Path) -> None:
    """Decimals are fine, and a plan comes however few they are."""
    for seconds in ("0.001", "2.5"):
        assert landport("assemble", night, "--out", out / "plan.json", "--limit", seconds, "-q") == Ran(0, "", "")
        assert landport("assemble", night, "--check", out / "plan.json").code == 0


def test_a_plan_that_holds_is_told(night: Path, plan: Path) -> None:
    """Exit 0, in words, as JSON, or in silence."""
    n = len(audit.PLAIN_RULES)
    said = f"{plan}: holds; {n} rules checked, the cost recounted\n"
    assert landport("assemble", night, "--check", plan) == Ran(0, said, "")
    assert landport("assemble", night, "--check", plan, "-q") == Ran(0, "", "")
    assert landport("assemble", night, "--check", plan, "--json").document == {"rules": n, "violations": []}


def overload(document: dict[str, Any]) -> None:
    document["ship"][0]["containers"] += 1
    document["cost"] -= 1


def test_every_violation_of_a_plan_is_told(night: Path, plan: Path, tmp_path: Path) -> None:
    """Exit 1 with all of them, one a line and their sum; as JSON with the ids; with --quiet on stderr."""
    broken = tampered(plan, tmp_path / "broken.json", overload)
    ran = landport("assemble", night, "--check", broken)
    assert (ran.code, ran.err) == (1, "")
    codes = [line.partition(":")[0] for line in ran.out.splitlines()]
    assert {"PLAIN_ONCE", "PLAIN_COST", "PLAIN_BOUND"} <= set(codes[:-1])
    assert codes[-1].endswith(f"of {len(set(codes[:-1]))} rules")
    ran = landport("assemble", night, "--check", broken, "--json")
    assert (ran.code, [v["code"] for v in ran.document["violations"]]) == (1, codes[:-1])
    ran = landport("assemble", night, "--check", broken, "-q")
    assert (ran.code, ran.out) == (1, "")
    assert "PLAIN_COST" in ran.err


def test_every_wrong_row_is_told(tmp_path: Path, out: Path) -> None:
    """Of all three files at once; nothing is written; the same when a plan is to be judged."""
    services = [*SERVICES, ("S9", "G", "X", 90, 70, -1, 0, 0, "dear")]
    bookings = [*BOOKINGS, ("B1", "HUB", "X", 5, 75, 1, 3)]
    folder = write(tmp_path / "bad", services, bookings, {**RULES, "max_legs": 0})
    for more in (("--out", out / "plan.json"), ("--check", tmp_path / "none.json")):
        message = refused("assemble", folder, *more)
        assert message.startswith("landport: 5 problems in the input:\n")
        for place in (
            "services.csv row 7 column arr_h",
            "services.csv row 7 column positions",
            "services.csv row 7 column position_cost",
            "bookings.csv row 5 column booking",
            "rules.json key max_legs",
        ):
            assert place in message  # fmt: skip
    ran = landport("assemble", folder, "--out", out / "plan.json", "--json")
    assert (ran.code, ran.out, len(json.loads(ran.err)["problems"])) == (2, "", 5)
    assert names(out) == []


def test_wrong_options_are_told(night: Path, plan: Path, out: Path) -> None:
    """No target, what does not go with --check, targets that are read or cannot be written, seconds that are none."""
    assert "expected --out PLAN.json, or --check PLAN.json" in refused("assemble", night)
    others = ("--out", out / "x.json", "--limit", 1, "--effort", 1, "--seed", 1)
    message = refused("assemble", night, "--check", plan, *others)
    assert message == "landport: --out, --limit, --effort, --seed: not with --check, which plans nothing\n"
    for name in ("services.csv", "bookings.csv", "rules.json"):
        assert "that is read" in refused("assemble", night, "--out", night / name)
    assert "is a folder" in refused("assemble", night, "--out", out)
    for seconds in ("0", "-1", "soon", "1e3"):
        assert "--limit" in refused("assemble", night, "--out", out / "x.json", "--limit", seconds)
    assert landport("assemble", night, "--out", out / "x.json", "--effort", 0).code == 2
    assert names(out) == ["plan.json"]


def test_what_is_no_plan_is_told(night: Path, tmp_path: Path) -> None:
    """No such file, no JSON, a wrong type: one message."""
    assert "expected a readable file" in refused("assemble", night, "--check", tmp_path / "none.json")
    (tmp_path / "text.json").write_text("no plan", encoding="utf-8")
    assert "expected a plan as JSON" in refused("assemble", night, "--check", tmp_path / "text.json")
    (tmp_path / "list.json").write_text('{"run": 3}', encoding="utf-8")
    assert "column $.run" in refused("assemble", night, "--check", tmp_path / "list.json")


def test_odd_rows_are_remarked_on(tmp_path: Path, out: Path) -> None:
    """A train that never runs is logged and left; --quiet says nothing of it."""
    folder = write(tmp_path / "odd", [*SERVICES, ("T9", "HUB", "G", 9, 30, 4, 5, 1, 0)])
    ran = landport("assemble", folder, "--out", out / "plan.json")
    assert (ran.code, "never-runs" in ran.err) == (0, True)
    assert read_plain_plan(out / "plan.json").cost == SMALL_COST
    assert landport("assemble", folder, "--out", out / "plan.json", "-q") == Ran(0, "", "")


def test_an_over_booked_night_is_no_error(tmp_path: Path, out: Path) -> None:
    """Most containers stay, each with a reason that the table counts; without services all of them."""
    crowd = [(b, *row, 400) for b, *row, _ in BOOKINGS]
    folder = write(tmp_path / "crowd", bookings=crowd)
    ran = landport("assemble", folder, "--out", out / "plan.json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads((out / "plan.json").read_bytes())
    assert sum(x["containers"] for x in document["left"]) > 1100
    assert all(x["why"] for x in document["left"])
    assert "containers left behind:" in ran.out
    ran = landport("assemble", write(tmp_path / "none", services=[]), "--out", out / "none.json")
    assert (ran.code, "0 of 6 containers shipped" in ran.out, "no-services" in ran.err) == (0, True, True)
    assert landport("assemble", write(tmp_path / "nobody", bookings=[]), "--out", out / "nobody.json").code == 0


def test_our_own_mistake_is_kept_apart(night: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that breaks a rule is never written to --out but beside it, numbered; exit 7."""
    plan_rightly = assembling.plain.plan

    def plan_wrongly(*case: Any, **how: Any) -> Any:
        found = plan_rightly(*case, **how)
        return replace(found, cost=found.cost - 1, bound=0)

    monkeypatch.setattr(assembling.plain, "plan", plan_wrongly)
    message = refused("assemble", night, "--out", out / "plan.json", code=7)
    assert message.startswith("landport: our own plan breaks 1 rule; it was written to ")
    assert "PLAIN_COST: the plan states a cost of 3,640.749999; it is 3,640.75" in message
    refused("assemble", night, "--out", out / "plan.json", code=7)
    assert names(out) == ["plan.failed-2.json", "plan.failed.json"]
    assert landport("assemble", night, "--check", out / "plan.failed.json").code == 1
