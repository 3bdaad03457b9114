"""Public boards, kept a few seconds: strangers that ask often, or for what is not there, do not reach the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from landport.app.ledger import gate_keys, people
from landport.app.ledger.border import board
from landport.errors import NotFound
from landport.exchange import gate_keys_json
from landport.server.desk import ENCODE, Desk
from landport.store import EVERYBODY

KEPT: Final = timedelta(seconds=5)
"""How long an answer is given again."""

Published = Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Boards:
    """Boards of a server.

    Notes
    -----
    Whatever is asked for, each border port is looked at once in `KEPT`, and which there are as often: a tenant or
    border port that is not there is known not to be, without asking.
    """

    desk: Desk
    _kept: dict[tuple[str, ...], tuple[Any, Any]] = field(default_factory=dict)
    _locks: dict[tuple[str, ...], asyncio.Lock] = field(default_factory=dict)

    async def boards(self, tenant_id: str, border_id: str) -> list[bytes]:
        """Show the board of one border port of a tenant, or of all; each as JSON.

        Raises
        ------
        NotFound
            `unknown-border`.
        """
        names = await self._names(tenant_id, border_id)
        return [await self._once(("board", tenant_id, name), self._board) for name in names]

    async def keys(self, tenant_id: str, border_id: str) -> bytes:
        """Show the public keys of a gate, as JSON.

        Raises
        ------
        NotFound
            `unknown-border`. `unknown-key`: there is none yet.
        """
        (name,) = await self._names(tenant_id, border_id)
        found: bytes = await self._once(("keys", tenant_id, name), self._keys)
        return found

    async def _names(self, tenant_id: str, border_id: str) -> tuple[str, ...]:
        published: Published = await self._once(("published",), self._published)
        names = published.get(tenant_id, ())
        if border_id and border_id not in names:
            raise NotFound("unknown-border", f"no border port {border_id}", (border_id,))
        return (border_id,) if border_id else names

    async def _once(self, key: tuple[str, ...], make: Callable[..., Any]) -> Any:
        """Make an answer, or give the one that was made a moment ago; those who ask at once wait for one."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            until, value = self._kept.get(key, (None, None))
            now = self.desk.clock()
            if until is None or not now < until <= now + KEPT:
                try:
                    value = await self.desk.in_thread(make, *key[1:])
                except NotFound as error:  # known not to be there, as long as anything else is known
                    value = error
                self._kept[key] = (now + KEPT, value)
            if isinstance(value, NotFound):
                raise NotFound(value.code, value.message, value.about)
            return value

    def _published(self) -> Published:
        return self.desk.ledger.store.read(EVERYBODY, board.published)

    def _board(self, tenant_id: str, border_id: str) -> bytes:
        ledger = self.desk.ledger
        return ENCODE(ledger.store.read(tenant_id, lambda view: board.board(ledger, view, border_id)))

    def _keys(self, tenant_id: str, border_id: str) -> bytes:
        return gate_keys_json(gate_keys.at_gate(self.desk.ledger, people.local(tenant_id), border_id)).encode()
