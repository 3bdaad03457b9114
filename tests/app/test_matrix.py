"""The matrix: what each booking asks, once if it is the same; answers that no number of workers changes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from landport import route
from landport.app import demo, matrix, stages
from landport.app.desk import lay_out_desk
from landport.errors import AuditFailed
from landport.exchange.example import example
from landport.model.bookings import Booking
from landport.model.choices import Choices
from landport.model.edits import NetworkEdit
from landport.model.itinerary import Trip
from landport.model.scenario import Scenario, World
from landport.model.tariff import Load
from landport.units import kg_ceil

ASKED = route.Asked(most=4)


@pytest.fixture(scope="module")
def week(world: World) -> Scenario:
    """A small demo week with a dearer twin of its first booking, and one that is overweight."""
    made = demo.generate(world, week=date(2022, 7, 18), seed=2, scale=0.02)
    first = next(b for b in made.bookings if b.kind == "FCL")
    more = (
        replace(first, booking_id="TWIN", priority=3, n_containers=9),
        replace(first, booking_id="HEAVY", declared_kg=99_000, weighed_kg=None),
        replace(first, booking_id="THERE", destination_id=first.at_id),
        replace(first, booking_id="LATE", due_at=first.ready_at + 1),
    )
    return replace(made, bookings=(*made.bookings, *more))


@pytest.fixture(scope="module")
def found(week: Scenario, world: World) -> matrix.Matrix:
    return matrix.matrix(week, world, asked=ASKED, samples=200, seed=5)


def test_every_booking_is_answered_or_refused(found: matrix.Matrix, week: Scenario) -> None:
    """Once, in the week's order; whoever has choices has no refusal."""
    ids = [b.booking_id for b in week.bookings]
    assert list(found.by_booking) == [i for i in ids if i not in found.refusals]
    codes = {i: r.code for i, r in found.refusals.items()}
    assert (codes["HEAVY"], codes["THERE"]) == ("overweight", "at-destination")
    assert all(bool(c.choices) == (c.refusal is None) for c in found.by_booking.values())
    assert found.n_choices == sum(len(c.choices) for c in found.by_booking.values()) > len(ids)
    assert matrix.refused_by_code(found)["too-late"] >= 1
    late = found.by_booking["LATE"]
    assert late.refusal is not None
    assert found.refused()["LATE"] is late.refusal


def test_choices_are_those_of_a_desk(found: matrix.Matrix, week: Scenario, world: World) -> None:
    """Each booking asked alone, with its odds; in time, four at most."""
    desk, _, _ = lay_out_desk(week, world, on=week.start_at.date(), samples=200, seed=5)
    for choices in itertools.islice(found.by_booking.values(), 0, None, 4):
        assert desk.choices(choices.trip, ASKED) == choices
        assert len(choices.choices) <= 4
        for choice in choices.choices:
            assert choice.itinerary.arrives_at <= choices.trip.due_at
            assert choice.odds is not None
            assert (choice.odds.n_samples, choice.odds.seed) == (200, 5)
            assert {c.subject_id for c in choice.charges} == {choices.trip.trip_id}


def test_equal_questions_are_asked_once(found: matrix.Matrix, week: Scenario) -> None:
    """The twin has the same choices under its own name; who is urgent changes no way."""
    asked = {replace(c.trip, trip_id="", priority=0) for c in found.by_booking.values()}
    assert found.n_asked == len(asked) < len(found.by_booking)
    first = next(b for b in week.bookings if b.kind == "FCL")
    one, other = found.by_booking[first.booking_id], found.by_booking["TWIN"]
    assert (other.trip.trip_id, other.trip.priority, other.trip.n_boxes) == ("TWIN", 3, 1)
    assert [c.itinerary for c in one.choices] == [c.itinerary for c in other.choices] != []
    assert {charge.subject_id for c in other.choices for charge in c.charges} == {"TWIN"}


