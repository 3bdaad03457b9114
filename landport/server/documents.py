"""The OpenAPI document: schemas of what is answered and asked for, examples, and the errors of every route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from landport import __version__
from landport.server.problems import MEDIA, TITLES

REF: Final = "#/components/schemas/{}"
"""Where a schema stands."""

DESCRIPTION: Final = """The ledger of an inland rail port: bookings, plans and movements that are never lost.

Instants are ISO 8601 with an offset, masses whole kilograms, money whole US cents. Fields that have their default are
left out of answers. Every error is `application/problem+json` with a stable `code`: docs/errors.md lists them. A write
takes an `Idempotency-Key`: the same key and request get the same answer, and are done once."""

TAGS: Final = {
    "people": "Log in; accounts, keys and parties.",
    "freight": "Quotes and consignments.",
    "movements": "Containers, trains, wagons and trucks, and what happens to them.",
    "border": "Border ports: applications, windows, appointments, the controller's day.",
    "planning": "Weeks, plans, jobs, tasks and restriction orders.",
    "events": "What happened, as a list, as a stream, and as messages for others.",
    "port": "Whether the server is well.",
}
"""Groups of routes."""

ID_EXAMPLE: Final = "R2f1c0a9b7e55"

_ERRORS: Final = (401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 500, 503)
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "At most 200 printable characters; the same key and request get the same answer, done once.",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"},
    "example": "a1f4f7c2-booking-17",
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of the state that was read; `*`: whatever it is now.",
    "schema": {"type": "string", "maxLength": 40},
    "example": '"E17"',
}
_SECURITY: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"cookie": []}]


class Problem(msgspec.Struct, omit_defaults=True):
    """An error. `code`: see docs/errors.md; `about`: ids of the records concerned; `problems`: every wrong value."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    about: list[str]
    request_id: str
    problems: list[dict[str, Any]] = []


_asked: dict[str, type[BaseModel]] = {}
_answers: dict[str, Any] = {"Problem": Problem}


def spec(
    *,
    answers: Mapping[int, tuple[Any, Any]],
    errors: Sequence[int] = (),
    body: tuple[type[BaseModel], Any] | None = None,
    is_open: bool = False,
    is_once: bool = False,
    has_if_match: bool = False,
    media: str = "application/json",
    upload: str = "",
) -> dict[str, Any]:
    """Make what FastAPI is told of a route beside its path.

    Parameters
    ----------
    answers
        Type and example of the body by status; None as type: no body, or one that is not JSON.
    errors
        Statuses of errors beside those that every route has.
    is_open
        Whether nobody is asked who they are.
    is_once
        Whether it takes an Idempotency-Key.
    upload
        Media type of a file that is its body.
    """
    every = [*errors, 422, 500, 503] + ([] if is_open else [401, 403]) + ([413, 415] if body else [])
    responses: dict[int | str, dict[str, Any]] = {
        status: _answer(kind, example, media) for status, (kind, example) in answers.items()
    }
    responses |= {status: _error(status) for status in sorted(set(every))}
    extra: dict[str, Any] = {} if is_open else {"security": _SECURITY}
    if body is not None:
        model, example = body
        _asked[model.__name__] = model
        content = {"application/json": {"schema": {"$ref": REF.format(model.__name__)}, "example": example}}
        extra["requestBody"] = {"required": True, "content": content}
    if upload:
        content = {upload: {"schema": {"type": "string", "format": "binary"}}}
        extra["requestBody"] = {"required": True, "content": content}
    extra["parameters"] = [*([_KEY] if is_once else []), *([_IF_MATCH] if has_if_match else [])]
    return {"responses": responses, "openapi_extra": extra}


def _answer(kind: Any, example: Any, media: str) -> dict[str, Any]:
    if kind is None and example is None:
        return {"description": "Done."}
    if kind is None:
        return {"description": "Done.", "content": {media: {"schema": {"type": "string"}, "example": example}}}
    if kind is dict:
        return {"description": "Done.", "content": {media: {"schema": {"type": "object"}, "example": example}}}
    name = kind.__name__
    _answers[name] = kind
    content = {"schema": {"$ref": REF.format(name)}, "example": example}
    return {"description": "Done.", "content": {media: content}}


def _error(status: int) -> dict[str, Any]:
    code = {401: "not-authenticated", 404: "unknown-consignment", 409: "too-late", 412: "state-changed", 422: "input"}
    example = {
        "type": f"urn:landport:error:{code.get(status, 'unexpected')}",
        "title": TITLES[status],
        "status": status,
        "code": code.get(status, "unexpected"),
        "detail": "what is wrong, and what to do",
        "about": [],
        "request_id": ID_EXAMPLE,
    }
    headers = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}} if status in (429, 503) else {}
    content = {MEDIA: {"schema": {"$ref": REF.format("Problem")}, "example": example}}
    return {"description": TITLES[status], "content": content, **({"headers": headers} if headers else {})}


def install(app: FastAPI) -> None:
    """Give an app its document."""
    kept: list[dict[str, Any]] = []

    def document() -> dict[str, Any]:
        if not kept:
            kept.append(_made(app))
        return kept[0]

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way


def _made(app: FastAPI) -> dict[str, Any]:
    tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.unique_id = route.name  # what clients made from the document call it
    found = get_openapi(title="landport", version=__version__, description=DESCRIPTION, routes=app.routes, tags=tags)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, ours = models_json_schema(
        [(model, "validation") for model in _asked.values()], ref_template=REF.format("{model}")
    )
    schemas |= ours.get("$defs", {})
    _, answers = msgspec.json.schema_components(list(_answers.values()), ref_template=REF.format("{name}"))
    schemas |= answers
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "Token of a session, or an API key."},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "landport_session", "description": "Set by logging in."},
    }
    return found
