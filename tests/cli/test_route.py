"""`landport route` over the network: what it prints, what-ifs, weeks, and why there is no way."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Demo
from tests.cli.run import Ran, landport, names, process

THEN = ("--as-of", "2026-12-01", "--ready", "2026-12-01")
MILAN = ("URC", "MIL", *THEN, "--due", "2027-01-10")
FEW = ("--samples", 200)
NONE = ("--samples", 0)
ALL = (*NONE, "--most", 100)
KEYS = {
    "schema", "start_at", "asked", "what_if", "as_of_on", "order_by", "n_found", "is_complete", "eps", "choices",
    "refusal", "advice", "places",
}  # fmt: skip
Value = tuple[int, int, int, int]


def asked(*arguments: object, code: int = 0) -> Any:
    """Ask as JSON; answers the document."""
    ran = landport("route", *arguments, "--json")
    assert ran.code == code, ran
    return ran.document


def value(choice: dict[str, Any]) -> Value:
    return choice["arrives"]["minute"], choice["usd_cents"], choice["gco2e"], choice["gauge_changes"]


def passed(document: Any, gauge_mm: int | None = None) -> set[tuple[str, str]]:
    """List neighbours on the paths of all trains of an answer, or of those of a gauge."""
    legs = (leg for c in document["choices"] for ride in c["rides"] for leg in ride["legs"])
    rails = [leg for leg in legs if leg["mode"] == "rail" and gauge_mm in (None, leg["gauge_mm"])]
    return {pair for leg in rails for pair in pairwise(leg["path"])}


def departures(document: Any) -> set[str]:
    return {ride["departure"] for c in document["choices"] for ride in c["rides"] if ride["departure"]}


# ---- what is printed ---------------------------------------------------------------------------


def test_a_table_of_choices_and_their_rides() -> None:
    """The question, one line a choice with the figures of the document, then every ride."""
    document, ran = asked(*MILAN, *FEW, "--most", 3), landport("route", *MILAN, *FEW, "--most", 3)
    assert (ran.code, ran.err) == (0, "")
    assert "Urumqi International Land Port (URC) to Milan (Melzo) (MIL): 1 x 40HC" in ran.out
    spaced = ran.out.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    for choice in document["choices"]:
        row = next(line for line in spaced.splitlines() if re.match(rf"{choice['number']}  \w", line))
        assert f"{round(choice['usd']):,}".replace(",", " ") in row
        assert re.search(rf"  {choice['n_changes']} +{choice['gauge_changes']}  ", row)
        assert f"\n{choice['number']}. Urumqi International Land Port - Milan (Melzo)" in ran.out
        for ride in filter(lambda ride: ride["service"], choice["rides"]):
            assert f"({ride['service']})" in ran.out
    assert f"3 of {document['n_found']} ways that no other beats" in ran.out
    assert "200 samples, seed 0" in spaced


def test_the_document_adds_up() -> None:
    """Keys, sums of charges and of lines, rides that follow each other, instants that parse."""
    document = asked(*MILAN, *FEW)
    assert document.keys() == KEYS
    assert (document["asked"]["from"], document["asked"]["to"]) == ("URC", "MIL")
    assert (document["refusal"], document["advice"], document["what_if"]) == (None, [], None)
    assert 0 < len(document["choices"]) <= 6
    assert len(document["choices"]) <= document["n_found"]
    for number, choice in enumerate(document["choices"], 1):
        assert choice["number"] == number
        adds_up(choice)
        follows(choice)
        assert choice["arrives"]["minute"] <= document["asked"]["due"]["minute"]
        assert choice["minutes_from_ready"] == choice["arrives"]["minute"] - document["asked"]["ready"]["minute"]
        assert (choice["odds"]["n_samples"], choice["odds"]["seed"]) == (200, 0)
        assert 0 <= choice["odds"]["by_due"] <= 1
    start = datetime.fromisoformat(document["start_at"])
    for instant in instants(document):
        assert datetime.fromisoformat(instant["at"]) == start + timedelta(minutes=instant["minute"])


def adds_up(choice: dict[str, Any]) -> None:
    """Charges, priced lines, and what rides and changes bear: each is the whole price."""
    borne = [*filter(None, (x["charge"] for x in choice["rides"] + choice["changes"]))]
    for figure in ("usd_cents", "gco2e"):
        for parts in (choice["charges"], choice["lines"], borne):
            assert sum(part[figure] for part in parts) == choice[figure]
    assert choice["usd"] == choice["usd_cents"] / 100
    assert choice["length_km"] == sum(ride["length_km"] for ride in choice["rides"])


def follows(choice: dict[str, Any]) -> None:
    rides = choice["rides"]
    assert (rides[0]["departs"], rides[-1]["arrives"]) == (choice["departs"], choice["arrives"])
    assert choice["n_changes"] == len(rides) - 1
    for before, after in pairwise(rides):
        assert before["to"] == after["from"]
        assert before["arrives"]["minute"] <= after["departs"]["minute"]


def instants(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and value.keys() == {"minute", "at"}:
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from instants(part)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """In another process, with other hashes, too; another seed gives the same ways and other odds."""
    once = landport("route", *MILAN, *FEW, "--seed", 7, "--json")
    again = process("route", *MILAN, *FEW, "--seed", 7, "--json", folder=tmp_path, PYTHONHASHSEED="5")
    other = asked(*MILAN, *FEW, "--seed", 8)
    assert (once.code, again.code) == (0, 0), again.err
    assert once.out == again.out
    same = once.document
    assert [value(c) for c in other["choices"]] == [value(c) for c in same["choices"]]
    assert [c["odds"] for c in other["choices"]] != [c["odds"] for c in same["choices"]]


def test_a_page_is_written_whole(out: Path) -> None:
    """One file, nothing beside it, in a folder made for it; the table says where."""
    ran = landport("route", *MILAN, *FEW, "--html", out / "new" / "ways.html")
    assert (ran.code, ran.err) == (0, "")
    assert f"page written to {out / 'new' / 'ways.html'}" in ran.out
    assert names(out / "new") == ["ways.html"]
    page = (out / "new" / "ways.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "Milan (Melzo)" in page
    assert not re.search(r"""(src|href)=["']?https?:""", page)


