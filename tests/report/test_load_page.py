"""The page of a load plan: what it says is what was planned, and it stands alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from landport.model.loads import LoadRules, Loads
from landport.report import load_facts, load_page, load_words
from tests.consolidate import cargo
from tests.report.loaded import FIRST, HOSTILE, NAMES, block, box, group, planned


def data_of(html: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(scope="module")
def html() -> str:
    return load_page(*planned(), source="items.csv")


def test_it_stands_alone(html):
    """No address of another file; the same plan gives the same bytes."""
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", html)
    assert "https://" not in html
    assert html == load_page(*planned(), source="items.csv")
    assert "default-src &#39;none&#39;" in html


def test_every_reason_to_leave_cargo_has_words():
    """In three languages; and no words are kept for a reason that nobody gives."""
    sources = (Path(__file__).parents[2] / "landport" / "consolidate").glob("*.py")
    told = re.compile(r'\bcode(?:, why)? = "([a-z-]+)"|\bcode="([a-z-]+)"|return _left\(item, "([a-z-]+)"')
    given = {next(filter(None, m)) for path in sources for m in told.findall(path.read_text("utf-8"))}
    known = {key.removeprefix("code_") for key in load_words.TABLE if key.startswith("code_")}
    assert given - {"void"} == known


def test_hostile_names_stay_text():
    """Names and file names from a stranger's table neither end the script nor open a tag."""
    of, result = planned(bookings=tuple(cargo.booking(f"B{n}", consignee=HOSTILE) for n in range(3)))
    html = load_page(of, result, source=HOSTILE)
    assert HOSTILE not in html
    assert data_of(html)["items"][0][0] == "CUBE"
    assert html.count("</script>") == 2


def test_pieces_mass_and_volume_are_those_of_the_plan(html):
    """Over steps, over owners and in the head."""
    data, (of, result) = data_of(html), planned()
    items = {i.item_id: i for i in of.items}
    for load, packed in zip(data["loads"], result.plan.boxes, strict=True):
        numbers = load["blocks"]
        n = sum(numbers[j + 4] * numbers[j + 5] * numbers[j + 6] for j in range(0, len(numbers), 7))
        assert n == sum(b.count for b in packed.blocks) == sum(s[1] for s in load["shares"])
        assert load["mass"] == packed.cargo_g == sum(s[2] for s in load["shares"])
        assert load["volume"] == sum(b.count * items[b.item_id].volume_mm3 for b in packed.blocks)
    assert data["given"][0] == 55
    assert data["proof"] == [1_114_000_000, 1_000_000_000, "effort", 7, "mm3"]


def test_owners_are_in_loading_order(html):
    """Last out, first in."""
    data = data_of(html)
    assert [data["owners"][s[0]][0] for s in data["loads"][0]["shares"]] == list(NAMES)
    assert [o[2] for o in data["owners"]] == [3, 2, 1]


def test_kinds_say_how_pieces_lie(html):
    """Flat in the first container, on end in the second."""
    data = data_of(html)
    flat = [[k[6] for k in load["kinds"] if k[5] == 1] for load in data["loads"]]
    assert flat == [["hl"], ["lh"]]


def test_limits_that_are_broken_are_named(html):
    """The first container is heavy at the closed end; no rule, no fault."""
    of, result = planned()
    cargo_of = load_facts.join(of)
    first = load_facts.packed(of, cargo_of, result.plan)[0]
    at = first.balance
    assert at.length_pct < -5
    assert data_of(html)["loads"][0]["faults"] == ["length", "half"]
    assert load_facts.faults(LoadRules(), at) == ()
    assert load_facts.faults(LoadRules(cog_width_pct=0), at) == ("width",)
    assert load_facts.faults(LoadRules(cog_width_pct=0), None) == ()


def test_what_was_left_is_grouped_by_reason():
    """Refused first, then by volume; the reason is said once."""
    of, result = planned()
    groups = load_facts.left_groups(load_facts.join(of), result.plan)
    assert [(g.code, g.state, g.n_pieces, g.why) for g in groups] == [
        ("un-refused", "refused", 1, "UN 1950 is not taken"),
        ("no-room", "waiting", 5, "no space is left"),
    ]
    assert groups[1].mass_g == 3 * 5_500 + 2 * 20_000
    assert [(owner, x.item_id) for owner, x in groups[1].records] == [(1, "FLAT"), (0, "CUBE")]


