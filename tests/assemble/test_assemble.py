"""Which trains run, who rides, which wagon."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from landport import assemble, route
from landport.assemble._bound import lagrangian
from landport.assemble.reasons import _elsewhere
from landport.model import orders as restrictions
from landport.model import timetable
from landport.model.bookings import NightSupply, RestrictionOrder
from landport.model.itinerary import Trip
from landport.model.journeys import Pricing, cents
from landport.model.result import Limit
from landport.model.services import DepartureNote
from tests import nets

PAIRS = nets.train_rule("pair_required_20ft", 1000, "20ft", "==")
DIFFERENCE = nets.train_rule("max_pair_difference_kg", 5_000_000, "20ft pair", "<")


def hub(service_id: str, stops: str, **changes):
    """A hub train with a minimum of 8 and room for 10 TEU."""
    legs = tuple(nets.leg(i, a, b, capacity_teu=10) for i, (a, b) in enumerate(pairwise(stops), 1))
    given = {"legs": legs, "operation": "hub", "group": "assembly", "min_teu": 8, "fixed_usd_cents": 50_000}
    return nets.service(service_id, stops, **(given | changes))


class Port:
    """One day at hub A."""

    def __init__(self, *services, rules=None, supply=(), orders=(), days=1, bookings=(), transfers=(), notes=()):
        self.network = nets.network(*services, transfers=transfers)
        self.rules = rules or nets.rules()
        self.orders = orders
        dated = timetable.departures(
            self.network.services,
            self.network.places,
            notes,
            start_at=nets.MONDAY,
            from_minute=0,
            until_minute=days * 1440,
        )
        self.space = route.space(self.network, dated, self.rules, start_at=nets.MONDAY, plan_end=days * 1440, now_at=0)
        self.pricing = Pricing(
            network=self.network,
            roads={},
            departures={d.departure_id: d for d in dated},
            transfers={t.transfer_id: t for t in transfers},
            container_types=nets.TYPES,
            rules=self.rules,
            plan_end=days * 1440,
            quotas=restrictions.quotas(orders),
            bookings={b.booking_id: b for b in bookings},
        )
        self.supply = supply

    def plan(self, boxes, effort: int = 1, limit: Limit | None = None, seed: int = 0):
        self.ways = self.found(boxes)
        return self.assembled(boxes, self.ways, limit=limit or Limit(effort=effort), seed=seed)

    def found(self, boxes, room=None):
        trips = [
            Trip(
                trip_id=b.container_id,
                at_id=b.at_id,
                destination_id=b.destination_id,
                ready_at=b.ready_at,
                due_at=b.due_at,
                container_type=b.container_type,
                gross_kg=b.gross_kg,
                cargo_codes=self.inside(b).cargo_codes,
                un_classes=self.inside(b).un_classes,
            )
            for b in boxes
        ]
        asked = {"hub_id": "A", "rules": self.rules, "limit": Limit(), "room": room}
        return route.plan(trips, self.space, self.orders, nets.TYPES, **asked).plan

    def inside(self, box):
        known = self.pricing.bookings
        return restrictions.goods_of(known[b] for b in box.booking_ids if b in known)

    def assembled(self, boxes, ways, limit: Limit | None = None, **changes):
        resources = assemble.Resources(self.pricing, self.supply, nets.MONDAY, "A", 0)
        wagons = {"FLAT": nets.FLAT}
        return assemble.plan(boxes, ways, resources, self.orders, wagons, limit=limit or Limit(), **changes)


def boxes(count: int, to_id: str = "D", **changes):
    return [nets.box(i + 1, to_id, **changes) for i in range(count)]


def status(result):
    return {r.departure_id.split("@")[0]: r.status for r in result.plan.runs}


def test_a_train_runs_from_its_minimum_on():
    """Four boxes are 8 TEU; three are not enough and wait with the figures."""
    assert status(Port(hub("U", "AD")).plan(boxes(4))) == {"U": "run"}
    few = Port(hub("U", "AD")).plan(boxes(3))
    assert status(few) == {"U": "cancelled"}
    assert few.plan.runs[0].why == "too little freight: 6 TEU could ride it, it needs 8"
    assert {left.code for left in few.plan.left.values()} == {"cancelled"}


@pytest.mark.parametrize(("free", "n_far", "n_near"), [((6, 2), 1, 2), ((4, 8), 2, 0), ((6, 0), 0, 3), (4, 2, 0)])
def test_every_leg_has_the_room_that_a_note_says(free, n_far, n_near):
    """Boxes for D ride both legs of a bought train, those for B its first; those for D are worth more."""
    note = DepartureNote(departure_id="W@2022-07-18", service_id="W", status="run", free_teu=free)
    far = [nets.box(n, "D") for n in (1, 2, 3)]
    near = [nets.box(n, "B") for n in (4, 5, 6)]
    found = Port(nets.service("W", "ABD"), notes=(note,)).plan([replace(b, priority=2) for b in far] + near).plan
    rides = {b: w.stretches[0].last_leg for b, w in found.ways.items()}
    assert (list(rides.values()).count(2), list(rides.values()).count(1)) == (n_far, n_near)


def test_no_leg_takes_more_than_it_has():
    """Ten TEU of room, seven boxes: two wait because the leg is full, in words."""
    result = Port(hub("U", "AD")).plan(boxes(7))
    assert len(result.plan.ways) == 5
    assert [left.code for left in result.plan.left.values()] == ["full", "full"]
    assert "10 of 10 TEU" in next(iter(result.plan.left.values())).why


def test_capacity_is_counted_leg_by_leg():
    """Five boxes to B and five from B share one train's positions, leg after leg."""
    onward = [replace(nets.box(i, "D"), at_id="B") for i in range(6, 11)]
    result = Port(hub("U", "ABD")).plan([*boxes(5, "B"), *onward])
    assert len(result.plan.ways) == 10