def test_quiet_prints_nothing(out: Path) -> None:
    """No table, no remark on what an edit stops; the page is written all the same, the exit code is what it was."""
    edited = ("route", *MILAN, *NONE, "--close", "HRG")
    assert "place-closed" in landport(*edited).err
    assert landport(*edited, "--quiet", "--html", out / "p.html") == Ran(0, "", "")
    assert names(out) == ["p.html"]
    assert landport("route", "URC", "MIL", *THEN, *NONE, "--due", "2026-12-05", "-q") == Ran(3, "", "")


@pytest.mark.parametrize("pair", [("乌鲁木齐", "Алматы"), ("Урумчи", "阿拉木图"), ("urumqi", "ALMATY")])
def test_places_have_names_in_three_languages(pair: tuple[str, str]) -> None:
    """Chinese, Russian, English and ids mean the same places, so the answer is the same."""
    assert asked(*pair, *THEN, *NONE) == asked("URC", "ALM", *THEN, *NONE)


# ---- which choices -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("time", lambda c: c["arrives"]["minute"]),
        ("cost", lambda c: c["usd_cents"]),
        ("co2", lambda c: c["gco2e"]),
        ("odds", lambda c: -c["odds"]["by_due"]),
    ],
)
def test_choices_stand_in_the_order_asked_for(by: str, key: Any) -> None:
    """First comes what is best; the best by time, cost and CO2e are shown whatever the order."""
    document = asked(*MILAN, *FEW, "--by", by)
    assert document["order_by"] == by
    keys = [key(c) for c in document["choices"]]
    assert keys == sorted(keys)
    assert len(set(keys)) > 1
    everything = [value(c) for c in asked(*MILAN, *ALL)["choices"]]
    if by != "odds":
        shown = [value(c) for c in document["choices"]]
        assert [min(v[i] for v in shown) for i in range(3)] == [min(v[i] for v in everything) for i in range(3)]


def test_sorted_by_odds_surer_ways_are_found_as_well() -> None:
    """With the risk as a fifth criterion the front holds no fewer ways, and the surest is at least as sure."""
    usual, sure = (asked(*MILAN, *FEW, "--by", by, "--most", 100) for by in ("time", "odds"))
    assert sure["n_found"] >= usual["n_found"]
    best = [max(c["odds"]["by_due"] for c in d["choices"]) for d in (sure, usual)]
    assert best[0] >= best[1]


