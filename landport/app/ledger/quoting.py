"""Use case quote: the cheapest, the fastest and the greenest way for a load, good for a while."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from landport import audit, route, track
from landport.app.desk import lay_out_desk
from landport.app.ledger import reads
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.projecting import QuoteState
from landport.app.ledger.week import frame_now
from landport.app.routing import MOST_FEU, RouteOrder, question
from landport.errors import AuditFailed, Infeasible, InputError, LandportError, Problem, shown
from landport.exchange.weeks import week_bytes
from landport.model.choices import Choice
from landport.model.events import Draft
from landport.model.facts import Offer, QuoteGiven
from landport.model.network import Network
from landport.model.places import Place
from landport.model.scenario import Scenario
from landport.store import Tx
from landport.units import check_gng, check_hs, check_un_class, instant_of

NUMBER: Final = "Q{:09d}"
"""How quotes are numbered: by the position of their event."""

FILE: Final = "quote"
"""What problems call a question."""

STEP_DAYS: Final = 30
"""A desk laid out for a week reaches whole multiples of so many days, so that questions share it."""

ASKED: Final = route.Asked(order_by="cost")
"""How ways are chosen; cheapest, fastest and greenest are then among them."""

MOST_KG: Final = 60_000
"""Cargo that one box can be said to have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question for a price.

    Parameters
    ----------
    origin_id, destination_id
        Places, by id or any name.
    cargo_kg
        Over all boxes; None: what a box usually has.
    ready_at, due_at
        Instants; None: now, and nothing is due.
    hs, un_class
        What is inside, as restriction orders name it; empty: anything.
    forwarder_id
        Party that asks; of a forwarder's account always its own.
    """

    origin_id: str
    destination_id: str
    container_type: str = "40HC"
    n_containers: int = 1
    cargo_kg: int | None = None
    ready_at: datetime | None = None
    due_at: datetime | None = None
    hs: str = ""
    un_class: str = ""
    forwarder_id: str = ""


_LOCK: Final = threading.Lock()
"""A desk answers one question at a time."""


def quote(ledger: Ledger, who: Principal, asking: Asking) -> Command:
    """Offer prices for a load.

    Returns
    -------
    Command
        Answers the state of the quote.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: every wrong value is listed. `bad-option`: the load cannot be.
    NotFound
        `no-week`.
    Infeasible
        `no-way`: says why, and what would help.

    Notes
    -----
    The ways are looked for here, outside the transaction, over the network laid out once for the week and its orders.
    """
    who.expect_may("book")
    order = _order(ledger, asking)
    fact = _fact(ledger, who, asking, order)

    def command(tx: Tx) -> QuoteState:
        number = NUMBER.format(tx.position + 1)
        draft = Draft(
            stream=f"quote/{number}",
            type="QuoteGiven",
            payload=track.payload_of(fact),
            happened_at=ledger.clock(),
            expected_version=0,
            is_new=True,
        )
        tx.append([draft])
        return reads.quote(tx, who, number)

    return command


def _order(ledger: Ledger, asking: Asking) -> RouteOrder:
    """Turn a question into one for the route engine."""
    problems: list[Problem] = []
    places = {key: _place(ledger, key, getattr(asking, key), problems) for key in ("origin_id", "destination_id")}
    kinds = {name.casefold(): name for name in ledger.world.container_types}
    kind = kinds.get(asking.container_type.casefold())
    if kind is None:
        problems.append(
            _problem("container_type", asking.container_type, f"expected one of {', '.join(kinds.values())}")
        )
    if not 1 <= asking.n_containers <= MOST_FEU:
        problems.append(_problem("n_containers", asking.n_containers, f"expected 1 to {MOST_FEU}"))
    if asking.cargo_kg is not None and not 0 <= asking.cargo_kg <= MOST_KG * MOST_FEU:
        problems.append(_problem("cargo_kg", asking.cargo_kg, f"expected 0 to {MOST_KG * MOST_FEU:,} kg"))
    for key, rule in (("hs", check_gng if len(asking.hs) > 4 else check_hs), ("un_class", check_un_class)):
        if getattr(asking, key):
            try:
                rule(getattr(asking, key))
            except ValueError as error:
                problems.append(_problem(key, getattr(asking, key), str(error)))
    for key in ("ready_at", "due_at"):
        at = getattr(asking, key)
        if at is not None and at.tzinfo is None:
            problems.append(_problem(key, at, "expected an instant with its offset from UTC"))
    origin, destination = places.values()
    if problems or origin is None or destination is None or kind is None:
        raise InputError.of(problems)
    return RouteOrder(
        origin=origin,
        destination=destination,
        now=_minute(ledger.clock()),
        container_type=kind,
        n_boxes=asking.n_containers,
        tonnes_kg=asking.cargo_kg,
        cargo_codes=(asking.hs,) if asking.hs else (),
        un_classes=(asking.un_class,) if asking.un_class else (),
        ready_at=None if asking.ready_at is None else max(_minute(asking.ready_at), _minute(ledger.clock())),
        due_at=None if asking.due_at is None else _minute(asking.due_at),
        asked=ASKED,
        samples=0,
    )


def _place(ledger: Ledger, key: str, text: str, problems: list[Problem]) -> Place | None:
    try:
        return ledger.world.network.places.resolve(text)
    except LandportError as error:
        problems.append(_problem(key, text, f"expected a place; {error.message}"))
        return None


def _problem(key: str, value: object, expected: str) -> Problem:
    return Problem(file=FILE, key=key, value=shown(value), expected=expected)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _fact(ledger: Ledger, who: Principal, asking: Asking, order: RouteOrder) -> QuoteGiven:
    """Look for ways and write down what is offered."""
    frame = ledger.store.read(who.tenant_id, lambda view: frame_now(ledger, view)[1])
    with _LOCK:
        scenario, trip = question(replace(order, scenario=frame), ledger.world)
        desk, _ = _desk(ledger, who.tenant_id, scenario)
        choices = desk.choices(trip, replace(order.asked, is_due=order.due_at is not None))
    if choices.refusal is not None:
        advice = f"; {'; '.join(choices.advice)}" if choices.advice else ""
        raise Infeasible("no-way", f"{choices.refusal.why}{advice}", (asking.origin_id, asking.destination_id))
    violations = audit.check_choices(choices, scenario, ledger.world)
    if violations:
        said = "; ".join(f"{v.code}: {v.message}" for v in violations[:5])
        raise AuditFailed("audit-failed", f"our own offer breaks a rule; this is our bug. {said}")
    return QuoteGiven(
        origin_id=order.origin.place_id,
        destination_id=order.destination.place_id,
        container_type=order.container_type,
        n_containers=order.n_boxes,
        cargo_kg=trip.cargo_kg * order.n_boxes,
        ready_at=instant_of(trip.ready_at, scenario.start_at),
        due_at=order.due_at,
        valid_until_at=ledger.clock() + timedelta(hours=ledger.settings.quote_hours),
        forwarder_id=who.party_id if who.owner is not None else asking.forwarder_id,
        offers=tuple(_offer(c, scenario, ledger) for c in best(choices.choices)),
    )


def best(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choose the cheapest, the fastest and the greenest, each once."""
    ranks: tuple[Any, ...] = (
        lambda c: (c.usd_cents, c.itinerary.arrives_at, c.gco2e),
        lambda c: (c.itinerary.arrives_at, c.usd_cents, c.gco2e),
        lambda c: (c.gco2e, c.usd_cents, c.itinerary.arrives_at),
    )
    found = {min(choices, key=rank).number: min(choices, key=rank) for rank in ranks}
    return tuple(found.values())


