"""Who shares containers with whom, and by which cut-off."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.consolidate import group
from landport.model.loads import CutOff
from landport.model.rules import Rules
from tests.consolidate.cargo import booking, item, kind

DRY = (kind(), kind("20GP", (20, 20, 20), teu=1))
REEFERS = (kind("40RH", equipment="reefer"), kind("40RF", equipment="reefer"))
TIMES = (CutOff(packed_by=100, arrives_at=500), CutOff(packed_by=200, arrives_at=600))
RULES = Rules(rates=(), train_rules=(), forbidden_pairs=(("1.1", "1.1"), ("3", "5.1")))
FULL = 12
"""Pieces of 10 x 10 x 10 that are no thin group: 16 fill the preferred container."""


def grouped(bookings, ready_at, counts=None, cut_offs=None, rules=RULES):
    counts = counts or {}
    items = [item(f"I{b.booking_id}", b.booking_id, count=counts.get(b.booking_id, FULL)) for b in bookings]
    lanes = {b.destination_id for b in bookings}
    return group(
        bookings,
        items,
        ready_at=ready_at,
        cut_offs=dict.fromkeys(lanes, TIMES) if cut_offs is None else cut_offs,
        hub_id="HUB",
        container_types=(*DRY, *REEFERS),
        payload_kg={(d, k.container_type): 20_000 for d in lanes for k in (*DRY, *REEFERS)},
        rules=rules,
    )


def members(groups):
    return {g.group_id: [b.booking_id for b in g.bookings] for g in groups}


def test_each_takes_the_first_cut_off_it_can_catch():
    """Ready at the minute itself is in time; after the last one it waits; without any it waits, too."""
    bookings = [booking(b) for b in "abcd"]
    ready = {"a": 0, "b": 100, "c": 101, "d": 201}
    assert members(grouped(bookings, ready)) == {"D/100-500": ["a", "b"], "D/200-600": ["c"], "D/waiting": ["d"]}
    assert members(grouped(bookings, ready, cut_offs={})) == {"D/waiting": list("abcd")}


def test_destinations_do_not_mix():
    """One lane, one group."""
    bookings = [booking("a"), booking("b", destination_id="E")]
    assert members(grouped(bookings, {"a": 0, "b": 0})) == {"D/100-500": ["a"], "E/100-500": ["b"]}


def test_a_thin_group_joins_the_next_if_all_arrive_in_time():
    """Thin goods wait for company, but not beyond their due minute, and not alone."""
    ready = {"a": 0, "b": 150}
    for due_at, expected in ((600, {"D/200-600": ["a", "b"]}), (599, {"D/100-500": ["a"], "D/200-600": ["b"]})):
        bookings = [booking("a", due_at=due_at), booking("b")]
        assert members(grouped(bookings, ready, {"a": 2})) == expected
    assert members(grouped([booking("a")], {"a": 0}, {"a": 2})) == {"D/100-500": ["a"]}


def test_a_full_group_does_not_wait():
    """At 60 % of a container by volume it leaves by its own cut-off."""
    bookings = [booking("a"), booking("b")]
    assert len(grouped(bookings, {"a": 0, "b": 150}, {"a": 10})) == 2
    assert len(grouped(bookings, {"a": 0, "b": 150}, {"a": 9})) == 1


def test_temperature_goods_ride_in_reefers_of_their_range():
    """Ranges do not mix; only reefers are offered, the preferred first."""
    bookings = [
        booking("a", temperature_min_c=2, temperature_max_c=8),
        booking("b", temperature_min_c=-20, temperature_max_c=-18),
        booking("c"),
    ]
    groups = grouped(bookings, dict.fromkeys("abc", 0))
    kinds = {g.bookings[0].booking_id: [k.container_type for k in g.container_types] for g in groups}
    assert kinds == {"a": ["40RH", "40RF"], "b": ["40RH", "40RF"], "c": ["40HC", "20GP"]}


def test_forbidden_classes_never_share_a_group():
    """Neither two classes of a pair, nor two bookings of a class that may not meet itself."""
    bookings = [
        booking(b, un_class=c) for b, c in zip("abcdefg", ["3", "5.1", "", "1.1", "1.1", "5.1", "3"], strict=True)
    ]
    groups = grouped(bookings, dict.fromkeys("abcdefg", 0))
    assert sorted(members(groups).values()) == [["a", "c", "d", "g"], ["b", "e", "f"]]


EXPLOSIVES = (("1.4", "1.4"), ("1.4", "3"), ("3", "5.1"))


@pytest.mark.parametrize(
    ("classes", "sets"),
    [
        pytest.param(["3", "1.4S"], ["3", "1.4S"], id="explosives without their compatibility group"),
        pytest.param(["1.4S", "1.4B"], ["1.4S", "1.4B"], id="two compatibility groups"),
        pytest.param(["1.4S", "", "3"], ["1.4S ", "3"], id="with harmless goods"),
        pytest.param(["3", "1"], ["3", "1"], id="no division"),
        pytest.param(["3", "1.2", "3"], ["3 3", "1.2"], id="a division that no rule names"),
        pytest.param(["1.2", "1.2", ""], ["1.2 ", "1.2"], id="nobody knows, so not with its like either"),
        pytest.param(["8", "3"], ["8", "3"], id="a class that no rule names"),
        pytest.param(["9", "3", "1.4S"], ["9 3", "1.4S"], id="class 9 goes with all"),
    ],
)
def test_dangerous_goods_by_division(classes, sets):
    """Segregation speaks of divisions without compatibility groups; what it does not name meets harmless goods only."""
    rules = replace(RULES, forbidden_pairs=EXPLOSIVES)
    bookings = [booking(b, un_class=c) for b, c in zip("abcdefg", classes, strict=False)]
    groups = grouped(bookings, {b.booking_id: 0 for b in bookings}, rules=rules)
    assert sorted(" ".join(b.un_class for b in g.bookings) for g in groups) == sorted(sets)


def test_full_containers_and_goods_without_a_way_to_the_hub_are_not_grouped():
    """FCL is packed by its shipper; a booking without a ready minute does not reach the hub."""
    bookings = [booking("a", kind="FCL"), booking("b"), booking("c")]
    assert members(grouped(bookings, {"a": 0, "c": 0})) == {"D/100-500": ["c"]}


ANY = st.tuples(
    st.integers(0, 250), st.integers(400, 700), st.integers(1, 16), st.sampled_from(["", "3", "5.1", "1.1"])
)


@given(st.lists(ANY, max_size=8))
def test_every_booking_is_in_one_group_and_none_waits_too_long(drawn):
    """Whatever the bookings: once each, ready by the cut-off, and rolled only if still in time."""
    bookings = [booking(f"B{n}", due_at=due, un_class=c) for n, (_, due, _, c) in enumerate(drawn)]
    ready = {f"B{n}": r for n, (r, *_) in enumerate(drawn)}
    groups = grouped(bookings, ready, {f"B{n}": count for n, (_, _, count, _) in enumerate(drawn)})
    assert Counter(b.booking_id for g in groups for b in g.bookings) == Counter(ready.keys())
    assert len({g.group_id for g in groups}) == len(groups)
    for g in groups:
        classes = Counter(b.un_class for b in g.bookings)
        assert not {"3", "5.1"} <= set(classes)
        assert classes["1.1"] < 2
        assert all(g.ready_at[b.booking_id] == ready[b.booking_id] for b in g.bookings)
        for b in g.bookings:
            first = next((c for c in TIMES if c.packed_by >= ready[b.booking_id]), None)
            own = g.group_id.endswith("waiting" if first is None else f"{first.packed_by}-{first.arrives_at}")
            assert own or b.due_at >= 600
