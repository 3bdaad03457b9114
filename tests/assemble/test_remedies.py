"""What would free a box that is left: applied to the week, it does, and saves what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.model.itinerary import Refusal, Terms
from landport.model.plans import Bar
from landport.model.services import DepartureNote
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub, status
from tests.assemble.test_quotas import quota
from tests.assemble.test_worth import bought, night


def only(result):
    """The remedies of the one container that is left, by the kinds of their bars."""
    (container_id,) = result.plan.left
    assert {r.container_id for r in result.plan.remedies} == {container_id}
    return {tuple(b.kind for b in r.bars): r for r in result.plan.remedies}


def test_positions_that_lack_are_named_and_free_it():
    """Four TEU for three boxes: two more on the leg let the third ride, and save what the remedy says."""
    found = bought(4).plan(boxes(3))
    remedy = only(found)[("teu",)]
    assert remedy.bars == (Bar(kind="teu", departure_id="W@2022-07-18", leg=1, limit=4, taken=4, lacks=2),)
    assert [(r.subject_id, r.departure_id) for r in remedy.rides] == [(remedy.container_id, "W@2022-07-18")]
    more = bought(6).plan(boxes(3))
    assert not more.plan.left
    assert more.plan.remedies == ()
    assert found.cost - more.cost == remedy.saves_usd_cents > 0


def test_a_cancelled_train_lacks_teu():
    """Three boxes of two, eight are needed: two TEU lack, and a fourth box makes the train run."""
    found = Port(hub("U", "AD")).plan(boxes(3))
    assert len(found.plan.left) == 3
    for remedy in found.plan.remedies:
        (bar,) = remedy.bars
        share = 50_000 * 2 // 6 + 1
        assert bar == Bar(kind="run", departure_id="U@2022-07-18", limit=8, taken=6, lacks=2, usd_cents=share)
    assert status(Port(hub("U", "AD")).plan(boxes(4))) == {"U": "run"}


def test_tracks_that_lack_stand_beside_the_train():
    """One track, two trains, ten boxes: the second train needs a track; with two all ride."""
    two = hub("U", "AD", at=300), hub("V", "AD", at=600)
    found = Port(*two, supply=(night("track", 1),)).plan(boxes(10))
    kinds = {tuple(b.kind for b in r.bars) for r in found.plan.remedies}
    assert ("run", "tracks") in kinds
    assert {b.lacks for r in found.plan.remedies for b in r.bars if b.kind == "tracks"} == {1}
    assert not Port(*two, supply=(night("track", 2),)).plan(boxes(10)).plan.left


def test_a_wagon_that_lacks_is_named_by_type():
    """Three wagons for four boxes: one more FLAT, and all ride."""
    found = Port(hub("U", "AD", min_teu=2), supply=(night("FLAT", 3),)).plan(boxes(4))
    remedy = only(found)[("wagons",)]
    (bar,) = remedy.bars
    assert bar == Bar(kind="wagons", at_id="A", day_on="2022-07-18", other_id="FLAT", limit=3, taken=3, lacks=1)
    assert not Port(hub("U", "AD", min_teu=2), supply=(night("FLAT", 4),)).plan(boxes(4)).plan.left


def test_what_no_wagon_carries_is_promised_nothing():
    """A box that no wagon may carry has no remedy: one wagon more would not do."""
    found = Port(hub("U", "AD", min_teu=2)).plan([*boxes(3), nets.box(4, "D", gross_kg=90_000)])
    assert list(found.plan.left) == ["C00004"]
    assert found.plan.remedies == ()


def test_a_quota_that_is_full_says_by_how_much():
    """Two TEU more under the order let the third box pass."""
    found = Port(nets.service("W", "AD"), orders=[quota(4)]).plan(boxes(3))
    (bar,) = only(found)[("quota",)].bars
    assert (bar.order_id, bar.day_on, bar.limit, bar.taken, bar.lacks) == ("O9", "2022-07-18", 4, 4, 2)
    assert not Port(nets.service("W", "AD"), orders=[quota(6)]).plan(boxes(3)).plan.left


def test_who_would_make_room_and_at_what_cost():
    """The box of low priority could ride if another stayed, which costs more: the remedy says who and how much."""
    some = [replace(box, priority=min(1, n)) for n, box in enumerate(boxes(3))]
    found = bought(4).plan(some)
    assert list(found.plan.left) == ["C00001"]
    remedy = only(found)[("swap",)]
    (bar,) = remedy.bars
    assert bar.other_id in {"C00002", "C00003"}
    assert remedy.saves_usd_cents < 0
    assert remedy.rides[-1].subject_id == "C00001"  # the other would stay


def test_who_makes_room_goes_another_way_if_there_is_one():
    """Only one box may ride by way of E, so the other would have to give up its direct place for it."""
    slow = nets.service("V", "AED", at=900, legs=(nets.leg(1, "A", "E"), nets.leg(2, "E", "D")))
    port = Port(nets.service("W", "AD"), slow, notes=(_room("W", 2), _room("V", 2)))
    some = [nets.box(1, "D"), nets.box(2, "D"), replace(nets.box(3, "D"), priority=2)]
    ways = port.found(some)
    direct = tuple(w for w in ways.choices["C00001"] if w.stretches[0].departure_id.startswith("W"))
    found = port.assembled(some, replace(ways, choices={**ways.choices, "C00001": direct}))
    assert len(found.plan.left) == 1
    swaps = [r for r in found.plan.remedies if r.bars[0].kind == "swap"]
    assert swaps
    for remedy in swaps:
        assert {r.subject_id for r in remedy.rides} <= {remedy.container_id, remedy.bars[0].other_id}


def _room(service_id: str, teu: int) -> DepartureNote:
    """So many TEU free on the first day's run of a service."""
    return DepartureNote(departure_id=f"{service_id}@2022-07-18", service_id=service_id, status="run", free_teu=teu)


