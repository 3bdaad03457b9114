"""Routes of parties: shippers, consignees, forwarders."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger import parties
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.server import desk, inputs, shapes
from landport.server.documents import spec
from landport.server.inputs import After, Most, PathId

router = APIRouter(prefix="/api/v1/parties", tags=["people"], default_response_class=Response)

_PARTY: Final = {
    "party_id": "P0a1b2c3d4e5",
    "kind": "firm",
    "name": "Steppe Forwarding",
    "contact": "desk@steppe.example",
    "is_erased": False,
    "created_at": "2026-03-02T08:00:00Z",
}
_NAMED: Final = {"party_id": "P0a1b2c3d4e5"}


@router.get("", **spec(answers={200: (shapes.Parties, {"items": [_PARTY], "next": None})}))
async def list_parties(request: Request, after: After = "", most: Most = 100) -> Response:
    """List parties in order of id; a forwarder sees itself and those it named."""
    found = await desk.ask(request, lambda ledger, who: parties.parties(ledger, who, after=after, most=most))
    return desk.answered({"items": found, "next": found[-1]["party_id"] if len(found) == most else None})


@router.post(
    "",
    status_code=201,
    **spec(
        answers={201: (shapes.PartyNamed, _NAMED)},
        body=(inputs.NewParty, {"kind": "firm", "name": "Steppe Forwarding", "contact": "desk@steppe.example"}),
        is_once=True,
    ),
)
async def add_party(request: Request) -> Response:
    """Name a party."""
    asked = await desk.body_of(request, inputs.NewParty)

    def make(ledger: Ledger, who: Principal) -> Command:
        return parties.add_party(ledger, who, asked.kind, asked.name, asked.contact)

    return await desk.write(request, make, status=201)


@router.get("/{party_id}", **spec(answers={200: (shapes.PartyShown, _PARTY)}, errors=(404,)))
async def get_party(request: Request, party_id: PathId) -> Response:
    """Read a party."""
    return desk.answered(await desk.ask(request, lambda ledger, who: parties.party(ledger, who, party_id)))


@router.patch(
    "/{party_id}",
    **spec(
        answers={200: (shapes.PartyNamed, _NAMED)},
        errors=(404, 409),
        body=(inputs.ChangedParty, {"contact": "night@steppe.example"}),
        is_once=True,
    ),
)
async def change_party(request: Request, party_id: PathId) -> Response:
    """Give a party another name or contact."""
    asked = await desk.body_of(request, inputs.ChangedParty)

    def make(ledger: Ledger, who: Principal) -> Command:
        return parties.change_party(ledger, who, party_id, asked.name, asked.contact)

    return await desk.write(request, make)


@router.post(
    "/{party_id}/erase",
    **spec(
        answers={200: (shapes.PartyNamed, _NAMED)},
        errors=(404,),
        body=(inputs.Why, {"why": "the person asked for it"}),
        is_once=True,
    ),
)
async def erase_party(request: Request, party_id: PathId) -> Response:
    """Erase a party's name and contacts for good; its id stays in the log."""
    asked = await desk.body_of(request, inputs.Why)
    return await desk.write(request, lambda ledger, who: parties.erase_party(ledger, who, party_id, asked.why))
