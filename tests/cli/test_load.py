"""`landport load`: cargo in, an audited load plan out, and every wrong wish told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from landport import audit
from landport.app import loading
from tests.cli.run import Ran, landport, names, refused, tampered

HEAD = "item,length_mm,width_mm,height_mm,mass_kg,count,vertical"
FREE = ("--balance", "off", "--void", 1_000_000)
"""Options that leave the order of walls and their gaps alone."""


def cargo(folder: Path, *rows: str, more: str = "") -> Path:
    path = folder / "cargo.csv"
    path.write_text("\n".join([HEAD + more, *rows]) + "\n", encoding="utf-8")
    return path


def load(path: Path, *options: object) -> Ran:
    return landport("load", path, *options)


def loaded(path: Path, *options: object) -> dict[str, Any]:
    """Load and answer the plan's document."""
    ran = load(path, *options, "--json")
    assert (ran.code, ran.err) == (0, ""), ran
    return ran.document


def pieces(document: dict[str, Any]) -> int:
    return sum(len(c["placements"]) for c in document["containers"])


# ---- what it does ------------------------------------------------------------------------------


def test_a_container_is_filled_and_the_plan_holds(tmp_path: Path, out: Path) -> None:
    """The table, the file and the page say the same; check agrees, and notices a piece moved aside."""
    path = cargo(tmp_path, "cube,100,100,100,1.5,16,h")
    ran = load(path, "--container", "400x200x200", "--out", out / "plan.json", "--html", out / "page.html")
    assert (ran.code, ran.err) == (0, ""), ran
    for said in ("400x200x200", "16", "100.00 %", "24.0", "no limit", "200, 100, 100", "Everything is loaded."):
        assert said in ran.out
    assert "(optimal)" in ran.out
    assert names(out) == ["page.html", "plan.json"]
    document = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    (container,) = document["containers"]
    assert (container["fill_pct"], container["mass_kg"], container["cog_mm"]) == (100.0, 24.0, [200, 100, 100])
    assert document["left"] == []
    assert document == loaded(path, "--container", "400x200x200")
    checked = landport("check", path, out / "plan.json")
    assert (checked.code, checked.err) == (0, "")
    assert f"holds; {len(audit.LOAD_RULES)} rules checked" in checked.out
    moved = tampered(out / "plan.json", out / "moved.json", _push)
    checked = landport("check", path, moved, "--json")
    assert checked.code == 1
    assert {v["code"] for v in checked.document["violations"]} >= {"BLOCK_INSIDE"}
    assert landport("check", path, moved, "--quiet").code == 1


def _push(document: dict[str, Any]) -> None:
    document["containers"][0]["placements"][-1]["x_mm"] += 1


def test_pieces_come_in_loading_order(tmp_path: Path) -> None:
    """Every piece after all that carry it or stand behind it."""
    path = cargo(tmp_path, "a,100,100,100,1,10,h", "b,200,100,50,2,12,lwh")
    document = loaded(path, "--container", "600x200x200", *FREE)
    placed = document["containers"][0]["placements"]
    assert len(placed) == 22
    for n, p in enumerate(placed):
        for q in placed[n + 1 :]:
            over = all(q[f"{a}_mm"] < p[f"{a}_mm"] + p[f"d{a}_mm"] for a in "xy")
            over = over and all(p[f"{a}_mm"] < q[f"{a}_mm"] + q[f"d{a}_mm"] for a in "xy")
            assert not (over and q["z_mm"] < p["z_mm"])


def test_as_few_as_it_takes(tmp_path: Path) -> None:
    """With `auto` everything goes, or says why it does not."""
    path = cargo(tmp_path, "cube,100,100,100,1,24,h", "long,900,100,100,1,1,h", "lead,100,100,100,99,2,h")
    document = loaded(path, "--container", "400x200x200,50", "--containers", "auto", *FREE)
    assert pieces(document) == 24
    assert document["bound"] == {"containers": 2}
    assert document["cost"] == {"containers": len(document["containers"])} == {"containers": 2}
    assert [(x["item"], x["count"], x["code"], x["state"]) for x in document["left"]] == [
        *(("long", 1, "too-large", "refused"), ("lead", 2, "too-heavy", "refused")),
    ]
    ran = load(path, "--container", "400x200x200,50", "--containers", "auto", *FREE)
    assert "refused (too-large): 1 x long" in ran.out
    assert "Left: 3 pieces" in ran.out


