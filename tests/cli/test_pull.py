"""`landport pull`: what it says, what it writes, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landport import audit, exchange
from landport.model.scenario import World
from tests.broken.week import decided, priced, tiny
from tests.cli.run import landport, names, refused, tampered


@pytest.fixture
def small(tmp_path: Path, world: World) -> tuple[Path, Path]:
    """The tiny week and its plan as files."""
    plan, week, _ = tiny()
    week = replace(week, departures=tuple(d for d in week.departures if d.status != "extra"))
    plan = priced(decided(plan, week, world), week, world)
    exchange.write_scenario(week, tmp_path / "week", world)
    read, _ = exchange.read_scenario(tmp_path / "week", world)
    exchange.write_plan(replace(plan, scenario_digest=read.digest), tmp_path / "plan.json")
    return tmp_path / "week", tmp_path / "plan.json"


def test_pull_tells_both_choices(small: tuple[Path, Path]) -> None:
    """Moves in order, masses before and after, and both costs; the cheaper one is named."""
    ran = landport("pull", *small, "C00004", "B4")
    assert (ran.code, ran.err) == (0, "")
    said = " ".join(ran.out.split())
    for word in ("Out, in this order", "7,846 kg", "7,546 kg", "Roll the whole container", "1,475.00", "cheaper"):
        assert word in said
    assert "Back, in this order" not in said


def test_pull_as_json(small: tuple[Path, Path]) -> None:
    """The pieces that stand on the consignment go out first and come back as last; costs add up."""
    found = landport("pull", *small, "C00004", "B3", "--days", 3, "--json").document
    assert [m["booking_id"] for m in found["out"]].count("B3") == 12
    assert {m["item_id"] for m in found["back"]} == {"I2"}
    assert len(found["back"]) == 3
    assert found["n_handled"] == len(found["out"]) + len(found["back"])
    assert found["handled_kg"] == 3906 + 300
    assert found["handling_usd_cents"] == round((3906 + 300) * 0.8 + 18 * 50)
    assert found["pull_usd_cents"] == found["handling_usd_cents"] + found["held_usd_cents"]
    assert found["roll_usd_cents"] == 3 * 6000 + waits(3)
    assert (found["before"]["cargo_kg"], found["after"]["cargo_kg"]) == (3906, 300)
    assert found["cheaper"] == "pull"
    assert landport("pull", *small, "C00004", "B3", "--days", 0, "--json").document["cheaper"] == "roll"


def waits(days: int) -> int:
    """Cents of lateness that days add to C00004, which arrives at 5984, is due at 11000 and has priority 2."""
    late = max(0, 5984 + days * 1440 - 11_000)
    return round(late * 10_000 * 3 / 1440)


@pytest.mark.parametrize("booking_id", ["B3", "B4"])
def test_the_corrected_plan_holds(small: tuple[Path, Path], tmp_path: Path, world: World, booking_id: str) -> None:
    """The auditor accepts it; the consignment waits, and the container is as light as was said."""
    week, plan = small
    out = tmp_path / "plan-2.json"
    ran = landport("pull", week, plan, "C00004", booking_id, "--out", out, "--json")
    assert (ran.code, ran.err) == (0, "")
    corrected = exchange.read_plan(out)
    scenario, _ = exchange.read_scenario(week, world)
    assert audit.check(corrected, scenario, world) == ()
    box = next(b for b in corrected.containers if b.container_id == "C00004")
    assert (booking_id in box.booking_ids, box.gross_kg) == (False, ran.document["after"]["gross_kg"])
    held = [one for one in corrected.left if one.code == "customs-hold"]
    assert {(one.booking_id, one.state) for one in held} == {(booking_id, "waiting")}
    assert sum(one.count for one in held) == {"B3": 12, "B4": 3}[booking_id]
    assert any(r.subject_id == "B4" for r in corrected.rides) is (booking_id == "B3")
    assert [r.about for r in corrected.remarks] == [(booking_id, "C00004")]
    assert landport("check", week, out).code == 0
    again = refused("pull", week, out, "C00004", booking_id)
    assert "holds no consignment" in again


@pytest.mark.parametrize(
    ("container", "consignment", "said"),
    [
        ("C99999", "B3", "no container 'C99999'"),
        ("C00001", "B1", "stuffed by its shipper"),
        ("C00004", "B1", "it holds B3, B4"),
    ],
)
def test_pull_refuses_what_is_not_there(
    small: tuple[Path, Path], tmp_path: Path, container: str, consignment: str, said: str
) -> None:
    """One message, exit 2, and nothing written."""
    before = names(tmp_path)
    assert said in refused("pull", *small, container, consignment, "--out", tmp_path / "x.json")
    assert names(tmp_path) == before


def test_pull_refuses_the_only_consignment(small: tuple[Path, Path], tmp_path: Path) -> None:
    """There is nothing to pull it from."""
    out = tmp_path / "plan-2.json"
    assert landport("pull", *small, "C00004", "B4", "--out", out, "-q").code == 0
    assert "nothing but B3" in refused("pull", small[0], out, "C00004", "B3")


def test_pull_builds_on_no_broken_plan(small: tuple[Path, Path], tmp_path: Path) -> None:
    """A plan that does not hold is sent back to the auditor, whatever is wrong with it."""
    for change in (
        lambda d: d["containers"][3].update(gross_kg=1),
        lambda d: d["containers"][3]["blocks"][0].update(item_id="I9"),
        lambda d: d["containers"][3].update(container_type="99XX"),
    ):
        bad = tampered(small[1], tmp_path / "bad.json", change)
        assert "see landport check" in refused("pull", small[0], bad, "C00004", "B3")


def test_a_plan_that_no_longer_holds_is_not_written(
    small: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the auditor does not accept is told, exit 5, and nothing is written."""
    whole = audit.check

    def strict(plan, week, world):  # type: ignore[no-untyped-def]
        return (audit.Violation("WAGON_PAIR", "too uneven", ("C00004",)),) if plan.remarks else whole(plan, week, world)

    monkeypatch.setattr(audit, "check", strict)
    ran = landport("pull", *small, "C00004", "B4", "--out", tmp_path / "x.json", "-q")
    assert ran.code == 5
    assert "WAGON_PAIR: too uneven" in ran.err
    assert "x.json" not in names(tmp_path)
