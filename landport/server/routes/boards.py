"""Routes of the public board: who is called, how many wait, when places are free. Nobody is asked who he is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger.people import TENANT
from landport.server import desk, gate_shapes
from landport.server.boards import Boards
from landport.server.documents import spec
from landport.server.gate_inputs import AnyBorder, Border, Tenant

router = APIRouter(prefix="/api/v1/board", tags=["border"], default_response_class=Response)


@router.get(
    "", **spec(answers={200: (gate_shapes.Boards, {"items": [gate_shapes.BOARD]})}, errors=(404,), is_open=True)
)
async def get_board(request: Request, border: AnyBorder = "", tenant: Tenant = TENANT) -> Response:
    """Show plates that are called, how many wait, and when places are free; no names. A few seconds old at most."""
    found = await _boards(request).boards(tenant, border)
    return desk.answered_raw(b'{"items":[' + b",".join(found) + b"]}")


@router.get("/keys", **spec(answers={200: (gate_shapes.BoardKeys, gate_shapes.KEYS)}, errors=(404,), is_open=True))
async def get_board_keys(request: Request, border: Border, tenant: Tenant = TENANT) -> Response:
    """Show the public keys by which a gate verifies codes without a network: `landport verify-qr --keys`."""
    return desk.answered_raw(await _boards(request).keys(tenant, border))


def _boards(request: Request) -> Boards:
    found = request.app.state.boards
    assert isinstance(found, Boards)
    return found
