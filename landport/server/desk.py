"""What routes share: who asks, reads in a pool of threads, writes that wait for the disk, bodies, answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from landport.app.ledger import sessions
from landport.app.ledger.desk import Command, Done, Ledger, Principal
from landport.errors import Conflict, InputError, LandportError, NotPermitted
from landport.server import problems
from landport.server.metrics import Metrics
from landport.store import EVERYBODY, View

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)

COOKIE: Final = "landport_session"
"""Cookie that holds a session's token."""

READERS: Final = 8
"""Threads that read."""

ETAG: Final = re.compile(r'\s*(?:W/)?"E(\d{1,18})"\s*')
"""How the version of a state looks in ETag and If-Match."""

KNOWN: Final = timedelta(seconds=1)
"""How long it is known who shows a token, while nothing changes."""

MOST_SHOWN: Final = 10_000
"""Tokens that are known at most."""

JSON: Final = "application/json"
"""Media type of most bodies."""

JSON_BYTES: Final = 2_000_000
"""Most bytes of a body of JSON."""

OPEN_BYTES: Final = 16_384
"""Most bytes of a body that anybody may send."""

MOST_PROBLEMS: Final = 5_000
"""Wrong values of one body that are listed."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

ENCODE: Final = msgspec.json.Encoder().encode
"""Writes answers."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """A server at work: `request.app.state.desk`.

    Parameters
    ----------
    clock
        The instant now as sessions count it: of the store, not of a demo's week.
    """

    ledger: Ledger
    metrics: Metrics
    clock: Callable[[], datetime]
    readers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(READERS, thread_name_prefix="landport-reader")
    )

    is_stopping: bool = False
    shown: dict[str, tuple[int, datetime, Principal]] = field(default_factory=dict)

    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do what blocks in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, work, *arguments)

    def known(self, token: str) -> Principal | None:
        """Tell who shows a token that was shown within the last second; None: it has to be looked up."""
        generation, until, found = self.shown.get(token, (-1, EPOCH, None))
        return found if generation == self.ledger.store.generation and self.clock() < until else None

    def looked_up(self, view: View, token: str) -> Principal:
        """Tell who shows a token, and know it for a second.

        Notes
        -----
        Whatever this server changes of people is known at once; what another one does, within a second.
        """
        generation, now = self.ledger.store.generation, self.clock()
        found = sessions.who_is(view, token, now)
        if len(self.shown) >= MOST_SHOWN:
            self.shown.clear()
        self.shown[token] = (generation, now + KNOWN, found)
        return found

    def principal(self, token: str) -> Principal:
        """Tell who shows a token; it blocks."""
        with self.ledger.store.view(EVERYBODY) as view:
            return self.looked_up(view, token)


def desk_of(request: Request) -> Desk:
    """Find the desk that a request came to."""
    found = request.app.state.desk
    assert isinstance(found, Desk)
    return found


# ---- who asks ----------------------------------------------------------------------------------


def token_of(request: Request) -> str:
    """Take the session or key that a request shows: the header, else the cookie.

    Raises
    ------
    NotPermitted
        `not-authenticated`: it shows none. `wrong-origin`: another site's page sends our cookie along.
    """
    said = request.headers.get("authorization", "")
    kind, _, token = said.partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    cookie = request.cookies.get(COOKIE, "")
    if said or not cookie:
        raise NotPermitted("not-authenticated", "show a session or key that holds: Authorization: Bearer ...")
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        expect_own_origin(request, is_needed=True)
    return cookie


def expect_own_origin(request: Request, *, is_needed: bool) -> None:
    """Refuse what a page of another site asks for.

    Raises
    ------
    NotPermitted
        `wrong-origin`.
    """
    origin = request.headers.get("origin", "")
    if not origin and not is_needed:
        return
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        host = ""
    if not host or host != request.headers.get("host", ""):
        raise NotPermitted("wrong-origin", "with a cookie, only pages of this server may change anything")


async def who(request: Request) -> Principal:
    """Tell who asks.

    Raises
    ------
    NotPermitted
        `not-authenticated`, `wrong-origin`.
    """
    desk = desk_of(request)
    token = token_of(request)
    found = desk.known(token)
    if found is None:
        found = await desk.in_thread(desk.principal, token)
    request.scope["actor"] = found.actor
    return found


# ---- reading -----------------------------------------------------------------------------------


async def read(request: Request, work: Callable[[View, Principal], T]) -> T:
    """Read in one snapshot what somebody asks for, and who it is.

    Parameters
    ----------
    work
        Called in a thread, with a view of the principal's tenant.

    Raises
    ------
    NotPermitted
        `not-authenticated`, `not-permitted`: a key without the scope `read`.
    """
    desk, token = desk_of(request), token_of(request)

    def reading() -> T:
        known = desk.known(token)
        with desk.ledger.store.view(EVERYBODY if known is None else known.tenant_id) as view:
            found = known or desk.looked_up(view, token)
            request.scope["actor"] = found.actor
            found.expect_may("read")
            return work(view, found)

    return await desk.in_thread(reading)


async def ask(request: Request, work: Callable[[Ledger, Principal], T]) -> T:
    """Ask a use case that reads by itself; in a thread."""
    asker = await who(request)
    asker.expect_may("read")
    desk = desk_of(request)
    return await desk.in_thread(work, desk.ledger, asker)


# ---- writing -----------------------------------------------------------------------------------


async def write(
    request: Request,
    make: Callable[[Ledger, Principal], Command],
    *,
    status: int = 200,
    is_once: bool = True,
    is_quick: bool = False,
) -> Response:
    """Do a use case and answer when it is on the disk.

    Parameters
    ----------
    make
        Makes the command; called in a thread, for it may think, unless it is said to be quick.
    is_once
        Whether an Idempotency-Key counts; not where the answer holds a secret, which is not kept.

    Raises
    ------
    Conflict
        `state-changed`: If-Match named another version.
    """
    asker = await who(request)
    desk = desk_of(request)
    key = request.headers.get("idempotency-key", "") if is_once else ""
    asked = await asked_bytes(request)
    try:
        command = make(desk.ledger, asker) if is_quick else await desk.in_thread(make, desk.ledger, asker)
    except NotPermitted:
        raise
    except LandportError:  # perhaps only because it is done already
        before = await desk.in_thread(lambda: desk.ledger.replay(asker, key=key, request=asked)) if key else None
        if before is None:
            raise
        return answered_done(before, status=status)
    try:
        done = await asyncio.wrap_future(desk.ledger.submit(asker, command, key=key, request=asked))
    except Conflict as error:
        if error.code == "changed-meanwhile" and request.headers.get("if-match"):
            raise Conflict("state-changed", error.message, error.about) from error
        raise
    return answered_done(done, status=status)


def answered_done(done: Done, *, status: int) -> Response:
    """Write what a command answered; the header says whether it was done before."""
    headers = {"Idempotency-Replayed": "true"} if done.is_replay else None
    return Response(done.body, status_code=status, media_type="application/json", headers=headers)


async def asked_bytes(request: Request) -> bytes:
    """Write down what is asked for: under one Idempotency-Key it must stay the same, byte for byte."""
    return b"\n".join(
        (request.method.encode(), request.url.path.encode(), _precondition(request), await request.body())
    )


def _precondition(request: Request) -> bytes:
    return request.headers.get("if-match", "").encode("utf-8", "replace")


def expected_position(request: Request) -> int | None:
    """Read the version that If-Match names; None for `*`: whatever it is now.

    Raises
    ------
    InputError
        `if-match-needed`: nothing is named.
    Conflict
        `state-changed`: what is named is no version of ours.
    """
    said = request.headers.get("if-match", "").strip()
    if not said:
        text = 'send If-Match with the ETag that was read, such as "E17"; * changes whatever is there'
        raise InputError("if-match-needed", text)
    if said == "*":
        return None
    found = ETAG.fullmatch(said)
    if found is None:
        raise Conflict("state-changed", f"{said[:40]} is no ETag of ours: read it again and repeat")
    return int(found.group(1))


# ---- bodies and answers ------------------------------------------------------------------------


async def body_of(request: Request, model: type[Model], *, is_open: bool = False) -> Model:
    """Read a body as strictly as its schema says.

    Parameters
    ----------
    is_open
        Whether anybody may send it; a body of theirs is small.

    Raises
    ------
    NotPermitted
        `not-authenticated`, `wrong-origin`.
    InputError
        `input`: every wrong value is listed. `not-json-sent`: it is not said to be JSON. `body-too-large`.
    """
    if not is_open:
        await who(request)
    body = await sent(request, JSON, most=OPEN_BYTES if is_open else JSON_BYTES)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _wrong(error) from None


async def sent(request: Request, media: str, *, most: int | None = None) -> bytes:
    """Take a body of a media type.

    Raises
    ------
    InputError
        `not-json-sent`: it is of another one, or compressed. `body-too-large`.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media:
        raise InputError("not-json-sent", f"expected a body of Content-Type: {media}")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise InputError("not-json-sent", "expected a body that is not compressed: no Content-Encoding")
    body = await request.body()
    if most is not None and len(body) > most:
        raise problems.too_large(most)
    return body


def _wrong(error: ValidationError) -> InputError:
    """List what is wrong, unless so much is that listing it would keep everybody waiting."""
    if (count := error.error_count()) > MOST_PROBLEMS:
        return InputError("input", f"{count:,} problems in the body, too many to list: is it of this address?")
    return problems.wrong(error.errors(include_url=False, include_context=False), where="body")


def answered(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Write an answer as JSON."""
    return Response(
        ENCODE(value), status_code=status, media_type="application/json", headers=dict(headers) if headers else None
    )


def answered_raw(body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Answer JSON that is written already."""
    return Response(body, media_type="application/json", headers=dict(headers) if headers else None)


def joined(documents: list[bytes], following: str | int | None) -> bytes:
    """Write a page of documents, and the cursor of the page that follows; None: there is none."""
    return b'{"items":[' + b",".join(documents) + b'],"next":' + ENCODE(following) + b"}"
