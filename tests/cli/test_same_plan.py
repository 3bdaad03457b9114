"""Same week, seed and effort: same plan, byte for byte, whoever asks; and every piece is in it once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from landport import exchange
from landport.app import jobs, packing
from landport.app.jobs import each
from landport.model.scenario import World
from tests.cli.conftest import SMALL, Demo
from tests.cli.run import landport, names, process


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_another_process_makes_the_same_demo(demo: Demo, tmp_path: Path) -> None:
    """Another folder and another hash seed change no byte of week, plan and page."""
    ran = process("demo", *SMALL, "--out", tmp_path / "again", "--quiet", folder=tmp_path, PYTHONHASHSEED="2")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    again, before = files(tmp_path / "again"), files(demo.folder)
    assert sorted(again) == sorted(before)
    assert [name for name in before if again[name] != before[name]] == []


def test_another_seed_makes_another_demo(tmp_path: Path) -> None:
    """Seed 2 invents other freight, and its plan holds other containers; what to try next is told and true."""
    for seed in (1, 2):
        ran = landport("demo", "--scale", 0.001, "--out", tmp_path / f"{seed}", "--seed", seed)
        assert (ran.code, ran.err) == (0, "")
        said = next(line for line in ran.out.splitlines() if line.startswith("  landport check "))
        assert landport(*said.split()[1:4]).code == 0
    one, two = (exchange.read_plan(tmp_path / seed / "plan.json") for seed in ("1", "2"))
    assert (one.seed, two.seed) == (1, 2)
    assert one.scenario_digest != two.scenario_digest
    assert one.containers != two.containers
    assert one.charges != two.charges


def test_planning_the_demo_again_gives_its_plan(demo: Demo, tmp_path: Path) -> None:
    """`plan` on the demo's week, with its seed, is what `demo` wrote; the plan holds."""
    assert landport("plan", demo.week, "--out", tmp_path / "plan.json", "--seed", 1, "-q").code == 0
    assert (tmp_path / "plan.json").read_bytes() == demo.plan.read_bytes()
    assert landport("check", demo.week, demo.plan).code == 0


def test_any_number_of_workers_gives_the_same_plan(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, asked for by option or by variable, that start although there is little to do."""
    monkeypatch.setattr(packing, "PAYS", 0)
    asked = []
    monkeypatch.setattr(jobs, "each", lambda *a, workers: asked.append(workers) or each(*a, workers=workers))
    args = ("plan", demo.week, "--out", tmp_path / "plan.json", "--seed", 1, "-q")
    assert landport(*args, "--workers", 2).code == 0
    assert (tmp_path / "plan.json").read_bytes() == demo.plan.read_bytes()
    monkeypatch.setenv("LANDPORT_WORKERS", "2")
    assert landport(*args).code == 0
    assert landport(*args, "--workers", 1).code == 0
    assert (tmp_path / "plan.json").read_bytes() == demo.plan.read_bytes()
    assert asked == [2, 2]


def test_every_piece_is_accounted_for(demo: Demo, world: World) -> None:
    """Counted from the plan alone: every piece is packed or left once, every container rides or is left once."""
    scenario, remarks = exchange.read_scenario(demo.week, world)
    plan = exchange.read_plan(demo.plan)
    assert remarks == ()
    pieces = Counter({item.item_id: item.count for item in scenario.items})
    packed = Counter({left.item_id: left.count for left in plan.left if left.item_id})
    for box in plan.containers:
        for block in box.blocks:
            packed[block.item_id] += block.nx * block.ny * block.nz
    assert pieces.total() > 200
    assert packed == pieces
    booked = Counter({b.booking_id: b.n_containers for b in scenario.bookings if b.kind == "FCL"})
    assert Counter(box.booking_ids[0] for box in plan.containers if not box.blocks) == booked
    ids = [box.container_id for box in plan.containers]
    riding = {ride.subject_id for ride in plan.rides} & set(ids)
    left = [x.container_id for x in plan.left if x.container_id]
    assert sorted([*riding, *left]) == sorted(ids)


@pytest.mark.parametrize("name", ["week", "week.xlsx"])
def test_the_example_plans_and_holds(name: str, made: tuple[Path, Path], out: Path) -> None:
    """Folder and workbook say the same week: their plans are equal to the byte and hold for either."""
    assert landport("init", out / name, "-q").code == 0
    assert landport("plan", out / name, "--out", out / "plan.json", "-q").code == 0
    assert names(out) == ["plan.json", name]
    assert (out / "plan.json").read_bytes() == made[1].read_bytes()
    assert landport("check", out / name, out / "plan.json").code == 0
    assert landport("check", made[0], out / "plan.json").code == 0