def test_answers_that_break_a_rule_are_not_given(week: Scenario, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours, and those told to others; the code is named."""
    told = replace(week, bookings=tuple(b for b in week.bookings if b.booking_id == "TWIN"))
    real = matrix._told
    monkeypatch.setattr(matrix, "_told", lambda choices, trip: _cheaper(real(choices, trip)))
    with pytest.raises(AuditFailed, match="CHOICE_"):
        matrix.matrix(told, world, asked=ASKED, samples=0, seed=0)
    monkeypatch.setattr(matrix, "_told", real)
    monkeypatch.setattr(route.Desk, "load_of", lambda self, trip: _lighter(self, trip))
    with pytest.raises(AuditFailed) as failed:
        matrix.matrix(told, world, asked=ASKED, samples=0, seed=0)
    assert failed.value.about


def _cheaper(choices: Choices) -> Choices:
    return replace(choices, choices=tuple(replace(c, usd_cents=c.usd_cents - 1) for c in choices.choices))


def _lighter(desk: route.Desk, trip: Trip) -> Load:
    teu = desk._teu(trip)
    return Load(subject_id=trip.trip_id, teu=teu, feu_milli=500 * teu, cargo_kg=1, gross_kg=2, priority=0)


def test_workers_change_nothing(week: Scenario, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes lay out desks of their own and answer the same."""
    few = replace(week, bookings=week.bookings[:14])
    alone = matrix.matrix(few, world, asked=ASKED, samples=200, seed=5)
    monkeypatch.setattr(matrix, "PAYS", 2)
    assert matrix.matrix(few, world, asked=ASKED, samples=200, seed=5, workers=2) == alone


def test_a_week_without_bookings_has_an_empty_matrix(week: Scenario, world: World) -> None:
    """Nothing is laid out in vain."""
    nothing = matrix.matrix(replace(week, bookings=(), items=()), world, asked=ASKED, samples=0, seed=0, workers=4)
    assert (nothing.n_asked, dict(nothing.by_booking), nothing.n_choices) == (0, {}, 0)


def asked_of(world: World, *bookings: Booking) -> tuple[dict, dict, stages.Week]:
    made = example(world)
    week = stages.lay_out(replace(made, bookings=bookings), world)
    return *matrix.questions(week), week


def test_groupage_starts_at_the_hub_once_packed(world: World) -> None:
    """Brought by truck or there already; with the mass of its pieces; what is bound for the hub is asked from afar."""
    pieces = next(b for b in example(world).bookings if b.kind == "LCL")
    brought = replace(pieces, at_id="UMC", origin_id="UMC")
    to_hub = replace(brought, destination_id="URC")
    for booking, at in ((pieces, "URC"), (brought, "URC"), (to_hub, "UMC")):
        trips, refusals, week = asked_of(world, booking)
        trip = trips[booking.booking_id]
        cargo = kg_ceil(sum(i.piece_g * i.count for i in week.items_of[booking.booking_id]))
        assert (trip.at_id, trip.container_type, trip.cargo_kg, refusals) == (at, "40HC", cargo, {})
        assert trip.gross_kg == cargo + world.container_types["40HC"].tare_kg
        gathered = stages.gather(week)
        assert trip.ready_at == gathered.ready_at.get(booking.booking_id, max(booking.ready_at, week.scenario.now_at))
    nowhere, refusals, _ = asked_of(world, replace(pieces, at_id="MOW"))
    assert (nowhere, refusals[pieces.booking_id].code) == ({}, "no-road")


def test_what_needs_a_temperature_is_asked_in_a_box_that_keeps_one(world: World) -> None:
    """Groupage in a reefer; a shipper's dry box is refused as planning refuses it."""
    boxes, pieces, _ = example(world).bookings
    cold = {"temperature_min_c": 2, "temperature_max_c": 8}
    trips, refusals, _ = asked_of(world, replace(boxes, **cold), replace(pieces, **cold))
    assert trips[pieces.booking_id].container_type == "40RH"
    assert (list(trips), refusals[boxes.booking_id].code) == ([pieces.booking_id], "equipment")


def test_a_desk_reads_the_network_under_edits(week: Scenario, world: World) -> None:
    """Trains do not run over a closed line; the desk says what it was read under."""
    line = next(x for x in world.network.lines if {x.from_id, x.to_id} == {"HRG", "ALT"})
    edits = (NetworkEdit(action="close", subject_id=line.line_id),)
    desk, network, remarks = lay_out_desk(week, world, on=week.start_at.date(), edits=edits, name="shut")
    assert network.edits == edits
    assert remarks
    assert all(line.line_id not in hop.leg.line_ids for hop in desk.fronts.space.hops)
    trip = next(iter(matrix.questions(stages.lay_out(week, world))[0].values()))
    answer = desk.choices(trip, ASKED)
    assert (answer.what_if.name, answer.what_if.edits) == ("shut", edits)
    assert all(choice.odds is None for choice in answer.choices)


def test_legs_are_priced_for_a_full_box(week: Scenario, world: World) -> None:
    """Every leg that may be boarded, trains of the hub with their share."""
    legs = matrix.legs(week, world)
    desk, _, _ = lay_out_desk(week, world, on=week.start_at.date())
    hops = desk.fronts.space.hops
    assert len(legs.departs_at) == len(hops)
    assert any(h.service.operation == "hub" and h.departs_at >= week.plan_days * 1440 for h in hops)
    assert legs.teu == 2
    assert (legs.gco2e > 0).all()
