"""Ids in paths, read by hand: FastAPI would take longer than the database."""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import Request

from landport.errors import NotFound

NAME: Final = r"^[^\x00-\x20\x7f-\xa0/]{1,80}$"
"""What an id in a path looks like: departures have @ in theirs, plates of trucks letters of any script."""

_NAME: Final = re.compile(NAME)


def named(request: Request, kind: str) -> str:
    """Read the id of a subject.

    Raises
    ------
    NotFound
        `unknown-KIND`: nothing can have this id.
    """
    subject_id: str = request.path_params[f"{kind}_id"]
    if not _NAME.fullmatch(subject_id) or not subject_id.isprintable():
        raise NotFound(f"unknown-{kind}", f"no {kind} has this id")
    return subject_id


def parameter(kind: str) -> dict[str, Any]:
    """Describe it for the OpenAPI document."""
    schema = {"type": "string", "pattern": NAME}
    return {"name": f"{kind}_id", "in": "path", "required": True, "description": "Its id.", "schema": schema}
