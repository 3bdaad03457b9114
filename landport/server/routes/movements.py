"""Routes of movements: what happened to containers, trains and wagons is reported."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger import moving
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.moving import Moved
from landport.server import desk, inputs, paths, planning_inputs
from landport.server.documents import spec
from landport.server.routes.states import Quick, quick

router = APIRouter(prefix="/api/v1", tags=["movements"], default_response_class=Response)

MOVED: Final = {
    "event_id": "E000000017",
    "position": 17,
    "subject": "container/C00017",
    "type": "ContainerGatedIn",
    "status": "gated_in",
    "tasks": [],
    "closed": [],
}
"""Example of what came of a report."""

_REPORTS: Final[dict[str, dict[str, Any]]] = {
    "container": {"type": "ContainerGatedIn", "fields": {"at_id": "URC", "truck": "A123BC"}},
    "train": {"type": "TrainDeparted", "fields": {"at_id": "URC"}},
    "wagon": {"type": "WagonBadOrdered", "fields": {"departure_id": "KHG-ALA-1@2026-03-03", "why": "wheel flat"}},
}


def _report(kind: str) -> None:
    async def answer(request: Request) -> Response:
        subject_id = paths.named(request, kind)
        asked = await desk.body_of(request, planning_inputs.Reported)

        def make(ledger: Ledger, who: Principal) -> Command:
            subject, fields = f"{kind}/{subject_id}", inputs.given(asked).get("fields", {})
            return moving.move(
                ledger, who, subject, asked.type, fields, happened_at=asked.happened_at, cause=asked.cause
            )

        return await desk.write(request, make, status=201, is_quick=True)

    answer.__name__ = f"report_{kind}"
    answer.__doc__ = f"Report what happened to a {kind}; refused if it cannot have happened to it as it is."
    described = spec(
        answers={201: (Moved, MOVED)},
        errors=(404, 409),
        body=(planning_inputs.Reported, _REPORTS[kind]),
        is_once=True,
    )
    described["openapi_extra"]["parameters"].append(paths.parameter(kind))
    path = f"/{kind}s/{{{kind}_id}}/moves"
    router.post(path, status_code=201, **described)(answer)
    quick.append(Quick(f"/api/v1{path}", answer, methods=["POST"]))


for _kind in moving.MOVES:
    _report(_kind)
