"""Choices of a way in a terminal: what was asked, a line a choice, and under it every ride and every wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choice, Choices
from landport.model.edits import NetworkEdit
from landport.model.network import Network
from landport.model.rules import Rules
from landport.report import numbers, route_facts
from landport.report.route_facts import Change, Move, RouteFacts, Way
from landport.report.route_tolls import Toll
from landport.report.terminal import Sentence

WIDTH = 120
NARROW = 94
"""Columns below which gauge changes and p50 and p90 are left out."""

ORDERS = {"time": "arrival", "cost": "cost", "co2": "emissions", "odds": "odds of arriving by the due time"}
KINDS = {
    "lift": "lift",
    "gauge-change": "gauge change",
    "customs": "customs",
    "handover": "hand-over",
    "port-wait": "port",
}
"""Kinds of transfer, in words."""

MODES = {"rail": "train", "road": "truck", "ferry": "ferry"}
ACTIONS = {
    "open": "{0} is open",
    "close": "{0} is closed",
    "gauge": "{0} has gauge {1} mm",
    "slow": "{0} takes {2} % of its time",
    "capacity": "{0} takes {3} TEU",
}
"""What an edit does, of (subject, value, value in hundredths of the old, value with spaces)."""


def show_choices(
    console: Console,
    choices: Choices,
    network: Network,
    rules: Rules,
    start_at: datetime,
    sources: Sequence[str] = (),
    *,
    orders: Sequence[RestrictionOrder] = (),
) -> None:
    """Print what was asked, the choices, their rides and waits; or why there is none, and what would help.

    Parameters
    ----------
    network
        Under the edits of the what-if.
    rules
        Their confidence says how many rates nobody published.
    sources
        Names of what was read: tables, a scenario.
    orders
        Restriction orders in force.
    """
    facts = route_facts.join(choices, network, start_at, orders)
    width = min(WIDTH, console.width)
    _say(console, asked(facts), width, style="bold")
    for line in what_if(facts):
        _say(console, line, width)
    for line in _refusal(facts):
        _say(console, line, width)
    if facts.ways:
        console.print()
        console.print(_choices(facts, is_narrow=width < NARROW), width=width)
    for way in facts.ways:
        console.print()
        _say(console, _head(facts, way), width, style="bold")
        console.print(_rides(facts, way), width=width)
        for line in _risks(facts, way):
            _say(console, f"  {line}", width)
    if facts.ways:
        console.print()
    for line in _foot(facts, rules, sources):
        _say(console, line, width, style="dim")


def _say(console: Console, line: str, width: int, *, style: str = "") -> None:
    console.print(Sentence(line, style=style), width=width)


def asked(facts: RouteFacts) -> str:
    """Say in one line what was asked."""
    trip = facts.choices.trip
    mass = f", {numbers.number(trip.gross_kg)} kg gross each" if trip.gross_kg else ""
    due = f", due {facts.when(trip.due_at, trip.destination_id)}" if facts.choices.is_due else ""
    goods = f", goods {', '.join(trip.cargo_codes)}" if trip.cargo_codes else ""
    un = f", UN class {', '.join(trip.un_classes)}" if trip.un_classes else ""
    return (
        f"{facts.name(trip.at_id)} ({trip.at_id}) to {facts.name(trip.destination_id)} ({trip.destination_id}): "
        f"{numbers.number(trip.n_boxes)} x {trip.container_type}{mass}{goods}{un}, "
        f"ready {facts.when(trip.ready_at, trip.at_id)}{due}"
    )


def what_if(facts: RouteFacts) -> Iterator[str]:
    """Say under which edits the network was read."""
    edited = facts.choices.what_if
    if not (edited.edits or edited.services):
        return
    said = [edit_text(facts, edit) for edit in edited.edits]
    said += [f"{s.service_id} ({s.name}) is assumed to run" for s in edited.services]
    yield f"What if{f' ({edited.name})' if edited.name else ''}: {'; '.join(said)}."


def edit_text(facts: RouteFacts, edit: NetworkEdit) -> str:
    """Say what an edit does.

    Notes
    -----
    A line is named by its ends.
    """
    ends = route_facts.edited_places(edit, facts.network)
    names = " - ".join(facts.name(p) for p in ends)
    subject = f"{names} ({edit.subject_id})" if names else edit.subject_id
    text = ACTIONS.get(edit.action, f"{edit.action} {{0}}")
    return text.format(subject, edit.value, numbers.number(edit.value / 10), numbers.number(edit.value))


def _refusal(facts: RouteFacts) -> Iterator[str]:
    refusal = facts.choices.refusal
    if refusal is None:
        return
    lead = "No way yet" if refusal.state == "waiting" else "Refused"
    yield f"{lead} ({refusal.code}): {numbers.spoken(refusal.why)}."
    for line in facts.choices.advice:
        yield f"  - {line}"


def _choices(facts: RouteFacts, *, is_narrow: bool) -> Table:
    """List choices; without gauge changes and percentiles where there is no room."""
    has_odds = any(way.choice.odds for way in facts.ways)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("arrives", no_wrap=True)
    names = ["days", "changes", *([] if is_narrow else ["gauges"]), "USD", "kg CO2e"]
    names += ["by due"] if has_odds and facts.choices.is_due else []
    names += ["p50", "p90"] if has_odds and not is_narrow else []
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for way in facts.ways:
        figures = _figures(facts, way)
        arrives = facts.when(way.arrives_at, way.choice.itinerary.stretches[-1].to_id)
        table.add_row(str(way.choice.number), arrives, *(figures[name] for name in names))
    return table


def _figures(facts: RouteFacts, way: Way) -> dict[str, str]:
    """Write the measures of a choice by the name of their column; percentiles in days from ready."""
    choice = way.choice
    ends = (choice.odds.p50_at, choice.odds.p90_at) if choice.odds else (None, None)
    p50, p90 = ("–" if at is None else numbers.days(at - facts.choices.trip.ready_at) for at in ends)
    return {
        "days": numbers.days(facts.waited(way)),
        "changes": numbers.number(len(choice.itinerary.transfer_ids)),
        "gauges": numbers.number(choice.gauge_changes),
        "USD": numbers.number(choice.usd_cents / 100),
        "kg CO2e": numbers.number(choice.gco2e / 1000),
        "by due": by_due(choice),
        "p50": p50,
        "p90": p90,
    }


def by_due(choice: Choice) -> str:
    """Write the odds of arriving in time with their error, in hundredths."""
    odds = choice.odds
    if odds is None or odds.by_due is None:
        return "–"
    error = "" if odds.by_due_error is None else f" ± {numbers.percent(odds.by_due_error, 1)}"
    return f"{numbers.percent(odds.by_due)}{error} %"


def _head(facts: RouteFacts, way: Way) -> str:
    trip = facts.choices.trip
    leaves = way.choice.itinerary.departs_at
    return (
        f"{way.choice.number}. {facts.name(trip.at_id)} - {facts.name(trip.destination_id)}, "
        f"{numbers.number(way.length_km)} km, {numbers.days(way.arrives_at - leaves)} days under way, "
        f"leaves {facts.when(leaves, trip.at_id)}"
    )


def _rides(facts: RouteFacts, way: Way) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("  local time", no_wrap=True)
    table.add_column("")
    for name in ("km", "USD", "kg CO2e"):
        table.add_column(name, justify="right", no_wrap=True)
    for change, move in zip(way.changes, way.moves, strict=True):
        if change.minutes or change.transfer:
            usd = numbers.number(change.charge.usd_cents / 100) if change.charge else ""
            kg = numbers.number(change.charge.gco2e / 1000) if change.charge else ""
            table.add_row("", Sentence(_wait(facts, change), style="dim"), "", usd, kg)
        table.add_row(*_departure(facts, move))
        for line in (f"{carrier(move)}{_missed(move)}", *_regauged(facts, move)):
            table.add_row("", Sentence(f"  {line}"))
        for toll in move.tolls:
            usd = numbers.number(toll.charge.usd_cents / 100)
            table.add_row("", Sentence(f"  {_handed_over(facts, toll)}"), "", usd)
        table.add_row(f"  {facts.when(move.stretch.arrives_at, move.stretch.to_id)}", facts.name(move.stretch.to_id))
    return table


def _departure(facts: RouteFacts, move: Move) -> tuple[str, ...]:
    charge = move.charge
    return (
        f"  {facts.when(move.stretch.departs_at, move.stretch.from_id)}",
        facts.name(move.stretch.from_id),
        numbers.number(move.length_km),
        numbers.number(charge.usd_cents / 100) if charge else "–",
        numbers.number(charge.gco2e / 1000) if charge else "–",
    )


def _regauged(facts: RouteFacts, move: Move) -> Iterator[str]:
    """Say where the gauge changes under a load that stays on its train."""
    for before, after in pairwise(move.legs):
        if before.gauge_mm and after.gauge_mm and before.gauge_mm != after.gauge_mm:
            stands = duration(after.departs_at - before.arrives_at)
            name = facts.name(after.from_id)
            yield f"{name}: {before.gauge_mm} to {after.gauge_mm} mm, stands {stands}"


def _handed_over(facts: RouteFacts, toll: Toll) -> str:
    """Say under which order a quota is paid, and where."""
    of = f" of {toll.issuer}" if toll.issuer else ""
    return f"{facts.name(toll.place_id)}: handed over under the quota of order {toll.number}{of}"


def _missed(move: Move) -> str:
    return f"; missed in {numbers.percent(move.risk.missed)} %" if move.is_risky and move.risk else ""


def carrier(move: Move) -> str:
    """Say what a ride is on: `train Urumqi - Almaty (U-ALM-W), 1435 mm`."""
    mode = MODES.get(move.legs[0].mode, move.legs[0].mode)
    if not move.stretch.departure_id:
        return f"{mode} on demand"
    gauges = dict.fromkeys(leg.gauge_mm for leg in move.legs if leg.gauge_mm)
    on = f", {' then '.join(str(g) for g in gauges)} mm" if gauges else ""
    name = move.service.name if move.service else move.service_id
    return f"{mode} {name} ({move.service_id}){on}"


def _wait(facts: RouteFacts, change: Change) -> str:
    stands = f"stands {duration(change.minutes)}"
    if change.transfer is None:
        return f"ready in {facts.name(change.place_id)}, {stands}"
    kind = KINDS.get(change.transfer.kind, change.transfer.kind)
    into = f" {change.transfer.from_gauge_mm} to {change.transfer.to_gauge_mm} mm"
    gauges = into if change.transfer.kind == "gauge-change" else ""
    if change.minutes == change.transfer_minutes:
        return f"{stands}: {kind}{gauges}"
    return f"{stands}, {duration(change.transfer_minutes)} of it {kind}{gauges}"


def duration(minutes: int) -> str:
    """Write minutes as days, hours and minutes, the two largest that matter.

    Examples
    --------
    >>> duration(45), duration(580), duration(4_320 + 125), duration(1440)
    ('45 min', '9 h 40 min', '3 d 2 h', '1 d')
    """
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    if days:
        parts = [f"{days} d", f"{hours} h" if hours else ""]
    else:
        parts = [f"{hours} h" if hours else "", f"{left} min" if left or not hours else ""]
    return " ".join(filter(None, parts))


def _risks(facts: RouteFacts, way: Way) -> Iterator[str]:
    worst = way.riskiest
    if worst is not None and worst.risk is not None:
        late = f", {duration(worst.risk.delay_minutes)} late on average" if worst.risk.delay_minutes else ""
        yield (
            f"Most risk: boarding in {facts.name(worst.risk.place_id)} "
            f"is missed in {numbers.percent(worst.risk.missed)} %{late}."
        )
    if way.choice.odds and way.choice.odds.stranded:
        yield f"{numbers.percent(way.choice.odds.stranded)} % do not get on before the timetable ends."


def _foot(facts: RouteFacts, rules: Rules, sources: Sequence[str]) -> Iterator[str]:
    choices = facts.choices
    if facts.ways:
        order = ORDERS.get(choices.order_by, choices.order_by)
        whole = "exact" if choices.is_complete else "not exact: ways in circles were dropped, or there was no room"
        minutes, cents, grams = choices.eps
        finer = f" but for {duration(minutes)}, {cents / 100:,.0f} USD and {grams / 1000:,.0f} kg at once"
        yield (
            f"By {order}. {len(facts.ways)} of {numbers.count(choices.n_found, 'way')} that no other beats; "
            f"the front is {whole}{finer if choices.is_complete and any(choices.eps) else ''}. "
            f"Days count from ready; money and emissions are for all boxes."
        )
        odds = next((w.choice.odds for w in facts.ways if w.choice.odds), None)
        if odds:
            yield (
                f"Odds: {numbers.number(odds.n_samples)} samples, seed {odds.seed}, ± one standard error; "
                f"half and nine tenths of them arrive within p50 and p90 days."
            )
    recalled = sum(r.confidence in ("recall", "assumed") for r in rules.rates)
    read = f"Read: {', '.join(sources)}. " if sources else ""
    if facts.ways and not choices.trip.cargo_kg:
        yield "No mass was given: factors per tonne of cargo count 0."
    told = f"{recalled} of {len(rules.rates)} rates are recalled or assumed, not published."
    yield f"{read}Lines open on {choices.as_of_on}. {told}"
