"""The app: routes, what stands around them, and what goes on beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from landport.app.ledger.desk import Ledger
from landport.app.ledger.jobs import JobRunner
from landport.server import documents, problems
from landport.server.boards import Boards
from landport.server.desk import Desk
from landport.server.limiting import Limiting
from landport.server.metrics import Metrics
from landport.server.routes import (
    applications,
    appointments,
    boards,
    borders,
    events,
    freight,
    jobs,
    link_page,
    messages,
    movements,
    parties,
    people,
    planning,
    port,
    states,
    windows,
)
from landport.server.streaming import Tails
from landport.server.telling import Network, Telling

BODY_BYTES: Final = 10_000_000
"""Most bytes of a body, unless said otherwise."""

REQUEST_S: Final = 30.0
"""Longest wait for an answer, unless said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a server lets pass.

    Parameters
    ----------
    body_bytes
        Most bytes of a body.
    request_s
        Longest wait for an answer.
    proxies
        Networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
    """

    body_bytes: int = BODY_BYTES
    request_s: float = REQUEST_S
    proxies: Sequence[Network] = ()


class Service:
    """The whole server as an ASGI app: `app` inside, what stands around every request outside.

    Parameters
    ----------
    clock
        The instant now for sessions and keys; None: that of the store.
    """

    def __init__(
        self, ledger: Ledger, limits: Limits | None = None, *, clock: Callable[[], datetime] | None = None
    ) -> None:
        found = limits or Limits()
        self.desk = Desk(ledger=ledger, metrics=Metrics(), clock=clock or ledger.store.clock)
        self.tails = Tails(self.desk)
        self.jobs = JobRunner(ledger)
        self.app = _routed(self.desk, self.tails, self.jobs)
        inner = Limiting(self.app, body_bytes=found.body_bytes, seconds=found.request_s)
        self.asgi: ASGIApp = Telling(inner, metrics=self.desk.metrics, proxies=found.proxies)
        _measure(self.desk, self.tails)

    def stop_listening(self) -> None:
        """Tell those who ask that the server stops, and send listeners away."""
        self.desk.is_stopping = True
        self.tails.close()

    def close(self) -> None:
        """End jobs and wait for what reads; the ledger is closed by whoever opened it."""
        self.jobs.close()
        self.desk.readers.shutdown(wait=True, cancel_futures=True)


def _routed(desk: Desk, tails: Tails, runner: JobRunner) -> FastAPI:
    app = FastAPI(
        title="landport",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.desk, app.state.tails, app.state.jobs = desk, tails, runner
    app.state.boards = Boards(desk)
    problems.install(app)
    # those asked most come first: they are tried in order
    gate = (windows, appointments, applications, borders, boards)
    groups = (states, freight, movements, *gate, events, messages, planning, jobs, people, parties, port, link_page)
    app.router.routes.extend(states.quick)
    for group in groups:
        app.router.routes.extend(group.router.routes)
    documents.install(app)
    return app


def _measure(desk: Desk, tails: Tails) -> None:
    gauge = desk.metrics.gauge
    gauge("landport_log_position", "Position of the newest event.", desk.ledger.store.position)
    gauge("landport_listeners", "Listeners to the stream.", tails.count)
