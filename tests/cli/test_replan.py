"""`landport plan --from`: what changed is told, options and decisions by hand are checked, the old plan is compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import landport, refused


def test_nothing_new_moves_nothing(made: tuple[Path, Path], out: Path) -> None:
    """The plan is told as always, then that nothing moved; the new plan holds, and says what it came from."""
    week, plan = made
    ran = landport("plan", week, "--from", plan, "--out", out / "again.json")
    assert (ran.code, ran.err) == (0, "")
    assert "nothing moved" in ran.out
    replanned = json.loads((out / "again.json").read_bytes())["replanned"]
    assert (replanned["change_usd_cents"], replanned["hands"]) == (50_000, [])
    checked = landport("check", week, out / "again.json", "--from", plan)
    assert (checked.code, checked.err) == (0, "")
    assert landport("diff", plan, out / "again.json", "--json").document["is_empty"]


def test_decisions_by_hand_are_kept(made: tuple[Path, Path], out: Path) -> None:
    """A container held back is left, and told as newly left."""
    week, plan = made
    document = json.loads(plan.read_bytes())
    box = next(r["subject_id"] for r in document["rides"] if r["subject_id"].startswith("C"))
    (out / "hands.csv").write_text(f"container,departure,what\n{box},,ban\n", encoding="utf-8")
    ran = landport(
        "plan", week, "--from", plan, "--hands", out / "hands.csv", "--freeze", "2d", "--out", out / "again.json"
    )
    assert ran.code == 0
    assert "Left now, but rode before" in ran.out
    left = json.loads((out / "again.json").read_bytes())["left"]
    assert [x["code"] for x in left if x["container_id"] == box] == ["by-hand"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--freeze", "24h"), "--freeze is for planning again: add --from PLAN"),
        (("--change-cost", "5"), "--change-cost is for planning again"),
        (("--from", "PLAN", "--freeze", "soon"), "expected a span such as 24h, 90min or 2d"),
        (("--from", "nothing.json"), "nothing.json"),
    ],
)
def test_wrong_options_are_refused(options: tuple[str, ...], said: str, made: tuple[Path, Path], out: Path) -> None:
    """One message, exit 2, and nothing is written."""
    given = [str(made[1]) if o == "PLAN" else o for o in options]
    assert said in refused("plan", made[0], "--out", out / "again.json", *given)
    assert not (out / "again.json").exists()


def test_the_plan_before_is_never_overwritten(made: tuple[Path, Path]) -> None:
    """--out must be another file than --from."""
    assert "--out" in refused("plan", made[0], "--from", made[1], "--out", made[1])


def test_decisions_that_cannot_be_kept_stop(made: tuple[Path, Path], out: Path) -> None:
    """Exit 3 with the records; as JSON with the code."""
    week, plan = made
    document = json.loads(plan.read_bytes())
    ride = next(r for r in document["rides"] if r["subject_id"].startswith("C") and r["departure_id"])
    c, d = ride["subject_id"], ride["departure_id"]
    (out / "hands.csv").write_text(f"container,departure,what\n{c},{d},pin\n{c},{d},ban\n", encoding="utf-8")
    command = ("plan", week, "--from", plan, "--hands", out / "hands.csv", "--out", out / "again.json")
    assert f"{c} is pinned to {d}, and banned from it" in refused(*command, code=3)
    error = json.loads(landport(*command, "--json").err)
    assert (error["code"], error["about"]) == ("hands-clash", [c, d])


def test_a_plan_made_afresh_came_from_nothing(made: tuple[Path, Path]) -> None:
    """`check --from` asks for a plan that was made from that one."""
    assert "was planned afresh" in refused("check", made[0], made[1], "--from", made[1])
