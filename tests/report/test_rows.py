"""The list to print: every consignment in every container, and why what stays behind does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport import report
from landport.report import embed, facts
from tests.report.instances import Case, booking, tiny


@pytest.fixture
def case() -> Case:
    return tiny()


def listed(case: Case) -> tuple[report.ListRow, ...]:
    return report.rows(case.plan, case.scenario, case.world)


def test_every_consignment_has_a_row_for_each_container_and_each_rest(case):
    """In the order of the bookings; pieces that no container took stand below those that one did."""
    found = [(r.booking_id, r.container_id, r.state, r.n_pieces, r.code) for r in listed(case)]
    assert found == [
        ("B1", "C00001", "planned", 10, ""),
        ("B1", "", "refused", 2, "overweight"),
        ("B2", "C00002", "planned", None, ""),
        ("B3", "C00003", "waiting", None, "full"),
    ]


def test_a_row_says_when_where_and_on_what(case):
    """Local times with their offset, trains, wagon, lateness, mass and money."""
    first, _, second, third = listed(case)
    train = case.plan.runs[0].departure_id
    assert (first.shipper, first.consignee, first.from_id, first.to_id) == ("B1 & Co", "Almaty Foods", "URC", "ALM")
    assert (first.trains, first.wagon, second.wagon) == (train, 1, 2)
    assert first.departs_at.endswith("+08:00")
    assert first.arrives_at.endswith("+06:00")
    assert (first.container_gross_kg, first.container_usd) == (8900, "400.00")
    due = replace(case.scenario, bookings=tuple(replace(b, due_at=0) for b in case.scenario.bookings))
    arrives = case.plan.rides[0].arrives_at
    assert [r.late_minutes for r in listed(replace(case, scenario=due))] == [arrives, None, arrives, None]
    assert (third.departs_at, third.arrives_at, third.trains, third.wagon) == ("", "", "", None)
    assert third.why.startswith("leg 1 of U-TAS-W@2022-07-19 is full")


def test_every_consignment_of_a_container_that_is_left_says_why(case):
    """The plan's record names the first booking only; the second waits for the same reason."""
    boxes = tuple(
        replace(c, booking_ids=("B3", "B4")) if c.container_id == "C00003" else c for c in case.plan.containers
    )
    both = Case(
        replace(case.plan, containers=boxes),
        replace(case.scenario, bookings=(*case.scenario.bookings, booking("B4", shipper="Second & Co"))),
        case.world,
    )
    rows = [r for r in listed(both) if r.container_id == "C00003"]
    assert [(r.booking_id, r.state, r.code) for r in rows] == [("B3", "waiting", "full"), ("B4", "waiting", "full")]
    assert rows[0].why == rows[1].why != ""
    assert rows[1].shipper == "Second & Co"
    indicators = report.indicators(both.plan, both.scenario, both.world)
    assert "<b>B3 B4</b>" in report.page(both.plan, both.scenario, both.world, indicators)


def test_groupage_that_a_truck_brings_to_its_end_is_listed(case):
    """A consignment for the hub itself needs no container: its row has the truck."""
    mine = booking("B4", kind="LCL", at_id="SHZ", destination_id="URC", n_containers=0, due_at=700)
    item = replace(case.scenario.items[0], item_id="I4", booking_id="B4", count=3)
    week = replace(case.scenario, bookings=(*case.scenario.bookings, mine), items=(*case.scenario.items, item))
    truck = replace(
        case.plan.rides[0], subject_id="B4", departure_id="", from_id="SHZ", to_id="URC", departs_at=600, arrives_at=762
    )
    plan = replace(case.plan, rides=(*case.plan.rides, truck))
    last = listed(Case(plan, week, case.world))[-1]
    assert (last.booking_id, last.container_id, last.state, last.trains) == ("B4", "", "planned", "truck")
    assert (last.from_id, last.to_id, last.late_minutes, last.n_pieces) == ("SHZ", "URC", 62, 3)


def test_what_the_plan_forgot_is_listed_too(case):
    """A plan that does not hold is listed as it is: bookings it says nothing of, bookings that nobody made."""
    stranger = replace(case.plan.containers[0], container_id="C00009", booking_ids=("B9",), blocks=())
    plan = replace(case.plan, containers=(*case.plan.containers[:1], stranger))
    found = {(r.booking_id, r.container_id): r for r in listed(replace(case, plan=plan))}
    assert found["B2", ""].state == "missing"
    assert (found["B9", "C00009"].state, found["B9", "C00009"].shipper) == ("missing", "")


def test_dated_rules_of_a_wagon_hold_on_the_local_day_of_its_train(case):
    """A limit from Tuesday on is that of Wednesday's train, though the week starts on Monday."""
    monday, wednesday = (r.departure_id for r in case.plan.runs[:2])
    service = case.world.network.services["U-ALM-W"]
    leg = service.legs[0]
    rule = replace(
        case.world.rules.train_rules[0],
        rule_id="light",
        train_class=leg.train_class,
        valid_from=case.scenario.start_at.date().replace(day=19),
        valid_to=None,
        rule="max_wagon_gross_t",
        operator="<",
        milli=50_000,
    )
    rules = replace(case.world.rules, train_rules=(rule,))
    wagons = tuple(replace(w, departure_id=d) for w, d in zip(case.plan.wagons, (monday, wednesday), strict=True))
    joined = facts.join(replace(case.plan, wagons=wagons), case.scenario, replace(case.world, rules=rules))
    found = report.indicators(joined.plan, joined.scenario, joined.world)
    limits = {t["id"]: t["wagonLimit"]["NX70A"] for t in embed.data(joined, found)["trains"] if t["wagonLimit"]}
    assert limits[wednesday] == 49_999
    assert limits[monday] > 50_000
