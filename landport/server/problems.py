"""Errors as problem+json (RFC 9457): one shape for all, with the house's codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from landport.errors import InputError, LandportError, NotFound, NotPermitted, Problem, StoreError, TimeLimit, shown

MEDIA: Final = "application/problem+json"
"""Media type of every error."""

STATUSES: Final[Mapping[str, int]] = {
    "not-authenticated": 401,
    "bad-credentials": 401,
    "method-not-allowed": 405,
    "state-changed": 412,
    "body-too-large": 413,
    "not-json-sent": 415,
    "if-match-needed": 428,
    "too-many-acts": 429,
    "too-many-tries": 429,
    "too-many-listeners": 429,
}
"""Codes whose HTTP status is not that of their class."""

RETRY_S: Final = 2
"""Seconds after which a database that did not answer, or was too slow, is asked again."""

SECRETS: Final = ("password", "token", "link")
"""Fields whose values no answer repeats."""

log = logging.getLogger("landport.server")


def status_of(error: LandportError) -> int:
    """Tell the HTTP status of an error."""
    return STATUSES.get(error.code, error.http_status)


def answer(error: LandportError, request_id: str) -> Response:
    """Write an error as an answer."""
    status = status_of(error)
    return Response(
        document(error, status, request_id), status_code=status, media_type=MEDIA, headers=_headers(error, status)
    )


def document(error: LandportError, status: int, request_id: str) -> bytes:
    """Write an error as problem+json."""
    said: dict[str, Any] = {
        "type": f"urn:landport:error:{error.code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": error.code,
        "detail": error.headline.removesuffix(":") if isinstance(error, InputError) else error.message,
        "about": list(error.about),
        "request_id": request_id,
    }
    if isinstance(error, InputError):
        said["problems"] = [_plain(p) for p in error.problems]
    return msgspec.json.encode(said)


TITLES: Final[Mapping[int, str]] = {
    401: "Who are you?",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    422: "Wrong input",
    428: "If-Match is needed",
    429: "Too many tries",
    500: "Our fault",
    503: "Not available",
}
"""What the statuses say in words."""


def unexpected() -> LandportError:
    """Make the error of what nobody foresaw; the log has what it was."""
    return LandportError("unexpected", "something went wrong on our side: repeat later, and report the request id")


def too_slow(seconds: float) -> TimeLimit:
    """Make the error of a request that takes too long."""
    text = f"no answer within {seconds:g} s: repeat it, a write with the same Idempotency-Key"
    return TimeLimit("request-too-slow", text)


def too_large(most: int) -> InputError:
    """Make the error of a body that is too large."""
    return InputError("body-too-large", f"expected a body of at most {most:,} bytes")


def install(app: FastAPI) -> None:
    """Answer every error of an app as problem+json."""
    app.add_exception_handler(LandportError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unforeseen)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, LandportError)
    if status_of(error) >= 500:
        log.error("%s: %s", error.code, error.message, exc_info=error if status_of(error) == 500 else None)
    return answer(error, request.scope.get("request_id", ""))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(wrong(error.errors()), request.scope.get("request_id", ""))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        said: LandportError = NotPermitted("method-not-allowed", f"{request.method} is not for this address")
    elif error.status_code == 404:
        said = NotFound("unknown-address", "nothing is at this address; see /api/v1/openapi.json")
    else:
        said = InputError("bad-request", str(error.detail))
    response = answer(said, request.scope.get("request_id", ""))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _unforeseen(request: Request, error: Exception) -> Response:
    return answer(unexpected(), request.scope.get("request_id", ""))  # whoever stands around the app logs it


def wrong(found: Any, *, where: str = "request") -> InputError:
    """Make one error of all that pydantic found."""
    problems = []
    for one in found:
        place = [str(part) for part in one["loc"]]
        key = ".".join(place[1:] if place and place[0] in ("path", "query", "header", "body") else place) or None
        is_secret = any(part in SECRETS for part in place)
        value = None if is_secret or one["type"] in ("missing", "json_invalid") else shown(one["input"])
        file = place[0] if place and place[0] in ("path", "query", "header") else where
        problems.append(Problem(file=file, key=key, value=value, expected=one["msg"]))
    return InputError.of(problems)


def _plain(problem: Problem) -> dict[str, Any]:
    said = {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "key": problem.key,
        "value": problem.value,
        "expected": problem.expected,
    }
    return {name: value for name, value in said.items() if value is not None}


def _headers(error: LandportError, status: int) -> dict[str, str]:
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="landport"'}
    if status == 429:
        return {"Retry-After": error.about[0] if error.about else str(RETRY_S)}  # the seconds come first
    if status == 503 or isinstance(error, StoreError | TimeLimit):
        return {"Retry-After": str(RETRY_S)}
    return {}
