"""The projection that the ledger gives its store: states of what is followed, of plans, quotes, weeks and parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from landport import track
from landport.appointments import folds, states
from landport.model.events import Event
from landport.model.facts import Offer, PlanCommitted, WeekOpened
from landport.store import Row, chain
from landport.store.seating import Placed, SeatRow, WindowRow


class PlanState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A plan that was committed. `status`: committed or replaced."""

    digest: str
    status: str
    updated_at: datetime | None = None
    plan: PlanCommitted | None = None
    committed_at: datetime | None = None
    week_id: str = ""


class QuoteState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A quote. `status`: given or booked; whether it is still good says `valid_until_at`."""

    quote_id: str
    status: str
    updated_at: datetime | None = None
    forwarder_id: str = ""
    origin_id: str = ""
    destination_id: str = ""
    container_type: str = ""
    n_containers: int = 0
    cargo_kg: int = 0
    ready_at: datetime | None = None
    due_at: datetime | None = None
    valid_until_at: datetime | None = None
    offers: tuple[Offer, ...] = ()
    consignment_id: str = ""


class WeekState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A week that is planned. `status`: open or closed; `plan_digest`: the plan that counts, empty: none yet."""

    week_id: str
    status: str
    updated_at: datetime | None = None
    week: WeekOpened | None = None
    opened_at: datetime | None = None
    plan_digest: str = ""


class PartyState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A party of which something happened. `status`: erased, or active."""

    party_id: str
    status: str
    updated_at: datetime | None = None
    why: str = ""


KEPT: Final[dict[str, type[Any]]] = {"plan": PlanState, "quote": QuoteState, "week": WeekState, "party": PartyState}
"""Kinds of subjects whose states are folded here; `track` folds the others."""

STATUSES: Final[dict[str, tuple[str, ...]]] = {
    **track.STATUSES,
    **states.STATUSES,
    "plan": ("committed", "replaced"),
    "quote": ("given", "booked"),
    "week": ("open", "closed"),
    "party": ("active", "erased"),
}
"""Every status that a state of a kind can have."""

_DECODERS: Final = {kind: msgspec.json.Decoder(state) for kind, state in KEPT.items()}
_ENCODE: Final = msgspec.json.Encoder().encode


class States:
    """Folds events into states and writes them down, as the store asks.

    Notes
    -----
    The event read last is kept: a train's is folded into each of its containers.
    """

    def __init__(self) -> None:
        self._last: tuple[Event | None, Any] = (None, None)

    def state(self, kind: str, document: bytes) -> Any:
        """Read a state back."""
        if kind in states.STATES:
            return states.state_from(kind, document)
        decoder = _DECODERS.get(kind)
        return track.state_from(kind, document) if decoder is None else decoder.decode(document)

    def fold(self, kind: str, subject_id: str, state: Any | None, event: Event) -> Any | None:
        """Make the state after an event; None: nothing is known of the subject still."""
        follow = track.FOLDS.get(kind)
        if follow is not None:
            return follow(subject_id, state, event, self._fact(event))
        if kind in folds.FOLDS:
            return folds.fold(kind, subject_id, state, event, self._fact(event))
        step = _STEPS.get((kind, event.type))
        if step is not None:
            return replace(step(subject_id, state, event), updated_at=event.recorded_at)
        return None if state is None else replace(state, updated_at=event.recorded_at)

    def _fact(self, event: Event) -> Any:
        read, fact = self._last
        if read is not event:
            fact = track.fact_of(event)
            self._last = (event, fact)
        return fact

    def row(self, kind: str, state: Any) -> Row:
        """Write a state down, with its status and the party that may see it."""
        if kind in states.STATES:
            return Row(state.status, states.owner_of(kind, state), states.as_document(state), _placed(kind, state))
        document = _ENCODE(state) if kind in KEPT else track.as_document(state)
        return Row(state.status, _owner(kind, state), document)


def _placed(kind: str, state: Any) -> Placed | None:
    """Write the row of a window, or of the place of an appointment."""
    if kind == "appointment":
        return SeatRow(state.window_id, state.seat)
    if kind == "window" and state.opens_at is not None:
        times = (chain.micros(state.opens_at), chain.micros(state.closes_at))
        return WindowRow(state.border_id, state.channel, *times, state.capacity, state.booked)
    return None


def _owner(kind: str, state: Any) -> str:
    """Name the party that sees a state: the forwarder of a consignment, of all in a container, or of a quote."""
    if kind in ("consignment", "quote"):
        return str(state.forwarder_id)
    if kind == "container" and state.plan is not None:
        return str(state.plan.forwarder_id)
    return ""


def _committed(digest: str, state: PlanState | None, event: Event) -> PlanState:
    fact = track.fact_of(event)
    if event.stream != f"plan/{digest}":
        before = state or PlanState(digest=digest, status="replaced")
        return replace(before, status="replaced")
    week_id = next((s.partition("/")[2] for s in event.about if s.startswith("week/")), "")
    return PlanState(digest=digest, status="committed", plan=fact, committed_at=event.happened_at, week_id=week_id)


def _quoted(quote_id: str, _: QuoteState | None, event: Event) -> QuoteState:
    fact = track.fact_of(event)
    return QuoteState(
        quote_id=quote_id,
        status="given",
        forwarder_id=fact.forwarder_id,
        origin_id=fact.origin_id,
        destination_id=fact.destination_id,
        container_type=fact.container_type,
        n_containers=fact.n_containers,
        cargo_kg=fact.cargo_kg,
        ready_at=fact.ready_at,
        due_at=fact.due_at,
        valid_until_at=fact.valid_until_at,
        offers=fact.offers,
    )


def _quote_booked(quote_id: str, state: QuoteState | None, event: Event) -> QuoteState:
    before = state or QuoteState(quote_id=quote_id, status="booked")
    return replace(before, status="booked", consignment_id=event.stream.partition("/")[2])


def _opened(week_id: str, state: WeekState | None, event: Event) -> WeekState:
    if event.stream != f"week/{week_id}":
        return replace(state or WeekState(week_id=week_id, status="closed"), status="closed")
    plan = state.plan_digest if state else ""
    opened = {"week": track.fact_of(event), "opened_at": event.happened_at}
    return WeekState(week_id=week_id, status="open", plan_digest=plan, **opened)


def _week_planned(week_id: str, state: WeekState | None, event: Event) -> WeekState:
    before = state or WeekState(week_id=week_id, status="open")
    return replace(before, plan_digest=event.stream.partition("/")[2])


def _erased(party_id: str, state: PartyState | None, event: Event) -> PartyState:
    return PartyState(party_id=party_id, status="erased", why=track.fact_of(event).why)


_STEPS: Final[dict[tuple[str, str], Callable[[str, Any, Event], Any]]] = {
    ("plan", "PlanCommitted"): _committed,
    ("quote", "QuoteGiven"): _quoted,
    ("quote", "ConsignmentBooked"): _quote_booked,
    ("week", "WeekOpened"): _opened,
    ("week", "PlanCommitted"): _week_planned,
    ("party", "PartyErased"): _erased,
}
