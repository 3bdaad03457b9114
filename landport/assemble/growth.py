"""Bringing in ways by price: what full legs cost in the relaxation decides which further ways are worth offering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from landport.assemble.batches import Batch, Option, Problem, priced
from landport.assemble.flow import Prices, relax
from landport.assemble.program import columns
from landport.assemble.restart import Basis
from landport.model import tariff
from landport.model.itinerary import Dues, Itinerary, PricedWays
from landport.model.result import Limit

FIRST, BOUGHT = 8, 6
"""Ways that a batch begins with: its cheapest, and its cheapest without a train that tonight decides."""

NEW = 8
"""Most ways that a batch gets in one round: those that save most."""

PRICED = 12
"""Ways looked at for that: the best of those found, as the scan weighs them."""

USUAL_KG = 11_000
"""Kilograms that one TEU is taken to weigh where a limit is one of mass; each way is then priced with its own."""

ROUNDS = {1: (5, 5), 10: (6, 6)}
"""Rounds that ask for all, and most rounds, by effort (the next lower one that is named)."""

AGAIN = 0, 6
"""The same when a plan before is kept: most have a way already."""

SCARCE_CENTS, MOVES = 100_000, 3
"""Later rounds ask for batches whose cheapest way costs so much less than serving them, or so many times a change."""

SHARE = 0.5
"""Share of the seconds left that bringing in ways may take; a round begins when the last one would fit in."""

LEAST_CENTS = 100.0
"""A way that saves less is not worth a column."""


def grown(
    problem: Problem, priced_ways: PricedWays, limit: Limit, seed: int, asking_s: float = 0.0
) -> tuple[Problem, Basis | None]:
    """Offer further ways until no more are found that the relaxation would pay for, or so many times.

    Parameters
    ----------
    asking_s
        Wall seconds that a round is taken to last, before one was made.

    Returns
    -------
    tuple[Problem, Basis | None]
        The problem with more ways, and how the last relaxation ended.

    Notes
    -----
    Column generation: the relaxation is solved, its prices are laid on the legs of departures, and ways are sought anew
    for one box of each batch. Only those are kept that cost less than the relaxation pays for the batch, everything
    counted: quotas, work at places, minimum loads.
    """
    problem = problem.over([replace(batch, options=_first(batch)) for batch in problem.batches])
    kept = problem.resources.kept
    full, rounds = AGAIN if kept else max(n for least, n in ROUNDS.items() if least <= max(1, limit.effort))
    above = max(SCARCE_CENTS, MOVES * kept.change_cents if kept else 0)
    limit, basis, took = limit.share(SHARE), None, asking_s
    for turn in range(rounds):
        before = limit.remaining()
        if before is not None and before <= took:
            break
        prices, basis = relax(columns(problem), limit=limit, seed=seed, before=basis)
        more = _more(problem, priced_ways, prices, _scarce(problem, prices, above if turn >= full else -np.inf))
        if not more:
            break
        problem = problem.over(
            [replace(batch, options=(*batch.options, *more.get(b, ()))) for b, batch in enumerate(problem.batches)]
        )
        took = (before or 0.0) - (limit.remaining() or 0.0)
    return problem, basis


def _scarce(problem: Problem, prices: Prices, above: float) -> list[int]:
    """List the batches whose ways are scarce: serving them costs so many cents more than their cheapest does."""
    found = []
    for b, batch in enumerate(problem.batches):
        if batch.options and prices.batch[b] > min(option.usd_cents for option in batch.options) + above:
            found.append(b)
    return found


def _more(
    problem: Problem, priced_ways: PricedWays, prices: Prices, numbers: Sequence[int]
) -> dict[int, tuple[Option, ...]]:
    """Seek ways of some batches at the prices of a relaxation; answer the better ones by number of batch."""
    some = {b: problem.batches[b] for b in numbers}
    found = priced_ways([box for batch in some.values() for box in batch.containers], dues(problem, prices)).choices
    trains = {d: t for t, d in enumerate(problem.decided)}
    ways = {b: _better(problem, b, _common(batch, found), prices, trains) for b, batch in some.items()}
    return {b: new for b, new in ways.items() if new}


def _first(batch: Batch) -> tuple[Option, ...]:
    """Choose the ways to begin with: cheap ones, and the cheapest with each train, so that plans have a choice."""
    ordered = sorted(batch.options, key=lambda o: o.usd_cents)
    bought = [option for option in ordered if not option.trains][:BOUGHT]
    trains: set[str] = set()
    chosen = []
    for i, option in enumerate(ordered):
        if i < FIRST or option in bought or not trains.issuperset(option.trains):
            chosen.append(option)
            trains.update(option.trains)
    return tuple(chosen)


def _common(batch: Batch, found: Mapping[str, tuple[Itinerary, ...]]) -> list[Itinerary]:
    """List the ways that were found for every box of a batch."""
    first, *others = (found.get(box.container_id, ()) for box in batch.containers)
    allowed = [set(ways) for ways in {id(ways): ways for ways in others if ways is not first}.values()]
    return [way for way in first if all(way in ways for ways in allowed)]


def _better(
    problem: Problem, b: int, ways: Sequence[Itinerary], prices: Prices, trains: Mapping[str, int]
) -> tuple[Option, ...]:
    """Price the ways that a batch did not have; keep those that save most."""
    batch = problem.batches[b]
    known = {option.way for option in batch.options}
    new = [priced(batch.containers[0], way, problem.resources) for way in ways[:PRICED] if way not in known]
    shut = problem.resources.kept.cancelled if problem.resources.kept else {}
    new = [option for option in new if not any(d in shut for d in option.trains)]
    saving = [(prices.reduced(option, b, batch.teu, trains), i) for i, option in enumerate(new)]
    return tuple(new[i] for cents, i in sorted(saving)[:NEW] if cents < -LEAST_CENTS)


def dues(problem: Problem, prices: Prices) -> Dues:
    """Lay the prices of full legs, days and trains on the legs of departures, US cents a TEU.

    Notes
    -----
    Trains that tonight decides lose their share of the fixed cost, which the scan takes for granted: their prices hold
    what running them costs.
    """
    resources, found = problem.resources, dict[tuple[str, int], float]()
    pricing = resources.pricing
    for departure_id in resources.tonight():
        service = pricing.service(departure_id)
        for leg in service.legs:
            found[departure_id, leg.seq] = -float(tariff.fixed_share_cents(service, leg, pricing.rules))
    wagons = {}
    for row, price in zip(resources.rows, prices.limit.tolist(), strict=False):
        if row.what == "wagons":
            wagons[row.departure_id] = -price
        elif row.seq and price:
            weight = USUAL_KG if row.what in {"cargo_kg", "gross_kg"} else 0 if row.what == "plugs" else 1
            key = row.departure_id, row.seq
            found[key] = found.get(key, 0.0) - price * weight
    for departure_id in resources.tonight() if wagons else ():
        if resources.is_formed_here(departure_id):
            due = wagons.get(resources.day_of(pricing.departures[departure_id]), 0.0)
            found[departure_id, 1] = found.get((departure_id, 1), 0.0) + due
    return {key: round(cents) for key, cents in found.items() if round(cents)}
