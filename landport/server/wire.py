"""Connections that take too long, or say too much, before they ask anything: they are closed."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 65_536
"""Most bytes of a request's address and headers."""

HEAD_S: Final = 15.0
"""Longest wait until a request's address and headers are there."""

BODY_S: Final = 60.0
"""Longest wait until its body is there; whoever is answered before may not go on sending for ever."""


class Wire(HttpToolsProtocol):
    """A connection that is closed when a request does not come."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._is_body = False
        self._n_head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait(HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; count those of a head."""
        if not self._is_body:
            self._n_head += len(data)
            if self._timer is None:
                self._wait(HEAD_S)
        super().data_received(data)
        if not self._is_body and self._n_head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Address and headers are too long.")

    def on_headers_complete(self) -> None:
        """Go on to the body."""
        self._is_body = True
        self._wait(BODY_S)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Be ready for the next request."""
        self._is_body, self._n_head = False, 0
        self._stop()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