def _desk(ledger: Ledger, tenant_id: str, scenario: Scenario) -> tuple[route.Desk, Network]:
    """Lay the network out for a week, or find it as it was laid out before."""
    days = -(-scenario.horizon_days // STEP_DAYS) * STEP_DAYS
    hour = scenario.now_at // 60 * 60
    wide = replace(scenario, horizon_days=days, now_at=hour)
    key, found = f"desk {tenant_id}", week_bytes(replace(wide, digest=""))
    kept = ledger.kept.get(key)
    if kept is None or kept[0] != found:
        on = (scenario.start_at + timedelta(minutes=scenario.now_at)).date()
        desk, network, _ = lay_out_desk(wide, ledger.world, on=on)
        kept = ledger.kept[key] = (found, desk, network)
    return kept[1], kept[2]


def _offer(choice: Choice, scenario: Scenario, ledger: Ledger) -> Offer:
    services = {**ledger.world.network.services, **{s.service_id: s for s in scenario.services}}

    def mode(departure_id: str) -> str:
        service = services.get(departure_id.partition("@")[0])
        return service.mode if service else "road"

    return Offer(
        arrives_at=instant_of(choice.itinerary.arrives_at, scenario.start_at),
        usd_cents=choice.usd_cents,
        gco2e=choice.gco2e,
        legs=tuple(f"{s.from_id}-{s.to_id} by {mode(s.departure_id)}" for s in choice.itinerary.stretches),
    )
