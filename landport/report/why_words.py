"""What bars a way and what would lift it, in words with figures; departures stand by id."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from landport.model.plans import Bar, Price, Remedy
from landport.report.facts import Facts
from landport.report.numbers import when

UNITS = {
    "teu": "TEU",
    "cargo_kg": "kg of boxes",
    "gross_kg": "kg of train",
    "plugs": "plugs",
    "wagons": "wagons",
    "lift": "lifts",
    "gauge-change": "TEU changing gauge",
    "transfer": "TEU",
    "quota": "TEU",
    "tracks": "loading tracks",
    "trains": "trains",
    "border": "trains",
}
"""What is counted, by kind of what is full."""

ONE_MORE = {
    "teu": "position (TEU)",
    "cargo_kg": "t of boxes",
    "gross_kg": "t of train",
    "plugs": "plug",
    "wagons": "wagon",
    "lift": "lift",
    "gauge-change": "TEU changing gauge",
    "transfer": "TEU",
    "quota": "TEU",
    "tracks": "loading track",
    "trains": "train",
    "border": "train",
}
"""What one more of a price is."""


def dollars(cents: int) -> str:
    """Write cents as whole dollars, the sign in front.

    Examples
    --------
    >>> dollars(123_456), dollars(-5_000)
    ('1,235 USD', '-50 USD')
    """
    return f"{round(cents / 100):,} USD"


def place_of(facts: Facts, said: Bar | Price, legs: str = "") -> str:
    """Name what is full: legs of a departure, a place or a transfer on a day, an order on a day."""
    if said.departure_id:
        return f"{legs or f'leg {said.leg}'} of {said.departure_id}"
    if said.order_id:
        return f"{_order(facts, said.order_id)} on {said.day_on}"
    return f"{said.at_id} on {said.day_on}"


def _order(facts: Facts, order_id: str) -> str:
    order = next((o for o in facts.scenario.orders if o.order_id == order_id), None)
    return f"order {order.number} of {order.issuer}" if order else f"order {order_id}"


def _groups(bars: Sequence[Bar]) -> list[list[Bar]]:
    """Put the full legs of one departure together where the same lacks on each."""
    key = {id(b): (b.kind, b.departure_id, b.lacks, b.at_id, b.order_id, b.day_on) for b in bars}
    return [list(group) for _, group in groupby(bars, key=lambda b: key[id(b)])]


def _legs(group: Sequence[Bar]) -> str:
    """Name legs: one, a stretch, or each.

    Examples
    --------
    >>> _legs([Bar(kind="teu", leg=leg) for leg in (2, 3, 4)]), _legs([Bar(kind="teu", leg=1)])
    ('legs 2 to 4', 'leg 1')
    """
    legs = [bar.leg for bar in group]
    if len(legs) == 1:
        return f"leg {legs[0]}"
    if legs == list(range(legs[0], legs[-1] + 1)):
        return f"legs {legs[0]} to {legs[-1]}"
    return "legs " + ", ".join(map(str, legs))


def binds(facts: Facts, bars: Sequence[Bar]) -> list[str]:
    """Say what binds, one sentence a thing."""
    return [_binds(facts, group) for group in _groups(bars)]


def _binds(facts: Facts, group: Sequence[Bar]) -> str:
    bar = min(group, key=lambda b: b.limit - b.taken)
    if bar.kind == "wagons" and bar.taken < bar.limit:
        return f"{bar.at_id} has {bar.limit:,} wagons on {bar.day_on}, {bar.taken:,} of them in trains; more are needed"
    if bar.kind == "run":
        run = facts.runs.get(bar.departure_id)
        return f"{bar.departure_id} is cancelled: {run.why if run else 'nobody says why'}"
    if bar.kind == "order":
        order = next((o for o in facts.scenario.orders if o.order_id == bar.order_id), None)
        text = f": {order.text}" if order and order.text else ""
        return f"{_order(facts, bar.order_id)} bars it{text}"
    if bar.kind == "due":
        return "it would come too late"
    if bar.kind == "dear":
        return f"that way costs {dollars(bar.taken)} with time and lateness; leaving it weighs {dollars(bar.limit)}"
    if bar.kind == "swap":
        where = f" on leg {bar.leg} of {bar.departure_id}" if bar.departure_id else ""
        return f"{bar.other_id} has the place{where}"
    if bar.kind == "container_type":
        return f"it would go in a {bar.other_id}"
    if bar.kind == "cargo":
        return f"it holds {bar.taken:,} kg; {bar.limit:,} kg may go"
    verb = "are" if len(group) > 1 else "is"
    full = "full" if bar.taken >= bar.limit else "too full"
    unit = UNITS.get(bar.kind, bar.kind)
    return f"{place_of(facts, bar, _legs(group))} {verb} {full}: {bar.taken:,} of {bar.limit:,} {unit} are taken"


def lifts(facts: Facts, bars: Sequence[Bar]) -> str:
    """Say what would lift the bars, all in one phrase."""
    return " and ".join(dict.fromkeys(_lifts(facts, group) for group in _groups(bars)))


def _lifts(facts: Facts, group: Sequence[Bar]) -> str:
    bar = group[0]
    if bar.kind == "run":
        enough = f"it needs {bar.limit:,}, {bar.lacks:,} lack" if bar.lacks else "enough for it"
        return f"{bar.departure_id} running ({bar.taken:,} TEU that are left could ride it, {enough})"
    if bar.kind == "order":
        return f"{_order(facts, bar.order_id)} lifted"
    if bar.kind == "due":
        return f"{bar.lacks:,} hours more until it is due"
    if bar.kind == "dear":
        return f"{dollars(bar.lacks)} more put on its journey (its priority raised)"
    if bar.kind == "swap":
        return f"{bar.other_id} making room"
    if bar.kind == "container_type":
        return f"a {bar.other_id} in its stead"
    if bar.kind == "cargo":
        return f"{bar.lacks:,} kg taken out"
    unit = UNITS.get(bar.kind, bar.kind)
    unit = f"{bar.other_id} {unit}" if bar.other_id else unit
    unit = unit.removesuffix("s") if bar.lacks == 1 else unit
    joint = "on" if bar.departure_id else "under" if bar.order_id else "at"
    return f"{bar.lacks:,} more {unit} {joint} {place_of(facts, bar, _legs(group))}"


def sentence(facts: Facts, remedy: Remedy) -> str:
    """Say what a remedy takes, which way the container would go, when it would arrive, and what it saves."""
    own = [ride for ride in remedy.rides if ride.subject_id == remedy.container_id]
    way = ", ".join(ride.departure_id or f"truck {ride.from_id}-{ride.to_id}" for ride in own)
    last = own[-1]
    at = when(last.arrives_at, facts.scenario.start_at, facts.zone(last.to_id), month=True)
    saves = remedy.saves_usd_cents
    judged = f"{dollars(saves)} less than leaving it" if saves >= 0 else f"{dollars(-saves)} more than leaving it"
    moved = _moved(remedy)
    what = f"with {lifts(facts, remedy.bars)}{moved}"
    return f"{what} it would go by {way}, arrive {at}, for {dollars(remedy.usd_cents)}, {judged}"


def _moved(remedy: Remedy) -> str:
    """Say what becomes of a container that makes room."""
    swap = next((bar for bar in remedy.bars if bar.kind == "swap"), None)
    if swap is None:
        return ""
    other = [ride.departure_id or "a truck" for ride in remedy.rides if ride.subject_id == swap.other_id]
    fate = f"going by {', '.join(other)}" if other else "left itself"
    return f" ({fate}, {dollars(swap.usd_cents)} dearer)"


def worth(facts: Facts, price: Price) -> str:
    """Say what one more of something full is worth."""
    return (
        f"one more {ONE_MORE.get(price.kind, price.unit)} "
        f"{'on' if price.departure_id else 'under' if price.order_id else 'at'} {place_of(facts, price)} "
        f"is worth {dollars(price.usd_cents)}"
    )
