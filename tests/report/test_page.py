"""One page that needs nothing else, hides nothing and trusts no name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from landport import report
from landport.report import facts, geo, loads, numbers, words
from landport.report import week as week_chart
from tests.report.instances import Violation, busy, tiny

HOSTILE = "<script>alert(1)</script>\"'&</script>"
VOID = {"meta", "link", "input", "hr", "br", "img", "col"}


class Reader(HTMLParser):
    """Checks nesting, gathers attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts = 0
        self.problems: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.scripts += tag == "script"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def page_of(case, violations=()):
    found = report.indicators(case.plan, case.scenario, case.world, violations=len(violations))
    return report.page(case.plan, case.scenario, case.world, found, violations)


@pytest.fixture(scope="module")
def week():
    return busy()


@pytest.fixture(scope="module")
def html(week):
    return page_of(week)


def data_of(html: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.S)[1])


def test_the_page_is_html_with_closed_elements(html):
    """Every element is closed where it should be; ids are unique."""
    reader = read(html)
    assert reader.problems == []
    assert reader.open == []
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_no_address_leaves_the_page(html):
    """No link, source, import or fetch goes anywhere but to this page; the policy forbids the rest."""
    reader = read(html)
    for tag, name, value in reader.attributes:
        if name in ("src", "href", "action", "srcset", "data", "poster", "xlink:href"):
            assert value.startswith(("#", "data:")), (tag, name, value)
        assert name != "style"
        assert not name.startswith("on")
    assert "://" not in html
    assert not re.search(r"\bfetch\(|XMLHttpRequest|@import|url\(|import\(|sendBeacon|WebSocket", html)
    policy = next(v for t, n, v in reader.attributes if t == "meta" and v.startswith("default-src"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_same_plan_same_page(week, html):
    """Nothing on the page depends on the moment."""
    assert page_of(week) == html


def test_hostile_names_stay_text():
    """A booking id that is a script is shown, never run, wherever it stands."""
    case = tiny(HOSTILE)
    html = page_of(case, (Violation("mass", HOSTILE),))
    assert read(html).scripts == 2
    assert "<script>alert" not in html
    assert data_of(html)["containers"][0][2] == HOSTILE
    assert data_of(html)["loads"][0]["owners"][0][0] == HOSTILE


def test_a_hostile_name_of_a_plan_stays_in_the_foot():
    """What every printed page carries at its foot is text of a style, whatever is in it."""
    case = tiny()
    html = page_of(replace(case, plan=replace(case.plan, name='</style><script>alert(1)</script>"; } *')))
    assert read(html).scripts == 2
    assert read(html).problems == []
    foot = re.search(r'@bottom-left \{ content: "(.*?)"; \}', html)[1]
    said = re.sub(r"\\([0-9a-f]{6})", lambda m: chr(int(m[1], 16)), foot)
    assert said.startswith('</style><script>alert(1)</script>"; } * · scenario 0123456789ab · reference tables ba98')


def test_every_question_has_its_answer(week, html):
    """Whatever figure of a table asks why, there are rows behind it; their figures are those of the table."""
    why = data_of(html)["why"]
    asked = {value for _, name, value in read(html).attributes if name == "data-why"}
    assert asked <= set(why)
    assert {"dest-ALM", "stage-route", "cost-freight", "cost-money", "cost-climate"} <= asked
    found = report.indicators(week.plan, week.scenario, week.world)
    almaty = next(d for d in found.by_destination if d.destination_id == "ALM")
    rows = {what: figure for what, _, figure in why["dest-ALM"][2]}
    assert rows["planned"] == f"{numbers.number(almaty.teu)} TEU"
    assert rows["a TEU"] == f"{numbers.number(almaty.money_usd_cents / almaty.teu / 100)} USD"


def test_what_to_do_is_said_once():
    """The page's advice is that of docs/errors.md, code by code."""
    text = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
    reasons = text[text.index("## Reasons") :]
    rows = re.findall(r"^\| `([a-z-]+)` \| (?:waiting|refused) \|.*\| ([^|]+) \|$", reasons, re.MULTILINE)
    assert {code: advice.replace("`", "") for code, advice in rows} == words.ADVICE
    kinds = re.findall(r"^\| `([a-z ]+)` \| [^|]+ \| [^|]+ \|$", reasons, re.MULTILINE)
    assert set(kinds) == set(words.CANCELS)
    assert set(words.ADVICE) == set(words.CODES)


def test_the_page_says_what_to_do():
    """A refusal ends in an act."""
    assert "→ Take cargo out, or use another container." in page_of(tiny())


def test_figures_in_sentences_look_like_those_of_tables():
    """26848 kg and 9,000 USD get thin spaces; years and ids stay as they are."""
    case = tiny()
    left = replace(case.plan.left[0], why="holds 26848 kg of 9,000 USD since 2022, box 123456")
    html = page_of(replace(case, plan=replace(case.plan, left=(left,))))
    assert "holds 26\u202f848 kg of 9\u202f000 USD since 2022, box 123456" in html


def test_every_packed_container_can_be_chosen(week, html):
    """All of a week as busy as the demo's are drawn; beyond the limit the fullest and the emptiest."""
    data = data_of(html)
    packed = {c.container_id for c in week.plan.containers if c.blocks}
    assert {load["id"] for load in data["loads"]} == packed
    assert data["packed"] == len(packed) > 24


def test_beyond_the_limit_the_fullest_and_the_emptiest_are_drawn(week, monkeypatch):
    """A page stays small, and says how many it leaves out."""
    joined = facts.join(week.plan, week.scenario, week.world)
    everything = loads.by_fill(joined)
    monkeypatch.setattr(loads, "MOST_BLOCKS", 60)
    some = loads.chosen(joined)
    assert 2 <= len(some) < len(everything)
    assert (some[0], some[-1]) == (everything[0], everything[-1])
    assert sum(len(f.box.blocks) for f in some) <= 60 or len(some) == 2


def mixed(*goods: str):
    """The tiny case whose packed box holds two pieces of each of these goods, of one booking."""
    case = tiny()
    items = tuple(replace(case.scenario.items[0], item_id=f"I{n}", goods_id=g) for n, g in enumerate(goods))
    block = replace(case.plan.containers[0].blocks[0], nx=2, ny=1, nz=1)
    blocks = tuple(replace(block, item_id=f"I{n}", x_mm=2000 * n) for n, _ in enumerate(goods))
    boxes = (replace(case.plan.containers[0], blocks=blocks), *case.plan.containers[1:])
    return replace(
        case, plan=replace(case.plan, containers=boxes, left=()), scenario=replace(case.scenario, items=items)
    )


def test_a_load_lists_the_goods_that_are_in_it():
    """Each sort of a booking once, by the table's name, with its HS: the booking's for its own goods."""
    load = data_of(page_of(mixed("tomato_paste", "women_s_blouses", "spare_parts", "tomato_paste")))["loads"][0]
    assert load["owners"] == [
        ["B1", "B1 & Co", 8, 4000, [["tomato paste", "2002"], ["women's blouses", "6206"], ["spare parts", ""]]]
    ]
    said = [load["owners"][0][4][load["kinds"][kind][5]][0] for kind in load["blocks"][::7]]
    assert said == ["tomato paste", "women's blouses", "spare parts", "tomato paste"]


def test_goods_that_nobody_named_are_not_made_up():
    """No goods, no HS: nothing to write, and no piece called by its booking."""
    load = data_of(page_of(mixed("")))["loads"][0]
    assert load["owners"][0][4] == []
    assert [kind[5] for kind in load["kinds"]] == [-1]


def test_the_filter_knows_places_in_any_language(html):
    """Names of places in Russian and Chinese and shippers travel with the page."""
    data = data_of(html)
    almaty = next(p for p in data["places"] if p[0] == "ALM")
    assert "Алматы" in almaty[3]
    assert "阿拉木图" in almaty[3]
    assert {data["shippers"][n] for row in data["containers"] for n in row[13]} <= {*data["shippers"]}
    assert "Yiwu Hongda" in data["shippers"]


def test_the_chart_says_the_kind_of_reason_and_cuts_none(html):
    """Short enough to stand beside its bar; the sentence is in the data."""
    labels = re.findall(r'✕ <tspan class="of">(.*?)</tspan>', html)
    assert set(labels) <= {"cancelled", "too little freight", "cancelled: too little freight"}
    assert len(set(labels)) > 1
    train = next(t for t in data_of(html)["trains"] if t["status"] != "run")
    assert train["why"] == "too little freight: 68 TEU could ride it, it needs 80"


def test_labels_of_passing_trains_share_a_sum_where_they_would_touch():
    """Nothing added gets lost, and no label reaches the next tick that adds."""
    scale = week_chart.Axis(0, 7 * 1440, ())
    minutes = [100, 110, 400, 420, 430, 3000, 3500]
    passing = [week_chart.Passing("P", "P", m, n % 3) for n, m in enumerate(minutes)]
    sums = week_chart._summed(passing, scale)
    assert sum(sums.values()) == sum(p.teu for p in passing)
    ends = [scale.x(minutes[n]) + 3 + 6.2 * len(f"+{teu}") for n, teu in sums.items()]
    adding = [n for n, p in enumerate(passing) if p.teu]
    for n, end in zip(sums, ends, strict=True):
        assert all(scale.x(minutes[m]) >= end for m in adding if m > n)


def test_a_failed_audit_is_the_first_thing_said():
    """Each violation stands on the page with its rule."""
    html = page_of(tiny(), (Violation("train-mass", "1 900 t of 1 800 t"),))
    assert "Audit failed: 1 violation<" in html
    assert "train-mass" in html
    assert "1 900 t of 1 800 t" in html


def test_what_waits_names_trains_not_ids():
    """A reason that cites a departure says its name and local time."""
    assert "Urumqi - Tashkent, Tue 19 17:40 is full" in page_of(tiny())


def test_the_page_stays_small(html):
    """A week of some 2,500 boxes weighs less than 1.5 MB; ten times as many containers still open."""
    assert len(html.encode()) < 1_500_000
    assert data_of(html)["trains"]


def test_the_data_hold_every_container(week, html):
    """The table is not capped."""
    assert len(data_of(html)["containers"]) == len(week.plan.containers)


def test_labels_do_not_touch():
    """Names on the map never lie on each other, the first ones are kept."""
    wanted = [(f"Place {i}", (31.0 * (i % 7) + 60, 22.0 * (i // 7) + 40), i == 0) for i in range(40)]
    placed = geo.place_labels(wanted, size=11, width=400, height=200)
    assert placed[0].text == "Place 0"
    boxes = []
    for label in placed:
        long = len(label.text) * 11 * 0.56
        start = label.x - {"start": 0, "middle": long / 2, "end": long}[label.anchor]
        boxes.append((start, label.y - 9, start + long, label.y + 2))
    for i, a in enumerate(boxes):
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[:i])


def printed(case, width: int, **about) -> str:
    found = report.indicators(case.plan, case.scenario, case.world, **({"violations": 0} | about))
    out = StringIO()
    report.terminal.show(Console(file=out, width=width), case.plan, case.scenario, case.world, found, ())
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 160, 300])
def test_the_terminal_fits(week, width):
    """60 lines, as wide as the terminal up to 160 columns, without an escape when nobody looks; no figure is cut."""
    said = printed(week, width)
    lines = said.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= min(width, 160)
    assert "\x1b" not in said
    for what in ("Containers planned", "ALM Almaty", "Departures are full", "assemb", "Audit passed"):
        assert what in said
    figures = [part for line in lines for part in line.split("  ") if part.strip().endswith("…")]
    assert not [part for part in figures if any(c.isdigit() for c in part)]
    assert "2\u202f411.0 k USD" in said


def test_the_terminal_says_why_trains_are_cancelled(week):
    """One word in the table; the kind of reason, its meaning and the trains below, wrapped."""
    said = " ".join(printed(week, 100).split())
    assert "less could ride than the minimum: " in said
    assert "too little freight" in said
    n = sum(r.status != "run" for r in week.plan.runs)
    joined = facts.join(week.plan, week.scenario, week.world)
    cancelled = [r.departure_id for r in week.plan.runs if r.status != "run"]
    outbound = [d for d in cancelled if joined.service_of(d).group == "assembly"]
    assert f"{n - len(outbound)} return trains and feeders" in said
    assert "…" not in said[said.index("Why, and which") : said.index("What waits")]


def flowing(text: str) -> str:
    """Text without its line breaks; thin spaces stay."""
    return re.sub(r"[ \n]+", " ", text)


def test_the_terminal_tells_a_strange_reason_whole():
    """A reason of no known kind, or of one train, is told with its train."""
    case = tiny()
    runs = (case.plan.runs[0], replace(case.plan.runs[1], why="a strike at Khorgos until 26848 kg are moved"))
    said = flowing(printed(replace(case, plan=replace(case.plan, runs=runs)), 100))
    assert "other ALM Wed 20 (a strike at Khorgos until 26\u202f848 kg are moved)" in said
    assert "(3 TEU could ride it, it needs 80)" in flowing(printed(case, 100))
    empty = (case.plan.runs[0], replace(case.plan.runs[1], why="no freight: nothing could ride it"))
    said = flowing(printed(replace(case, plan=replace(case.plan, runs=empty)), 100))
    assert "no freight nothing could ride: ALM Wed 20 FEU" in said


@pytest.mark.parametrize("width", range(60, 90))
def test_no_line_breaks_inside_a_figure(width):
    """A thin space joins what stands on its sides, however narrow the terminal."""
    case = tiny()
    left = (replace(case.plan.left[0], why="holds 26848 kg; a 40HC may hold 26540 kg of 1,234,567 kg"),)
    said = flowing(printed(replace(case, plan=replace(case.plan, left=left)), width))
    for figure in ("26\u202f848", "26\u202f540", "1\u202f234\u202f567"):
        assert figure in said


def test_the_terminal_marks_what_a_mass_is_of(week):
    """Boxes against their limit and trains against theirs stand in one column, marked."""
    rows = [line for line in printed(week, 100).splitlines() if "/1\u202f300" in line or "/2\u202f500" in line]
    assert rows
    assert all(("boxes" in row) != ("train" in row) for row in rows)


def test_the_terminal_says_what_the_audit_found():
    """A failed audit is said in words and names its rules; markup in a name is text."""
    case = tiny("[red]B1[/]")
    found = report.indicators(case.plan, case.scenario, case.world, violations=1)
    out = StringIO()
    report.terminal.show(
        Console(file=out, width=100), case.plan, case.scenario, case.world, found, (Violation("mass", "[b]heavy"),)
    )
    assert "Audit FAILED: 1 violation" in out.getvalue()
    assert "mass: [b]heavy" in out.getvalue()
    assert "cancelled" in out.getvalue()