def test_the_cargo_limit_binds_before_positions():
    """Two boxes of 20 t fill a leg that takes 40 t."""
    service = hub("U", "AD", min_teu=2)
    heavy = replace(service, legs=(replace(service.legs[0], max_cargo_kg=40_000),))
    result = Port(heavy).plan(boxes(4))
    assert len(result.plan.ways) == 2
    assert "40,000 of 40,000 kg of boxes" in next(iter(result.plan.left.values())).why


def test_a_20_ft_box_without_a_partner_stays():
    """Pairs ride; the odd one is left with the pair rule in words."""
    port = Port(hub("U", "AD", min_teu=2), rules=nets.rules(PAIRS, DIFFERENCE))
    result = port.plan(boxes(3, kind="20GP", gross_kg=15_000))
    assert len(result.plan.ways) == 2
    (left,) = result.plan.left.values()
    assert left.code == "no-wagon"
    assert "second 20-ft" in left.why


def test_wagons_in_the_yard_limit_the_train():
    """Three wagons carry three boxes, whatever the train could take."""
    supply = [
        NightSupply(supply_id="1", place_id="A", day_on="2022-07-19", resource="FLAT", count=3),
        NightSupply(supply_id="2", place_id="A", day_on="2022-07-18", resource="FLAT", count=3),
    ]
    result = Port(hub("U", "AD", min_teu=2), supply=supply).plan(boxes(5))
    assert len(result.plan.ways) == 3
    assert len(result.plan.wagons) == 3


@pytest.mark.parametrize("cap", ["track", "order"])
def test_only_as_many_trains_run_as_tracks_or_an_order_allow(cap):
    """Two trains could run; one may."""
    supply = [
        NightSupply(supply_id=d, place_id="A", day_on=d, resource="track", count=1)
        for d in ("2022-07-18", "2022-07-19")
    ]
    order = RestrictionOrder(
        order_id="O",
        number="N-1",
        issuer="R",
        place_id="A",
        towards_id="",
        from_at=0,
        until_at=9999,
        hs_prefixes=(),
        un_classes=(),
        container_types=(),
        max_trains_per_day=1,
        text="",
    )
    port = Port(
        hub("U", "AD", at=200),
        hub("V", "AD", at=300),
        supply=supply if cap == "track" else (),
        orders=[order] if cap == "order" else (),
    )
    result = port.plan(boxes(8))
    assert sorted(status(result).values()) == ["cancelled", "run"]
    why = next(r.why for r in result.plan.runs if r.status == "cancelled")
    assert ("tracks" if cap == "track" else "N-1") in why
    assert result.plan.left
    for left in result.plan.left.values():
        assert ("is full" if left.code == "full" else "tracks" if cap == "track" else "N-1") in left.why


