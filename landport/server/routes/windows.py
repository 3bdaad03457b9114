"""Routes of windows: what is left of them, places held and booked."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger.border import listing, taking
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.states import AppointmentState
from landport.server import desk, gate_inputs, inputs, paths
from landport.server.documents import spec
from landport.server.gate_inputs import AnyChannel, Border, From, Until
from landport.server.gate_shapes import WINDOW, Windows
from landport.server.routes.states import APPOINTMENT, Kind, Quick, history, quick

router = APIRouter(prefix="/api/v1/windows", tags=["border"], default_response_class=Response)

VISIT: Final = {
    "tractor": "新A 12345",
    "trailer": "新B678挂",
    "document_kind": "TIR",
    "document": "XK12345678",
}
"""Example of a visit."""

HELD: Final = APPOINTMENT | {"status": "requested", "form": "hold", "held_until_at": "2026-03-02T08:03:00Z"}


@router.get("", **spec(answers={200: (Windows, {"items": [WINDOW], "next": None})}, errors=(404,)))
async def list_windows(
    request: Request, border: Border, channel: AnyChannel = "", from_at: From = None, until_at: Until = None
) -> Response:
    """List the windows of a border port, what is left of each, and how long the wait will be; 31 days at most."""
    ledger = desk.desk_of(request).ledger
    rows = await desk.read(
        request,
        lambda view, _: listing.list_windows(ledger, view, border, channel=channel, from_at=from_at, until_at=until_at),
    )
    return desk.answered({"items": rows, "next": None})


async def get_window(request: Request) -> Response:
    """Read a window: what is left of it, and how long the wait will be."""
    window_id, ledger = paths.named(request, "window"), desk.desk_of(request).ledger
    return desk.answered(await desk.read(request, lambda view, _: listing.one_window(ledger, view, window_id)))


_described = spec(answers={200: (listing.WindowRow, WINDOW)}, errors=(404,))
_described["openapi_extra"]["parameters"] = [paths.parameter("window")]
router.get("/{window_id}", **_described)(get_window)
history(Kind("window", "windows", "border", listing.WindowRow, WINDOW))


async def book_window(request: Request) -> Response:
    """Book a truck into a window; it is on the disk when it is answered. Never more trucks than places: 409 then."""
    window_id = paths.named(request, "window")
    asked = await desk.body_of(request, gate_inputs.NewAppointment)

    def make(ledger: Ledger, who: Principal) -> Command:
        fields = inputs.given(asked)
        held, waits = fields.pop("appointment_id", ""), fields.pop("waits", False)
        return taking.book(ledger, who, window_id, fields, appointment_id=held, waits=waits)

    return await desk.write(request, make, status=201, is_quick=True)


async def hold_place(request: Request) -> Response:
    """Hold a place for three minutes at most, one for each enterprise; it ends by itself."""
    window_id = paths.named(request, "window")
    asked = await desk.body_of(request, gate_inputs.NewHold)

    def make(ledger: Ledger, who: Principal) -> Command:
        return taking.hold(ledger, who, window_id, enterprise_id=asked.enterprise_id)

    return await desk.write(request, make, status=201, is_quick=True)


def _write(path: str, answer: Any, example: Any, body: Any) -> None:
    described = spec(answers={201: (AppointmentState, example)}, errors=(404, 409, 429), body=body, is_once=True)
    described["openapi_extra"]["parameters"].append(paths.parameter("window"))
    router.post(path, status_code=201, **described)(answer)


_write("/{window_id}/appointments", book_window, APPOINTMENT, (gate_inputs.NewAppointment, VISIT))
_write("/{window_id}/holds", hold_place, HELD, (gate_inputs.NewHold, {"enterprise_id": "P0a1b2c3d4e5"}))
quick.insert(0, Quick("/api/v1/windows/{window_id}/appointments", book_window, methods=["POST"]))
