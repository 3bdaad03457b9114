"""Trains loaded exactly, against every loading there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from landport.assemble.consist_order import Ordered, arrange
from landport.assemble.exact_wagons import WORTH_LESS, form_exactly
from landport.assemble.load_cuts import load_cuts
from landport.assemble.sets import lots_of as arrays_of
from landport.assemble.sets import sets_of
from landport.assemble.wagon_program import Berth, TrainRow, WagonTask, met, program
from landport.assemble.wagon_rules import Lot, WagonRules, carries
from landport.assemble.wagon_search import REL_GAP, search, worth
from landport.assemble.wagons import Rider, Train, Yard, form
from landport.model.result import Limit
from tests import nets
from tests.assemble.slow_wagons import KINDS, SIXTY, holds, loadings

RULES = WagonRules(pair_kg=4_999, bogie_kg=10_000, lateral_um=100_000, gross_kg=72_000, axle_kg=18_000)
SEEDS = range(6)


def some_lots(seed, n=5, **changes):
    """Boxes of 6 to 28 t, some with dangerous goods, a stop and a place in the yard."""
    draw = np.random.default_rng(seed)
    lots = []
    for i in range(n):
        feet = int(draw.choice([20, 20, 40, 45]))
        given = {
            "value": int(draw.integers(500, 2_000)),
            "yard_mm": int(draw.integers(0, 60_000)),
            "across": int(draw.integers(-4, 5)) * 10**9,
            "along": int(draw.integers(-4, 5)) * 10**10,
        }
        lots.append(Lot((f"C{i}",), feet, int(draw.integers(60, 281)) * 100, **(given | changes)))
    return lots


@pytest.mark.parametrize("seed", SEEDS)
def test_one_wagon_carries_what_the_rules_say(seed):
    """Every order of up to three boxes, judged by fractions, by whole numbers and by the list of sets."""
    lots = some_lots(seed)
    for wagon in KINDS.values():
        listed = set()
        found = sets_of(wagon, arrays_of(lots, RULES), np.arange(len(lots)), RULES)
        for row in found.members.tolist():
            listed.add(tuple(i for i in row if i < len(lots)))
        allowed = set()
        for size in (1, 2, 3):
            for order in permutations(range(len(lots)), size):
                on = [lots[i] for i in order]
                assert carries(wagon, on, RULES) == holds(wagon, on, RULES), order
                if holds(wagon, on, RULES):
                    allowed.add(order)
        assert found.is_whole
        assert listed <= allowed
        assert {tuple(sorted(s)) for s in listed} == {tuple(sorted(s)) for s in allowed}
        assert len(listed) == len({tuple(sorted(s)) for s in listed})


def test_a_single_box_finds_no_wagon_where_pairs_are_required():
    """Alone no, two together yes; in the list of sets, too."""
    limits = replace(RULES, is_paired=True)
    pair = [Lot((name,), 20, 10_000) for name in "AB"]
    assert not carries(KINDS["FLAT"], pair[:1], limits)
    assert carries(KINDS["FLAT"], pair, limits)
    assert len(sets_of(KINDS["FLAT"], arrays_of(pair, limits), np.arange(2), limits)) == 1


def placed_task(lots, kinds, by_stop, most_kg, **changes):
    """Wagons that stand one after another beside the yard, with a limit on the mass of boxes."""
    berths, front = [], 0
    for wagon in kinds:
        berths.append(Berth(wagon, 1, front + wagon.length_mm // 2))
        front += wagon.length_mm
    masses = np.array([lot.gross_kg for lot in lots], np.int64)
    rows = (TrainRow(1, masses, np.zeros(len(kinds), np.int64), most_kg),)
    return WagonTask(tuple(lots), tuple(berths), tuple(by_stop), rows, crane_cents_per_m=7, **changes)


def best_placed(task, lots, most_kg):
    """Greatest worth of all loadings of placed wagons that keep stops, masses and dangerous goods."""
    best = 0
    for loading in loadings([b.wagon for b in task.berths], lots, task.by_stop):
        stops = [lots[on[0]].stop for on in loading if on]
        on_board = [i for on in loading for i in on]
        if sum(lots[i].gross_kg for i in on_board) > most_kg or stops != sorted(stops, reverse=True):
            continue
        if not _stand_apart(loading, lots, task.by_stop[0]):
            continue
        value = 0
        for berth, on in zip(task.berths, loading, strict=True):
            value += sum(lots[i].value - 7 * abs(lots[i].yard_mm - berth.middle_mm) // 1000 for i in on)
        best = max(best, value)
    return best


def _stand_apart(loading, lots, limits):
    told = [(j, c) for j, on in enumerate(loading) for i in on for c in lots[i].un_classes]
    for n, (j, a) in enumerate(told):
        for k, b in told[:n]:
            if limits.apart.get((min(a, b), max(a, b)), -1) >= abs(j - k):
                return False
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_placed_wagons_are_loaded_for_the_greatest_worth(seed):
    """Two 40-ft wagons and one of 60 ft, a mass limit, crane metres: as good as the best of all loadings."""
    lots = some_lots(seed, 5)
    task = placed_task(lots, (KINDS["FLAT"], SIXTY, KINDS["FLAT"]), (RULES,), 80_000)
    made = program(task)
    found = search(made, (), limit=Limit())
    assert met(made, found.wagons)
    assert worth(made, found.wagons) == found.value
    best = best_placed(task, lots, 80_000)
    assert found.value <= best <= found.bound
    assert best - found.value <= max(1, REL_GAP * best)


@pytest.mark.parametrize("seed", SEEDS)
def test_placed_wagons_keep_stops_and_dangerous_goods(seed):
    """Two stops and three classes, of which two need a wagon between them."""
    draw = np.random.default_rng(seed)
    limits = replace(RULES, apart={("1.1", "3"): 1, ("3", "8"): 0})
    classes = ((), ("1.1",), ("3",), ("8",))
    lots = [
        replace(lot, stop=int(draw.integers(1, 3)), un_classes=classes[int(draw.integers(4))])
        for lot in some_lots(seed, 5)
    ]
    task = placed_task(lots, (KINDS["FLAT"], SIXTY, KINDS["FLAT"]), (limits, limits), 90_000)
    made = program(task)
    found = search(made, (), limit=Limit())
    best = best_placed(task, lots, 90_000)
    assert met(made, found.wagons)
    assert found.value <= best <= found.bound
    assert best - found.value <= max(1, REL_GAP * best)


PAIRS = nets.train_rule("pair_required_20ft", 1000, "20ft", "==")
DIFFERENCE = nets.train_rule("max_pair_difference_kg", 5_000_000, "20ft pair", "<")
BOGIES = nets.train_rule("max_bogie_load_difference_t", 10_000, "wagon")
TRAIN = Train(((nets.leg(1, "A", "D"), nets.MONDAY.date()),), 850_000)


def yard(*train_rules, **stock):
    return Yard(KINDS, nets.TYPES, nets.rules(*(train_rules or (PAIRS, DIFFERENCE, BOGIES))), stock)


def some_riders(seed, n=6):
    draw = np.random.default_rng(seed)
    found = []
    for i in range(1, n + 1):
        kind = str(draw.choice(["20GP", "20GP", "40HC"]))
        box = nets.box(i, "D", kind=kind, gross_kg=int(draw.integers(60, 251)) * 100)
        found.append(Rider(box, 1, value=int(draw.integers(100_000, 900_000))))
    return found


def as_lots(riders):
    return [
        Lot((r.box.container_id,), 20 if r.box.container_type == "20GP" else 40, r.box.gross_kg, value=r.value)
        for r in riders
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_consist_leaves_what_is_worth_least(seed):
    """Two 40-ft wagons and one of 60 ft from stock: no loading leaves boxes worth less, but for a metre of wagons."""
    riders = some_riders(seed)
    limits = replace(RULES, is_paired=True, gross_kg=10**9, axle_kg=10**9, lateral_um=10**9)
    lots = as_lots(riders)
    wagons = [KINDS["FLAT"], KINDS["FLAT"], SIXTY]
    best = max(sum(lots[i].value for on in loading for i in on) for loading in loadings(wagons, lots, [limits]))
    consist = form_exactly(riders, TRAIN, yard(FLAT=2, SIXTY=1), limit=Limit())
    out = {box.container_id for box, _ in consist.rejected}
    assert sum(r.value for r in riders) - sum(r.value for r in riders if r.box.container_id in out) >= best * 0.9999
    quick = form(riders, TRAIN, yard(FLAT=2, SIXTY=1))
    assert len(quick.rejected) == 0 or consist.bound >= best - 60
    assert all(why for _, why in consist.rejected)


def test_the_stock_is_used_up_once():
    """Wagons of the loading that is kept are gone, and no others."""
    there = yard(FLAT=2, SIXTY=1)
    consist = form_exactly(some_riders(3), TRAIN, there, limit=Limit())
    used = [kind for kind, _ in consist.wagons]
    assert there.stock == {"FLAT": 2 - used.count("FLAT"), "SIXTY": 1 - used.count("SIXTY")}


def test_better_pairs_are_found_than_neighbours_in_mass():
    """Quickly 25 t rides with 21 t and 20 t with 16 t; who is left of five is worth most, exactly it is worth least."""
    masses, values = (25_000, 21_000, 20_000, 16_000, 15_000), (1, 9, 9, 9, 9)
    riders = [
        Rider(nets.box(i, "D", kind="20GP", gross_kg=kg), 1, value=1000 * value)
        for i, (kg, value) in enumerate(zip(masses, values, strict=True), 1)
    ]
    assert [b.container_id for b, _ in form(riders, TRAIN, yard(FLAT=9)).rejected] == ["C00005"]
    consist = form_exactly(riders, TRAIN, yard(FLAT=9), limit=Limit())
    assert [(b.container_id, why) for b, why in consist.rejected] == [("C00001", WORTH_LESS)]


def test_the_same_train_is_loaded_the_same_way():
    """Twice the same boxes and stock: the same consist, bound included."""
    first, again = (form_exactly(some_riders(7, 12), TRAIN, yard(FLAT=3, SIXTY=1), limit=Limit()) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("seed", SEEDS)
def test_an_order_is_found_where_there_is_one(seed):
    """Six wagons with classes: the search for an order agrees with all permutations."""
    draw = np.random.default_rng(seed)
    limits = WagonRules(apart={("1.1", "3"): 2, ("3", "8"): 1, ("1.1", "1.1"): 0})
    classes = ((), ("1.1",), ("3",), ("8",))
    wagons = [Ordered(int(draw.integers(1, 3)), classes[int(draw.integers(4))]) for _ in range(6)]

    def stands(order):
        stops = [wagons[i].stop for i in order]
        gaps = ((n - m - 1, wagons[i], wagons[k]) for n, i in enumerate(order) for m, k in enumerate(order[:n]))
        return stops == sorted(stops, reverse=True) and all(
            limits.between(a.un_classes, b.un_classes) <= gap for gap, a, b in gaps
        )

    found = arrange(wagons, limits)
    assert (found is not None) == any(stands(order) for order in permutations(range(6)))
    assert found is None or (stands(found) and sorted(found) == list(range(6)))


@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_hold_for_every_loading_and_tell_what_failed(seed):
    """Rows that the riders break are kept by all loadings of the candidates."""
    riders = some_riders(seed)
    short = replace(TRAIN, longest_mm=22_000 + 2 * 13_966 + 19_740)
    cuts = load_cuts("U", riders, riders, short, yard(FLAT=2, SIXTY=1), limit=Limit())
    lots = as_lots(riders)
    limits = replace(RULES, is_paired=True, gross_kg=10**9, axle_kg=10**9, lateral_um=10**9)
    for loading in loadings([KINDS["FLAT"], KINDS["FLAT"], SIXTY], lots, [limits]):
        for cut in cuts:
            assert sum(cut.weights.get(lots[i].ids[0], 0) for on in loading for i in on) <= cut.most, cut.why
    teu = sum(1 if lot.feet == 20 else 2 for lot in lots)
    best = max(
        sum(1 if lots[i].feet == 20 else 2 for on in loading for i in on)
        for loading in loadings([KINDS["FLAT"], KINDS["FLAT"], SIXTY], lots, [limits])
    )
    of_all = [cut.most for cut in cuts if cut.why.endswith("its boxes")]
    assert of_all == ([best] if best < teu else [])
