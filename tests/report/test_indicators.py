"""Indicators are sums that a person can recount."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from landport import report
from landport.model.plans import Ride
from landport.model.rules import TrainRule
from landport.model.services import DepartureNote
from landport.report import facts, kpis, waits
from landport.report.trains import _heaviest
from tests.report.instances import box, busy, plan_of, scenario_of, tiny


@pytest.fixture(scope="module")
def case():
    return tiny()


@pytest.fixture(scope="module")
def found(case):
    return report.indicators(case.plan, case.scenario, case.world, violations=0)


def test_freight_is_counted_once(found):
    """Two boxes ride (one of 20 ft), one waits, two pieces are refused."""
    f = found.freight
    assert (f.n_bookings, f.n_fcl_containers, f.n_lcl_containers) == (3, 2, 1)
    assert (f.n_containers_planned, f.planned_teu) == (2, 3)
    assert (f.n_containers_left, f.left_teu, f.n_containers_waiting, f.n_containers_refused) == (1, 2, 1, 0)
    assert (f.n_pieces_waiting, f.n_pieces_refused) == (0, 2)
    assert f.waiting_feu == 1.0
    assert f.refused_feu == 0.048  # 1 t of 21 t, rounded up to a thousandth


def test_trains_are_filled_by_positions_and_mass(found):
    """3 of 100 TEU; 8.9 + 22.3 t of boxes and two wagons of 23.8 t under the tightest of the legs' limits."""
    t = found.trains
    assert (t.n_run, t.n_cancelled, t.n_bought_used) == (1, 1, 0)
    assert (t.positions_teu, t.positions_capacity_teu, t.positions_share) == (3, 100, 0.03)
    train = found.by_train[0]
    assert (train.n_boxes, train.n_wagons, train.box_gross_kg) == (2, 2, 31_200)
    assert t.mass_share == pytest.approx(train.mass_kg / train.limit_kg)
    assert train.mass_kg in (31_200, 31_200 + 2 * 23_800)
    assert found.by_train[1].status == "cancelled"
    assert found.by_train[1].fixed_usd_cents == 0
    assert (found.by_train[0].via_from_id, found.by_train[0].via_to_id) == ("HRG", "ALT")


def test_packed_containers_are_filled_by_volume_and_payload(found, case):
    """10 pieces of 1 m3 and 5 t in the only packed box."""
    kind = case.world.container_types["40HC"]
    assert found.trains.lcl_volume_share == pytest.approx(10e9 / kind.volume_mm3)
    assert found.trains.lcl_payload_share == pytest.approx(5000 / kind.payload_kg)


def test_times_are_means_over_boxes(found, case):
    """Both boxes were ready at minute 600... before the train of minute 260 left; one arrives an hour late."""
    ride = case.plan.rides[0]
    t = found.time
    assert t.mean_hub_dwell_minutes == ride.departs_at - 600
    assert t.mean_transit_minutes == ride.arrives_at - ride.departs_at
    assert t.mean_door_minutes == ride.arrives_at - 600
    assert (t.n_late, t.late_teu, t.mean_late_minutes) == (1, 1, 60)


def test_dwell_begins_when_a_box_reaches_the_hub():
    """A box that comes by feeder dwells from arrival; one that only ends at the hub does not dwell."""
    came = Ride(
        subject_id="C1",
        seq=1,
        departure_id="F@1",
        first_leg=1,
        last_leg=1,
        from_id="KRL",
        to_id="URC",
        departs_at=0,
        arrives_at=700,
    )
    left = replace(came, seq=2, departure_id="U@1", from_id="URC", to_id="ALM", departs_at=1000, arrives_at=2000)
    assert report_dwell((came, left)) == 300
    assert report_dwell((came,)) is None


def report_dwell(rides):
    from landport.report.indicators import hub_dwell_minutes

    return hub_dwell_minutes(box("C1", at_id="KRL"), rides, "URC")


def test_money_and_what_is_only_weighed_stand_apart(found):
    """Freight 600, fixed 13 800 USD; lateness 0.77 USD is nobody's bill; 1 000 kg CO2e over 3 TEU."""
    m = found.money
    assert (m.money_usd_cents, m.weighed_usd_cents) == (1_440_000, 77)
    assert m.money_usd_cents_per_teu == 480_000
    assert {k.kind: k.usd_cents for k in m.by_kind if k.usd_cents} == {
        "freight": 60_000,
        "fixed": 1_380_000,
        "late": 77,
    }
    assert (m.co2e_kg, m.co2e_kg_per_teu) == (1000.0, 1000 / 3)
    assert m.tonne_km == 25 * 1010


