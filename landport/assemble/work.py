"""Work that ways ask of places: lifts and gauge changes of a shift, transfers of a railway day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from landport.model.bookings import SHIFTED, NightSupply
from landport.model.itinerary import Itinerary, Stretch
from landport.model.journeys import Pricing
from landport.model.services import ServiceLeg
from landport.units import railway_day, railway_shift

Asked = tuple[str, str, str, int, int]
"""What (lift, gauge-change, transfer), place or transfer, railway day and shift, what there is, what a box takes."""


class Work:
    """Finds the work of a way that somebody set a limit to.

    Parameters
    ----------
    supply
        Rows of lifts and gauge changes; others are passed over.

    Notes
    -----
    A box is lifted at a place where a ride of it begins, when that leaves, and where one ends, when that arrives. It
    changes its gauge when it reaches the place, on the train or between two. A transfer counts on the day on which the
    box reaches its place. Audited by `audit.work`.
    """

    def __init__(self, pricing: Pricing, supply: Sequence[NightSupply], start_at: datetime) -> None:
        self._pricing, self._start_at = pricing, start_at
        self._limits: dict[tuple[str, str, str, str], int] = {}
        for row in supply:
            if row.resource in SHIFTED:
                self._limits[row.resource, row.place_id, row.day_on, row.shift] = row.count
        self._places = {(what, place_id) for what, place_id, _, _ in self._limits}
        self._capacity = {t.transfer_id: t.teu_per_day for t in pricing.transfers.values() if t.teu_per_day is not None}

    def of(self, teu: int, way: Itinerary) -> Iterator[Asked]:
        """List what a box of so many TEU asks for on a way, once each time."""
        if self._places:
            for place_id, minute in _lifts(way):
                yield from self._limited("lift", place_id, minute, 1)
            for place_id, minute in self._gauge_changes(way):
                yield from self._limited("gauge-change", place_id, minute, teu)
        for before, transfer_id in zip(way.stretches, way.transfer_ids, strict=False):
            room = self._capacity.get(transfer_id)
            if room is not None:
                yield "transfer", transfer_id, railway_day(before.arrives_at, self._start_at).isoformat(), room, teu

    def _limited(self, what: str, place_id: str, minute: int, amount: int) -> Iterator[Asked]:
        if (what, place_id) not in self._places:
            return
        day, shift = railway_shift(minute, self._start_at)
        for name in ("", shift):
            room = self._limits.get((what, place_id, day.isoformat(), name))
            if room is not None:
                yield what, place_id, f"{day.isoformat()} {name}".strip(), room, amount

    def _gauge_changes(self, way: Itinerary) -> Iterator[tuple[str, int]]:
        """List the places, with the minute of arrival, where rail meets rail of another gauge."""
        legs = [pair for stretch in way.stretches for pair in self._legs(stretch)]
        for (leg, arrives_at), (after, _) in pairwise(legs):
            if leg is not None and after is not None and 0 < leg.gauge_mm != after.gauge_mm > 0:
                yield leg.to_id, arrives_at

    def _legs(self, stretch: Stretch) -> list[tuple[ServiceLeg | None, int]]:
        """List the legs of a stretch with their arrivals; a truck on demand is one without a row."""
        if not stretch.departure_id:
            return [(None, stretch.arrives_at)]
        run = self._pricing.departures[stretch.departure_id]
        legs = zip(self._pricing.service(stretch.departure_id).legs, run.legs, strict=True)
        ridden = list(legs)[stretch.first_leg - 1 : stretch.last_leg]
        return [(leg, timed.arrives_at) for leg, timed in ridden]


def _lifts(way: Itinerary) -> Iterator[tuple[str, int]]:
    for stretch in way.stretches:
        yield stretch.from_id, stretch.departs_at
        yield stretch.to_id, stretch.arrives_at
