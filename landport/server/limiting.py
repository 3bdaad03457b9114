"""Limits of a request: bytes of its body, seconds until its answer begins."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landport.server import problems

PATIENT: Final = "/api/v1/stream"
"""Address whose answer begins at once and goes on."""


class Limiting:
    """Layer that refuses bodies that are too large, and answers for whoever takes too long.

    Parameters
    ----------
    body_bytes
        Most bytes of a body.
    seconds
        Longest wait for an answer.
    """

    def __init__(self, app: ASGIApp, *, body_bytes: int, seconds: float) -> None:
        self._app = app
        self._most = body_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["path"] == PATIENT:
            await self._app(scope, receive, send)
            return
        if _stated(scope) > self._most:
            await problems.answer(problems.too_large(self._most), scope.get("request_id", ""))(scope, receive, send)
            return
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, self._counted(receive), noted)
        except TimeoutError:
            if has_begun:
                raise
            await problems.answer(problems.too_slow(self._seconds), scope.get("request_id", ""))(scope, receive, send)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise problems.too_large(self._most)
            return message

        return counted


def _stated(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < 19 else 0
    return 0
