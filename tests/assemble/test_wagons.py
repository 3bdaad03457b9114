"""Boxes on the wagons of one train: the quick way, the order of the wagons, limits of the whole train."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from landport.assemble.moments import moments
from landport.assemble.wagons import Rider, Train, Yard, form
from landport.model.plans import CargoBlock
from tests import nets

PAIRS = nets.train_rule("pair_required_20ft", 1000, "20ft", "==")
DIFFERENCE = nets.train_rule("max_pair_difference_kg", 5_000_000, "20ft pair", "<")


def yard(stock=None, rules=None):
    return Yard({"FLAT": nets.FLAT}, nets.TYPES, rules or nets.rules(PAIRS, DIFFERENCE), stock)


def train(stops="AD", longest_mm=850_000, **changes):
    legs = [nets.leg(i, stops[i - 1], stops[i], **changes) for i in range(1, len(stops))]
    return Train(tuple((leg, nets.MONDAY.date()) for leg in legs), longest_mm)


def twenties(*masses):
    return [nets.box(i, "D", kind="20GP", gross_kg=kg) for i, kg in enumerate(masses, 1)]


def riders(some, last_leg=1, **changes):
    return [Rider(b, last_leg, **changes) for b in some]


def forties(count, **changes):
    return [nets.box(i + 1, "D", **changes) for i in range(count)]


def reasons(consist):
    return [why for _, why in consist.rejected]


def test_pairs_are_neighbours_in_mass():
    """Of four 20-ft boxes the two heavy and the two light ride together."""
    consist = form(riders(twenties(20_000, 9_000, 19_000, 8_000)), train(), yard())
    assert sorted(ids for _, ids in consist.wagons) == [("C00001", "C00003"), ("C00002", "C00004")]
    assert not consist.rejected


def test_a_train_is_not_longer_than_its_leg_allows():
    """A locomotive and one wagon fit 40 m; the second wagon does not."""
    consist = form(riders(forties(2)), train(longest_mm=40_000), yard())
    assert len(consist.wagons) == 1
    assert reasons(consist) == ["the train is at its length limit"]


@pytest.mark.parametrize(
    ("rule", "milli", "applies_to", "n_loaded"),
    [
        ("max_length_conventional_wagons", 2_000, "train", 2),  # 28 m of wagons, 13.966 m each
        ("max_boxes", 3_000, "containers", 3),
        ("max_boxes", 1_000, "40ft box", 1),
        ("max_boxes", 1_000, "50ft box", 5),
    ],
)
def test_limits_of_the_train_hold(rule, milli, applies_to, n_loaded):
    """Five boxes of 20 t; the dated rule takes fewer."""
    rules = nets.rules(nets.train_rule(rule, milli, applies_to))
    consist = form(riders(forties(5)), train(), yard(rules=rules))
    assert len(consist.wagons) == n_loaded
    assert len(consist.rejected) == 5 - n_loaded


def test_an_overloaded_axle_finds_no_wagon():
    """Forty tonnes on four axles, where each takes ten."""
    rules = nets.rules(nets.train_rule("max_axle_load_t", 10_000, "wagon"))
    consist = form(riders(forties(1)), train(), yard(rules=rules))
    assert reasons(consist) == ["no wagon may carry its mass and size"]


def test_rules_of_every_leg_hold_for_wagons_that_run_it():
    """The second leg takes lighter wagons; a box that leaves before it does not care."""
    rules = nets.rules(replace(nets.train_rule("max_wagon_gross_t", 40_000, "wagon"), train_class="LIGHT"))
    legs = train("ABD").legs
    both = replace(train("ABD"), legs=(legs[0], (replace(legs[1][0], train_class="LIGHT"), legs[1][1])))
    consist = form([*riders(forties(1)), Rider(nets.box(2, "D"), 2)], both, yard(rules=rules))
    assert [ids for _, ids in consist.wagons] == [("C00001",)]


def test_what_gets_off_first_stands_last():
    """Wagons for the first stop are cut off behind the others."""
    some = [Rider(b, last) for b, last in zip(forties(4), (1, 2, 1, 2), strict=True)]
    consist = form(some, train("ABD"), yard())
    assert [ids[0] for _, ids in consist.wagons] == ["C00002", "C00004", "C00001", "C00003"]


def test_a_single_light_box_may_stand_at_an_end_and_a_heavy_one_may_not():
    """Its lever is 3.048 m; with bogies 9.8 m apart 10 t of difference is a box of 16 t."""
    rules = nets.rules(nets.train_rule("max_bogie_load_difference_t", 10_000, "wagon"))
    consist = form(riders(twenties(16_000)), train(), yard(rules=rules))
    assert len(consist.wagons) == 1
    consist = form(riders(twenties(16_100)), train(), yard(rules=rules))
    assert reasons(consist) == ["no wagon may carry its mass and size"]


def test_a_box_that_leans_too_far_finds_no_wagon():
    """A moment of 20 t at 100 mm is allowed, one g mm more is not."""
    rules = nets.rules(nets.train_rule("max_lateral_cog_mm", 100_000, "wagon"))
    most = 2 * 20_000 * 1000 * 100
    assert not form(riders(forties(1), across=most), train(), yard(rules=rules)).rejected
    assert form(riders(forties(1), across=-most - 1), train(), yard(rules=rules)).rejected


def test_wagons_stand_as_their_boxes_do_in_the_yard():
    """Equal wagons in the order of the yard move boxes least."""
    some = [Rider(b, 1, yard_mm=mm) for b, mm in zip(forties(3), (40_000, 0, 20_000), strict=True)]
    consist = form(some, train(), yard())
    assert [ids[0] for _, ids in consist.wagons] == ["C00002", "C00003", "C00001"]
    assert consist.crane_mm == 6_983 + abs(20_000 - 20_949) + abs(40_000 - 34_915)


def test_wagons_that_stay_stand_first():
    """A pair that rode together stays together; a wagon that broke a rule is loaded anew."""
    four = twenties(20_000, 9_000, 16_000, 8_000)
    stays = [("FLAT", ("C00001", "C00003")), ("FLAT", ("C00002",))]
    consist = form(riders(four), train(), yard(), stays=stays)
    assert [ids for _, ids in consist.wagons] == [("C00001", "C00003"), ("C00002", "C00004")]
    assert not consist.rejected


def test_moments_are_those_of_the_load_plan():
    """A block of 12 pieces of 100 kg at the closed end and the left wall of a 40-ft box."""
    piece = SimpleNamespace(piece_g=100_000)
    stowed = CargoBlock(item_id="I", x_mm=0, y_mm=0, z_mm=0, dx_mm=1000, dy_mm=500, dz_mm=500, nx=3, ny=2, nz=2)
    found = moments([replace(nets.box(1, "D"), blocks=(stowed,)), nets.box(2, "D")], {"I": piece}, nets.TYPES)
    middle = (1_200_000 * (3000 - 12_032), 1_200_000 * (1000 - 2352))
    assert found == {"C00001": middle}
