"""Published distances and the structure of the network, by the nouns that plans are made of."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix, csgraph

from landport.model import what_if
from landport.model.distances import shortest_km, ways
from landport.model.edits import NetworkEdit
from landport.model.network import Line
from landport.reference import load

WORLD = load.world()
NETWORK = WORLD.network
DAY_BEFORE, OPENING = date(2022, 6, 15), date(2022, 6, 16)
TODAY = date(2026, 1, 1)
HOTAN = "R-HTN-RUO-1435"
RING = ("KRL", "KUQ", "AKS", "KHG", "HTN", "RUO", "KRL")

ODD_RATIOS = {"H-IRK-OSH", "H-KJB-ISB"}
"""Lines longer than 1.8 times the great circle: roads over the Alai and the Karakoram."""


def line(line_id: str, from_id: str, to_id: str, km: int, *, mode: str = "rail", gauge_mm: int = 1435) -> Line:
    return Line(
        line_id=line_id,
        from_id=from_id,
        to_id=to_id,
        mode=mode,
        gauge_mm=gauge_mm,
        length_km=km,
        running_minutes=km,
    )


def oracle_km(lines: list[Line]) -> dict[tuple[str, str], float]:
    """All shortest distances by scipy; of parallel lines the shortest counts."""
    ids = sorted({p for ln in lines for p in (ln.from_id, ln.to_id)})
    at = {p: n for n, p in enumerate(ids)}
    least: dict[tuple[int, int], int] = {}
    for ln in lines:
        pair = tuple(sorted((at[ln.from_id], at[ln.to_id])))
        least[pair] = min(ln.length_km, least.get(pair, ln.length_km))
    rows, columns = np.array([*least]).T
    graph = coo_matrix((np.array([*least.values()], float), (rows, columns)), (len(ids), len(ids))).tocsr()
    far = csgraph.dijkstra(graph, directed=False)
    return {(a, b): far[at[a], at[b]] for a in ids for b in ids}


def great_circle_km(ln: Line) -> float:
    a, b = NETWORK.places[ln.from_id], NETWORK.places[ln.to_id]
    la, lo, lb, lp = (math.radians(x) for x in (a.lat, a.lon, b.lat, b.lon))
    half = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def test_the_tarim_ring_is_2712_km():
    """Published; each side is the line between its ends, none is shorter by another way."""
    lines = NETWORK.as_of(OPENING).lines
    sides = [shortest_km(lines, a, b) for a, b in itertools.pairwise(RING)]
    assert sum(sides) == 2712
    assert sides[4] == 825
    before = NETWORK.as_of(DAY_BEFORE).lines
    assert shortest_km(before, "HTN", "RUO") == 2712 - 825


def test_hotan_xining_is_over_a_thousand_km_shorter_since_the_line_opened():
    """Published: more than 1,000 km, from one day to the next."""
    before, after = (shortest_km(NETWORK.as_of(day).lines, "HTN", "XNN") for day in (DAY_BEFORE, OPENING))
    assert 1000 < before - after < 1150


@pytest.mark.parametrize(("action", "on", "like"), [("close", OPENING, DAY_BEFORE), ("open", DAY_BEFORE, OPENING)])
def test_edits_do_what_the_opening_did(action, on, like):
    """Closing the line after it opened is the day before it did, and the other way round; services alike."""
    edited = what_if.apply(NETWORK, [NetworkEdit(action=action, subject_id=HOTAN)], on=on, rules=WORLD.rules)
    other = NETWORK.as_of(like)
    assert shortest_km(edited.network.lines, "HTN", "XNN") == shortest_km(other.lines, "HTN", "XNN")
    assert edited.network.services == other.services
    assert edited.services == ()
    assert (HOTAN in {ln.line_id for ln in edited.network.lines}) == (action == "open")


def test_lines_are_one_to_1_8_times_the_great_circle():
    """Every line of rails, open or not; of roads two passes are longer, and they are named."""
    ratios = {ln.line_id: ln.length_km / great_circle_km(ln) for ln in NETWORK.lines}
    rails = {ln.line_id for ln in NETWORK.lines if ln.mode == "rail"}
    assert len(rails) > 150
    assert [i for i in sorted(rails) if not 1.0 <= ratios[i] <= 1.8] == []
    assert {i for i, ratio in ratios.items() if not 1.0 <= ratio <= 1.8} == ODD_RATIOS


def test_the_open_network_is_one_piece():
    """From the hub one reaches every place but the one on a line that is being built."""
    lines = NETWORK.as_of(TODAY).lines
    assert set(NETWORK.places) - set(ways(lines, "URC", lambda ln: ln.length_km)) == {"MAK"}
    rails = [ln for ln in lines if ln.mode == "rail"]
    reached = ways(rails, "URC", lambda ln: ln.length_km)
    assert set(reached) == {p for ln in rails for p in (ln.from_id, ln.to_id)}
    pieces, _ = csgraph.connected_components(_adjacency(lines))
    assert pieces == 1


def _adjacency(lines: tuple[Line, ...]) -> coo_matrix:
    ids = {p: n for n, p in enumerate(sorted({p for ln in lines for p in (ln.from_id, ln.to_id)}))}
    rows, columns = np.array([(ids[ln.from_id], ids[ln.to_id]) for ln in lines]).T
    return coo_matrix((np.ones(len(lines)), (rows, columns)), (len(ids), len(ids)))


@pytest.mark.parametrize("mode", ["rail", "road", ""])
def test_shortest_is_what_scipy_finds(mode):
    """Between all places of the real network, from every tenth of them."""
    lines = [ln for ln in NETWORK.as_of(TODAY).lines if mode in ("", ln.mode)]
    truth = oracle_km(lines)
    for from_id in sorted({a for a, _ in truth})[::10]:
        found = ways(lines, from_id, lambda ln: ln.length_km)
        assert {b: found[b].cost if b in found else math.inf for a, b in truth if a == from_id} == {
            b: km for (a, b), km in truth.items() if a == from_id
        }
    a, b = next(iter(truth))
    assert shortest_km(NETWORK.as_of(TODAY).lines, a, b, mode=mode) == truth[a, b]


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF"), st.integers(1, 9)), min_size=1, max_size=12
    )
)
def test_shortest_is_what_scipy_finds_on_any_network(drawn):
    """Loops, parallel lines and pieces apart included; ways are chains of lines that add up."""
    lines = [line(f"L{n}", a, b, km) for n, (a, b, km) in enumerate(drawn)]
    for (a, b), km in oracle_km(lines).items():
        assert (shortest_km(lines, a, b) or 0) == (0 if math.isinf(km) else km)
        assert (shortest_km(lines, a, b) is None) == math.isinf(km)
    for to_id, way in ways(lines, lines[0].from_id, lambda ln: ln.length_km).items():
        here = lines[0].from_id
        for ln in way.lines:
            assert here in (ln.from_id, ln.to_id)
            here = ln.to_id if here == ln.from_id else ln.from_id
        assert (here, sum(ln.length_km for ln in way.lines)) == (to_id, way.cost)


def test_mode_and_gauge_may_be_asked_for():
    """By default rails of any gauge; a road is not taken, and one gauge may be the only one."""
    lines = [line("a", "A", "B", 5), line("b", "B", "C", 5, gauge_mm=1520), line("c", "A", "C", 1, mode="road")]
    lines += [line("d", "A", "C", 30)]
    assert shortest_km(lines, "A", "C") == 10
    assert shortest_km(lines, "A", "C", gauge_mm=1435) == 30
    assert shortest_km(lines, "A", "C", mode="road") == 1
    assert shortest_km(lines, "A", "C", mode="") == 1
    assert shortest_km(lines, "A", "C", gauge_mm=1520) is None
    assert shortest_km(lines, "A", "A") == 0


def test_every_leg_is_the_sum_of_its_lines():
    """Length, running time and gauge of every leg are those of the lines it runs over, as of assumed services."""
    by_id = {ln.line_id: ln for ln in NETWORK.lines}
    for leg in (leg for service in NETWORK.services.values() for leg in service.legs):
        over = [by_id[line_id] for line_id in leg.line_ids]
        assert leg.length_km == sum(ln.length_km for ln in over)
        assert abs(leg.running_minutes - sum(ln.running_minutes for ln in over)) <= 3 * len(over)
        assert {ln.gauge_mm for ln in over} == {leg.gauge_mm}


def test_planned_transfers_are_kept_apart():
    """Eight rows of two crossings that are not built; plans do not see them."""
    assert {t.place_id for t in NETWORK.planned_transfers} == {"BKT", "BKH", "MAK", "TOR"}
    assert len(NETWORK.planned_transfers) == 8
    assert not {t.transfer_id for t in NETWORK.planned_transfers} & {t.transfer_id for t in NETWORK.transfers}
    assert NETWORK.as_of(TODAY).planned_transfers == NETWORK.planned_transfers
    assert replace(NETWORK, planned_transfers=()) != NETWORK
