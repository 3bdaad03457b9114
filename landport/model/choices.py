"""Choices of a way: what each costs, emits, how sure it is, and what of the network was edited for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from landport.model.edits import WhatIf
from landport.model.itinerary import Itinerary, Refusal, Trip
from landport.model.plans import Charge


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """How often one boarding of an itinerary is missed, and what that costs.

    Parameters
    ----------
    stretch
        Number of the stretch that is boarded, from 1.
    place_id
        Where.
    missed
        Share of all samples that come here and miss the departure planned; those stranded before do not come. 0 where
        the way starts.
    delay_minutes
        Mean time by which the boarding is later than planned, over all samples that get on at all (0: none does).
    """

    stretch: int
    place_id: str
    missed: float
    delay_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """When an itinerary arrives, over random transfer and border times.

    Parameters
    ----------
    n_samples, seed
        Draws, common to all itineraries of one question.
    by_due
        Share that arrives by the due minute; None: nothing is due.
    by_due_error
        Standard error of `by_due`, of the share with one success and one failure added (Agresti and Coull), so that it
        is never 0.
    p50_at, p90_at
        Minute by which half and nine tenths have arrived; None: fewer arrive within the timetable.
    stranded
        Share that misses the last departure of the timetable.
    risks
        One a stretch that is a departure, in order.
    """

    n_samples: int
    seed: int
    by_due: float | None
    by_due_error: float | None
    p50_at: int | None
    p90_at: int | None
    stranded: float
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way with its price and its odds, for all boxes of the trip together.

    Parameters
    ----------
    number
        1 for the first in the order asked for.
    charges
        One line a ride, a change and a passage under a quota: kinds freight, road, handling, quota. No weights of
        time.
    usd_cents, gco2e
        Sums of the charges.
    gauge_changes
        Places at which the gauge under the load changes.
    """

    number: int
    itinerary: Itinerary
    charges: tuple[Charge, ...]
    usd_cents: int
    gco2e: int
    gauge_changes: int
    odds: Odds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The answer to one question for a way.

    Parameters
    ----------
    trip
        What was asked; its boxes are priced together.
    is_due
        Whether `trip.due_at` was asked for; else it is only the end of the timetable.
    order_by
        time, cost, co2 or odds.
    as_of_on
        Day whose lines are open.
    what_if
        Edits the network was read under.
    choices
        In the order asked for; empty when there is a refusal.
    n_found
        Size of the Pareto front they were chosen from.
    is_complete
        The front is exact but for `eps`: no way was dropped for want of room, nor one that comes to a place twice and
        may have beaten a straight one.
    eps
        Minutes, US cents and gCO2e by which a way left out may be better than one kept, in all of them at once.
    refusal
        Why there is no way.
    advice
        The nearest feasible changes to the question, as sentences; empty when there are choices or none is known.
    """

    trip: Trip
    is_due: bool
    order_by: str
    as_of_on: date
    what_if: WhatIf
    choices: tuple[Choice, ...]
    n_found: int
    is_complete: bool
    eps: tuple[int, int, int]
    refusal: Refusal | None = None
    advice: tuple[str, ...] = ()
