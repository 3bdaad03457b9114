"""Ways come in by price: what full legs cost in the relaxation decides which further ways are offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport.assemble.batches import batches, problem_of
from landport.assemble.growth import FIRST, grown
from landport.assemble.kept import Kept
from landport.assemble.resources import Resources
from landport.model.itinerary import Ways
from landport.model.result import Limit
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub
from tests.assemble.test_quotas import bought, days_of, quota
from tests.broken.week import booking


class Asked:
    """Offers all ways of a port, and remembers what it was asked."""

    def __init__(self, port: Port, some) -> None:
        self.all = port.found(some).choices
        self.dues: list[dict[tuple[str, int], int]] = []

    def __call__(self, some, dues) -> Ways:
        self.dues.append(dict(dues))
        return Ways(choices={b.container_id: self.all[b.container_id] for b in some}, refusals={})

    def only(self, letters: str) -> Ways:
        """Ways that leave by services of these letters."""
        chosen = {
            c: tuple(w for w in ways if w.stretches[0].departure_id[0] in letters) for c, ways in self.all.items()
        }
        return Ways(choices=chosen, refusals={})


def test_a_way_that_was_not_offered_comes_in_where_the_first_is_full():
    """Seven boxes are offered one train with room for five; its leg gets a price, and two learn of another."""
    port = Port(hub("U", "AD", at=300), nets.service("V", "AD", at=700, cut_off_minutes=0))
    some = boxes(7)
    asked = Asked(port, some)
    without, grown = (port.assembled(some, asked.only("U"), priced_ways=ways) for ways in (None, asked))
    assert (len(without.plan.left), len(grown.plan.left)) == (2, 0)
    assert asked.dues[0]["U@2022-07-18", 1] > 0
    assert grown.bound <= grown.cost < without.cost
    assert grown.bound < without.bound


def test_a_cheaper_way_comes_in_for_boxes_that_ride():
    """Two boxes more than fit were only offered a dear train; the cheaper one comes in, and nobody rides the dear."""
    dear = (nets.leg(1, "A", "D", usd_cents_per_teu=400_000),)
    port = Port(
        hub("U", "AD", at=300),
        nets.service("V", "AD", at=700, cut_off_minutes=0, legs=dear),
        nets.service("W", "AD", at=710, cut_off_minutes=0),
    )
    some = boxes(7)
    asked = Asked(port, some)
    without, grown = (port.assembled(some, asked.only("UV"), priced_ways=ways) for ways in (None, asked))
    assert {w.stretches[0].departure_id[0] for w in without.plan.ways.values()} == {"U", "V"}
    assert "V" not in {w.stretches[0].departure_id[0] for w in grown.plan.ways.values()}
    assert grown.bound <= grown.cost < without.cost


def test_ways_that_save_nothing_change_nothing():
    """The same ways again: the plan, its cost and its bound stay, and one question is enough."""
    port = Port(hub("U", "AD"))
    some = boxes(7)
    before = port.plan(some)
    asked = Asked(port, some)
    assert port.assembled(some, port.ways, priced_ways=asked) == before
    assert len(asked.dues) == 1


@pytest.mark.parametrize(("kind", "days"), [("any", [0, 0, 1, 1]), ("named", [0, 0, 0, 0, 0, 1])])
def test_the_price_of_a_quota_brings_in_the_next_day(kind, days):
    """Offered the first day only, those under the full quota get ways of the second."""
    known = [booking(f"B{n}", hs="3924" if n % 2 else "8471") for n in range(1, 7)]
    order = quota(4, hs_prefixes=("3924",) if kind == "named" else ())
    port = Port(bought("U"), orders=[order], days=2, bookings=known)
    some = boxes(6)
    asked = Asked(port, some)
    first = Ways(choices={c: ways[:1] for c, ways in asked.all.items()}, refusals={})
    result = port.assembled(some, first, priced_ways=asked)
    assert days_of(result) == days
    assert result.bound <= result.cost


def test_a_batch_only_gets_ways_that_each_of_its_boxes_may_take():
    """Boxes with the same first ways are one batch; a way that is found for one of them only is offered to none."""
    port = Port(bought("U", at=300), bought("V", at=700, usd_cents=100))
    some = boxes(2)
    every = port.found(some).choices
    first = {c: tuple(w for w in ways if w.stretches[0].departure_id[0] == "U") for c, ways in every.items()}

    def one_may(asked, dues):
        return Ways(choices={**first, "C00001": every["C00001"]}, refusals={})

    result = port.assembled(some, Ways(choices=first, refusals={}), priced_ways=one_may)
    assert {w.stretches[0].departure_id[0] for w in result.plan.ways.values()} == {"U"}


def test_nothing_is_asked_when_time_is_over():
    """No second left: the ways at hand are all."""
    port = Port(hub("U", "AD"))
    some = boxes(7)
    asked = Asked(port, some)
    late = Limit(seconds=1, stopwatch=lambda: 2.0)
    result = port.assembled(some, asked.only("U"), priced_ways=asked, limit=late)
    assert not asked.dues
    assert result.bound <= result.cost


def test_a_batch_begins_with_its_cheapest_ways():
    """Of more ways than are offered first, the dearest are left out; here nobody brings them in."""
    days = FIRST + 4
    port = Port(bought("U"), days=days)
    some = [replace(b, due_at=days * 1440) for b in boxes(3)]

    def nobody(asked, dues):
        return Ways(choices={}, refusals={})

    assert max(len(ways) for ways in port.found(some).choices.values()) > FIRST
    result = port.assembled(some, port.found(some), priced_ways=nobody)
    assert days_of(result) == [0, 0, 0]


def test_planning_again_asks_for_those_whose_ways_are_scarce():
    """Seven boxes want a train with room for five; two for another place have all the room they want."""
    port = Port(hub("U", "AD", at=300), hub("W", "AB", at=300, min_teu=1), nets.service("V", "AD", at=700))
    some = [*boxes(7), *(nets.box(n, "B") for n in (8, 9))]
    asked = Asked(port, some)
    kept = Kept(rode={}, change_cents=10_000)
    names = set()

    def ways(few, dues):
        names.update(box.container_id for box in few)
        return asked(few, dues)

    resources = Resources(port.pricing, (), nets.MONDAY, "A", 0, kept)
    problem = problem_of(batches(some, asked.only("UW").choices, resources), resources, (), {})
    more, _ = grown(problem, ways, Limit(), 0)
    assert names == {box.container_id for box in boxes(7)}
    offered = {
        o.way.stretches[0].departure_id[0] for b in more.batches for o in b.options if b.containers[0] in some[:7]
    }
    assert offered == {"U", "V"}
