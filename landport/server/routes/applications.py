"""Routes of clearance applications: an enterprise applies at any hour, customs accept or decline."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger.border import applying
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.states import ApplicationState
from landport.server import desk, gate_inputs, inputs
from landport.server.documents import spec
from landport.server.inputs import PathId
from landport.server.routes.states import APPLICATION

router = APIRouter(prefix="/api/v1/applications", tags=["border"], default_response_class=Response)


@router.post(
    "",
    status_code=201,
    **spec(
        answers={201: (ApplicationState, APPLICATION)},
        errors=(404, 409),
        body=(
            gate_inputs.NewApplication,
            {
                "border_id": "BKT",
                "declaration": "9001-2026-000017",
                "direction": "out",
                "hs": "0702",
                "goods": "tomatoes",
                "expected_at": "2026-03-03T12:00:00+08:00",
                "n_trucks": 2,
            },
        ),
        is_once=True,
    ),
)
async def apply(request: Request) -> Response:
    """Apply for clearance, at any hour; `shift` tells whether customs are on regular duty at the time expected."""
    asked = await desk.body_of(request, gate_inputs.NewApplication)

    def make(ledger: Ledger, who: Principal) -> Command:
        fields = inputs.given(asked)
        return applying.apply(ledger, who, fields.pop("border_id"), fields)

    return await desk.write(request, make, status=201)


@router.post(
    "/{application_id}/accept",
    **spec(
        answers={200: (ApplicationState, APPLICATION | {"status": "accepted", "reference": "A-551"})},
        errors=(404, 409),
        body=(gate_inputs.Accepted, {"reference": "A-551"}),
        is_once=True,
    ),
)
async def accept(request: Request, application_id: PathId) -> Response:
    """Accept an application, as customs say."""
    asked = await desk.body_of(request, gate_inputs.Accepted)
    return await desk.write(
        request, lambda ledger, who: applying.accept(ledger, who, application_id, reference=asked.reference)
    )


@router.post(
    "/{application_id}/decline",
    **spec(
        answers={200: (ApplicationState, APPLICATION | {"status": "declined", "why": "no certificate of origin"})},
        errors=(404, 409),
        body=(inputs.Why, {"why": "no certificate of origin"}),
        is_once=True,
    ),
)
async def decline(request: Request, application_id: PathId) -> Response:
    """Decline an application, with the reason."""
    asked = await desk.body_of(request, inputs.Why)
    return await desk.write(request, lambda ledger, who: applying.decline(ledger, who, application_id, why=asked.why))


@router.post(
    "/{application_id}/withdraw",
    **spec(
        answers={200: (ApplicationState, APPLICATION | {"status": "withdrawn", "why": "sold elsewhere"})},
        errors=(404, 409),
        body=(inputs.Why, {"why": "sold elsewhere"}),
        is_once=True,
    ),
)
async def withdraw(request: Request, application_id: PathId) -> Response:
    """Take an application back."""
    asked = await desk.body_of(request, inputs.Why)
    return await desk.write(request, lambda ledger, who: applying.withdraw(ledger, who, application_id, why=asked.why))