@pytest.mark.parametrize("most", [1, 2, 4])
def test_at_most_so_many_are_shown(most: int) -> None:
    """All are counted, some are shown."""
    document = asked(*MILAN, *NONE, "--most", most)
    assert len(document["choices"]) == most < document["n_found"]
    assert all(c["odds"] is None for c in document["choices"])


@pytest.mark.parametrize("pair", [("URC", "ALM"), ("KHG", "TAS"), ("SHZ", "AST")])
def test_eps_leaves_out_what_one_that_stands_is_near_to(pair: tuple[str, str]) -> None:
    """Exactly, no way beats another; every one of them is met, give or take eps, and no way is better than all."""
    exact, usual = (asked(*pair, *THEN, *ALL, "--eps", eps) for eps in (0, 1))
    assert exact["eps"] == {"minutes": 0, "usd_cents": 0, "gco2e": 0}
    assert exact["n_found"] == len(exact["choices"]) >= usual["n_found"]
    all_of, some = ([value(c) for c in d["choices"]] for d in (exact, usual))
    assert not any(beats(v, w) for v in all_of for w in all_of if v != w)
    assert all(any(beats(v, w) for v in all_of) for w in some)
    near = (*usual["eps"].values(), 0)
    assert all(any(all(k <= w + e for k, w, e in zip(kept, v, near, strict=True)) for kept in some) for v in all_of)


def beats(one: Value, other: Value) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def test_boxes_travel_and_are_paid_together() -> None:
    """Ten boxes cost and emit ten times as much; their tonnes are split evenly."""
    one = asked("URC", "ALM", *THEN, *ALL, "--tonnes", 18)
    ten = asked("URC", "ALM", *THEN, *ALL, "--tonnes", 180, "--feu", 10)
    assert (ten["asked"]["n_boxes"], ten["asked"]["cargo_kg"]) == (10, 18_000)
    first = {c["rides"][0]["departure"]: c for c in one["choices"] if c["n_changes"] == 0}
    both = [(first[c["rides"][0]["departure"]], c) for c in ten["choices"] if c["rides"][0]["departure"] in first]
    assert both
    for alone, together in both:
        assert together["usd_cents"] == pytest.approx(10 * alone["usd_cents"], abs=10)
        assert together["gco2e"] == pytest.approx(10 * alone["gco2e"], abs=10)


# ---- what if -----------------------------------------------------------------------------------

NEW_LINE = ("RUO", "HTN")
LANZHOU = ("LZH", "HTN", "--ready", "2022-07-04", *ALL)


def test_before_its_day_a_line_is_not_there() -> None:
    """Hotan - Ruoqiang opened on 16 June 2022; --as-of decides, and --open builds it earlier."""
    before = asked(*LANZHOU, "--as-of", "2022-06-15")
    assert before["as_of_on"] == "2022-06-15"
    assert NEW_LINE not in passed(before)
    for since in (("--as-of", "2022-06-16"), ("--as-of", "2022-06-15", "--open", "R-HTN-RUO-1435")):
        after = asked(*LANZHOU, *since)
        assert NEW_LINE in passed(after)
        assert min(c["gco2e"] for c in after["choices"]) < min(c["gco2e"] for c in before["choices"])


def test_nothing_goes_by_what_is_closed() -> None:
    """Neither over a line nor through a place; the answer names the edits in order."""
    free = asked("URC", "ALM", *THEN, *ALL)
    assert ("HRG", "ALT") in passed(free)
    line = asked("URC", "ALM", *THEN, *ALL, "--close", "HRG-ALT")
    assert {("HRG", "ALT"), ("ALT", "HRG")}.isdisjoint(passed(line))
    place = asked("URC", "ALM", *THEN, *ALL, "--close", "Alashankou", "--close", "HRG-ALT")
    assert "ALA" not in {p for pair in passed(place) for p in pair}
    assert place["what_if"]["edits"][0] == {"action": "close", "subject": "ALA", "value": 0}
    assert [e["subject"] for e in place["what_if"]["edits"][1:]] == ["R-HRG-ALT-1435", "R-HRG-ALT-1520"]
    assert place["choices"] != free["choices"]


def test_a_place_slowed_down_is_stood_at_longer() -> None:
    """Three times as long at the border: the dwell of the same train is three times the old."""
    free, slow = (asked(*MILAN, *ALL, *edit) for edit in ((), ("--slow", "DOS=3")))
    stood = [dwells(document, "DOS") for document in (free, slow)]
    both = stood[0].keys() & stood[1].keys()
    assert both
    assert all(stood[1][departure] == 3 * stood[0][departure] > 0 for departure in both)