def test_a_later_due_time_frees_what_would_come_too_late_to_be_worth_it():
    """So late that leaving weighs less: the least hours until it pays are named, one less does not do."""
    box = nets.box(1, "D", due_at=-9 * 1440)
    port = Port(nets.service("W", "AD", legs=(nets.leg(1, "A", "D", usd_cents_per_teu=575_000),)))
    found = port.plan([box])
    remedy = only(found)[("due",)]
    hours = remedy.bars[0].lacks
    assert not port.plan([replace(box, due_at=box.due_at + 60 * hours)]).plan.left
    assert port.plan([replace(box, due_at=box.due_at + 60 * (hours - 1))]).plan.left
    assert remedy.saves_usd_cents > 0


def test_what_costs_more_than_leaving_says_by_how_much():
    """A way of 12,400 USD against 12,000: no due time helps, and the difference is named."""
    port = Port(nets.service("W", "AD", legs=(nets.leg(1, "A", "D", usd_cents_per_teu=620_000),)))
    remedy = only(port.plan([nets.box(1, "D")]))[("dear",)]
    (bar,) = remedy.bars
    assert (bar.limit, bar.lacks) == (1_200_000, bar.taken + 1 - 1_200_000)
    assert remedy.saves_usd_cents == 1_200_000 - bar.taken < 0
    assert not port.plan([replace(nets.box(1, "D"), priority=1)]).plan.left


def test_other_terms_are_looked_for_where_there_is_no_way():
    """A box with no way at all: asked for other terms, it rides as they say, if there is room beside."""
    port = bought(2)
    some = boxes(2)
    ways = port.found(some)
    bare = replace(
        ways,
        choices={"C00001": ways.choices["C00001"]},
        refusals={"C00002": Refusal(state="waiting", code="order", why="no")},
    )
    lifted = Bar(kind="order", order_id="O1")

    def terms(why):
        assert list(why) == ["C00002"]
        return {"C00002": [Terms(bars=(lifted,), box=some[1], ways=ways.choices["C00002"])]}

    found = port.assembled(some, bare, other_terms=terms)
    (remedy, *_) = found.plan.remedies
    assert [b.kind for b in remedy.bars] == ["order", "teu"]
    assert remedy.bars[0] == lifted


def test_a_remedy_of_one_is_that_of_its_equals():
    """Equal boxes have equal remedies, each its own; and planning again says the same."""
    results = [bought(4).plan(boxes(5)) for _ in range(2)]
    assert results[0].plan.remedies == results[1].plan.remedies
    by_box = {}
    for r in results[0].plan.remedies:
        assert {ride.subject_id for ride in r.rides} <= {r.container_id, *(b.other_id for b in r.bars)}
        by_box.setdefault(r.container_id, []).append((r.bars, r.usd_cents))
    assert len(by_box) == 3
    assert len({tuple(x) for x in by_box.values()}) == 1


@settings(deadline=None, max_examples=25)
@given(
    free=st.lists(st.integers(2, 6), min_size=2, max_size=2),
    prices=st.lists(st.integers(1, 60), min_size=2, max_size=2),
    urgent=st.lists(st.integers(0, 2), min_size=1, max_size=6),
)
def test_positions_save_what_remedies_promise(free, prices, urgent):
    """Whatever the week: with the positions that a remedy names, the best plan saves at least what it says."""

    def port(room):
        lines = [
            nets.service(s, "AD", at=300 + 60 * n, legs=(nets.leg(1, "A", "D", usd_cents_per_teu=1_000 * prices[n]),))
            for n, s in enumerate("VW")
        ]
        notes = [
            DepartureNote(departure_id=f"{s}@2022-07-18", service_id=s, status="run", free_teu=(room[n],))
            for n, s in enumerate("VW")
        ]
        return Port(*lines, notes=notes)

    some = [replace(nets.box(n + 1, "D"), priority=p) for n, p in enumerate(urgent)]
    found = port(free).plan(some, effort=100)
    assert {r.container_id for r in found.plan.remedies} == set(found.plan.left)
    for remedy in found.plan.remedies:
        if [b.kind for b in remedy.bars] == ["teu"]:
            bar = remedy.bars[0]
            more = [teu + bar.lacks * (bar.departure_id[0] == s) for teu, s in zip(free, "VW", strict=True)]
            again = port(more).plan(some, effort=100)
            assert found.cost - again.cost >= remedy.saves_usd_cents


@pytest.mark.parametrize("kind", ["cargo_kg", "gross_kg"])
def test_mass_that_lacks_is_counted_in_kg(kind):
    """A leg that takes two boxes' mass lacks that of the third, wagons counted where the train is weighed."""
    limits = {"cargo_kg": {"max_cargo_kg": 40_000}, "gross_kg": {"max_gross_kg": 84_000}}[kind]
    service = hub("U", "AD", min_teu=2)
    found = Port(replace(service, legs=(replace(service.legs[0], **limits),))).plan(boxes(3))
    bar = only(found)[(kind,)].bars[0]
    freed = {"max_cargo_kg" if kind == "cargo_kg" else "max_gross_kg": bar.limit + bar.lacks}
    more = Port(replace(service, legs=(replace(service.legs[0], **freed),))).plan(boxes(3))
    assert not more.plan.left