def test_the_same_effort_gives_the_same_plan(tmp_path: Path, out: Path) -> None:
    """Byte for byte."""
    path = cargo(tmp_path, "a,130,100,70,1,20,lwh", "b,90,80,50,2,30,lwh")
    for name in ("one", "two"):
        ran = load(path, "--container", "600x300x300", *FREE, "--effort", 2, "--seed", 5, "--out", out / name, "-q")
        assert (ran.code, ran.out) == (0, "")
    assert (out / "one").read_bytes() == (out / "two").read_bytes()


def test_a_fleet_and_a_payload_of_the_lane(tmp_path: Path) -> None:
    """The fleet's types, counts, costs and payloads stand in the plan."""
    fleet = tmp_path / "fleet.csv"
    fleet.write_text("type,count,cost_usd,payload_kg\n40HC,2,1000.50,21000\n20GP,,600,\n", encoding="utf-8")
    path = cargo(tmp_path, "pallet,1200,800,1100,400,8,h")
    document = loaded(path, "--fleet", fleet, "--containers", "auto", *FREE)
    assert [(f["type"], f["count"], f["cost_usd"], f["payload_kg"]) for f in document["fleet"]] == [
        *(("40HC", 2, 1000.5, 21_000), ("20GP", None, 600.0, 28_180)),
    ]
    assert set(document["bound"]) == {"cost_usd"}
    assert pieces(document) == 8


def test_rules_come_from_options(tmp_path: Path) -> None:
    """Support, balance, voids and what is refused, which check reads back."""
    path = cargo(tmp_path, "a,100,100,100,1,1,h,1.4S,", "b,100,100,100,1,1,h,,", more=",un_class,un_number")
    options = ("--support", "0.75", "--void", 1000, "--balance", "50", "--refuse", "1.4, UN1202")
    group = _group_of(path, *options)
    rules = group["rules"]
    assert (rules["support_pct"], rules["void_mm"], rules["half_pct"]) == (75, 1000, 60)
    assert (rules["cog_length_pct"], rules["cog_width_pct"]) == (50, 50)
    assert rules["refused_un"] == ["1.4", "1.4S", "UN1202"]
    assert ["3", "8"] in rules["forbidden_pairs"] or ["3", "5.1"] in rules["forbidden_pairs"]
    plain = cargo(tmp_path, "b,100,100,100,1,1,h")
    assert _group_of(plain, "--void", 1_000_000)["rules"]["cog_length_pct"] is None
    assert _group_of(plain, "--void", 1_000_000, container="20GP")["rules"]["cog_length_pct"] == 5


def _group_of(path: Path, *options: object, container: str = "100x100x100") -> dict[str, Any]:
    """The document of a plan, whether the planner keeps the rules of it or not."""
    ran = load(path, "--container", container, *options, "--json")
    if ran.code == 0:
        return ran.document
    (failed,) = Path().glob("load.failed*.json")
    document = json.loads(failed.read_text(encoding="utf-8"))
    failed.unlink()
    return document


