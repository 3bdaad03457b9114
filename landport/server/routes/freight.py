"""Routes of freight: book, amend, cancel; the draft of the consignment note."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport import exchange
from landport.app.ledger import booking, notes
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.server import desk, freight_inputs, inputs
from landport.server.documents import spec
from landport.server.inputs import PathId
from landport.server.routes.states import CONSIGNMENT, Quick, quick
from landport.track.states import ConsignmentState

router = APIRouter(prefix="/api/v1/consignments", tags=["freight"], default_response_class=Response)

GOODS: Final[dict[str, Any]] = {
    "kind": "FCL",
    "shipper_id": "P1a1b2c3d4e5",
    "consignee_id": "P2a1b2c3d4e5",
    "origin_id": "URC",
    "destination_id": "ALM",
    "ready_at": "2026-03-03T06:00:00+08:00",
    "due_at": "2026-03-20T18:00:00+05:00",
    "container_type": "40HC",
    "n_containers": 2,
    "goods_id": "",
    "hs": "8517",
    "declared_kg": 14500,
}
"""Example of booked goods."""


@router.post(
    "",
    status_code=201,
    **spec(
        answers={201: (ConsignmentState, CONSIGNMENT)},
        errors=(404, 409),
        body=(freight_inputs.NewConsignment, {"goods": GOODS}),
        is_once=True,
    ),
)
async def book(request: Request) -> Response:
    """Book a consignment; it is on the disk when it is answered."""
    asked = await desk.body_of(request, freight_inputs.NewConsignment)

    def make(ledger: Ledger, who: Principal) -> Command:
        goods = inputs.given(asked.goods)
        return booking.book(ledger, who, goods, quote_id=asked.quote_id, consignment_id=asked.consignment_id)

    return await desk.write(request, make, status=201, is_quick=True)


quick.insert(0, Quick("/api/v1/consignments", book, methods=["POST"]))


@router.patch(
    "/{consignment_id}",
    **spec(
        answers={200: (ConsignmentState, CONSIGNMENT)},
        errors=(404, 409, 412, 428),
        body=(freight_inputs.AmendedConsignment, {"goods": GOODS | {"declared_kg": 15200}, "why": "weighed anew"}),
        is_once=True,
        has_if_match=True,
    ),
)
async def amend(request: Request, consignment_id: PathId) -> Response:
    """Amend a consignment of which nothing has left yet; `goods` states all of it anew."""
    asked = await desk.body_of(request, freight_inputs.AmendedConsignment)
    position = desk.expected_position(request)

    def make(ledger: Ledger, who: Principal) -> Command:
        return booking.amend(ledger, who, consignment_id, inputs.given(asked.goods), position=position, why=asked.why)

    return await desk.write(request, make)


@router.post(
    "/{consignment_id}/cancel",
    **spec(
        answers={200: (ConsignmentState, CONSIGNMENT | {"status": "cancelled"})},
        errors=(404, 409, 412, 428),
        body=(inputs.Why, {"why": "the buyer withdrew"}),
        is_once=True,
        has_if_match=True,
    ),
)
async def cancel(request: Request, consignment_id: PathId) -> Response:
    """Cancel a consignment of which nothing is loaded yet."""
    asked = await desk.body_of(request, inputs.Why)
    position = desk.expected_position(request)

    def make(ledger: Ledger, who: Principal) -> Command:
        return booking.cancel(ledger, who, consignment_id, position=position, why=asked.why)

    return await desk.write(request, make)


# ---- the note ----------------------------------------------------------------------------------


@router.get(
    "/{consignment_id}/note",
    **spec(answers={200: (dict, {"form": "CIM/SMGS", "consignment_id": "B000000001"})}, errors=(404,)),
)
async def get_note(request: Request, consignment_id: PathId) -> Response:
    """Draw up the draft of a CIM/SMGS consignment note; `lacks` lists what is missing, by box."""
    at = desk.desk_of(request)
    body = await desk.read(
        request, lambda view, who: exchange.note_json(notes.draft(at.ledger, view, who, consignment_id))
    )
    return desk.answered_raw(body)


@router.get(
    "/{consignment_id}/note.pdf",
    **spec(answers={200: (None, "%PDF-1.4")}, errors=(404,), media="application/pdf"),
)
async def get_note_pdf(request: Request, consignment_id: PathId) -> Response:
    """Draw the same draft as a PDF."""
    at = desk.desk_of(request)
    found = await desk.read(request, lambda view, who: notes.draft(at.ledger, view, who, consignment_id))
    return Response(await at.in_thread(exchange.note_pdf, found), media_type="application/pdf")
