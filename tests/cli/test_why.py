"""`landport why`: lines for eyes, one document for programs, nothing where nobody listens."""

from __future__ import annotations

import json
from pathlib import Path

from landport import exchange
from tests.cli.run import landport


def test_why_tells_of_all_and_of_one(made: tuple[Path, Path]) -> None:
    """Without a name all that waits; with one its own lines, the same as in the document."""
    plan = exchange.read_plan(made[1])
    ran = landport("why", *made)
    assert (ran.code, ran.err) == (0, "")
    document = landport("why", *made, "--json").document
    assert ran.out.splitlines() == document["says"]
    assert len(document["prices"]) == len(plan.prices)
    riding = next(ride.subject_id for ride in plan.rides if ride.departure_id)
    one = landport("why", *made, riding)
    assert one.out.startswith(f"{riding} (")
    assert landport("why", *made, riding, "--json").document["subjects"][0]["subject_id"] == riding
    booking_id = plan.containers[0].booking_ids[0]
    assert landport("why", *made, booking_id).out


def test_why_is_quiet_and_knows_what_it_does_not_know(made: tuple[Path, Path]) -> None:
    """--quiet prints nothing; an unknown name is an error with its code, exit 2."""
    assert landport("why", *made, "-q").out == ""
    ran = landport("why", *made, "C99999", "--json")
    assert ran.code == 2
    assert "unknown-subject" in ran.err


def test_a_plan_of_before_is_explained(made: tuple[Path, Path], out: Path) -> None:
    """A file without prices and remedies is read, and told without them."""
    raw = json.loads(made[1].read_text("utf-8"))
    del raw["prices"], raw["remedies"]
    (out / "old.json").write_text(json.dumps(raw), "utf-8")
    document = landport("why", made[0], out / "old.json", "--json").document
    assert (document["prices"], document["remedies"]) == ([], [])