def test_stages_keep_figure_bound_and_stop(found):
    """Nothing is added up over stages."""
    (stage,) = found.stages
    assert (stage.name, stage.cost, stage.bound, stage.gap_share, stage.stopped) == (
        "assemble",
        1000,
        990,
        0.01,
        "effort",
    )


def test_destinations_carry_their_own_boxes(found):
    """Almaty gets both boxes; Tashkent only waits; the packed booking's rest waits for Almaty."""
    lines = {d.destination_id: d for d in found.by_destination}
    assert (lines["ALM"].n_containers, lines["ALM"].teu, lines["ALM"].n_late) == (2, 3, 1)
    assert (lines["ALM"].money_usd_cents, lines["ALM"].co2e_kg) == (60_000, 1000.0)
    assert (lines["TAS"].n_containers, lines["TAS"].n_left, lines["TAS"].left_feu) == (0, 1, 1.0)


def test_json_is_plain_and_says_its_units(found):
    """Every number's key ends in a unit or says that it counts or shares."""
    text = json.dumps(report.as_json(found), sort_keys=True)
    assert json.loads(text)["freight"]["planned_teu"] == 3
    assert '"n_violations": 0' in text


def test_an_empty_plan_has_indicators_and_a_page():
    """Nothing booked: zeros, no division, a page that says what to do next."""
    world = tiny().world
    plan, scenario = plan_of(), scenario_of(())
    found = report.indicators(plan, scenario, world)
    assert found.freight.n_containers_planned == 0
    assert found.money.money_usd_cents_per_teu == 0
    assert found.n_violations is None
    html = report.page(plan, scenario, world, found)
    assert "There are no bookings." in html
    assert "Nothing waits." not in html
    assert "Not audited" in html
    said = StringIO()
    report.show(Console(file=said, width=100), plan, scenario, world, found)
    assert "There are no bookings." in said.getvalue()


def test_what_waits_is_in_the_headline(case, found):
    """Left and late freight are one figure, each part with its count."""
    (late,) = [k for k in kpis.strip(facts.join(case.plan, case.scenario, case.world), found) if k.key == "late"]
    n_left = found.freight.n_containers_left
    assert (late.label, late.value) == ("Left, late", str(n_left + found.time.n_late))
    assert late.sub == "1 waiting, 1 late"


def panel(case, found, key):
    return next(k for k in kpis.strip(facts.join(case.plan, case.scenario, case.world), found) if k.key == key)


def test_the_rows_of_left_and_late_add_up_to_the_headline(case, found):
    """Boxes with boxes; FEU and loose pieces stand beside."""
    late = panel(case, found, "late")
    rows = {what: (detail, figure) for what, detail, figure in late.rows}
    assert rows["late"][1] == "1 box"
    assert rows["refused"] == ("0.05 FEU with 2 loose pieces", "0 boxes")
    assert rows["waiting"] == ("1 FEU", "1 box")
    assert rows["together"][1] == f"{late.value} {late.unit}"


def test_fill_of_trains_that_do_not_run_is_no_number(case):
    """A group all of which is cancelled has a dash, not 0 of 0."""
    runs = tuple(replace(r, status="cancelled", why="a strike") for r in case.plan.runs)
    plan = replace(case.plan, runs=runs, rides=())
    found = report.indicators(plan, case.scenario, case.world)
    rows = panel(replace(case, plan=plan), found, "fill").rows
    assert rows[0] == ("outbound", "none runs", "–")
    assert ("all", "none runs", "–") in rows
    assert not [figure for _, _, figure in rows if "– %" in figure]


def test_a_stage_at_its_bound_is_proven_optimal(found):
    """Whatever stopped it: with a gap of 0.00 % there is nothing to find."""
    (stage,) = found.stages
    assert kpis.stopped(stage) == "effort used up"
    assert kpis.stopped(replace(stage, bound=stage.cost)) == "proven optimal"


def test_money_has_one_unit_down_a_column():
    """Millions beside hundreds: all in thousands, with one decimal; one charge is no charges."""
    case = busy(0.3)
    found = report.indicators(case.plan, case.scenario, case.world)
    rows = panel(case, found, "cost").rows
    assert {figure.split(" ", 1)[1] for _, _, figure in rows} == {"k USD"}
    assert {len(figure.split(" ")[0].partition(".")[2]) for _, _, figure in rows} == {1}
    assert kpis.stage_figures(replace(found.stages[0], unit="containers", cost=1, bound=2), found.stages) == (
        "1 container",
        "2 containers",
    )


