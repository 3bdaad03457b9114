"""Judges an answer to a question for ways: what was asked, what was edited, and every choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from landport.audit import choice_legs, choice_money, choice_times, choice_what_if
from landport.audit.choice_case import ChoiceCase, Ground
from landport.audit.violation import Finding, Rule, Violation
from landport.model.choices import Choice, Choices, Odds
from landport.model.edits import WhatIf
from landport.model.scenario import Scenario, World

ORDERS = ("time", "cost", "co2", "odds")
"""What choices can be put in order by."""

CLOSE = 0.000_002
"""Shares are stated to six digits."""


def check_choices(choices: Choices, scenario: Scenario, world: World) -> tuple[Violation, ...]:
    """List every rule that an answer breaks, rule by rule; empty when it holds.

    Parameters
    ----------
    scenario
        Its start is minute 0; now, horizon, notes on departures, orders and services of its own hold.

    Notes
    -----
    Never raises on a bad answer: what cannot be followed is a violation itself, and rules that would need it leave it
    out. The edits are made again from their rows. O(n log n) in the rows of the network and the stretches.
    """
    return check_answers((choices,), scenario, world)


def check_answers(answers: Iterable[Choices], scenario: Scenario, world: World) -> tuple[Violation, ...]:
    """List every rule that one of many answers breaks, answer by answer, as `check_choices` does for one.

    Notes
    -----
    The network is laid out once for all that were asked under the same edits and as of the same day.
    """
    grounds: dict[tuple[WhatIf, date], Ground] = {}
    found = []
    for choices in answers:
        key = (choices.what_if, choices.as_of_on)
        if key not in grounds:
            grounds[key] = Ground(*key, scenario, world)
        case = ChoiceCase(choices, grounds[key])
        for rule in RULES:
            for message, about in rule.find(case):
                found.append(Violation(rule.code, message, about))
    return tuple(found)


def _trip(case: ChoiceCase) -> Iterator[Finding]:
    trip = case.trip
    for place_id in (trip.at_id, trip.destination_id):
        if place_id not in case.places:
            yield f"{trip.trip_id} asks about {place_id!r}; the network has no such place", (trip.trip_id,)
    if case.kind is None:
        yield f"{trip.trip_id} asks for boxes of type {trip.container_type!r}; there is none", (trip.trip_id,)
    if trip.n_boxes < 1 or min(trip.gross_kg, trip.cargo_kg) < 0:
        masses = f"{trip.gross_kg:,} kg gross, {trip.cargo_kg:,} kg cargo"
        yield f"{trip.trip_id} asks for {trip.n_boxes} boxes of {masses}", (trip.trip_id,)


def _none(case: ChoiceCase) -> Iterator[Finding]:
    answer, trip_id = case.choices, case.trip.trip_id
    n, refusal = len(answer.choices), answer.refusal
    if n and refusal is not None:
        yield f"{trip_id} has {n} choices and is refused as well ({refusal.code})", (trip_id,)
    if not n and refusal is None:
        yield f"{trip_id} has neither a choice nor a refusal", (trip_id,)
    if n and answer.advice:
        yield f"{trip_id} has {n} choices, but is advised to ask for something else", (trip_id,)
    if refusal is not None and not (refusal.code and refusal.why.strip() and refusal.state in ("waiting", "refused")):
        yield f"{trip_id} is {refusal.state!r} by {refusal.code!r}: {refusal.why!r} gives no reason", (trip_id,)


def _number(case: ChoiceCase) -> Iterator[Finding]:
    answer, trip_id = case.choices, case.trip.trip_id
    numbers = [choice.number for choice in answer.choices]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the choices of {trip_id} are numbered {numbers}, expected 1 to {len(numbers)}", (trip_id,)
    if answer.n_found < len(numbers):
        yield f"{len(numbers)} choices of {trip_id} are of {answer.n_found} found", (trip_id,)


def _sorted(case: ChoiceCase) -> Iterator[Finding]:
    answer, trip_id = case.choices, case.trip.trip_id
    if answer.order_by not in ORDERS:
        yield f"the choices of {trip_id} are in order of {answer.order_by!r}, expected {', '.join(ORDERS)}", (trip_id,)
        return
    for before, after in pairwise(answer.choices):
        first, second = _rank(before, answer.order_by), _rank(after, answer.order_by)
        if first is not None and second is not None and first > second:
            figures = f"{first:,} before {second:,}"
            text = f"choices {before.number} and {after.number} of {trip_id} are not in order of {answer.order_by}"
            yield f"{text}: {figures}", (trip_id,)


def _rank(choice: Choice, order_by: str) -> float | None:
    """Say by what a choice is put in order; None: nothing known of it."""
    if order_by == "odds":
        return None if choice.odds is None else _missed(choice.odds)
    arrives_at = next((s.arrives_at for s in reversed(choice.itinerary.stretches)), None)
    return {"time": arrives_at, "cost": choice.usd_cents, "co2": choice.gco2e}.get(order_by)


def _missed(odds: Odds) -> float:
    """Share of the samples that do not arrive in time or, if nothing is due, at all."""
    return odds.stranded if odds.by_due is None else 1 - odds.by_due


def _front(case: ChoiceCase) -> Iterator[Finding]:
    trip_id, listed = case.trip.trip_id, [c for c in case.choices.choices if c.itinerary.stretches]
    for i, one in enumerate(listed):
        for j, other in enumerate(listed):
            ours, theirs = _figures(one), _figures(other)
            pair = f"choice {one.number} of {trip_id}"
            if i < j and one.itinerary == other.itinerary:
                yield f"{pair} is choice {other.number} again", (trip_id,)
            elif (
                case.choices.order_by != "odds"
                and ours != theirs
                and all(t <= o for o, t in zip(ours, theirs, strict=True))
            ):
                worse = f"is worse than choice {other.number} in arrival, cost, CO2e and changes of gauge"
                yield f"{pair} {worse}: {ours} against {theirs}", (trip_id,)


def _figures(choice: Choice) -> tuple[int, int, int, int]:
    return choice.itinerary.stretches[-1].arrives_at, choice.usd_cents, choice.gco2e, choice.gauge_changes


def _due(case: ChoiceCase) -> Iterator[Finding]:
    for choice in case.choices.choices:
        for stretch in choice.itinerary.stretches[-1:] if case.choices.is_due else ():
            if stretch.arrives_at > case.trip.due_at:
                text = f"choice {choice.number} arrives at minute {stretch.arrives_at:,}"
                yield f"{text}; {case.trip.trip_id} is due at {case.trip.due_at:,}", (case.trip.trip_id,)
        for text in _odd(case, choice, choice.odds) if choice.odds is not None else ():
            yield f"the odds of choice {choice.number} {text}", (case.trip.trip_id,)


def _odd(case: ChoiceCase, choice: Choice, odds: Odds) -> Iterator[str]:
    """Say what is wrong with odds."""
    shares = [odds.stranded, *(risk.missed for risk in odds.risks)]
    shares += [share for share in (odds.by_due, odds.by_due_error) if share is not None]
    outside = [share for share in shares if not 0 <= share <= 1]
    if outside or odds.n_samples < 1:
        yield f"have shares {outside} outside 0 to 1, or of no sample ({odds.n_samples:,})"
        return
    stretches = choice.itinerary.stretches
    boarded = [(seq, s.from_id) for seq, s in enumerate(stretches, 1) if s.departure_id]
    stated = [(risk.stretch, risk.place_id) for risk in odds.risks]
    if boarded != stated:
        yield f"have risks at {stated}; departures are boarded at {boarded}"
    yield from _in_time(case, odds)
    yield from _arrivals(case, odds)


def _in_time(case: ChoiceCase, odds: Odds) -> Iterator[str]:
    """Compare the share in time with what was asked, and its error with the samples."""
    given = odds.by_due is not None, odds.by_due_error is not None
    if given != (case.choices.is_due, case.choices.is_due):
        yield f"say {odds.by_due} by the due minute; {'one' if case.choices.is_due else 'none'} was asked for"
    elif odds.by_due is not None and odds.by_due_error is not None:
        share = (round(odds.by_due * odds.n_samples) + 1) / (odds.n_samples + 2)
        error = (share * (1 - share) / (odds.n_samples + 2)) ** 0.5
        if abs(error - odds.by_due_error) > CLOSE:
            text = f"state the error of {odds.by_due} as {odds.by_due_error}"
            yield f"{text}; {odds.n_samples:,} samples give {error:.6f}"
        if odds.by_due + odds.stranded > 1 + CLOSE:
            yield f"say that {odds.by_due} arrive in time and {odds.stranded} never"


def _arrivals(case: ChoiceCase, odds: Odds) -> Iterator[str]:
    """Compare the minutes by which half and nine tenths arrive with the shares that do at all, and in time."""
    n, due_at = odds.n_samples, case.trip.due_at
    if odds.p50_at is not None and odds.p90_at is not None and odds.p50_at > odds.p90_at:
        yield f"say half by minute {odds.p50_at:,}, nine tenths by {odds.p90_at:,}"
    for tenths, at in ((5, odds.p50_at), (9, odds.p90_at)):
        arrived = round((1 - odds.stranded) * n)
        if _is_off(tenths, at is not None, arrived, n):
            yield f"say {tenths} tenths by minute {at}; {arrived:,} of {n:,} arrive"
        in_time = None if odds.by_due is None else round(odds.by_due * n)
        if in_time is not None and _is_off(tenths, at is not None and at <= due_at, in_time, n):
            yield f"say {tenths} tenths by minute {at}, and {in_time:,} of {n:,} by {due_at:,}"


def _is_off(tenths: int, is_reached: bool, count: int, n: int) -> bool:
    """Tell whether a count contradicts that so many tenths of n are reached, or are not; counts are rounded."""
    near = n // 500_000
    return 10 * (count + near) < tenths * n if is_reached else 10 * (count - near) >= tenths * n


_OF_ANSWERS = (
    Rule("CHOICE_TRIP", "A question is about known places and boxes of a known type.", _trip),
    Rule("CHOICE_NONE", "An answer has choices, or a refusal that says why, never both.", _none),
    Rule("CHOICE_NUMBER", "Choices are numbered from 1, and not more than were found.", _number),
    Rule("CHOICE_SORTED", "Choices stand in the order asked for.", _sorted),
    Rule(
        "CHOICE_FRONT", "No choice is listed twice, or (unless ordered by odds) is worse than another in all.", _front
    ),
    Rule(
        "CHOICE_DUE",
        "Choices arrive by a due minute asked for; their odds fit it, their departures, samples and each other.",
        _due,
    ),
)

RULES = (*_OF_ANSWERS, *choice_what_if.RULES, *choice_times.RULES, *choice_legs.RULES, *choice_money.RULES)
"""Rules of an answer, in the order they are checked."""
