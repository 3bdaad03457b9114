"""A server that runs: its socket, its log, and how it stops."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from types import FrameType
from typing import Final

import uvicorn

from landport.errors import Conflict, InputError
from landport.server.app import Service
from landport.server.telling import Network
from landport.server.wire import Wire

STOP_S: Final = 20
"""Seconds that requests under way get when the server stops."""

BACKLOG: Final = 1_024
"""Connections that may wait to be taken."""


def bound(host: str, port: int) -> socket.socket:
    """Take an address; port 0: any that is free.

    Raises
    ------
    Conflict
        `port-taken`: another program listens there.
    InputError
        `bad-address`: this machine has no such address, or may not listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        taken.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            text = f"{host}:{port}: another program listens there; choose another one: --port"
            raise Conflict("port-taken", text, (f"{host}:{port}",)) from error
        why = getattr(error, "strerror", None) or str(error)
        text = f"{host}:{port}: cannot listen there ({why}); choose another address: --host, --port"
        raise InputError("bad-address", text, (f"{host}:{port}",)) from error
    return taken


def networks(given: list[str]) -> tuple[Network, ...]:
    """Read addresses of proxies.

    Raises
    ------
    InputError
        `bad-option`.
    """
    try:
        return tuple(ip_network(text, strict=False) for text in given)
    except ValueError as error:
        text = f"--trusted-proxy: expected an address or network such as 10.0.0.0/8: {error}"
        raise InputError("bad-option", text, ("--trusted-proxy",)) from error


class Server(uvicorn.Server):
    """uvicorn that says when it answers, sends listeners away when it stops, and ends by returning."""

    def __init__(self, config: uvicorn.Config, service: Service, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._service = service
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer; signals are listened to already."""
        await super().startup(sockets)
        self._told()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way."""
        self._service.stop_listening()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and Ctrl-C; the process goes on after it, to close the database."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)


def server(service: Service, told: Callable[[], None] = lambda: None) -> Server:
    """Make the server of a service; `run(sockets=[...])` runs it until it is told to stop.

    Parameters
    ----------
    told
        Called once it answers.
    """
    config = uvicorn.Config(
        service.asgi,
        log_config=None,
        access_log=False,
        http=Wire,
        ws="none",
        loop="auto",
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_S,
        timeout_keep_alive=30,
    )
    return Server(config, service, told)


def log_to_stderr(handler_of_others: logging.Handler, *, is_quiet: bool) -> None:
    """Write one JSON line a request, unless quiet; and what the web server complains of as other warnings are."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    access = logging.getLogger("landport.access")
    access.handlers[:] = [handler]
    access.propagate = False
    access.setLevel("WARNING" if is_quiet else "INFO")
    complaints = logging.getLogger("uvicorn.error")
    complaints.handlers[:] = [handler_of_others]
    complaints.propagate = False
    complaints.setLevel("WARNING")
