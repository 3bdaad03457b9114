"""Opening hours in small words: who waits for a place to open, and who does not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from landport import route
from landport.model import timetable
from landport.model.network import Line, Network
from landport.route._kernel_table import NEVER, begun, open_by
from landport.route.opening import begun as all_begun
from landport.route.opening import open_by as all_open_by
from tests import nets
from tests.route.hours import hours
from tests.route.test_route import trip, ways

CHANGE = nets.network(
    nets.service("U", "AB", at=660, cut_off_minutes=0),
    nets.service("V", "BC", at=1000, cut_off_minutes=90),
    transfers=(nets.handover("B", 60),),
)
"""In B at noon; the next train leaves B at 16:40."""


@pytest.mark.parametrize(
    ("opens", "closes", "day"),
    [
        (0, 1440, 18),
        (940, 941, 18),  # work begins in the only minute there is, and ends after closing, when the train leaves
        (941, 1000, 19),
        (600, 720, 19),  # closed at noon sharp
        (600, 721, 18),
        (1200, 721, 18),  # over midnight
        (1200, 720, 19),
    ],
)
def test_a_change_begins_while_the_place_is_open(opens: int, closes: int, day: int) -> None:
    """Else it begins when the place opens, and the train it then makes is taken."""
    found = ways(replace(CHANGE, hours=(hours("B", opens, closes),)), trip("A", "C")).plan.choices["B1"]
    assert min(way.stretches[-1].departure_id for way in found) == f"V@2022-07-{day}"


def test_the_cut_off_counts_from_arrival() -> None:
    """Open from 15:40: an hour's work is done in time, and the cut-off of 90 minutes was met at noon."""
    for cut_off, day in ((280, 18), (281, 19)):
        services = [replace(s, cut_off_minutes=cut_off) for s in CHANGE.services.values() if s.service_id == "V"]
        net = replace(
            CHANGE,
            services={**CHANGE.services, **{s.service_id: s for s in services}},
            hours=(hours("B", 940, 1000),),
        )
        found = ways(net, trip("A", "C")).plan.choices["B1"]
        assert min(way.stretches[-1].departure_id for way in found) == f"V@2022-07-{day}"


def test_staying_starting_and_arriving_need_no_open_place() -> None:
    """Who only starts or ends at a place that never opens, or stays on the train there, does not mind."""
    shut = (hours("A", 0, 600, ()), hours("B", 0, 600, ()), hours("C", 0, 600, ()))
    net = nets.network(nets.service("U", "ABC"), nets.service("V", "CD", at=900), transfers=(nets.handover("C"),))
    assert ways(replace(net, hours=shut), trip("A", "C")).plan.choices["B1"]
    assert ways(net, trip("A", "D")).plan.choices["B1"]
    assert ways(replace(net, hours=shut), trip("A", "D")).plan.refusals["B1"].code == "no-connection"


@pytest.mark.parametrize(("rows", "leaves"), [((), 780), ((hours("B", 900, 960),), 960), ((hours("B", 0, 721),), 780)])
def test_a_truck_is_loaded_when_the_place_opens(rows: tuple, leaves: int) -> None:
    """Off the train at noon, while B is closed until three; then the lift, and the truck leaves."""
    lift = replace(nets.handover("B", 60), transfer_id="B-lift", to_mode="road", to_gauge_mm=0, kind="lift")
    road = Line(line_id="H", from_id="B", to_id="D", mode="road", gauge_mm=0, length_km=100, running_minutes=90)
    trains = nets.service("U", "AB", at=660), nets.service("W", "BA")
    net = nets.network(*trains, transfers=(lift,), lines=(road,))
    found = ways(replace(net, hours=rows), trip("A", "D"), hub="B").plan.choices["B1"][0]
    assert [(s.departs_at, s.arrives_at) for s in found.stretches] == [(660, 720), (leaves, leaves + 90)]


def spaced(net: Network) -> route.Space:
    dated = timetable.departures(
        net.services, net.places, (), start_at=nets.MONDAY, from_minute=0, until_minute=2 * 1440
    )
    return route.space(net, dated, nets.rules(), start_at=nets.MONDAY, plan_end=10**9, now_at=0)


def test_what_never_closes_has_no_spans() -> None:
    """Without rows nothing is laid out; with some, only their place has spans."""
    assert spaced(CHANGE).opens.shape == (0, 2)
    space = spaced(replace(CHANGE, hours=(hours("B", 600, 720), hours("ELSEWHERE", 0, 60))))
    assert len(space.spans("A")) == 0
    spans = space.spans("B").tolist()
    assert [600, 720] in spans
    assert [600 + 30 * 1440, 720 + 30 * 1440] in spans
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("spans", [[], [(10, 20)], [(10, 20), (30, 31), (40, 60)], [(-NEVER, -NEVER)]])
def test_lookups_are_searches(spans: list[tuple[int, int]]) -> None:
    """Ten-line twins of both binary searches, one at a time and all at once."""
    table = np.array([(0, 0), *spans], np.int64)
    rows = np.array([(1, 1), (1, len(table))], np.int64)
    minutes = np.arange(70, dtype=np.int64)
    first = [next((max(at, o) for o, c in spans if at < c), NEVER) if spans else at for at in minutes.tolist()]
    last = [max((min(at, c - 1) for o, c in spans if o <= at), default=-NEVER) if spans else at for at in range(70)]
    assert [begun(1, at, rows, table) for at in range(70)] == first == all_begun(minutes, table[1:]).tolist()
    assert [max(open_by(1, at, rows, table), -NEVER) for at in range(70)] == [max(at, -NEVER) for at in last]
    assert np.maximum(all_open_by(minutes, table[1:]), -NEVER).tolist() == [max(at, -NEVER) for at in last]
    assert [begun(0, at, rows, table) for at in range(70)] == list(range(70))
    assert [open_by(0, at, rows, table) for at in range(70)] == list(range(70))
