"""Routes of events: the log as a list, and as a stream."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from landport.app.ledger import watching
from landport.app.ledger.desk import Principal
from landport.errors import InputError
from landport.server import desk, shapes
from landport.server.documents import spec
from landport.server.inputs import MOST_INTEGER, AfterPosition, Most
from landport.server.routes.states import EVENT
from landport.server.streaming import EventStream, Listener
from landport.store import View

router = APIRouter(prefix="/api/v1", tags=["events"], default_response_class=Response)


@router.get("/events", **spec(answers={200: (shapes.Events, {"items": [EVENT], "next": 17})}))
async def list_events(request: Request, after: AfterPosition = 0, most: Most = 100) -> Response:
    """List what happened after a position, oldest first; a forwarder sees what concerns its freight."""

    def page(view: View, who: Principal) -> dict[str, Any]:
        found, last = watching.events(view, who, after=after, most=most)
        return {"items": found, "next": last}

    return desk.answered(await desk.read(request, page))


@router.get(
    "/stream",
    **spec(
        answers={200: (None, "id: 17\nevent: ContainerGatedIn\ndata: {}\n\n")},
        errors=(429,),
        media="text/event-stream",
    ),
)
async def stream(
    request: Request,
    after: Annotated[
        int | None, Query(ge=0, le=MOST_INTEGER, description="Begin after this position; none: with what happens next.")
    ] = None,
    last_event_id: Annotated[
        str | None, Header(max_length=16, pattern=r"^\d*$", description="Sent by a browser that comes back.")
    ] = None,
) -> Response:
    """Listen to what happens, as server-sent events: the id is the position, the event the type, the data the event."""
    at = desk.desk_of(request)
    who = await desk.who(request)
    who.expect_may("read")
    begin = int(last_event_id) if last_event_id else after
    if begin is not None and begin > MOST_INTEGER:
        raise InputError("input", "expected a position as Last-Event-ID")
    request.app.state.tails.expect_room(who)
    listener = Listener(who, desk.token_of(request))
    return EventStream(at, request.app.state.tails.of(who.tenant_id), listener, begin)
