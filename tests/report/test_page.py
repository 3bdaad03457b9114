"""One page that needs nothing else, hides nothing and trusts no name."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from io import StringIO

import pytest
from rich.console import Console

from landport import report
from landport.report import geo
from tests.report.instances import Violation, busy, tiny

HOSTILE = "<script>alert(1)</script>\"'&</script>"
VOID = {"meta", "link", "input", "hr", "br", "img"}


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
    assert data_of(html)["loads"][0]["owners"][0]["id"] == HOSTILE


def test_a_failed_audit_is_the_first_thing_said():
    """Each violation stands on the page with its rule."""
    html = page_of(tiny(), (Violation("train-mass", "1 900 t of 1 800 t"),))
    assert "Audit failed" in html
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


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_terminal_fits(week, width):
    """60 lines of 100 columns, without an escape when nobody looks."""
    found = report.indicators(week.plan, week.scenario, week.world, violations=0)
    out = StringIO()
    report.terminal.show(Console(file=out, width=width), week.plan, week.scenario, week.world, found, ())
    lines = out.getvalue().splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= min(width, 100)
    assert "\x1b" not in out.getvalue()
    for said in ("Containers planned", "ALM Almaty", "Departures are full", "assemble", "Audit passed"):
        assert said in out.getvalue()


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