def test_urgent_boxes_get_the_room():
    """When two of seven stay, it is not those of priority 3."""
    some = [replace(b, priority=3 if i >= 5 else 0) for i, b in enumerate(boxes(7))]
    result = Port(hub("U", "AD")).plan(some)
    assert {"C00006", "C00007"} <= set(result.plan.ways)


def by_hand(port: Port, some) -> int:
    """Try every choice of every box; answer the least cost."""
    choices = [(None, *port.ways.choices.get(b.container_id, ())) for b in some]
    best = None
    for picked in product(*choices):
        cost, teu = 0, {}
        for box, way in zip(some, picked, strict=True):
            if way is None:
                cost += 2 * 600_000
                continue
            cost += cents(port.pricing.journey(box, way))
            for s in way.stretches:
                for seq in range(s.first_leg, s.last_leg + 1):
                    teu[s.departure_id, seq] = teu.get((s.departure_id, seq), 0) + 2
        for departure_id in {d for d, _ in teu}:
            service = port.pricing.service(departure_id)
            full = max(n for (d, _), n in teu.items() if d == departure_id)
            cost += service.fixed_usd_cents
            if full < service.min_teu or any(n > 10 for (d, _), n in teu.items() if d == departure_id):
                cost = 1 << 60
        best = cost if best is None else min(best, cost)
    return best


@given(
    st.lists(st.tuples(st.sampled_from("BD"), st.integers(0, 500)), min_size=1, max_size=5),
    st.integers(2, 6),
    st.integers(2, 6),
)
@settings(max_examples=25)
def test_cost_lies_between_the_bound_and_near_the_best(some, least_u, least_v):
    """The bound never exceeds what trying everything finds, and with effort the plan is that good."""
    asked = [nets.box(i + 1, to, ready_at=ready) for i, (to, ready) in enumerate(some)]
    port = Port(hub("U", "ABD", at=300, min_teu=least_u), hub("V", "AD", at=700, min_teu=least_v))
    result = port.plan(asked, effort=100)
    best = by_hand(port, asked)
    assert result.bound <= best <= result.cost
    assert result.cost <= best * 1.001


def test_why_a_train_that_could_run_does_not():
    """What could ride it, who goes otherwise and who waits are counted, not guessed."""
    port = Port(hub("U", "AD", at=300, fixed_usd_cents=0), hub("V", "AD", at=700, fixed_usd_cents=9_000_000))
    result = port.plan(boxes(7))
    assert status(result) == {"U": "run", "V": "cancelled"}
    why = next(r.why for r in result.plan.runs if r.status == "cancelled")
    assert why == (
        "too dear: 90,000 USD to run; of 14 TEU that could ride it 10 go by other departures and 4 wait, it needs 8 TEU"
    )


def test_a_train_without_a_minimum_is_not_said_to_need_anything():
    """A feeder whose freight goes otherwise: what it costs first, no "needs 0 TEU"."""
    port = Port(hub("U", "AD", at=300, fixed_usd_cents=0), hub("V", "AD", at=700, fixed_usd_cents=9_000_000, min_teu=0))
    result = port.plan(boxes(5))
    why = next(r.why for r in result.plan.runs if r.status == "cancelled")
    assert why == "too dear: 90,000 USD to run; the 10 TEU that could ride it go by other departures"


@pytest.mark.parametrize(
    ("riding", "waiting", "least", "said"),
    [
        (174, 0, 80, "the 174 TEU that could ride it go by other departures"),
        (0, 1_200, 80, "the 1,200 TEU that could ride it wait, it needs 80 TEU"),
        (2, 4, 0, "of 6 TEU that could ride it 2 go by other departures and 4 wait"),
    ],
)
def test_where_the_freight_of_a_cancelled_train_is(riding, waiting, least, said):
    """Each part once, nothing of nothing."""
    assert _elsewhere(riding, waiting, least) == said


def test_a_train_that_wagons_leave_too_thin():
    """Four boxes make the minimum, three wagons do not: the reason says how many found room."""
    supply = [NightSupply(supply_id="1", place_id="A", day_on="2022-07-18", resource="FLAT", count=4)]
    supply.append(replace(supply[0], supply_id="2", resource="OTHER", count=9))
    port = Port(hub("U", "AD", legs=(nets.leg(1, "A", "D", max_length_mm=22_000 + 3 * 13_966),)), supply=supply)
    result = port.plan(boxes(5))
    assert status(result) == {"U": "cancelled"}
    assert "too little on board: 6 TEU found room and wagons, it needs 8" in result.plan.runs[0].why