def test_one_charge_is_no_charges(case, found):
    """Singular where it is one."""
    assert ("Fixed cost of trains", "1 charge", "13\u202f800 USD") in panel(case, found, "cost").rows


def test_a_train_weighs_what_its_wagons_weigh(case, found):
    """Terminal, JSON and page say the same mass: boxes and the wagons of the plan, not a mean tare."""
    joined = facts.join(case.plan, case.scenario, case.world)
    train = found.by_train[0]
    service = joined.service_of(train.departure_id)
    riders = joined.riders[train.departure_id]
    tares = [case.world.wagon_types[w.wagon_type].tare_kg for w in case.plan.wagons]
    assert len(tares) == 2
    legs = tuple(replace(leg, max_gross_kg=100_000, max_cargo_kg=0) for leg in service.legs)
    mass = _heaviest(joined, replace(service, legs=legs), "of no timetable", riders, sum(tares))
    assert mass == (train.box_gross_kg + sum(tares), 100_000, "gross")


def ruled(case, rule, milli):
    """The tiny case under one dated rule more, in force from its Monday on, on the first leg of its train."""
    leg = case.world.network.services["U-ALM-W"].legs[0]
    day = case.scenario.start_at.date()
    new = TrainRule(
        rule_id="r",
        train_class=leg.train_class,
        valid_from=day,
        valid_to=day,
        rule=rule,
        operator="<=",
        milli=milli,
        unit="",
        applies_to="train",
    )
    rules = replace(case.world.rules, train_rules=(new,))
    return report.indicators(case.plan, case.scenario, replace(case.world, rules=rules))


def test_a_train_is_full_where_a_dated_rule_says_so(case):
    """3 TEU ride; a rule of that day lets 1.5 FEU ride, whatever the table has room for, on that day only."""
    monday, wednesday = ruled(case, "max_boxes_feu", 1_500).by_train
    assert (monday.teu, monday.capacity_teu) == (3, 3)
    assert wednesday.capacity_teu == 100
    assert ruled(case, "max_boxes_feu", 90_000).by_train[0].capacity_teu == 100


@pytest.mark.parametrize(("free", "capacity"), [((3, 40, 50), 3), ((60, 4, 90), 4), ((60, 70, 5), 5), (6, 6)])
def test_a_train_is_full_on_the_leg_that_a_note_leaves_least_room(case, free, capacity):
    """3 TEU ride all legs; the one with the least room for the hub says how full the train is."""
    train_id = case.plan.runs[0].departure_id
    note = DepartureNote(departure_id=train_id, service_id="U-ALM-W", status="run", free_teu=free)
    found = report.indicators(case.plan, replace(case.scenario, departures=(note,)), case.world)
    assert (found.by_train[0].teu, found.by_train[0].capacity_teu) == (3, capacity)


@pytest.mark.parametrize(("rule", "what"), [("max_cargo_t", "cargo"), ("max_gross_t", "gross")])
def test_a_train_is_heavy_where_a_dated_rule_says_so(case, rule, what):
    """The limit that binds most may be a dated one, on boxes or on the whole train."""
    train = ruled(case, rule, 32_000).by_train[0]
    assert (train.limit_kg, train.mass_what) == (32_000, what)
    assert train.mass_kg == {"cargo": 31_200, "gross": 31_200 + 2 * 23_800}[what]


def test_waits_are_grouped_by_reason(case):
    """Refused first, then the largest group; each keeps its records."""
    lines = waits.wait_lines(facts.join(case.plan, case.scenario, case.world))
    assert [(w.state, w.code, w.feu_milli, w.destination_ids) for w in lines] == [
        ("refused", "overweight", 48, ("ALM",)),
        ("waiting", "full", 1000, ("TAS",)),
    ]
    assert sum(r[2] for r in waits.by_code(lines)) == 1048
    small = replace(case.plan.left[0], container_id="C00002", why="leg 2 is full")
    plan = replace(case.plan, left=(small, *case.plan.left))
    lines = waits.wait_lines(facts.join(plan, case.scenario, case.world))
    assert [w.feu_milli for w in lines] == [48, 1000, 500]


def test_a_week_adds_up():
    """Planned and left are all; kinds of cost add up to the charges."""
    case = busy(0.3)
    found = report.indicators(case.plan, case.scenario, case.world)
    assert found.freight.n_containers_planned + found.freight.n_containers_left == len(case.plan.containers)
    assert found.money.money_usd_cents + found.money.weighed_usd_cents == sum(c.usd_cents for c in case.plan.charges)
    assert sum(d.teu for d in found.by_destination) == found.freight.planned_teu
    assert sum(g.n_run for g in found.trains.by_group) == found.trains.n_run
