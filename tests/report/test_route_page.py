"""The page of a way: what it says is what was found, and it stands alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from landport.model.edits import WhatIf
from landport.model.itinerary import Stretch
from landport.reference import table
from landport.report import numbers, route_facts, route_map, route_page, route_times, route_words
from landport.report.load_words import LANGUAGES
from tests.report import routed
from tests.report.loaded import HOSTILE
from tests.report.routed import TRIP, TUNNEL, week


def page_of(choices, **changes) -> str:
    of = week()
    given = {"sources": ["reference tables", "scenario week"]} | changes
    return route_page(choices, of.network, of.world.rules, of.scenario.start_at, **given)


@pytest.fixture(scope="module")
def html() -> str:
    return page_of(routed.answer(what_if=TUNNEL))


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", "", html)).split())


def test_it_stands_alone(html):
    """No address of another file; the same answer gives the same bytes; nothing has a style of its own."""
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", html)
    assert "https://" not in html
    assert not re.search(r"<[^>]* (?:style|on\w+)=", html)
    assert html == page_of(routed.answer(what_if=TUNNEL))
    assert "default-src &#39;none&#39;" in html


def test_hostile_names_stay_text():
    """Names of a scenario, of an edit and of files neither end the script nor open a tag."""
    answer = routed.answer(what_if=replace(TUNNEL, name=HOSTILE))
    html = page_of(answer, sources=[HOSTILE])
    none = page_of(routed.refused(what_if=WhatIf(name=HOSTILE)))
    assert HOSTILE not in html + none
    assert (html.count("</script>"), none.count("</script>")) == (2, 2)


def test_every_choice_is_told(html):
    """Arrival, cost, emissions and odds in the table; the first one at the head; rides and sums of each."""
    answer, text = routed.answer(), text_of(html)
    for choice in answer.choices:
        assert text_of(numbers.number(choice.usd_cents / 100, 2)) in text
        assert text_of(numbers.number(choice.gco2e / 1000, 3)) in text
        assert f"{numbers.percent(choice.odds.by_due)} ± {numbers.percent(choice.odds.by_due_error)}" in text
        for stretch in choice.itinerary.stretches:
            assert stretch.departure_id.partition("@")[0] in text
    assert html.count('class="panel one c') == len(answer.choices)
    assert text.index("Best choice") < text.index("Choices")


def test_local_times_are_those_of_the_place(html):
    """A time element says the instant with the offset of its place, and the words beside it name it."""
    answer, of = routed.answer(), week()
    facts = route_facts.join(answer, of.network, of.scenario.start_at)
    for way in facts.ways:
        for move in way.moves:
            iso = facts.iso(move.stretch.arrives_at, move.stretch.to_id)
            said = facts.when(move.stretch.arrives_at, move.stretch.to_id).rpartition(" ")
            assert f'<time datetime="{iso}">{said[0]}</time><span class="u">{said[2]}</span>' in html
    assert {"UTC+8", "UTC+6", "UTC+2"} <= set(re.findall(r'class="u">(UTC[^<]*)<', html))


def test_the_map_follows_the_lines(html):
    """Every way is drawn through the places of its lines, not straight from stop to stop."""
    of = week()
    facts = route_facts.join(routed.answer(), of.network, of.scenario.start_at)
    lines = {line.line_id: line for line in of.network.lines}
    for way in facts.ways:
        legs = [leg for move in way.moves for leg in move.legs]
        for leg in legs:
            assert (leg.path_ids[0], leg.path_ids[-1]) == (leg.from_id, leg.to_id)
            assert len(leg.path_ids) == 1 + len(leg.leg.line_ids if leg.leg else leg.path_ids[1:])
            assert leg.leg is None or {lines[i].mode for i in leg.leg.line_ids} == {leg.mode}
        n_points = sum(len(leg.path_ids) - 1 for leg in legs) + 1
        group = re.search(rf'<g class="way c{way.choice.number}".*?class="hit" d="M([^"]*)"', html)[1]
        assert n_points - 3 <= len(re.split(r"[l ]", group)) / 2 <= n_points
    assert sum(len(leg.path_ids) for way in facts.ways for move in way.moves for leg in move.legs) > 60


def test_trucks_go_as_far_as_they_are_priced():
    """The way on the map is as long as the road that the tariff asks for."""
    of = week()
    roads = sorted(of.pricing.roads.values(), key=lambda r: (r.from_id, r.to_id))[::19]
    assert len(roads) > 5
    for road in roads:
        lines = route_facts.truck_lines(of.network, road.from_id, road.to_id)
        assert sum(line.length_km for line in lines) == road.length_km
        assert sum(line.running_minutes for line in lines) == road.running_minutes
        assert len(route_facts.path(road.from_id, road.to_id, lines)) == len(lines) + 1
    assert route_facts.truck_lines(of.network, "URC", "DUI") == ()
    assert route_facts.path("URC", "DUI", ()) == ("URC", "DUI")


def test_waits_and_rides_fill_the_time():
    """From ready to arrival nothing is missing and nothing is told twice; gauge changes are those of the choice."""
    of = week()
    for way in route_facts.join(routed.answer(), of.network, of.scenario.start_at).ways:
        moving = sum(m.stretch.arrives_at - m.stretch.departs_at for m in way.moves)
        assert moving + sum(c.minutes for c in way.changes) == way.arrives_at - TRIP.ready_at
        assert all(c.minutes >= c.transfer_minutes for c in way.changes[1:])
        assert [m.legs[-1].arrives_at for m in way.moves] == [m.stretch.arrives_at for m in way.moves]
        assert len(route_map.gauge_places(way)) == way.choice.gauge_changes
        assert [c.charge.rate_id for c in way.changes[1:]] == list(way.choice.itinerary.transfer_ids)


def test_best_is_said_where_choices_differ():
    """Once a measure, more often only where several are equally good; never where all are alike."""
    alone = page_of(routed.answer(picks=(0,)))
    assert 'data-w="bestOf"' not in alone
    answer = routed.answer()
    rows = re.findall(r"<tr data-choice.*?</tr>", page_of(answer), re.DOTALL)
    cheapest = min(answer.choices, key=lambda c: c.usd_cents)
    for row, choice in zip(rows, answer.choices, strict=True):
        cell = next(x for x in row.split("<td") if ">USD<" in x)
        assert ("bestOf" in cell) == (choice.usd_cents == cheapest.usd_cents)


def test_a_refusal_says_why_and_what_would_help():
    """No choices, no empty panels."""
    text = text_of(page_of(routed.refused()))
    assert "There is no way : Too late" in text
    assert "arrives 4 days after its due date" in text
    assert all(said in text for said in routed.refused().advice)
    assert "Choices" not in text
    assert "Proof" not in text


def test_a_missing_mass_is_said(html):
    """Emissions by cargo are 0 then, which nobody should take for clean."""
    assert "No mass was given" in text_of(page_of(routed.answer(picks=(0,), trip=replace(TRIP, cargo_kg=0))))
    assert "No mass was given" not in text_of(html)


def test_edits_are_said(html):
    """What the network was read under, each edit with its value."""
    text = text_of(html)
    assert "closed Dostyk DOS" in text
    assert "R-URC-SHZ-1435 × 1.50" in text
    assert "R-HRG-ALT-1435 → 1520 mm" in text
    assert "capacity Malaszewicze MAL 400 TEU" in text
    assert "What if" not in text_of(page_of(routed.answer()))


def test_without_odds_and_due_nothing_is_made_up():
    """No columns of odds, no line of the due time."""
    answer = routed.answer(is_due=False)
    html = page_of(replace(answer, choices=tuple(replace(c, odds=None) for c in answer.choices)))
    assert 'class="due"' not in html
    assert 'class="whisk"' not in html
    assert 'class="fill"' not in html
    assert "no odds drawn" in text_of(html)


def test_what_the_network_does_not_know_is_shown_as_it_is():
    """A departure of no service, to a place nobody knows: ids instead of names."""
    answer = routed.answer(picks=(0,))
    way = answer.choices[0].itinerary
    lost = Stretch(
        departure_id="LOST@2022-07-30",
        first_leg=1,
        last_leg=2,
        from_id=way.stretches[-1].to_id,
        to_id="XXX",
        departs_at=way.arrives_at + 60,
        arrives_at=way.arrives_at + 600,
    )
    longer = replace(way, stretches=(*way.stretches, lost), transfer_ids=(*way.transfer_ids, "no-such-transfer"))
    text = text_of(page_of(replace(answer, choices=(replace(answer.choices[0], itinerary=longer),))))
    assert "LOST" in text
    assert "XXX" in text


def test_a_due_time_far_off_leaves_the_drawing_readable():
    """The axis ends soon after the last arrival; a due time beyond it is not drawn."""
    of = week()
    far = routed.answer(trip=replace(TRIP, due_at=400 * routed.DAY))
    facts = route_facts.join(far, of.network, of.scenario.start_at)
    for width in (route_times.WIDE, route_times.NARROW):
        assert 'class="due"' not in route_times.timeline(facts, width)
        near = route_times.timeline(route_facts.join(routed.answer(), of.network, of.scenario.start_at), width)
        assert near.count('class="due"') == 1


def test_a_quota_is_told_on_the_page():
    """Under the ride that pays it, and among the lines that add up, with its order and issuer."""
    order = routed.quota()
    answer = routed.with_quotas(order)
    n_paying = sum(any(x.kind == "quota" for x in c.charges) for c in answer.choices)
    page = page_of(answer, orders=(order,))
    assert n_paying > 0
    assert page.count('data-w="kind_quota"') == page.count('data-w="line_quota"') == n_paying
    assert page.count("2022-77 (KTZ), 124 USD") == page.count("<code>orders 2022-77</code>") == n_paying


def test_every_word_is_said_in_three_languages(html):
    """Nothing is empty or forgotten, and the page asks for just the words that there are."""
    assert all(len(said) == len(LANGUAGES) and all(said) for said in route_words.TABLE.values())
    same = {key for key, (en, zh, ru) in route_words.TABLE.items() if en in (zh, ru) and len(en) > 3}
    assert same == set()
    plain = replace(routed.answer(is_due=False), is_complete=False)
    plain = replace(plain, choices=tuple(replace(c, odds=None) for c in plain.choices))
    exact = routed.answer(eps=(0, 0, 0), trip=replace(TRIP, cargo_kg=0))
    never = replace(exact.choices[-1].odds, by_due=None)
    late = replace(exact, choices=(replace(exact.choices[0], odds=never),))
    assumed = replace(routed.answer(), what_if=WhatIf(services=(next(iter(week().network.services.values())),)))
    shown = "".join([html, *(page_of(x) for x in (plain, late, assumed, routed.refused()))])
    asked = set(re.findall(r"\bW\.(\w+)", html)) | set(re.findall(r'data-w(?:-label)?="([\w-]+)"', shown))
    assert asked <= set(route_words.TABLE)
    assert {k for k in route_words.TABLE if "_" not in k} - asked == set()
    kinds = {f"kind_{row['kind']}" for row in table.records("transfers")}
    confidences = {f"confidence_{r.confidence}" for r in week().world.rules.rates}
    assert kinds | confidences <= set(route_words.TABLE)


def test_places_have_three_names(html):
    """Every place that is named can be named in each language."""
    data = json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])
    assert set(re.findall(r'data-p="(\w+)"', html)) <= set(data["places"])
    assert data["places"]["KUY"] == ["Kuytun", "奎屯", "Куйтунь"]