def dwells(document: Any, place_id: str) -> dict[str, int]:
    """Minutes that trains stand at a place with a load on board, by departure."""
    return {
        ride["departure"]: after["departs"]["minute"] - before["arrives"]["minute"]
        for c in document["choices"]
        for ride in c["rides"]
        for before, after in pairwise(ride["legs"])
        if after["from"] == place_id
    }


def test_no_train_crosses_with_another_gauge() -> None:
    """Lines of a new gauge stop the services over them, which is said."""
    edit = ("--gauge", "ALA-DOS=1520")
    document = asked(*MILAN, *ALL, *edit)
    stopped = landport("route", *MILAN, *NONE, *edit).err
    assert "gauge-differs: a new gauge stops services: U-" in stopped
    assert ("ALA", "DOS") in passed(asked(*MILAN, *ALL), 1435)
    assert document["choices"]
    assert ("ALA", "DOS") not in passed(document, 1435)


def test_a_cap_is_kept() -> None:
    """Twenty boxes are 40 TEU: they still cross where 40 are let through, twenty-one do not."""
    crossing, cap = ("HRG", "ALT"), ("--capacity", "HRG-ALT=40")
    assert crossing in passed(asked("URC", "ALM", *THEN, *ALL, *cap, "--feu", 20))
    assert crossing in passed(asked("URC", "ALM", *THEN, *ALL, "--feu", 21))
    capped = landport("route", "URC", "ALM", *THEN, *ALL, *cap, "--feu", 21, "--json")
    assert crossing not in passed(capped.document)


# ---- a week ------------------------------------------------------------------------------------

XIAN = ("XIA", "HAM", *ALL, "--eps", 0)
REEFER = ("--container", "40RH", "--tonnes", 12)


def spare_teu(week: Path) -> dict[str, int]:
    with (week / "departures.csv").open(encoding="utf-8-sig", newline="") as file:
        return {r["departure_id"]: int(r["free_teu"] or 0) for r in csv.DictReader(file) if r["status"] != "cancelled"}


def test_a_weeks_clock_and_the_room_of_passing_trains_count(demo: Demo) -> None:
    """Now is the week's; a passing train is ridden only with room for all boxes, and never without a week."""
    alone = asked(*XIAN, "--as-of", "2022-07-18")
    assert not [d for d in departures(alone) if d.startswith("P-")]
    spare, ridden = spare_teu(demo.week), []
    for n_boxes in (1, 2, 3):
        document = asked(*XIAN, "--week", demo.week, "--feu", n_boxes)
        assert document["asked"]["ready"]["at"] == "2022-07-18T08:00+08:00"
        passing = [d for d in departures(document) if d.startswith("P-")]
        assert all(spare[d] >= 2 * n_boxes for d in passing)
        ridden.append(len(passing))
    assert ridden[0] > 0
    later = asked(*XIAN, "--week", demo.week, "--ready", "2022-07-20T12:00")
    assert all(c["departs"]["at"] >= "2022-07-20T12:00" for c in later["choices"])


def test_a_departure_that_is_cancelled_is_not_ridden(demo: Demo, out: Path) -> None:
    """The week takes the best train away; the answer goes on without it."""
    week = Path(shutil.copytree(demo.week, out / "week"))
    taken = sorted(d for d in departures(asked(*XIAN, "--week", week)) if d.startswith("P-"))
    path = week / "departures.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if line.partition(",")[0] not in taken]
    extras = {d for d in taken if "+" in d}
    path.write_text("\n".join([*kept, *(f"{d},{d[:-11]},cancelled,," for d in taken if d not in extras)]) + "\n")
    assert departures(asked(*XIAN, "--week", week)).isdisjoint(taken)


