"""Any edits of any small network: in two steps as in one, and what is left hangs together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from landport.model.edits import ACTIONS, OF_PLACES, NetworkEdit
from landport.model.network import Network
from landport.model.what_if import apply
from tests import nets
from tests.model.lines import ON, RULES, change, line, train

PLACES = "ABCDE"
LINE_IDS = [a + b for a in PLACES for b in PLACES if a < b]


@st.composite
def networks(draw) -> Network:
    """Five places; lines of two gauges, some planned or not open yet; trains over them; work here and there."""
    status = st.sampled_from([{}, {"status": "planned"}, {"opened_on": date(2023, 1, 1)}])
    gauge = st.sampled_from([1435, 1520])
    drawn = draw(
        st.lists(
            st.tuples(st.sampled_from(LINE_IDS), gauge, status, st.integers(20, 99)),
            min_size=3,
            unique_by=lambda d: d[0],
        )
    )
    lines = tuple(line(i, gauge_mm=mm, running_minutes=minutes, **how) for i, mm, how, minutes in drawn)
    by_id = {ln.line_id: ln for ln in lines}
    services = []
    for n, ln in enumerate(draw(st.lists(st.sampled_from(lines), max_size=4))):
        one = {"gauge_mm": ln.gauge_mm, "running_minutes": ln.running_minutes}
        onward = sorted(i for i in by_id if i[0] == ln.to_id and by_id[i].gauge_mm == ln.gauge_mm)
        stops = ln.line_id + onward[0][1] if onward else ln.line_id
        services.append(train(f"T{n}", stops, **{"1": one, "2": {"gauge_mm": ln.gauge_mm}}))
    work = [change(p, a, b) for p in PLACES for a in (1435, 1520) for b in (1435, 1520)]
    crossings = [change(p, 1435, b, q, "inbound") for p in PLACES for q in PLACES if p != q for b in (1435, 1520)]
    worked = draw(st.lists(st.sampled_from(work), unique_by=lambda t: t.transfer_id, max_size=6))
    planned = draw(st.lists(st.sampled_from(crossings), unique_by=lambda t: t.transfer_id, max_size=6))
    network = nets.network(*services, lines=lines, transfers=tuple(worked))
    return replace(network, planned_transfers=tuple(planned))


@st.composite
def what_ifs(draw) -> tuple[Network, list[NetworkEdit]]:
    """Draw a network and edits that it can have."""
    network = draw(networks())
    values = {"gauge": [1435, 1520], "slow": [500, 1500, 1333], "capacity": [20, 60]}
    drawn = []
    for action in draw(st.lists(st.sampled_from((*ACTIONS, "open")), max_size=7)):
        subjects = [ln.line_id for ln in network.lines]
        subjects += list(network.places) if action in OF_PLACES else []
        value = draw(st.sampled_from(values.get(action, [0])))
        drawn.append(NetworkEdit(action=action, subject_id=draw(st.sampled_from(subjects)), value=value))
    return network, drawn


@given(what_ifs(), st.integers(0, 7))
def test_edits_one_after_the_other_are_edits_together(drawn, cut):
    """Network, assumed services and remarks: in two steps and in one, whatever is open in between."""
    network, made = drawn
    once = apply(network, made, on=ON, rules=RULES)
    first = apply(network, made[:cut], on=ON, rules=RULES)
    assert apply(first.whole, made[cut:], on=ON, rules=RULES) == once


@given(what_ifs())
def test_the_edited_network_hangs_together(drawn):
    """Services run over open lines of their gauge, stop at no closed place, and every opened rail is run on."""
    network, made = drawn
    answer = apply(network, made, on=ON, rules=RULES)
    lines = {ln.line_id: ln for ln in answer.network.lines}
    shut = {e.subject_id for e in made if e.action == "close" and e.subject_id in network.places}
    assert all(ln.is_open(ON) and not shut & {ln.from_id, ln.to_id} for ln in lines.values())
    assert not [t for t in answer.network.transfers if t.place_id in shut]
    for service in answer.network.services.values():
        for leg in service.legs:
            assert not shut & {leg.from_id, leg.to_id}
            assert {lines[i].gauge_mm for i in leg.line_ids} == {leg.gauge_mm}
        assert {leg.gauge_mm for leg in service.legs} == {service.legs[0].gauge_mm}
    run_on = {i for s in answer.network.services.values() for g in s.legs for i in g.line_ids}
    opened = {e.subject_id for e in made if e.action == "open"} & set(lines)
    assert opened <= run_on
    assert {s.service_id for s in answer.services} == set(answer.network.services) - set(network.services)
    assert len(answer.services) % 2 == 0
    for there, back in zip(answer.services[::2], answer.services[1::2], strict=True):
        assert [g.line_ids for g in there.legs] == [g.line_ids[::-1] for g in back.legs[::-1]]
        passed = [p for g in there.legs for p in (g.from_id,)] + [there.legs[-1].to_id]
        assert len(set(passed)) == len(passed)
