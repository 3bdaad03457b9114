"""The lists of a commodity matrix: one row a choice or refusal, and one a priced leg or change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from landport.model.bookings import Booking
from landport.model.choices import Choice, Choices
from landport.model.itinerary import Refusal, Stretch
from landport.model.matrix import Matrix
from landport.model.places import Places
from landport.model.priced_legs import PricedLegs
from landport.model.scenario import Scenario
from landport.report.numbers import local
from landport.units import instant_text, usd_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    """A choice of a booking for one box, or why it has none.

    Parameters
    ----------
    number
        1 for the first in the order asked for; None: a refusal.
    from_id, to_id
        Of the question: groupage starts at the hub.
    departs_at, arrives_at, due_at, p50_at, p90_at
        Local time of the place where it happens, with its offset; empty: never, or no odds were asked for.
    rides
        Departures, each with where it is left, and `truck` for a truck on demand.
    changes
        Transfers between rides.
    usd, co2e_kg
        Of one box.
    gauge_changes
        Places at which the gauge changes under the load.
    odds_by_due, odds_error
        Share that arrives by the due minute, and its standard error; None: no odds were asked for.
    code, why
        Of the refusal.
    """

    booking_id: str
    number: int | None
    container_type: str
    cargo_kg: int | None
    from_id: str
    to_id: str
    departs_at: str
    arrives_at: str
    due_at: str
    rides: str
    changes: int | None
    usd: str
    co2e_kg: str
    gauge_changes: int | None
    odds_by_due: str
    odds_error: str
    p50_at: str
    p90_at: str
    code: str
    why: str


def choice_rows(matrix: Matrix, scenario: Scenario, places: Places) -> Iterator[ChoiceRow]:
    """List all choices of a matrix in the order of the bookings; a booking without any has one row that says why."""
    said = _Said(scenario.start_at, places)
    for booking in scenario.bookings:
        choices = matrix.by_booking.get(booking.booking_id)
        if choices is None:
            yield said.left(booking, matrix.refusals[booking.booking_id])
        elif choices.refusal is not None:
            yield said.refused(choices, choices.refusal)
        else:
            for choice in choices.choices:
                yield said.chosen(choices, choice)


@dataclass(frozen=True, slots=True)
class _Said:
    """Writes minutes of a week as local times of its places."""

    start_at: datetime
    places: Places

    def at(self, minute: int | None, place_id: str) -> str:
        if minute is None:
            return ""
        return instant_text(local(minute, self.start_at, self.places[place_id].timezone))

    def left(self, booking: Booking, refusal: Refusal) -> ChoiceRow:
        """Say why nothing is asked for a booking."""
        due = self.at(booking.due_at, booking.destination_id)
        kind = booking.container_type
        return _empty(booking.booking_id, kind, None, booking.at_id, booking.destination_id, due, refusal)

    def refused(self, choices: Choices, refusal: Refusal) -> ChoiceRow:
        """Say why a question has no answer."""
        trip = choices.trip
        due = self.at(trip.due_at, trip.destination_id)
        of = (trip.trip_id, trip.container_type, trip.cargo_kg, trip.at_id, trip.destination_id)
        return _empty(*of, due, refusal)

    def chosen(self, choices: Choices, choice: Choice) -> ChoiceRow:
        """Tell one choice."""
        trip, way, odds = choices.trip, choice.itinerary, choice.odds
        return ChoiceRow(
            booking_id=trip.trip_id,
            number=choice.number,
            container_type=trip.container_type,
            cargo_kg=trip.cargo_kg,
            from_id=trip.at_id,
            to_id=trip.destination_id,
            departs_at=self.at(way.departs_at, trip.at_id),
            arrives_at=self.at(way.arrives_at, trip.destination_id),
            due_at=self.at(trip.due_at, trip.destination_id),
            rides=" ".join(map(_ridden, way.stretches)),
            changes=len(way.transfer_ids),
            usd=usd_text(choice.usd_cents),
            co2e_kg=f"{choice.gco2e / 1000:.1f}",
            gauge_changes=choice.gauge_changes,
            odds_by_due=_share(odds.by_due if odds else None),
            odds_error=_share(odds.by_due_error if odds else None),
            p50_at=self.at(odds.p50_at if odds else None, trip.destination_id),
            p90_at=self.at(odds.p90_at if odds else None, trip.destination_id),
            code="",
            why="",
        )


def _empty(
    booking_id: str, container_type: str, cargo_kg: int | None, from_id: str, to_id: str, due_at: str, refusal: Refusal
) -> ChoiceRow:
    return ChoiceRow(
        booking_id=booking_id,
        number=None,
        container_type=container_type,
        cargo_kg=cargo_kg,
        from_id=from_id,
        to_id=to_id,
        departs_at="",
        arrives_at="",
        due_at=due_at,
        rides="",
        changes=None,
        usd="",
        co2e_kg="",
        gauge_changes=None,
        odds_by_due="",
        odds_error="",
        p50_at="",
        p90_at="",
        code=refusal.code,
        why=refusal.why,
    )


def _ridden(stretch: Stretch) -> str:
    return f"{stretch.departure_id or 'truck'}>{stretch.to_id}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRow:
    """A dated leg for one box, and what following it costs.

    Parameters
    ----------
    departs_at, arrives_at
        Local time of its places, with its offset.
    usd, co2e_kg
        Of one box.
    room_teu
        TEU that the departure has room for.
    boards, lands
        Class in which it is boarded, and manner in which a box is at its end; empty: it cannot be left there.
    """

    departure_id: str
    seq: int
    from_id: str
    to_id: str
    departs_at: str
    arrives_at: str
    usd: str
    co2e_kg: str
    room_teu: int
    boards: int
    lands: int | None


def leg_rows(legs: PricedLegs, start_at: datetime, places: Places) -> Iterator[LegRow]:
    """List priced legs, in order of departure."""
    said = _Said(start_at, places)
    columns = (
        *(legs.departure, legs.seq, legs.from_place, legs.to_place, legs.departs_at, legs.arrives_at),
        *(legs.usd_cents, legs.gco2e, legs.room_teu, legs.board, legs.land),
    )
    for run, seq, a, b, departs, arrives, cents, grams, room, board, land in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        from_id, to_id = legs.place_ids[a], legs.place_ids[b]
        yield LegRow(
            departure_id=legs.departure_ids[run],
            seq=seq,
            from_id=from_id,
            to_id=to_id,
            departs_at=said.at(departs, from_id),
            arrives_at=said.at(arrives, to_id),
            usd=usd_text(cents),
            co2e_kg=f"{grams / 1000:.1f}",
            room_teu=room,
            boards=board,
            lands=None if land < 0 else land,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change from a manner of being at a place to a class of legs, or by truck to a manner at another place.

    Parameters
    ----------
    kind
        start: from being there from the beginning; change: from having arrived; truck: by truck on demand.
    from_manner
        As `LegRow.lands`; of a start one that no leg lands in.
    to_class, to_manner
        As `LegRow.boards`; of a truck the manner it leads to. The other is None.
    transfer_id
        Empty: none, where a load starts.
    minutes, work_minutes
        That arrival must lie before departure; of a truck from leaving one manner to reaching the other. And those
        of the work itself, which begins while the place is open; None: a truck's begin so.
    usd
        Of one box, the truck's way with it.
    """

    kind: str
    at_id: str
    to_id: str
    from_manner: int
    to_class: int | None
    to_manner: int | None
    transfer_id: str
    minutes: int
    work_minutes: int | None
    usd: str
    co2e_kg: str


def change_rows(legs: PricedLegs) -> Iterator[ChangeRow]:
    """List changes by manner and class, then trucks."""
    place = [legs.place_ids[p] for p in legs.place.tolist()]
    starts = set(legs.start.tolist())
    for manner, of_class, transfer, minutes, cents, grams, work in legs.change.tolist():
        yield ChangeRow(
            kind="start" if manner in starts else "change",
            at_id=place[manner],
            to_id=place[manner],
            from_manner=manner,
            to_class=of_class,
            to_manner=None,
            transfer_id="" if transfer < 0 else legs.transfer_ids[transfer],
            minutes=minutes,
            work_minutes=work,
            usd=usd_text(cents),
            co2e_kg=f"{grams / 1000:.1f}",
        )
    for manner, reached, transfer, minutes, cents, grams in legs.truck.tolist():
        yield ChangeRow(
            kind="truck",
            at_id=place[manner],
            to_id=place[reached],
            from_manner=manner,
            to_class=None,
            to_manner=reached,
            transfer_id="" if transfer < 0 else legs.transfer_ids[transfer],
            minutes=minutes,
            work_minutes=None,
            usd=usd_text(cents),
            co2e_kg=f"{grams / 1000:.1f}",
        )
