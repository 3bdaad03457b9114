"""Choices of a way in a terminal and as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime

import pytest
from rich.console import Console

from landport.model.edits import NetworkEdit, WhatIf
from landport.report import choices_document, numbers, route_facts, show_choices
from landport.report.route_table import edit_text
from tests.report import routed
from tests.report.routed import TRIP, TUNNEL, week


def said(choices, width: int = 100, orders=()) -> str:
    of = week()
    console = Console(width=width, file=io.StringIO())
    sources = ["scenario week"]
    show_choices(console, choices, of.network, of.world.rules, of.scenario.start_at, sources, orders=orders)
    return console.file.getvalue()


def squashed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_figure_is_cut(width):
    """Each choice has its line, each ride its own, whole."""
    answer = routed.answer()
    text = said(answer, width)
    assert "…" not in text
    assert all(len(line) <= width for line in text.splitlines())
    for choice in answer.choices:
        assert numbers.number(choice.usd_cents / 100) in text
        assert numbers.number(choice.gco2e / 1000) in text
        for charge in choice.charges:
            assert numbers.number(charge.usd_cents / 100) in text


def test_the_head_says_what_was_asked():
    """From, to, boxes, mass, goods, ready and due in local time."""
    head = squashed(said(routed.answer()))
    assert head.startswith("Kuytun (KUY) to Duisburg (DIT) (DUI): 2 x 40HC, 24 000 kg gross each, goods 8407, ready")
    assert "ready Mon 18 Jul 18:00 UTC+8, due Mon 8 Aug 02:00 UTC+2" in head


def test_waits_name_the_work_in_them():
    """How long, what of it, and of which kind; gauge changes under a load that stays on its train, too."""
    text = squashed(said(routed.answer()))
    assert "stands 15 h 4 min, 12 h of it hand-over" in text
    assert "stands 8 h: lift" in text
    assert "1520 to 1435 mm" in text
    assert "Dostyk: 1435 to 1520 mm, stands 10 h" in text
    assert "missed in 30.0 %" in text
    assert "Most risk: boarding in Urumqi International Land Port is missed in 6.0 %, 4 h late on average." in text
    assert "11.0 % do not get on before the timetable ends." in text


def test_a_quota_is_told_where_it_is_paid():
    """Under the ride, with its order, its issuer and what all boxes pay; rides, changes and quotas add up."""
    order, of = routed.quota(), week()
    answer = routed.with_quotas(order)
    paying = [c for c in answer.choices if any(x.kind == "quota" for x in c.charges)]
    assert paying
    text = squashed(said(answer, 160, (order,)))
    assert text.count("Dostyk: handed over under the quota of order 2022-77 of KTZ 124") == len(paying)
    found = choices_document(answer, of.network, of.world.rules, of.scenario.start_at, orders=(order,))
    for told, choice in zip(found["choices"], answer.choices, strict=True):
        quotas = [q for ride in told["rides"] for q in ride["quotas"]]
        assert [(q["number"], q["issuer"], q["place"]) for q in quotas] == [("2022-77", "KTZ", "DOS")] * len(quotas)
        own = [x["charge"] for x in (*told["rides"], *told["changes"], *quotas)]
        assert sum(c["usd_cents"] for c in own) == choice.usd_cents
    assert sum(bool(q) for c in found["choices"] for r in c["rides"] for q in r["quotas"]) == len(paying)


def test_a_refusal_says_why_and_what_would_help():
    """Instead of choices."""
    text = said(routed.refused())
    assert "No way yet (too-late): the fastest way from KUY to DUI arrives 4 days after" in text
    assert "  - Due 2022-07-29 or later: the fastest way arrives then." in text
    assert "p50" not in text


def test_edits_are_said():
    """Lines by their ends, values by what they mean; a place by its name."""
    text = squashed(said(routed.answer(what_if=TUNNEL)))
    assert "What if (tunnel): Dostyk (DOS) is closed; Urumqi International Land Port - Shihezi (R-URC-SHZ-1435)" in text
    assert "takes 150 % of its time" in text
    assert "has gauge 1520 mm; Malaszewicze (MAL) takes 400 TEU." in text
    facts = route_facts.join(routed.answer(), week().network, week().scenario.start_at)
    assert edit_text(facts, NetworkEdit(action="open", subject_id="R-NEW")) == "R-NEW is open"
    closed = NetworkEdit(action="close", subject_id="R-KHG-TOR-1435")
    assert edit_text(facts, closed).startswith("Kashgar - Torugart")
    service = week().network.services["U-ALM-W"]
    assumed = squashed(said(routed.answer(what_if=WhatIf(services=(service,)))))
    assert "What if: U-ALM-W (Urumqi - Almaty) is assumed to run." in assumed


def test_without_odds_there_is_no_column_of_them():
    """Nor a line on samples; and no due time where nothing is due."""
    answer = routed.answer(is_due=False)
    text = said(replace(answer, choices=tuple(replace(c, odds=None) for c in answer.choices)))
    assert "by due" not in text
    assert "samples" not in text
    assert ", due" not in text
    no_odds_by_due = said(answer)
    assert "p90" in no_odds_by_due
    assert "by due" not in no_odds_by_due


def test_the_document_round_trips_and_is_whole():
    """Numbers and texts only; money, emissions and odds are those of the choices; instants say the same twice."""
    answer, of = routed.answer(what_if=TUNNEL), week()
    found = choices_document(answer, of.network, of.world.rules, of.scenario.start_at)
    assert json.loads(json.dumps(found)) == found
    assert [e["action"] for e in found["what_if"]["edits"]] == ["close", "slow", "gauge", "capacity"]
    assert (found["asked"]["n_boxes"], found["asked"]["due"]["minute"]) == (2, TRIP.due_at)
    for told, choice in zip(found["choices"], answer.choices, strict=True):
        assert (told["usd_cents"], told["gco2e"]) == (choice.usd_cents, choice.gco2e)
        assert told["usd"] == choice.usd_cents / 100
        assert told["odds"]["by_due"] == choice.odds.by_due
        assert [r["departure"] or "" for r in told["rides"]] == [s.departure_id for s in choice.itinerary.stretches]
        assert [c["transfer"] for c in told["changes"]] == list(choice.itinerary.transfer_ids)
        own = [x["charge"] for x in (*told["rides"], *told["changes"])]
        assert sum(c["usd_cents"] for c in own) == choice.usd_cents
        assert sum(x["usd_cents"] for x in told["lines"]) == choice.usd_cents
        assert sum(x["gco2e"] for x in told["lines"]) == choice.gco2e
    instants = list(_instants(found))
    assert len(instants) > 50
    for instant in instants:
        at = datetime.fromisoformat(instant["at"])
        assert (at - of.scenario.start_at).total_seconds() == 60 * instant["minute"]
    assert found["choices"][0]["arrives"]["at"] == "2022-08-01T16:16+02:00"


def _instants(value):
    if isinstance(value, dict):
        if set(value) == {"minute", "at"}:
            yield value
        else:
            for x in value.values():
                yield from _instants(x)
    elif isinstance(value, list):
        for x in value:
            yield from _instants(x)


def test_the_document_of_a_refusal():
    """Reason and advice; no choices; null where nothing was asked or edited."""
    of = week()
    found = choices_document(routed.refused(is_due=False), of.network, of.world.rules, of.scenario.start_at)
    assert found["refusal"] == {
        "state": "waiting",
        "code": "too-late",
        "why": "the fastest way from KUY to DUI arrives 4 days after its due date",
    }
    assert (len(found["advice"]), found["choices"], found["what_if"], found["asked"]["due"]) == (2, [], None, None)
    assert found["places"]["KUY"]["name"]["zh"] == "奎屯"
