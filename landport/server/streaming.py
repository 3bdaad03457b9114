"""The stream: the log is read once for all who listen, and each event is written once a kind of listener."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from landport.app.ledger import watching
from landport.app.ledger.desk import Principal
from landport.errors import LandportError, NotPermitted
from landport.model.events import Event
from landport.server.desk import Desk
from landport.store import View, log

MOST_OF_ONE: Final = 256
"""Streams that one account or key may listen to at a time."""

PAGE: Final = 500
"""Events that are read at once."""

BEHIND: Final = 1_000
"""Pieces that may wait for a listener; one that is further behind is sent away and asks again where it was."""

HEART_S: Final = 15.0
"""Seconds between two signs of life; then sessions and keys are looked at again, too."""

POLL_S: Final = 1.0
"""Seconds after which the log is looked at though this process wrote nothing: others may have."""

_HEART: Final = b": alive\n\n"
_ENCODE: Final = msgspec.json.Encoder().encode


@dataclass(eq=False, slots=True)
class Listener:
    """Somebody who listens. `owner`: the party whose events it hears; None: all of the tenant's."""

    who: Principal
    token: str
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(BEHIND))

    def hear(self, piece: bytes) -> None:
        """Take a piece; one too many, and nothing more comes."""
        try:
            self.waiting.put_nowait(piece)
        except asyncio.QueueFull:
            self.send_away()

    def send_away(self) -> None:
        """End after what is being sent."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Tail:
    """The end of one tenant's log, read for all who listen to it."""

    def __init__(self, desk: Desk, tenant_id: str, *, polls: bool) -> None:
        self._desk = desk
        self._tenant_id = tenant_id
        self._wait_s = POLL_S if polls else HEART_S
        self._grown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.listeners: set[Listener] = set()
        self.position = 0

    async def join(self, listener: Listener) -> int:
        """Let somebody listen; answer the position after which it hears everything."""
        if self._task is None:
            self.position = await self._desk.in_thread(self._desk.ledger.store.position)
            if self._task is None:
                self._task = asyncio.create_task(self._follow())
        self.listeners.add(listener)
        return self.position

    def leave(self, listener: Listener) -> None:
        """Let somebody go."""
        self.listeners.discard(listener)
        if not self.listeners and self._task is not None:
            self._task.cancel()
            self._task = None

    def grow(self) -> None:
        """Say that the log may have grown."""
        self._grown.set()

    def close(self) -> None:
        """Send everybody away."""
        for listener in tuple(self.listeners):
            listener.send_away()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _follow(self) -> None:
        beat = asyncio.get_running_loop().time() + HEART_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._wait_s):
                    await self._grown.wait()
            self._grown.clear()
            with contextlib.suppress(LandportError):  # a database that is away is asked again
                await self._tell()
            if asyncio.get_running_loop().time() >= beat:
                beat += HEART_S
                await self._beat()

    async def _tell(self) -> None:
        while True:
            owners = frozenset(listener.who.owner for listener in self.listeners)
            found, by_owner = await self._desk.in_thread(self._read, self.position, owners)
            for listener in tuple(self.listeners):
                piece = by_owner.get(listener.who.owner)
                if piece:
                    listener.hear(piece)
            if found:
                self.position = found[-1].position
            if len(found) < PAGE:
                return

    def _read(self, after: int, owners: frozenset[str | None]) -> tuple[Sequence[Event], dict[str | None, bytes]]:
        """Read what is new, and write it once for each kind of listener."""
        with self._desk.ledger.store.view(self._tenant_id) as view:
            found = log.since(view, after, most=PAGE)
            by_owner = {owner: written(watching.visible(view, owner, found)) for owner in owners} if found else {}
        return found, by_owner

    async def _beat(self) -> None:
        """Send a sign of life to all, and away who may listen no more."""
        gone = await self._desk.in_thread(self._gone, tuple(self.listeners))
        for listener in tuple(self.listeners):
            if listener in gone:
                listener.send_away()
            else:
                listener.hear(_HEART)

    def _gone(self, listeners: tuple[Listener, ...]) -> set[Listener]:
        tokens: dict[str, bool] = {}
        for token in {listener.token for listener in listeners}:
            try:
                self._desk.principal(token)
                tokens[token] = True
            except LandportError as error:
                tokens[token] = error.code != "not-authenticated"
        return {listener for listener in listeners if not tokens[listener.token]}


class Tails:
    """The tails of all tenants that somebody listens to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tails: dict[str, Tail] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        desk.ledger.store.on_growth(self._grow)

    def expect_room(self, who: Principal) -> None:
        """Refuse one more listener of somebody who has very many.

        Raises
        ------
        NotPermitted
            `too-many-listeners`: `about` tells the seconds to wait.
        """
        tail = self._tails.get(who.tenant_id)
        if tail is not None and sum(one.who.actor == who.actor for one in tail.listeners) >= MOST_OF_ONE:
            text = f"{who.actor} listens to {MOST_OF_ONE} streams already: end some"
            raise NotPermitted("too-many-listeners", text, (f"{HEART_S:.0f}",))

    def count(self) -> int:
        """Count those who listen."""
        return sum(len(tail.listeners) for tail in self._tails.values())

    def of(self, tenant_id: str) -> Tail:
        """Find a tenant's tail."""
        self._loop = asyncio.get_running_loop()
        polls = not self._desk.ledger.store.address.is_sqlite
        return self._tails.setdefault(tenant_id, Tail(self._desk, tenant_id, polls=polls))

    def close(self) -> None:
        """Send everybody away, since the server stops."""
        self._loop = None
        for tail in self._tails.values():
            tail.close()

    def _grow(self, position: int) -> None:
        """Hear from the writer's thread that the log grew."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for tail in self._tails.values():
            tail.grow()


class EventStream(Response):
    """An answer that goes on: first what happened since, then what happens."""

    def __init__(self, desk: Desk, tail: Tail, listener: Listener, after: int | None) -> None:
        super().__init__(media_type="text/event-stream")
        self._desk, self._tail, self._listener, self._after = desk, tail, listener, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the listener goes, or the server stops."""
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        joined = await self._tail.join(self._listener)
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
            await self._catch_up(send, joined)
            await self._go_on(send, gone)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self._tail.leave(self._listener)

    async def _catch_up(self, send: Send, until: int) -> None:
        after = until if self._after is None else self._after
        while after < until:
            piece, after = await self._desk.in_thread(self._page, after, until)
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})

    def _page(self, after: int, until: int) -> tuple[bytes, int]:
        with self._desk.ledger.store.view(self._listener.who.tenant_id) as view:
            return _page(view, self._listener.who, after, until)

    async def _go_on(self, send: Send, gone: asyncio.Task[None]) -> None:
        while not gone.done():
            coming = asyncio.ensure_future(self._listener.waiting.get())
            await asyncio.wait((coming, gone), return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                coming.cancel()
                return
            piece = coming.result()
            if piece is None:
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})


def _page(view: View, who: Principal, after: int, until: int) -> tuple[bytes, int]:
    found = [e for e in log.since(view, after, most=PAGE) if e.position <= until]
    last = found[-1].position if len(found) == PAGE else until
    return written(watching.visible(view, who.owner, found)), last


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def written(events: Sequence[Event]) -> bytes:
    """Write events as server-sent events: the position as id, so that a listener can go on where it was."""
    pieces = [b"id: %d\nevent: %s\ndata: %s\n\n" % (e.position, e.type.encode(), _ENCODE(e)) for e in events]
    return b"".join(pieces)
