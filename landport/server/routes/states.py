"""Routes that read states: what is known now of a subject, lists of them, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import GenericAlias
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from landport.app.ledger import watching
from landport.app.ledger.desk import Principal, open_to_all, seen
from landport.app.ledger.projecting import PlanState, QuoteState, WeekState
from landport.appointments import states as gated
from landport.server import desk, paths, shapes
from landport.server.documents import spec
from landport.server.inputs import After, AfterPosition, Most, Status
from landport.store import View, states
from landport.track import states as tracked

router = APIRouter(prefix="/api/v1", default_response_class=Response)

EVENT: Final = {
    "position": 17,
    "event_id": "E000000017",
    "tenant_id": "port",
    "stream": "container/C00017",
    "version": 2,
    "type": "ContainerGatedIn",
    "type_version": 1,
    "happened_at": "2026-03-02T08:10:00Z",
    "recorded_at": "2026-03-02T08:10:02Z",
    "actor": "K1b2c3d4e5f6",
    "cause": "",
    "about": ["consignment/B000000001", "truck/A123BC"],
    "payload": {"at_id": "URC", "truck": "A123BC", "driver_id": ""},
    "hash": "5f0c",
}
"""Example of an event."""


class Quick(Route):
    """A route beside FastAPI's own of the same address, which would take longer than the database."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell who answers, as FastAPI's routes do: for the log and the metrics."""
        match, found = super().matches(scope)
        if match is Match.FULL:
            found["route"] = self
        return match, found


quick: Final[list[Quick]] = []
"""Routes that are asked most; they come before all others."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject whose states are read.

    Parameters
    ----------
    is_public
        Whether forwarders see all of them, too; what happened to them stays the port's.
    """

    kind: str
    plural: str
    tag: str
    shape: Any
    example: Mapping[str, Any]
    is_public: bool = False


CONSIGNMENT: Final = {
    "consignment_id": "B000000001",
    "status": "booked",
    "updated_at": "2026-03-02T08:00:00Z",
    "forwarder_id": "P0a1b2c3d4e5",
    "shipper_id": "P1a1b2c3d4e5",
    "consignee_id": "P2a1b2c3d4e5",
    "destination_id": "ALM",
    "booked_at": "2026-03-02T08:00:00Z",
}
"""Example of a consignment."""

APPLICATION: Final = {
    "application_id": "L000000021",
    "status": "applied",
    "made_at": "2026-03-02T08:00:00Z",
    "application": {
        "border_id": "BKT",
        "enterprise_id": "P0a1b2c3d4e5",
        "declaration": "9001-2026-000017",
        "direction": "out",
        "hs": "0702",
        "goods": "tomatoes",
        "expected_at": "2026-03-03T04:00:00Z",
        "shift": "in_hours",
        "n_trucks": 2,
    },
}
"""Example of a clearance application."""

APPOINTMENT: Final = {
    "appointment_id": "G000000022",
    "status": "confirmed",
    "border_id": "BKT",
    "channel": "general",
    "window_id": "BKT.general.20260303T0400Z",
    "seat": 1,
    "opens_at": "2026-03-03T04:00:00Z",
    "closes_at": "2026-03-03T05:00:00Z",
    "visit": {"enterprise_id": "P0a1b2c3d4e5", "tractor": "新A12345", "trailer": "新B678挂"},
    "version": 22,
}
"""Example of an appointment."""

KINDS: Final = (
    Kind("consignment", "consignments", "freight", tracked.ConsignmentState, CONSIGNMENT),
    Kind("quote", "quotes", "freight", QuoteState, {"quote_id": "Q000000002", "status": "given"}),
    Kind(
        "container",
        "containers",
        "movements",
        tracked.ContainerState,
        {"container_id": "C00017", "status": "gated_in", "at_id": "URC", "gated_in_at": "2026-03-02T08:10:00Z"},
    ),
    Kind(
        "train",
        "trains",
        "movements",
        tracked.TrainState,
        {"departure_id": "KHG-ALA-1@2026-03-03", "status": "planned", "containers": ["C00017"]},
    ),
    Kind("wagon", "wagons", "movements", tracked.WagonState, {"wagon": "50701077", "status": "placed", "seq": 3}),
    Kind(
        "truck",
        "trucks",
        "movements",
        tracked.TruckState,
        {"truck": "A123BC", "status": "gated_in", "at_id": "URC", "container_id": "C00017"},
    ),
    Kind(
        "task",
        "tasks",
        "planning",
        tracked.TaskState,
        {"task_id": "T000000031", "status": "open", "exception": "CustomsHeld", "event_id": "E000000031"},
    ),
    Kind("order", "orders", "planning", tracked.OrderState, {"order_id": "O000000040", "status": "in_force"}),
    Kind("plan", "plans", "planning", PlanState, {"digest": "9f2c", "status": "committed", "week_id": "W10"}),
    Kind("week", "weeks", "planning", WeekState, {"week_id": "W10", "status": "open", "plan_digest": "9f2c"}),
    Kind("application", "applications", "border", gated.ApplicationState, APPLICATION),
    Kind("appointment", "appointments", "border", gated.AppointmentState, APPOINTMENT),
    Kind("border", "borders", "border", gated.BorderState, {"border_id": "BKT", "status": "published"}, is_public=True),
)
"""Kinds that have routes."""


def etag(position: int) -> dict[str, str]:
    """Write the version of a state as headers have it."""
    return {"ETag": f'"E{position}"'}


def _page(kind: Kind) -> type[msgspec.Struct]:
    fields = [("items", GenericAlias(list, (kind.shape,))), ("next", str | None)]
    name = f"{kind.plural.capitalize()}Page"
    return msgspec.defstruct(name, fields, namespace={"__doc__": f"A page of {kind.plural}; `next`: the cursor."})


def _list(kind: Kind) -> None:
    async def answer(request: Request, after: After = "", most: Most = 100, status: Status = None) -> Response:
        def page(view: View, who: Principal) -> tuple[list[bytes], str]:
            wanted = tuple(status or ())
            owner = None if kind.is_public else who.owner
            found = states.page(view, kind.kind, after=after, most=most, statuses=wanted, owner=owner)
            return [f.document for f in found], found[-1].subject_id if len(found) == most else ""

        documents, following = await desk.read(request, page)
        return desk.answered_raw(desk.joined(documents, following or None))

    answer.__name__ = f"list_{kind.plural}"
    whose = "everybody of the port sees all" if kind.is_public else "a forwarder sees its own alone"
    answer.__doc__ = f"List {kind.plural} in order of id; {whose}."
    described = spec(answers={200: (_page(kind), {"items": [kind.example], "next": None})})
    router.get(f"/{kind.plural}", tags=[kind.tag], **described)(answer)


def _get(kind: Kind) -> None:
    async def answer(request: Request) -> Response:
        subject_id = paths.named(request, kind.kind)
        find = open_to_all if kind.is_public else seen
        found = await desk.read(request, lambda view, who: find(view, who, kind.kind, subject_id))
        tag = etag(found.position)
        if request.headers.get("if-none-match") == tag["ETag"]:
            return Response(status_code=304, headers=tag)
        return desk.answered_raw(found.document, tag)

    answer.__name__ = f"get_{kind.kind}"
    answer.__doc__ = f"Read what is known of a {kind.kind}; its ETag serves to change it."
    described = spec(answers={200: (kind.shape, kind.example), 304: (None, None)}, errors=(404,))
    described["openapi_extra"]["parameters"] = [paths.parameter(kind.kind)]
    path = f"/{kind.plural}/{{{kind.kind}_id}}"
    router.get(path, tags=[kind.tag], **described)(answer)
    quick.append(Quick(f"/api/v1{path}", answer, methods=["GET"]))


def history(kind: Kind) -> None:
    """Add the route that lists what happened to a subject of a kind."""

    async def answer(request: Request, after: AfterPosition = 0, most: Most = 100) -> Response:
        subject_id = paths.named(request, kind.kind)

        def page(view: View, who: Principal) -> dict[str, Any]:
            seen(view, who, kind.kind, subject_id)
            found, last = watching.history(view, who, kind.kind, subject_id, after=after, most=most)
            return {"items": found, "next": last}

        return desk.answered(await desk.read(request, page))

    answer.__name__ = f"list_{kind.kind}_events"
    answer.__doc__ = f"List what happened to a {kind.kind}, oldest first."
    described = spec(answers={200: (shapes.Events, {"items": [EVENT], "next": 17})}, errors=(404,))
    described["openapi_extra"]["parameters"] = [paths.parameter(kind.kind)]
    router.get(f"/{kind.plural}/{{{kind.kind}_id}}/events", tags=[kind.tag], **described)(answer)


for _kind in KINDS:
    _list(_kind)
    _get(_kind)
    history(_kind)
