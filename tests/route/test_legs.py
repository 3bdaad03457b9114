"""Priced legs: the cheapest way over them is that of the front and of the planner's scan; pairs are all there are."""

from __future__ import annotations

import heapq
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pytest

from landport import route
from landport.app import demo, stages
from landport.app.desk import lay_out_desk
from landport.app.matrix import questions
from landport.model import tariff
from landport.model.changes import Changes, End
from landport.model.priced_legs import PricedLegs
from landport.model.rules import Rules
from landport.model.scenario import World
from landport.route.fronts import Fronts, Question
from landport.route.search import Search
from tests import nets
from tests.route.hours import begins, closing
from tests.route.test_fronts import BOX, EXACT, RULES, Small, random_network, small

Node = tuple[str, int, int]
"""("at", manner, minute), ("wait", class, place in its list) or ("on", leg, 0)."""


@dataclass(frozen=True)
class Graph:
    """Plain lists of priced legs, with what a minute of waiting costs."""

    legs: PricedLegs
    minute: int

    @cached_property
    def boarding(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for leg, of in enumerate(self.legs.board.tolist()):
            found.setdefault(of, []).append(leg)
        return found

    @cached_property
    def changes(self) -> dict[int, list[list[int]]]:
        found: dict[int, list[list[int]]] = {}
        for manner, *rest in self.legs.change.tolist():
            found.setdefault(manner, []).append(rest)
        return found

    @cached_property
    def trucks(self) -> dict[int, list[list[int]]]:
        found: dict[int, list[list[int]]] = {}
        for manner, *rest in self.legs.truck.tolist():
            found.setdefault(manner, []).append(rest)
        return found

    @cached_property
    def departs(self) -> list[int]:
        return self.legs.departs_at.tolist()

    def onward(self, node: Node, blocked: np.ndarray) -> Iterator[tuple[Node, int]]:
        kind, a, b = node
        return {"at": self.at, "wait": self.wait, "on": self.on}[kind](a, b, blocked)

    def at(self, manner: int, clock: int, _: np.ndarray) -> Iterator[tuple[Node, int]]:
        begins = self.begins(manner, clock)
        for of, _, minutes, cents, _, work in self.changes.get(manner, ()):
            some = self.boarding.get(of, [])
            first = bisect_left(some, max(clock + minutes, begins + work), key=self.departs.__getitem__)
            if first < len(some):
                yield ("wait", of, first), cents * 1000 + self.minute * (self.departs[some[first]] - clock)
        for to, _, minutes, cents, _ in self.trucks.get(manner, ()):
            then = begins + minutes
            yield ("at", to, then), cents * 1000 + self.minute * (then - clock)

    def begins(self, manner: int, clock: int) -> int:
        spans = self.legs.opens[slice(*self.legs.open_at[manner])].tolist()
        return next((max(clock, opens) for opens, closes in spans if clock < closes), 1 << 50) if spans else clock

    def wait(self, of: int, first: int, blocked: np.ndarray) -> Iterator[tuple[Node, int]]:
        some = self.boarding[of]
        if not blocked[some[first]]:
            yield ("on", some[first], 0), 0
        if first + 1 < len(some):
            yield ("wait", of, first + 1), self.minute * (self.departs[some[first + 1]] - self.departs[some[first]])

    def on(self, leg: int, _: int, blocked: np.ndarray) -> Iterator[tuple[Node, int]]:
        arrives, after, land = (int(a[leg]) for a in (self.legs.arrives_at, self.legs.after, self.legs.land))
        paid = int(self.legs.usd_cents[leg]) * 1000 + self.minute * (arrives - self.departs[leg])
        if land >= 0:
            yield ("at", land, arrives), paid
        if after >= 0 and not blocked[after]:
            yield ("on", after, 0), paid + self.minute * (self.departs[after] - arrives)

    def cheapest(self, asked: Question) -> int | None:
        """Least cost and waiting of a box, in thousandths of a cent: Dijkstra's algorithm on legs, changes, waits."""
        places = self.legs.place_ids
        start: Node = ("at", int(self.legs.start[places.index(asked.from_id)]), asked.ready_at)
        target, done, heap = places.index(asked.to_id), set(), [(0, start)]
        while heap:
            paid, node = heapq.heappop(heap)
            if node in done:
                continue
            done.add(node)
            if node[0] == "at" and self.legs.place[node[1]] == target:
                return paid
            for there, more in self.onward(node, asked.blocked):
                heapq.heappush(heap, (paid + more, there))
        return None


def check(fronts: Fronts, search: Search, asked: Question, rules: Rules) -> bool:
    """Compare three ways of finding the cheapest; tell whether there is a way."""
    legs = route.priced_legs(fronts, asked.load, rules)
    cheapest = Graph(legs, 0).cheapest(asked)
    front = fronts.front(asked, eps=EXACT)
    assert front.is_whole
    if cheapest is None:
        assert front.ways == ()
        return False
    assert min(way.usd_cents for way in front.ways) * 1000 == cheapest
    waited = Graph(legs, legs.minute_milli).cheapest(asked)
    least = search.least(asked.from_id, asked.to_id, asked.ready_at, asked.blocked) * legs.teu
    assert waited == pytest.approx(least, abs=2_000)  # trucks: rounded to cents here
    return True


@pytest.mark.parametrize("seed", range(25))
def test_the_cheapest_way_is_that_of_the_front(seed: int) -> None:
    """On random networks with two gauges, cut-offs and trucks, some legs barred."""
    net = small(closing(random_network(seed), seed) if seed % 2 else random_network(seed))
    dice = random.Random(seed)
    for at, to in (("A", "F"), ("B", "E"), ("C", "A")):
        if {at, to} <= set(net.network.places):
            barred = tuple(dice.sample(range(len(net.space.hops)), 3))
            for blocked in ((), barred):
                check(net.fronts, Search(net.space, RULES, 2), net.asked(at, to, 200, blocked), RULES)


@pytest.fixture(scope="module")
def real(world: World) -> tuple[route.Desk, list[Question]]:
    """A desk over the demo's timetable of three weeks, and questions of its bookings."""
    week = replace(demo.generate(world, week=date(2022, 7, 18), seed=3, scale=0.02), horizon_days=21)
    trips, _ = questions(stages.lay_out(week, world))
    desk, _, _ = lay_out_desk(week, world, on=week.start_at.date())
    chosen = random.Random(1).sample([t for t in trips.values() if t.container_type == "40HC"], 12)
    return desk, [desk.question(trip) for trip in chosen]


def test_the_cheapest_way_is_that_of_real_fronts(real: tuple[route.Desk, list[Question]], world: World) -> None:
    """On the shipped network, for bookings of a demo week with what bars their boxes."""
    desk, asked = real
    search = Search(desk.fronts.space, world.rules, 2)
    assert sum(check(desk.fronts, search, question, world.rules) for question in asked) >= 10


def by_hand(net: Small, within: int) -> Iterator[tuple[int, int, int]]:
    """Leg, leg that follows, minutes between them, tried one by one."""
    changes, places = Changes(net.network.transfers), net.network.places
    for i, one in enumerate(net.space.hops):
        for j, other in enumerate(net.space.hops):
            gap = other.departs_at - one.arrives_at
            if one.leg.to_id != other.leg.from_id or one.departure == other.departure or not 0 <= gap <= within:
                continue
            ends = [End(h.leg.mode, h.leg.gauge_mm, p) for h, p in ((one, one.leg.from_id), (other, other.leg.to_id))]
            row = changes.find(one.leg.to_id, *ends)
            if row is None:
                continue
            ready = begins(net.network, one.leg.to_id, one.arrives_at) + row.minutes
            if ready <= other.departs_at and other.service.cut_off_minutes <= gap:
                assert one.leg.to_id in places
                yield i, j, gap


@pytest.mark.parametrize("seed", range(8))
def test_pairs_are_all_that_can_follow_each_other(seed: int) -> None:
    """With the transfer between them, its price for the box, and no longer a wait than was asked for."""
    net = small(closing(random_network(seed), seed) if seed % 2 else random_network(seed))
    legs = route.priced_legs(net.fronts, BOX, RULES)
    for within in (0, 700, 9_000):
        found = route.pairs(legs, within=within)
        assert [(i, j, gap) for i, j, _, gap in found.tolist()] == list(by_hand(net, within))
    transfers = {t.transfer_id: t for t in net.network.transfers}
    assert len(found) > 0
    for i, j, row, gap in found.tolist():
        manner, of, transfer, minutes, cents, grams, work = legs.change[row].tolist()
        assert (manner, of) == (legs.land[i], legs.board[j])
        assert work <= minutes <= gap
        row_of = transfers[legs.transfer_ids[transfer]]
        assert row_of.place_id == legs.place_ids[legs.from_place[j]] == legs.place_ids[legs.to_place[i]]
        paid = tariff.change(BOX, row_of, RULES)
        assert (cents, grams) == (paid.usd_cents, paid.gco2e)


def test_legs_are_told_in_full() -> None:
    """Each leg with its departure, places, price, emissions and room; the same as the tariff's."""
    net = small(nets.network(nets.service("S", "ABC", min_teu=5), transfers=(nets.handover("B"),)), days=1)
    legs = route.priced_legs(net.fronts, BOX, RULES)
    names = [(legs.departure_ids[d], int(s)) for d, s in zip(legs.departure, legs.seq, strict=True)]
    assert names == [(h.departure.departure_id, h.leg.seq) for h in net.space.hops]
    ends = [(legs.place_ids[a], legs.place_ids[b]) for a, b in zip(legs.from_place, legs.to_place, strict=True)]
    assert ends == [("A", "B"), ("B", "C")]
    for i, hop in enumerate(net.space.hops):
        paid = tariff.ride(BOX, hop.service, hop.leg.seq, hop.leg.seq, RULES, undecided=True)
        assert (legs.usd_cents[i], legs.gco2e[i], legs.room_teu[i]) == (paid.usd_cents, paid.gco2e, 100)
    assert legs.after.tolist() == [1, -1]
    assert legs.minute_milli == tariff.waiting(BOX, 0, 1_440_000, 1 << 40, RULES)[0].usd_cents // 1440 == 4_166
