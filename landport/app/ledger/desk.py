"""The desk of the ledger: who asks, what is done once however often it is asked for, and what may be seen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

import msgspec

from landport.errors import InputError, NotFound, NotPermitted
from landport.exchange.booked import Desk as Bookings
from landport.model.events import KINDS
from landport.model.scenario import World
from landport.store import Store, Tx, View, answers, states
from landport.store.states import Found

ROLES: Final = ("forwarder", "planner", "controller", "analyst", "admin")
"""What an account or key may be."""

MAY: Final[dict[str, frozenset[str]]] = {
    "read": frozenset(ROLES),
    "book": frozenset({"forwarder", "planner", "admin"}),
    "move": frozenset({"planner", "controller", "admin"}),
    "apply": frozenset({"forwarder", "planner", "controller", "admin"}),
    "gate": frozenset({"controller", "admin"}),
    "plan": frozenset({"planner", "admin"}),
    "people": frozenset({"admin"}),
}
"""Which roles may do what; a key is narrowed further to its scopes, which are names of these."""

MOST_KEY: Final = 200
"""Characters of an Idempotency-Key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks.

    Parameters
    ----------
    actor
        Id of the account or key.
    role
        One of `ROLES`.
    party_id
        Party that a forwarder works for; it sees only what is this party's. Empty: the port.
    scopes
        Names of `MAY` that a key is narrowed to; None: whatever the role may.
    """

    tenant_id: str
    actor: str
    role: str
    party_id: str = ""
    scopes: frozenset[str] | None = None

    def may(self, what: str) -> bool:
        """Tell whether it may do something."""
        return self.role in MAY[what] and (self.scopes is None or what in self.scopes)

    def expect_may(self, what: str) -> None:
        """Refuse what it may not do.

        Raises
        ------
        NotPermitted
            `not-permitted`.
        """
        if not self.may(what):
            raise NotPermitted("not-permitted", f"the role {self.role} may not {what} here: ask an admin", (what,))

    @property
    def owner(self) -> str | None:
        """Party whose states alone it sees; None: it sees the port's."""
        return self.party_id if self.role == "forwarder" else None


class Command(Protocol):
    """What is done inside one transaction; it answers a record or plain JSON."""

    def __call__(self, tx: Tx) -> Any:
        """Do it."""


@dataclass(frozen=True, slots=True)
class Done:
    """An answer of the ledger.

    Parameters
    ----------
    body
        JSON.
    is_replay
        It was done before, under the same key.
    """

    body: bytes
    is_replay: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a port sets for itself.

    Parameters
    ----------
    quote_hours
        How long a quote is good.
    freeze_minutes
        What leaves within so many minutes stays as it is when a plan is made again.
    change_usd_cents
        What it weighs that a container rides otherwise than before.
    job_bytes
        Memory that the worker of a job may take.
    """

    quote_hours: int = 24
    freeze_minutes: int = 24 * 60
    change_usd_cents: int = 500_00
    job_bytes: int = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything that a use case needs.

    Parameters
    ----------
    clock
        The instant now, UTC; a demo runs on the time of its week.
    settings
        What a port sets for itself.
    bookings
        Reads bookings; made of the world.
    kept
        What is dear to make and can be made again, such as the network laid out for a week.
    """

    store: Store
    world: World
    clock: Callable[[], datetime]
    settings: Terms = field(default_factory=Terms)
    encode: Callable[[Any], bytes] = field(default=msgspec.json.Encoder(order="deterministic").encode)
    bookings: Bookings = field(init=False)
    kept: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bookings", Bookings(self.world))

    def submit(self, who: Principal, command: Command, *, key: str = "", request: bytes = b"") -> Future[Done]:
        """Do a command in one transaction; under a key, do it once and answer the same ever after.

        Parameters
        ----------
        key
            Idempotency-Key; empty: none.
        request
            What was asked for, byte for byte; another request under the same key is refused.

        Returns
        -------
        Future[Done]
            Set when it is on the disk. A command that raises leaves nothing, not even its key.

        Raises
        ------
        InputError
            `bad-key`: the key is too long or not printable; in the future `key-reused`.
        """
        _expect_key(key)
        fingerprint = sha256(request).hexdigest()

        def once(tx: Tx) -> Done:
            before = answers.replayed(tx, key, fingerprint) if key else None
            if before is not None:
                return Done(before, is_replay=True)
            body = self.encode(command(tx))
            if key:
                answers.keep(tx, key, fingerprint, body)
            return Done(body)

        return self.store.write(who.tenant_id, who.actor, once, key=key)

    def replay(self, who: Principal, *, key: str, request: bytes) -> Done | None:
        """Find what was answered under a key; None: nothing was.

        Notes
        -----
        For requests that are refused before their command is made: done once, a repair is not open any more, and its
        repeat must still be answered as it was.

        Raises
        ------
        InputError
            `bad-key`, `key-reused`.
        """
        _expect_key(key)
        fingerprint = sha256(request).hexdigest()
        body = self.store.read(who.tenant_id, lambda view: answers.stored(view, who.actor, key, fingerprint))
        return None if body is None else Done(body, is_replay=True)

    def do(self, who: Principal, command: Command, *, key: str = "", request: bytes = b"") -> Done:
        """Do a command and wait until it is on the disk."""
        return self.submit(who, command, key=key, request=request).result()


def _expect_key(key: str) -> None:
    if len(key) > MOST_KEY or not key.isprintable():
        raise InputError("bad-key", f"expected an Idempotency-Key of at most {MOST_KEY} printable characters")


def seen(view: View, who: Principal, kind: str, subject_id: str) -> Found:
    """Read a state that somebody may see.

    Raises
    ------
    NotFound
        `unknown-KIND`: there is none, or it is not theirs to see; the two look alike.
    """
    found = open_to_all(view, who, kind, subject_id)
    if who.owner is not None and found.owner != who.owner:
        raise NotFound(_code(kind), f"no {kind} {subject_id}", (subject_id,))
    return found


def open_to_all(view: View, _: Principal, kind: str, subject_id: str) -> Found:
    """Read a state that everybody of a tenant may see.

    Raises
    ------
    NotFound
        `unknown-KIND`.
    """
    found = states.find(view, kind, subject_id)
    if found is None:
        raise NotFound(_code(kind), f"no {kind} {subject_id}", (subject_id,))
    return found


def _code(kind: str) -> str:
    return (
        "unknown-consignment",
        "unknown-container",
        "unknown-train",
        "unknown-wagon",
        "unknown-truck",
        "unknown-plan",
        "unknown-quote",
        "unknown-task",
        "unknown-order",
        "unknown-week",
        "unknown-party",
        "unknown-border",
        "unknown-window",
        "unknown-queue",
        "unknown-application",
        "unknown-appointment",
        "unknown-enterprise",
        "unknown-vehicle",
        "unknown-gate-day",
    )[KINDS.index(kind)]