def test_an_order_is_quoted_by_its_number(demo: Demo, out: Path) -> None:
    """It bars the boxes it names, says until when to wait, and lets all others through."""
    week = Path(shutil.copytree(demo.week, out / "week"))
    with (week / "orders.csv").open("a", encoding="utf-8") as file:
        times = "2022-07-18T08:00+08:00,2022-10-23T08:00+08:00"
        file.write(f"O9,KTZ-77/2022,Railway,MIL,,{times},,,40RH,,,,no reefers\n")
    document = asked("URC", "MIL", "--week", week, *NONE, *REEFER, code=3)
    assert document["refusal"]["code"] == "order"
    assert "order KTZ-77/2022 of Railway" in document["refusal"]["why"]
    assert any("after order KTZ-77/2022 has ended" in advice for advice in document["advice"])
    assert "KTZ-77/2022" in landport("route", "URC", "MIL", "--week", week, *NONE, *REEFER).out
    assert asked("URC", "MIL", "--week", week, *NONE)["choices"]
    assert asked("URC", "MIL", "--week", demo.week, *NONE, *REEFER)["choices"]


# ---- no way ------------------------------------------------------------------------------------


def test_too_late_says_from_when_on_it_can_be_due() -> None:
    """Exit 3 with reason and advice, in words and as JSON; asked as advised there is a way."""
    late = ("URC", "MIL", *THEN, *NONE, "--due", "2026-12-05")
    document, ran = asked(*late, code=3), landport("route", *late)
    assert (ran.code, ran.err) == (3, "")
    assert document["choices"] == []
    assert document["refusal"]["code"] == "too-late"
    assert "arrives 13 d 22 h after it is due" in document["refusal"]["why"]
    assert "No way yet (too-late): the fastest way from URC to MIL arrives 13 d 22 h after it is due" in ran.out
    due = advised(document, r"due (.+\)) or later: it can be there")
    before = due - timedelta(minutes=1)
    assert asked("URC", "MIL", *THEN, *NONE, "--due", due.isoformat())["choices"]
    asked("URC", "MIL", *THEN, *NONE, "--due", before.isoformat(), code=3)


def advised(document: Any, pattern: str) -> datetime:
    """Find the instant that an advice names."""
    found = [m for m in (re.search(pattern, text) for text in document["advice"]) if m]
    assert found, document["advice"]
    return datetime.strptime(found[0][1], "%Y-%m-%d %H:%M (UTC%z)")


def test_a_cut_off_missed_says_by_how_much() -> None:
    """The last departure that would do, and until when the load had to be ready for it: a minute later is too late."""
    since = ("URC", "MIL", "--as-of", "2026-12-01", *NONE, "--due", "2026-12-19T21:30")
    document = asked(*since, "--ready", "2026-12-08", code=3)
    assert "for the last departure that would do, U-" in document["refusal"]["why"]
    assert "from URC, the load had to be ready" in document["refusal"]["why"]
    assert re.search(r"that is missed by \d+ d", document["refusal"]["why"])
    ready = advised(document, r"ready by (.+\)): it would be there 2026-12-19")
    missed = asked(*since, "--ready", (ready + timedelta(minutes=1)).isoformat(), code=3)
    assert "that is missed by 1 min" in missed["refusal"]["why"]
    assert asked(*since, "--ready", ready.isoformat())["choices"]


def test_closed_borders_say_that_there_is_a_way_without_the_edits() -> None:
    """First the edits, then what else would help."""
    edits = [x for p in ("HRG", "DOS", "ALA", "NUR") for x in ("--close", p)]
    due = ("--due", "2026-12-05T12:00")
    assert asked("URC", "ALM", *THEN, *NONE, *due)["choices"]
    document = asked("URC", "ALM", *THEN, *NONE, *due, *edits, code=3)
    assert document["advice"][0] == "without the edits (close HRG, close DOS, close ALA, close NUR) there is a way"
    closed = asked("URC", "MIL", *THEN, *NONE, "--close", "MIL", code=3)
    assert closed["refusal"]["code"] == "no-connection"
    assert "no service of the timetable stops at MIL" in closed["refusal"]["why"]
    assert closed["advice"] == ["without the edits (close MIL) there is a way"]


@pytest.mark.parametrize("to", ["ALM", "MIL", "TAS"])
def test_too_many_boxes_are_told_how_many_go(to: str) -> None:
    """The advice helps: so many TEU have a way."""
    document = asked("URC", to, *THEN, *NONE, "--feu", 200, code=3)
    assert document["refusal"]["code"] == "no-room"
    assert "400 TEU were asked for" in document["refusal"]["why"]
    most = int(re.findall(r"ask for at most (\d+) TEU at a time", str(document["advice"]))[0])
    assert asked("URC", to, *THEN, *NONE, "--feu", most // 2)["choices"]
