"""Use case: the commodity matrix, choices for every booking of a week at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from landport import audit, route
from landport.app import jobs, stages
from landport.app.desk import lay_out_desk
from landport.app.stages import Gathered, Notify, Week
from landport.audit.violation import Violation
from landport.errors import AuditFailed
from landport.model.bookings import Booking
from landport.model.choices import Choices
from landport.model.itinerary import Refusal, Trip
from landport.model.matrix import Matrix
from landport.model.orders import goods_of
from landport.model.priced_legs import PricedLegs
from landport.model.scenario import Scenario, World
from landport.model.tariff import Load
from landport.units import kg_ceil

PAYS = 300
"""Questions a worker from which starting one takes less than it saves."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions, and what a worker lays its own desk out from."""

    scenario: Scenario
    world: World
    trips: tuple[Trip, ...]
    asked: route.Asked
    samples: int
    seed: int


def matrix(
    scenario: Scenario,
    world: World,
    *,
    asked: route.Asked,
    samples: int,
    seed: int,
    workers: int = 1,
    notify: Notify = lambda stage: None,
) -> Matrix:
    """Find the choices of every booking of a week; equal questions are asked once.

    Parameters
    ----------
    asked
        How choices are made, for each question alike.
    samples, seed
        Draws for the odds; 0 samples: no odds.
    workers
        Processes that may be started; none is where there is little to ask.

    Raises
    ------
    AuditFailed
        `audit-failed`: an answer breaks a rule, which is our bug.

    Notes
    -----
    The network is that of the week's first day. The answers are the same whatever the number of workers: a question is
    answered on its own, and its odds are drawn by seed and transfer alone.
    """
    notify("questions")
    trips, refusals = questions(stages.lay_out(scenario, world))
    by_question: dict[Trip, Trip] = {}
    for trip in trips.values():
        by_question.setdefault(_question(trip), trip)
    different = sorted(by_question.values(), key=_alike)
    workers = max(1, min(workers, len(different) // PAYS))
    batches = [Batch(scenario, world, tuple(different[n::workers]), asked, samples, seed) for n in range(workers)]
    notify("search")
    found = jobs.each(answered, batches, workers=workers)
    by_trip = {_question(choices.trip): choices for answers, _ in found for choices in answers}
    by_booking = {booking_id: _told(by_trip[_question(trip)], trip) for booking_id, trip in trips.items()}
    notify("audit")
    told = [c for c in by_booking.values() if c is not by_trip[_question(c.trip)]]
    _expect_held([v for _, broken in found for v in broken] + [*audit.check_answers(told, scenario, world)])
    return Matrix(by_booking=by_booking, refusals=refusals, n_asked=len(different))


def answered(batch: Batch) -> tuple[list[Choices], tuple[Violation, ...]]:
    """Lay a desk out and answer a batch of questions, in their order; then judge the answers."""
    if not batch.trips:
        return [], ()
    on = batch.scenario.start_at.date()
    desk, _, _ = lay_out_desk(batch.scenario, batch.world, on=on, samples=batch.samples, seed=batch.seed)
    answers = [desk.choices(trip, batch.asked) for trip in batch.trips]
    return answers, audit.check_answers(answers, batch.scenario, batch.world)


def _expect_held(violations: Sequence[Violation]) -> None:
    if violations:
        first = "\n".join(f"  {v.code}: {v.message}" for v in violations[:10])
        raise AuditFailed(
            "audit-failed",
            f"our own answers break rules. This is a bug of landport: please report it with the week.\n{first}",
            tuple(sorted({v.code for v in violations})),
        )


def questions(week: Week) -> tuple[dict[str, Trip], dict[str, Refusal]]:
    """Put a question for one box of each booking, or say why there is none to put.

    Returns
    -------
    tuple[dict[str, Trip], dict[str, Refusal]]
        By booking id, in the week's order.
    """
    gathered = stages.gather(week)
    stays = {left.booking_id: Refusal(state=left.state, code=left.code, why=left.why) for left in gathered.left}
    trips: dict[str, Trip] = {}
    refusals: dict[str, Refusal] = {}
    for booking in week.scenario.bookings:
        trip = _boxed(week, booking) if booking.kind == "FCL" else _packed(week, booking, gathered)
        refusal = stays.get(booking.booking_id) or stages.unfit(week, trip, [booking])
        if refusal:
            refusals[booking.booking_id] = refusal
        else:
            trips[booking.booking_id] = trip
    return trips, refusals


def _boxed(week: Week, booking: Booking) -> Trip:
    """Ask for one container of an FCL booking."""
    return _trip(week, booking, booking.container_type, booking.cargo_kg)


def _packed(week: Week, booking: Booking, gathered: Gathered) -> Trip:
    """Ask for a box with the goods of an LCL booking: from the hub, or to it where they are bound for it."""
    kind = (stages.LCL_REEFERS if stages.needs_reefer(booking) else stages.LCL_TYPES)[0]
    cargo_g = sum(item.piece_g * item.count for item in week.items_of.get(booking.booking_id, ()))
    trip = _trip(week, booking, kind, min(kg_ceil(cargo_g), week.world.container_types[kind].payload_kg))
    if booking.booking_id not in gathered.ready_at:
        return trip
    return replace(trip, at_id=week.scenario.hub_id, ready_at=gathered.ready_at[booking.booking_id])


def _trip(week: Week, booking: Booking, container_type: str, cargo_kg: int) -> Trip:
    inside = goods_of([booking])
    return Trip(
        trip_id=booking.booking_id,
        at_id=booking.at_id,
        destination_id=booking.destination_id,
        ready_at=max(booking.ready_at, week.scenario.now_at),
        due_at=booking.due_at,
        container_type=container_type,
        gross_kg=cargo_kg + week.world.container_types[container_type].tare_kg,
        cargo_codes=inside.cargo_codes,
        un_classes=inside.un_classes,
        priority=booking.priority,
        cargo_kg=cargo_kg,
    )


def _question(trip: Trip) -> Trip:
    """Leave out what no way depends on: who asks, and how urgently."""
    return replace(trip, trip_id="", priority=0)


def _alike(trip: Trip) -> tuple[str, str, str, int, int, str]:
    """Sort questions so that those that share tables stand together."""
    return trip.destination_id, trip.at_id, trip.container_type, trip.cargo_kg, trip.ready_at, trip.trip_id


def _told(choices: Choices, trip: Trip) -> Choices:
    """Give an answer to another who asked the same."""
    if choices.trip == trip:
        return choices
    own = tuple(
        replace(choice, charges=tuple(replace(charge, subject_id=trip.trip_id) for charge in choice.charges))
        for choice in choices.choices
    )
    return replace(choices, trip=trip, choices=own)


def legs(scenario: Scenario, world: World) -> PricedLegs:
    """Price the legs of a week, and the changes between them, for one 40-ft box filled to its payload."""
    kind = world.container_types[stages.LCL_TYPES[0]]
    box = Load(
        subject_id=kind.container_type,
        teu=kind.teu,
        feu_milli=500 * kind.teu,
        cargo_kg=kind.payload_kg,
        gross_kg=kind.payload_kg + kind.tare_kg,
        priority=0,
    )
    desk, _, _ = lay_out_desk(scenario, world, on=scenario.start_at.date())
    return route.priced_legs(desk.fronts, box, world.rules)


def refused_by_code(matrix: Matrix) -> Mapping[str, int]:
    """Count the bookings without a way by the code of their refusal, most first."""
    counts: dict[str, int] = {}
    for refusal in matrix.refused().values():
        counts[refusal.code] = counts.get(refusal.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
