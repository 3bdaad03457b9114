"""Load plans as files: what is written comes back, and what is no load plan is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landport import exchange
from landport.errors import InputError, Remark
from landport.model.lading import GROUP_ID, NO_LIMIT_KG, LoadPlan, Offer, figures, in_pieces, own_type
from landport.model.loads import LoadedBox, LoadRules, Loads
from landport.model.plans import CargoBlock, Left
from landport.model.scenario import World
from tests.consolidate.cargo import item

ITEMS = {"I": item("I", "A", (10, 20, 30), 9, mass_g=1234), "J": item("J", "B", (10, 10, 10), 1, mass_g=1)}


def block(item_id: str = "I", at: tuple[int, int, int] = (0, 0, 0), grid: tuple[int, int, int] = (2, 2, 2)):
    x, y, z = at
    nx, ny, nz = grid
    return CargoBlock(
        item_id=item_id, x_mm=x, y_mm=y, z_mm=z, dx_mm=10, dy_mm=20, dz_mm=30, nx=nx, ny=ny, nz=nz
    )  # fmt: skip


def box() -> LoadedBox:
    return LoadedBox(
        group_id=GROUP_ID,
        container_type="40x40x60",
        booking_ids=("A",),
        cargo_g=8 * 1234,
        blocks=(block(),),
        remarks=(Remark("void", "20 mm are free", ("length",)),),
    )


def plan(**changes: Any) -> LoadPlan:
    left = Left(booking_id="B", container_id="", item_id="J", count=1, state="waiting", code="no-room", why="full")
    given: dict[str, Any] = {
        "version": "1",
        "offers": (Offer(kind=own_type("40x40x60", (40, 40, 60)), payload_kg=NO_LIMIT_KG),),
        "rules": LoadRules(support_pct=80, refused_un=("UN1202",), forbidden_pairs=(("3", "8"),)),
        "n_boxes": 1,
        "may_split": True,
        "loads": Loads(boxes=(in_pieces(box()),), left=(left,)),
        "n_stowed": (2,),
        "cost": 1000,
        "bound": 10,
        "stopped": "effort",
        "seed": 7,
        "effort": 8,
        "remarks": (Remark("booking-spread", "A is spread", ("A",)),),
    }
    return LoadPlan(**(given | changes))


def test_a_written_plan_comes_back(tmp_path: Path, world: World) -> None:
    """For one container, for as few as it takes, and for as cheap; the same bytes again."""
    priced = replace(plan().offers[0], cost_usd_cents=12_345, n_available=4, payload_kg=9)
    ship = Offer(kind=world.container_types["40RH"], payload_kg=20_000, cost_usd_cents=1)
    for said in (plan(), plan(n_boxes=None, cost=1, bound=1), plan(n_boxes=None, offers=(priced, ship))):
        exchange.write_load_plan(said, ITEMS, tmp_path / "plan.json")
        assert exchange.read_load_plan(tmp_path / "plan.json", world.container_types) == said
        first = (tmp_path / "plan.json").read_bytes()
        exchange.write_load_plan(said, ITEMS, tmp_path / "plan.json")
        assert (tmp_path / "plan.json").read_bytes() == first
        assert exchange.is_load_plan(tmp_path / "plan.json")


def test_the_file_has_the_frozen_keys(tmp_path: Path) -> None:
    """Others build on them: single pieces, kg from grams, per cent of the volume, what no plan can beat."""
    exchange.write_load_plan(plan(), ITEMS, tmp_path / "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    (container,) = document["containers"]
    assert (container["type"], container["fill_pct"], container["mass_kg"]) == ("40x40x60", 50.0, 9.872)
    assert container["cog_mm"] == [10, 20, 30]
    keys = ["item", "x_mm", "y_mm", "z_mm", "dx_mm", "dy_mm", "dz_mm"]
    assert [list(p) for p in container["placements"]] == [keys] * 8
    assert container["placements"][-1] == dict(zip(keys, ["I", 10, 20, 30, 10, 20, 30], strict=True))
    assert container["payload_kg"] is None
    assert {"item": "J", "count": 1, "why": "full"}.items() <= document["left"][0].items()
    assert document["bound"] == {"left_mm3": 10, "fill_pct": round(100 * (9 * 6000 + 1000 - 10) / 96_000, 2)}
    assert (document["stopped"], document["seed"], document["schema"]) == ("effort", 7, 1)


@pytest.mark.parametrize(
    ("changes", "bound"),
    [
        ({"n_boxes": None, "bound": 2}, {"containers": 2}),
        (
            {"n_boxes": None, "bound": 250, "offers": (replace(plan().offers[0], cost_usd_cents=5),)},
            {"cost_usd": 2.5},
        ),
        ({"bound": 0}, {"left_mm3": 0, "fill_pct": 57.29}),
    ],
)
def test_the_bound_says_its_unit(changes: dict[str, Any], bound: dict[str, float]) -> None:
    """Left volume, containers or dollars."""
    assert exchange.load_document(plan(**changes), ITEMS)["bound"] == bound


def test_a_plan_of_others_is_read(tmp_path: Path, world: World) -> None:
    """One with the frozen keys only: types by name, consignments by the cargo."""
    piece = {"item": "I", "x_mm": 0, "y_mm": 0, "z_mm": 0, "dx_mm": 10, "dy_mm": 20, "dz_mm": 30}
    container = {"type": "40x40x60", "placements": [piece], "fill_pct": 1, "mass_kg": 1.234, "cog_mm": [5, 10, 15]}
    document = {"containers": [container], "left": [], "bound": {}, "stopped": "time", "seed": 0}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    found = exchange.read_load_plan(path, world.container_types)
    assert found.offers[0].kind.volume_mm3 == 96_000
    assert (found.loads.boxes[0].cargo_g, found.n_stowed) == (1234, (0,))
    assert exchange.named_consignments(found.loads.boxes, ITEMS)[0].booking_ids == ("A",)


def _set(document: dict[str, Any], *keys: Any, value: Any) -> None:
    for key in keys[:-1]:
        document = document[key]
    document[keys[-1]] = value


@pytest.mark.parametrize(
    ("keys", "value", "expected"),
    [
        (("schema",), 2, "update landport"),
        (("containers", 0, "placements", 0, "x_mm"), 1.5, "$.containers[0].placements[0].x_mm"),
        (("containers", 0, "placements"), None, "$.containers[0].placements"),
        (("containers", 0, "mass_kg"), 1e300, "$.containers[0].mass_kg"),
        (("left", 0, "count"), "three", "$.left[0].count"),
        (("fleet", 0, "length_mm"), 0, "$.fleet[0].length_mm"),
        (("fleet",), [], "container type"),
        (("seed",), 10**19, "18 digits"),
        (("stopped",), "\x07", "control"),
    ],
)
def test_a_wrong_plan_is_told(tmp_path: Path, world: World, keys: tuple[Any, ...], value: Any, expected: str) -> None:
    """One message with the place in the document."""
    document = exchange.load_document(plan(), ITEMS)
    document["containers"][0]["type"] = document["fleet"][0]["type"] = "BIN"
    _set(document, *keys, value=value)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match=expected.replace("[", r"\[").replace("$", r"\$")):
        exchange.read_load_plan(path, world.container_types)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"containers": [], "scenario_digest": "x", "bound": {}}'])
def test_other_files_are_no_load_plan(tmp_path: Path, text: str) -> None:
    """Nor is one that is not there."""
    path = tmp_path / "plan.json"
    assert not exchange.is_load_plan(path)
    path.write_text(text, encoding="utf-8")
    assert not exchange.is_load_plan(path)


def test_an_error_leaves_the_old_plan(tmp_path: Path) -> None:
    """Written whole or not at all."""
    path = tmp_path / "plan.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyError):
        exchange.write_load_plan(plan(offers=()), ITEMS, path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def test_pieces_and_figures() -> None:
    """Blocks come apart wall by wall and bottom up; masses pull the centre, volumes where there are none."""
    pieces = in_pieces(box()).blocks
    assert [(p.x_mm, p.y_mm, p.z_mm) for p in pieces[:4]] == [(0, 0, 0), (0, 20, 0), (0, 0, 30), (0, 20, 30)]
    assert figures(pieces, ITEMS) == figures(box().blocks, ITEMS)
    heavy = {"I": ITEMS["I"], "J": replace(ITEMS["J"], mass_g=3 * 1234)}
    two = [block(grid=(1, 1, 1)), block("J", (30, 0, 0), (1, 1, 1))]
    assert figures(two, heavy).cog_mm == (27.5, 10, 15)
    assert figures(two, {k: replace(i, mass_g=0) for k, i in heavy.items()}).cog_mm == (20, 10, 15)
    assert figures([], {}).cog_mm == (0, 0, 0)