def test_reasons_of_one_code_that_differ_stand_at_their_records():
    """No sentence is said of what it is not about."""
    of, result = planned()
    left = list(result.plan.left)
    left[0] = replace(left[0], why="too wide")
    rows = load_facts.data(of, replace(result, plan=replace(result.plan, left=tuple(left))))["left"]
    assert [(r[0], r[2], [x[3] for x in r[6]]) for r in rows][1] == ("no-room", "", ["too wide", "no space is left"])


def test_without_consignees_consignments_are_told_apart_and_items_of_a_single_one():
    """Colours always say something."""
    plain = [cargo.booking(f"B{n}", consignee="") for n in range(3)]
    assert load_facts.join(group(bookings=tuple(plain))).by == "consignment"
    items = tuple(replace(i, booking_id="B0") for i in group().items)
    alone = load_facts.join(group(bookings=(plain[0],), items=items))
    assert (alone.by, [o.name for o in alone.owners]) == ("item", ["CUBE", "FLAT", "CRATE"])
    held = tuple(replace(b, is_released=False) for b in group().bookings)
    assert [o.unload_order for o in load_facts.join(group(bookings=held)).owners] == [-1, -1, -1]


def test_beyond_six_owners_each_container_has_its_own_colours():
    """While there are colours for all, an owner keeps his."""
    of, result = planned()
    known = load_facts.join(of)
    containers = load_facts.packed(of, known, result.plan)
    assert load_facts.tints(containers, known) == [[0, 1, 2], [0, 1, 2]]
    many = replace(known, owners=known.owners * 3)
    chosen = load_facts.tints(containers, many)
    assert [c[:3] for c in chosen] == [[0, 1, 2], [-1, 1, 0]]


def test_stowed_pieces_are_marked():
    """What stood in the first container before is loaded already; the second was empty."""
    of, result = planned()
    data = load_facts.data(replace(of, stowed=(box(FIRST[:1], of),)), result)
    assert [load["standing"] for load in data["loads"]] == [2, 0]
    assert data["loads"][0]["blocks"][1:7] == [2600, 0, 0, 2, 1, 1]


def test_units_of_cost():
    """Volume left of given containers, else money, else containers."""
    of, result = planned()
    units = [
        load_facts.data(replace(of, **changes), result)["proof"][4]
        for changes in ({}, {"n_boxes": None}, {"n_boxes": None, "cost_usd_cents": {"40HC": 5}})
    ]
    assert units == ["mm3", "containers", "cents"]


def test_nothing_loaded_is_a_page_too():
    """All that was left, and why."""
    of, result = planned()
    html = load_page(of, replace(result, plan=Loads(boxes=(), left=result.plan.left)), source="items.csv")
    assert data_of(html)["loads"] == []


def test_pieces_of_no_item_are_drawn():
    """A plan that names an item nobody listed is shown as it is."""
    of, result = planned()
    lost = replace(result.plan.boxes[0], blocks=(*FIRST, block("LOST", (5000, 0, 0), (100, 100, 100))))
    load = load_facts.data(of, replace(result, plan=Loads(boxes=(lost,), left=())))["loads"][0]
    assert (0, 0, -1, "") in [k[3:] for k in load["kinds"]]


def test_every_word_is_said_in_three_languages(html):
    """Nothing is empty or forgotten, and the page asks for just the words that there are."""
    assert all(len(said) == len(load_words.LANGUAGES) and all(said) for said in load_words.TABLE.values())
    same = {key for key, (en, zh, ru) in load_words.TABLE.items() if en in (zh, ru) and len(en) > 4}
    assert same == set()
    asked = set(re.findall(r"\bW\.(\w+)", html)) | set(re.findall(r'data-w(?:-label)?="(\w+)"', html))
    assert asked - {"words"} <= set(load_words.TABLE)
    unused = {k for k in load_words.TABLE if "_" not in k} - asked
    assert unused == set()