def test_a_load_that_breaks_a_rule_is_kept_apart(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our bug: exit 7, nothing written but the evidence, twice without loss."""
    broken = (audit.Violation("BLOCK_INSIDE", "container 1: outside", ("container 1",)),)
    monkeypatch.setattr(loading, "judge", lambda group, loads: broken)
    path = cargo(tmp_path, "cube,100,100,100,1,1,h")
    for _ in range(2):
        said = refused("load", path, "--container", "100x100x100", "--out", out / "plan.json", code=7)
        assert "BLOCK_INSIDE: container 1: outside" in said
    assert names(out) == ["plan.failed-2.json", "plan.failed.json"]


# ---- what it refuses ---------------------------------------------------------------------------

WISHES = [
    (("--container", "nonsense"), "--container nonsense: expected TYPE"),
    (("--container", "40HC,30000"), "at most 26,540 kg"),
    ((), "expected --container or --fleet"),
    (("--container", "40HC", "--container", "40hc"), "each container type once"),
    (("--container", "40HC", "--containers", "0"), "--containers 0: expected a whole number"),
    (("--container", "40HC", "--containers", "-1"), "--containers -1"),
    (("--container", "40HC", "--containers", "many"), "or auto"),
    (("--container", "40HC", "--containers", "1000000"), "--containers 1000000"),
    (("--container", "40HC", "--support", "1.5"), "--support 1.5: expected a share from 0 to 1"),
    (("--container", "40HC", "--support", "nan"), "--support nan"),
    (("--container", "40HC", "--support", "0.755"), "two decimals"),
    (("--container", "40HC", "--limit", "0"), "--limit 0: expected seconds"),
    (("--container", "40HC", "--limit", "inf"), "--limit inf"),
    (("--container", "40HC", "--limit", "-1"), "--limit -1"),
    (("--container", "40HC", "--balance", "51"), "--balance 51"),
    (("--container", "40HC", "--balance", "on"), "or off"),
    (("--container", "40HC", "--refuse", "UN12"), "--refuse UN12"),
    (("--container", "40HC", "--refuse", "3,x"), "--refuse x"),
    (("--container", "40HC", "--out", "cargo.csv"), "this is the cargo that is read"),
    (("--container", "40HC", "--out", "x", "--html", "x"), "--out has the same name"),
    (("--container", "40HC", "--out", "cargo.csv/plan.json"), "cannot write cargo.csv/plan.json"),
    (("--container", "40HC", "--out", "."), "expected the name of a file"),
    (("--container", "40HC", "--fleet", "nowhere.csv"), "nowhere.csv: expected a readable file"),
    (("--container", "40HC", "--onto", "nowhere.json"), "nowhere.json: expected a readable file"),
    (("--container", "40HC", "--onto", "cargo.csv"), "expected a plan as JSON"),
]


@pytest.mark.parametrize(("options", "expected"), WISHES)
def test_a_wrong_wish_is_told(tmp_path: Path, options: tuple[str, ...], expected: str) -> None:
    """One message, exit 2, nothing written."""
    cargo(tmp_path, "cube,100,100,100,1,1,h")
    assert expected in refused("load", "cargo.csv", *options)
    assert names(tmp_path) == ["cargo.csv"]


def test_wrong_cargo_is_told(tmp_path: Path) -> None:
    """All rows at once; with --json as one line."""
    path = cargo(tmp_path, "a,0,100,100,1,1,h", "b,100,100,100,NaN,1,", "c,100,100,100,1,1,h")
    said = refused("load", path, "--container", "40HC", "--out", "plan.json")
    for line in ("cargo.csv row 2 column length_mm: '0'", "row 3 column mass_kg: 'NaN'", "row 3 column vertical"):
        assert line in said
    assert "3 problems" in said
    ran = load(path, "--container", "40HC", "--json")
    assert (ran.code, len(json.loads(ran.err)["problems"])) == (2, 3)
    assert names(tmp_path) == ["cargo.csv"]


@pytest.mark.parametrize(
    ("onto", "options", "expected"),
    [
        ("cube,100,100,100,1,3,h", (), "4 pieces of cube stand in its containers; the cargo has 3"),
        ("cube,100,100,100,1,4,h", ("--container", "40HC"), "which is not among the containers offered"),
        ("cube,110,100,100,1,4,h", ("--container", "200x200x100"), "BLOCK_TURNED"),
    ],
)
def test_a_plan_to_load_on_must_fit(tmp_path: Path, onto: str, options: tuple[str, ...], expected: str) -> None:
    """Its pieces are among the cargo, its containers among those offered, and it breaks no rule yet."""
    path = cargo(tmp_path, "cube,100,100,100,1,4,h")
    assert load(path, "--container", "200x200x100", "--out", "first.json").code == 0
    path = cargo(tmp_path, onto)
    options = options or ("--container", "200x200x100")
    said = refused("load", path, *options, "--onto", "first.json")
    assert "--onto: " in said
    assert expected in said


def test_check_tells_a_load_from_a_week(tmp_path: Path) -> None:
    """A load plan needs its cargo; a week's plan its week."""
    path = cargo(tmp_path, "cube,100,100,100,1,1,h")
    assert load(path, "--container", "100x100x100", "--out", "plan.json").code == 0
    other = tmp_path / "other.csv"
    other.write_text(f"{HEAD}\ncube,100,100,100,1,2,h\n", encoding="utf-8")
    ran = landport("check", other, "plan.json")
    assert (ran.code, ran.err) == (1, "")
    assert "LOAD_COUNT: cube has 2 pieces; 1 are loaded and 0 left" in ran.out
    assert "this is a folder" in refused("check", tmp_path, "plan.json")
    (tmp_path / "week.json").write_text("{}", encoding="utf-8")
    assert "expected a scenario" in refused("check", path, "week.json")
