"""One question for a way, answered: choices with prices and odds, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choice, Choices, Odds
from landport.model.edits import WhatIf
from landport.model.equipment import ContainerType
from landport.model.itinerary import Itinerary, Trip
from landport.model.journeys import Pricing
from landport.model.plans import Charge
from landport.model.tariff import Load
from landport.route.fronts import EPS, Fronts, Question, Way, spread
from landport.route.masks import Masks, masks
from landport.route.priced import Priced
from landport.route.why import Reason, no_way, room_of, too_late

ORDERS = ("time", "cost", "co2", "odds")
"""What choices can be sorted by."""

MOST = 6
"""Choices that people are shown, unless told otherwise."""

OddsOf = Callable[[Itinerary, int | None, np.ndarray], Odds]
"""Samples an itinerary: due minute, legs barred."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How choices are to be made.

    Parameters
    ----------
    order_by
        One of `ORDERS`.
    is_due
        Whether the trip's due minute counts.
    most
        Choices that are kept of a front.
    eps
        Minutes, US cents and gCO2e a box; all 0: exact.
    """

    order_by: str = "time"
    is_due: bool = True
    most: int = MOST
    eps: tuple[int, int, int] = EPS


class Desk:
    """Answers questions over one dated network; the forwarder's desk.

    Parameters
    ----------
    priced
        The network laid out.
    pricing
        Prices itineraries; every hub train counts as undecided.
    orders
        Restriction orders in force.
    as_of_on, what_if
        Day and edits that the network was read under.
    odds_of
        Samples itineraries; None: no odds are asked for.
    """

    def __init__(
        self,
        priced: Priced,
        pricing: Pricing,
        orders: Sequence[RestrictionOrder],
        container_types: Mapping[str, ContainerType],
        *,
        as_of_on: date,
        what_if: WhatIf,
        odds_of: OddsOf | None = None,
    ) -> None:
        self.fronts = Fronts(priced)
        self.pricing = pricing
        self._types = container_types
        self._as_of_on, self._what_if = as_of_on, what_if
        self._odds_of = odds_of
        self._orders = tuple(orders)
        self._joined: Masks = masks(priced.space, pricing.rules, orders, container_types, {})
        self._room = room_of(self.fronts)

    def choices(self, trip: Trip, asked: Asked) -> Choices:
        """Answer with the choices that differ most, of all ways that no other beats.

        Notes
        -----
        With a due minute only ways that arrive by it count. Audited by `audit.choices`.
        """
        question = self.question(trip)
        is_risky = asked.order_by == "odds"
        until = {"until": trip.due_at} if asked.is_due else {}
        front = self.fronts.front(question, eps=asked.eps, is_risky=is_risky, **until)
        kept = [front.ways[i] for i in spread(front.ways, asked.most)]
        found = [self._choice(trip, way, question, asked) for way in kept]
        found.sort(key=lambda c: _rank(c, asked.order_by))
        answer = Choices(
            trip=trip,
            is_due=asked.is_due,
            order_by=asked.order_by,
            as_of_on=self._as_of_on,
            what_if=self._what_if,
            choices=tuple(replace(c, number=n) for n, c in enumerate(found, 1)),
            n_found=len(front.ways),
            is_complete=front.is_whole,
            eps=asked.eps,
        )
        if found:
            return answer
        reason = self.reason(trip, asked)
        return replace(answer, refusal=reason.refusal, advice=reason.advice)

    def reason(self, trip: Trip, asked: Asked) -> Reason:
        """Say why a trip has no choice."""
        question = self.question(trip)
        front = self.fronts.front(question, eps=asked.eps)
        if front.ways:
            return too_late(question, front, trip.due_at, self.fronts)
        return no_way(question, trip, self._masks(trip), self._teu(trip) * trip.n_boxes, self.fronts)

    def question(self, trip: Trip) -> Question:
        """Turn a trip into a question: what its boxes weigh, and the legs that they may not ride."""
        n_teu = self._teu(trip) * trip.n_boxes
        blocked = self._masks(trip).of(trip) | (self._room < n_teu).astype(np.int64)
        tolls = self._joined.tolls(trip)
        return Question(trip.at_id, trip.destination_id, trip.ready_at, self.load_of(trip), blocked, n_teu, tolls)

    def _masks(self, trip: Trip) -> Masks:
        return self._joined.asked_for(trip, self._teu(trip) * trip.n_boxes, self._orders)

    def load_of(self, trip: Trip) -> Load:
        """Say what of one box decides its price."""
        teu = self._teu(trip)
        return Load(
            subject_id=trip.trip_id,
            teu=teu,
            feu_milli=500 * teu,
            cargo_kg=trip.cargo_kg,
            gross_kg=trip.gross_kg,
            priority=trip.priority,
        )

    def _teu(self, trip: Trip) -> int:
        return self._types[trip.container_type].teu

    def _choice(self, trip: Trip, way: Way, question: Question, asked: Asked) -> Choice:
        due_at = trip.due_at if asked.is_due else None
        paid = self.pricing.carriage(question.load, way.itinerary)
        paid += self.pricing.tolls(question.load, question.tolls, way.itinerary)
        charges = tuple(_times(c, trip.n_boxes) for c in paid)
        return Choice(
            number=0,
            itinerary=way.itinerary,
            charges=charges,
            usd_cents=sum(c.usd_cents for c in charges),
            gco2e=sum(c.gco2e for c in charges),
            gauge_changes=way.gauge_changes,
            odds=self._odds_of(way.itinerary, due_at, question.blocked) if self._odds_of else None,
        )


def _times(charge: Charge, n_boxes: int) -> Charge:
    """Make a charge of one box one of all."""
    return replace(
        charge,
        quantity=charge.quantity * n_boxes,
        usd_cents=charge.usd_cents * n_boxes,
        gco2e=charge.gco2e * n_boxes,
    )


def _rank(choice: Choice, order_by: str) -> tuple[float, ...]:
    """Sort by what was asked for, then by the others."""
    at, cost, grams = choice.itinerary.arrives_at, choice.usd_cents, choice.gco2e
    if order_by == "odds" and choice.odds is not None:
        sure = 1 - choice.odds.stranded if choice.odds.by_due is None else choice.odds.by_due
        return -sure, cost, at, grams
    return {"cost": (cost, at, grams), "co2": (grams, cost, at)}.get(order_by, (at, cost, grams))
