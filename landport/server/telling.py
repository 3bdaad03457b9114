"""Around every request: its id, who really asks, what the log and the metrics say, headers that keep browsers safe."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from itertools import count
from typing import Any, Final

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landport.server import problems
from landport.server.metrics import Metrics

Network = IPv4Network | IPv6Network

GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
"""An X-Request-Id that is taken over."""

GONE: Final = 499
"""Status in the log of a request whose client went before it was sent."""

SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Headers of every answer that does not set them itself."""

_SAFE_RAW: Final = [(name.lower().encode(), value.encode()) for name, value in SAFE.items()]

_NUMBERS: Final = count(secrets.randbits(47))
"""Numbers of requests: no secret, so one draw of chance for all; a draw each would hand the thread to others."""

log = logging.getLogger("landport.access")


class Telling:
    """Outermost layer of the app.

    Parameters
    ----------
    proxies
        Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, proxies: Iterable[Network] = ()) -> None:
        self._app = app
        self._metrics = metrics
        self._proxies = tuple(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        scope["request_id"] = request_id = _request_id(scope)
        self._unproxy(scope)
        status = 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _make_safe(message, request_id)
            await send(message)

        try:
            await self._app(scope, receive, told)
        except ClientDisconnect:
            status = GONE
        except Exception:
            problems.log.exception("request %s: unexpected", request_id)
            if status == 0:
                await problems.answer(problems.unexpected(), request_id)(scope, receive, told)
        finally:
            self._tell(scope, status, time.perf_counter() - begun)

    def _unproxy(self, scope: Scope) -> None:
        """Believe what a trusted proxy says of the client."""
        client = scope.get("client")
        if not self._proxies or client is None or not self._is_proxy(client[0]):
            return
        headers = MutableHeaders(scope=scope)
        said = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
        for address in reversed([part for part in said if part]):
            scope["client"] = (address[:64], 0)
            if not self._is_proxy(address):
                break
        if headers.get("x-forwarded-proto") in ("http", "https"):
            scope["scheme"] = headers["x-forwarded-proto"]

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._proxies)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        template = getattr(route, "path", "other")
        self._metrics.answered(scope["method"], template, status, seconds)
        if log.isEnabledFor(logging.INFO):
            said: dict[str, Any] = {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "request_id": scope["request_id"],
                "method": scope["method"][:16],
                "route": template,
                "path": scope["path"][:200],
                "status": status,
                "ms": round(1000 * seconds, 2),
                "client": (scope.get("client") or ("", 0))[0],
                "actor": scope.get("actor", ""),
            }
            log.info("%s", msgspec.json.encode(said).decode())


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and GIVEN_ID.fullmatch(value):
            return str(value.decode())
    return f"R{next(_NUMBERS):012x}"


def _make_safe(message: Message, request_id: str) -> None:
    headers = message.setdefault("headers", [])
    there = {name for name, _ in headers}
    message["headers"] = [
        *headers,
        (b"x-request-id", request_id.encode()),
        *(pair for pair in _SAFE_RAW if pair[0] not in there),
    ]
