"""The tables that ship: documented, sourced, joined to each other."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections import Counter, defaultdict
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from landport.reference import table

SHIPPED = files("landport.reference")
TABLES = sorted(table.dictionary())
GROUPS_OF_THE_HUB = {"assembly", "assembly-return", "feeder", "feeder-return"}


def lines_of(name: str) -> list[list[str]]:
    return list(csv.reader(SHIPPED.joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)))


def by(name: str, key: str) -> dict[str, list[dict[str, object]]]:
    found = defaultdict(list)
    for row in table.records(name):
        found[row[key]].append(row)
    return found


def test_every_shipped_table_has_a_dictionary_and_the_other_way_round():
    """No table without documented columns, no dictionary of a table that is gone."""
    shipped = {e.name.removesuffix(".csv") for e in SHIPPED.iterdir() if e.name.endswith(".csv")}
    assert shipped - {n for n in shipped if n.endswith("_columns")} == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_parses_with_its_dictionary(name):
    """Types, ranges, choices, references and unique ids hold: `read` raises otherwise."""
    assert len(table.read(name)) == len(lines_of(name)) - 1


@pytest.mark.parametrize("name", TABLES)
def test_columns_stand_in_the_order_of_the_dictionary_id_first(name):
    """Files and dictionary agree on every column; the id comes first."""
    columns = table.dictionary()[name]
    assert lines_of(name)[0] == [c.column for c in columns]
    assert [c.type for c in columns].index("id") == 0
    assert all(c.meaning and c.unit == c.unit.strip() for c in columns)


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"columns"}))
def test_every_row_has_source_and_confidence(name):
    """Law 16; and what is recalled is never called published."""
    for row in table.records(name):
        assert row["source"], row
        assert row["confidence"] in {"published", "derived", "computed-osm", "recall"}
        assert not (row["source"] == "recall" and row["confidence"] == "published")


@pytest.mark.parametrize("name", TABLES)
def test_cells_are_written_as_they_are_read(name):
    """`format_cell` writes what `read` read; reading that again changes nothing."""
    columns = table.dictionary()[name]
    rows = [[c.column for c in columns]]
    rows += [[table.format_cell(c, v) for c, v in zip(columns, row, strict=True)] for row in table.read(name)]
    problems: list[object] = []
    again = table.parse(rows, columns, file=name, problems=problems, remarks=[])
    assert tuple(again) == table.read(name)
    assert not problems


def test_files_are_plain():
    """UTF-8 without mark, LF, no path of a machine, no package registry."""
    for entry in SHIPPED.iterdir():
        if entry.name.endswith((".csv", ".json", ".md")):
            text = entry.read_bytes().decode("utf-8")
            assert "\r" not in text
            assert not text.startswith("\ufeff")
            assert not re.search(r"(?<![\w.])/(tmp|home|work|root|usr)/|py" r"pi\.org|npm" "js", text), entry.name


def test_references_name_a_column_that_exists():
    """`refers_to` leads somewhere."""
    names = {f"{c.table}.{c.column}" for columns in table.dictionary().values() for c in columns}
    assert {c.refers_to for columns in table.dictionary().values() for c in columns if c.refers_to} <= names


def test_the_digest_is_short_and_steady():
    """Twelve hexadecimal digits, the same each time."""
    assert re.fullmatch("[0-9a-f]{12}", table.digest())
    assert table.digest.__wrapped__() == table.digest()


# ---- places ------------------------------------------------------------------------------------


def names_of(place: dict[str, object]) -> set[str]:
    names = {place["place_id"], place["name"], place["name_zh"], place["name_ru"], place["unlocode"]}
    names |= set(place["aliases"] or ())
    return {" ".join(n.casefold().split()) for n in names if n}


def test_only_names_of_both_sides_of_a_border_are_shared():
    """Khorgos and Bakhty are ambiguous on purpose; nothing else is."""
    owners = defaultdict(set)
    for place in table.records("places"):
        for name in names_of(place):
            owners[name].add(place["place_id"])
    shared = {name: ids for name, ids in owners.items() if len(ids) > 1}
    assert shared.pop("khorgos-altynkol") == {"HRG", "ALT"}  # the crossing by rail
    assert {frozenset(ids) for ids in shared.values()} == {frozenset({"HRG", "ALT", "NUR"}), frozenset({"BKT", "BKH"})}
    assert {"khorgos", "horgos", "хоргос", "霍尔果斯", "baketu", "baktu", "bakhty", "бахты", "巴克图"} == set(shared)
    for name, place_id in (("altynkol", "ALT"), ("khorgos gateway", "ALT"), ("moscow", "MOW"), ("urumqi", "URC")):
        assert owners[name] == {place_id}


def test_side_and_mode_settle_a_shared_name():
    """The places that share a name differ in country or mode."""
    place = {p["place_id"]: (p["country"], p["modes"]) for p in table.records("places")}
    assert place["HRG"] == ("CN", ("rail", "road"))
    assert place["ALT"] == ("KZ", ("rail",))
    assert place["NUR"] == ("KZ", ("road",))
    assert (place["BKT"][0], place["BKH"][0]) == ("CN", "KZ")


def test_every_zone_is_known():
    """Each place has an IANA zone."""
    for place in table.records("places"):
        ZoneInfo(place["timezone"])


# ---- services ----------------------------------------------------------------------------------


def test_legs_follow_each_other_and_their_lines_exist():
    """Each leg runs over open lines of its mode and gauge that join its two stops."""
    lines = {r["line_id"]: r for r in table.records("lines")}
    services = {r["service_id"] for r in table.records("services")}
    legs = by("service_legs", "service_id")
    assert set(legs) == services
    for rows in legs.values():
        assert [r["seq"] for r in rows] == list(range(1, len(rows) + 1))
        assert rows[0]["dwell_h"] == 0
        assert all(a["to_id"] == b["from_id"] for a, b in itertools.pairwise(rows))
        for leg in rows:
            here = leg["from_id"]
            for line_id in leg["line_ids"]:
                line = lines[line_id]
                assert here in (line["from_id"], line["to_id"])
                assert (line["mode"], line["gauge_mm"], line["status"]) == (leg["mode"], leg["gauge_mm"], "open")
                here = line["to_id"] if here == line["from_id"] else line["from_id"]
            assert here == leg["to_id"]
            assert leg["length_km"] == pytest.approx(sum(lines[i]["length_km"] for i in leg["line_ids"]), abs=0.051)


def test_gauge_changes_between_legs_have_a_transfer():
    """Where the next leg has another gauge, a transfer row tells what that takes."""
    rows = {
        (t["place_id"], t["from_gauge_mm"], t["to_gauge_mm"], t["neighbour_id"], t["direction"])
        for t in table.records("transfers")
        if t["kind"] == "gauge-change" and t["status"] == "open"
    }
    for legs in by("service_legs", "service_id").values():
        for a, b in itertools.pairwise(legs):
            if a["gauge_mm"] != b["gauge_mm"]:
                head = (a["to_id"], a["gauge_mm"], b["gauge_mm"])
                assert {(*head, a["from_id"], "inbound"), (*head, b["to_id"], "outbound")} & rows, (a, b)


@pytest.mark.parametrize(
    ("from_id", "to_id", "gauge_mm"),
    [("HRG", "ALT", 1435), ("ALA", "DOS", 1435), ("BRE", "MAL", 1520), ("ALT", "HRG", 1520), ("DOS", "ALA", 1520),
     ("MAL", "BRE", 1435)],
)  # fmt: skip
def test_boxes_change_gauge_on_the_far_side_of_the_border(from_id, to_id, gauge_mm):
    """Going west on the 1520 mm side, going east on the 1435 mm side."""
    legs = [
        r for r in table.records("service_legs") if (r["from_id"], r["to_id"], r["mode"]) == (from_id, to_id, "rail")
    ]
    assert {r["gauge_mm"] for r in legs} == {gauge_mm}


def test_the_hub_pays_for_its_trains_and_buys_positions_on_the_others():
    """Fixed costs stand at hub services only, and legs sum to the price of the service."""
    legs = by("service_legs", "service_id")
    for service in table.records("services"):
        is_hub = service["group"] in GROUPS_OF_THE_HUB
        assert service["operation"] == ("hub" if is_hub else "bought")
        assert (service["fixed_usd"] > 0) == is_hub
        assert is_hub or service["min_feu"] == 0
        mine = legs[service["service_id"]]
        assert 2 * sum(leg["usd_per_teu"] for leg in mine) == service["usd_per_feu"]
        assert 2 * service["min_feu"] <= min(leg["capacity_teu"] for leg in mine)
        assert service["train_class"] == mine[0]["train_class"]


def test_domestic_trains_tie_eight_inland_cities_to_the_logistics_centre():
    """One a day in and one out."""
    found = {r["service_id"]: r for r in table.records("services") if r["group"] == "domestic"}
    cities = ["YIW", "CQG", "XIA", "QIN", "LYG", "ZHZ", "CDU", "LZH"]
    assert set(found) == {f"D-{city}-{way}" for city in cities for way in ("IN", "OUT")}
    legs = by("service_legs", "service_id")
    for service_id in found:
        ends = {legs[service_id][0]["from_id"], legs[service_id][-1]["to_id"]}
        assert ends == {"UMC", service_id.split("-")[1]}
        assert {x["train_class"] for x in legs[service_id]} == {"CN-EXPRESS"}


def test_every_train_rule_joins_to_a_leg_or_says_why_not():
    """No rule is silently without effect, no class without a name."""
    legs = Counter(r["train_class"] for r in table.records("service_legs"))
    for rule in table.records("train_rules"):
        if rule["train_class"] is None:
            assert "joins to no leg" in rule["note"], rule["rule_id"]
        else:
            assert legs[rule["train_class"]] > 0, rule["rule_id"]
    assert set(legs) == {r["train_class"] for r in table.records("train_classes")}


def test_rules_of_a_class_do_not_overlap_unless_another_rule():
    """Two undated limits of one thing in one class would contradict each other."""
    seen = Counter()
    for rule in table.records("train_rules"):
        if rule["train_class"] and rule["valid_from"] is None and rule["valid_to"] is None:
            seen[rule["train_class"], rule["rule"], rule["applies_to"]] += 1
    assert max(seen.values()) == 1


def test_freight_can_be_lifted_wherever_a_train_starts_or_ends():
    """A truck can bring and fetch boxes at both ends of every train and ship."""
    lifts = {
        (t["place_id"], t["from_mode"], t["from_gauge_mm"], t["to_mode"], t["to_gauge_mm"])
        for t in table.records("transfers")
        if t["status"] == "open"
    }
    for legs in by("service_legs", "service_id").values():
        first, last = legs[0], legs[-1]
        if first["mode"] != "road":
            assert (first["from_id"], "road", None, first["mode"], first["gauge_mm"]) in lifts
            assert (last["to_id"], last["mode"], last["gauge_mm"], "road", None) in lifts


# ---- goods, equipment, map ---------------------------------------------------------------------


def test_goods_are_many_and_their_shares_sum_to_one():
    """At least 200 categories ("more than 200", published), consistent in mass and class."""
    goods = table.records("goods")
    assert len({g["hs"] for g in goods}) >= 200
    assert all(re.fullmatch("[0-9]{4}", g["hs"]) for g in goods)
    for share in ("share", "share_export", "share_import"):
        assert sum(g[share] for g in goods) == pytest.approx(1, abs=1e-3)
    classes = {s["class_a"] for s in table.records("segregation")}
    for g in goods:
        assert g["mass_min_kg"] <= g["mass_typ_kg"] <= g["mass_max_kg"]
        assert g["max_on_top_kg"] == pytest.approx(g["mass_typ_kg"] * (g["max_layers"] - 1), abs=10)
        assert g["un_class"] is None or g["un_class"] in classes


def test_segregation_is_symmetric():
    """The order of two classes does not matter."""
    codes = {(r["class_a"], r["class_b"]): r["code"] for r in table.records("segregation")}
    assert all(codes[b, a] == code for (a, b), code in codes.items())


def test_parameters_lie_in_their_range():
    """Low, value and high are in order."""
    for p in table.records("parameters"):
        assert p["low"] is None or p["low"] <= p["value"]
        assert p["high"] is None or p["value"] <= p["high"]


def test_containers_are_balanced_as_trains_ask_for():
    """What packing keeps to, where a week asks for it, is what every train class takes."""
    value = {p["name"]: p["value"] for p in table.records("parameters")}
    asked = {"load_cog_pct": "max_cog_offset_length_pct", "load_half_pct": "max_mass_in_half_length_pct"}
    for name, rule in asked.items():
        limits = {r["value"] for r in table.records("train_rules") if r["rule"] == rule}
        assert limits == {value[name]}


def test_demand_and_containers_add_up():
    """Shares sum to one, months to twelve, gross less tare is payload."""
    for d in table.records("demand"):
        assert d["fcl_share"] + d["lcl_share"] == pytest.approx(1, abs=0.002)
        assert sum(d[f"s{m:02d}"] for m in range(1, 13)) == pytest.approx(12, abs=0.02)
        assert d["due_min_days"] <= d["due_typ_days"] <= d["due_max_days"]
    for c in table.records("containers"):
        assert c["max_gross_kg"] - c["tare_kg"] == pytest.approx(c["payload_kg"], rel=0.02)


def test_the_map_is_small_and_inside_its_frame():
    """At most 150 kB, rings closed, nothing outside the clip."""
    data = SHIPPED.joinpath("land.json").read_bytes()
    assert len(data) <= 150_000
    shapes = json.loads(data)
    assert shapes["source"]
    assert shapes["licence"]
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in shapes["land"])
    points = [p for shape in (*shapes["land"], *shapes["borders"]) for p in shape]
    assert all(-12 <= lon <= 130 and 10 <= lat <= 70 for lon, lat in points)