@pytest.mark.parametrize("by", ["table", "rule"])
def test_the_shortest_leg_of_the_gauge_limits_the_train(by):
    """Wagons go through to the border: a later leg's length counts, in the table or by a dated rule."""
    short = 22_000 + 4 * 13_966
    legs = (nets.leg(1, "A", "B"), nets.leg(2, "B", "D", **({"max_length_mm": short} if by == "table" else {})))
    rules = nets.rules(*([nets.train_rule("max_length_m", short, "train")] if by == "rule" else []))
    result = Port(hub("U", "ABD", legs=legs), rules=rules).plan(boxes(6))
    assert len(result.plan.wagons) == 4
    assert "length limit" in next(iter(result.plan.left.values())).why


@pytest.mark.parametrize(("operator", "n_boxes"), [("<=", 4), ("<", 3)])
def test_a_dated_limit_on_the_whole_train(operator, n_boxes):
    """Four boxes of 20 t with 21 t of wagon each weigh 164 t: allowed, or just not."""
    rules = nets.rules(nets.train_rule("max_gross_t", 164_000, "train", operator))
    result = Port(hub("U", "AD", min_teu=2), rules=rules).plan(boxes(6))
    assert len(result.plan.ways) == n_boxes


def test_a_minimum_is_of_the_fullest_leg():
    """Five boxes to B and five from B on are ten riders, but never more than ten TEU at once: no minimum of twelve."""
    onward = [replace(nets.box(i, "D"), at_id="B") for i in range(7, 12)]
    legs = tuple(nets.leg(i, a, b, capacity_teu=20) for i, (a, b) in enumerate(pairwise("ABD"), 1))
    port = Port(hub("U", "ABD", legs=legs, min_teu=12))
    flow = port.plan([*boxes(5, "B"), *onward])
    assert status(flow) == {"U": "cancelled"}
    assert flow.bound <= flow.cost
    assert status(port.plan([*boxes(6, "B"), *onward])) == {"U": "run"}


def test_time_that_is_over_still_gives_a_plan():
    """No second left when assembly begins: a whole plan, its bound below its cost, and the clock as the reason."""
    port = Port(hub("U", "ABD"), hub("V", "AD", at=700))
    port.plan(boxes(9))
    late = port.plan(boxes(9), limit=Limit(effort=9, seconds=1, stopwatch=lambda: 2.0))
    assert late.bound <= late.cost
    assert len(late.plan.ways) + len(late.plan.left) == 9
    assert late.stopped in {"time", "optimal", "bound"}


def test_any_seed_is_a_seed():
    """HiGHS knows 31 bits of it; nothing is dropped in silence."""
    port = Port(hub("U", "ABD"), hub("V", "AD", at=700))
    assert port.plan(boxes(6), seed=1 << 70).seed == 1 << 70


def test_the_same_input_gives_the_same_plan():
    """Replay: nothing random, no clock."""
    runs = [Port(hub("U", "ABD"), hub("V", "AD", at=700)).plan([*boxes(9), *boxes(0)]) for _ in range(2)]
    assert runs[0] == runs[1]


@given(st.lists(st.integers(-9, 9), min_size=12, max_size=12), st.lists(st.integers(-5, 5), min_size=3, max_size=3))
def test_any_row_prices_give_a_true_bound(numbers, prices):
    """Whatever the prices, no whole point that keeps the rows costs less than the Lagrangian bound."""
    matrix = np.array(numbers[:9], float).reshape(3, 3)
    cost = np.array(numbers[9:], float)
    upper = np.full(3, 3.0)
    low, high = np.array([-np.inf, -4.0, 0.0]), np.array([6.0, np.inf, 9.0])
    bound = lagrangian(cost, upper, sparse.csc_matrix(matrix), low, high, np.array(prices, float))
    for x in product(range(4), repeat=3):
        rows = matrix @ np.array(x)
        if (low <= rows).all() and (rows <= high).all():
            assert bound <= cost @ np.array(x) + 1e-9
