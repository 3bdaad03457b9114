"""Routes of appointments: changed before the truck comes, followed at the gate; their codes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from landport import exchange
from landport.app.ledger.border import changing, codes, gate
from landport.app.ledger.border.codes import Code
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.states import AppointmentState
from landport.server import desk, gate_inputs, inputs, paths
from landport.server.documents import spec
from landport.server.routes.states import APPOINTMENT

router = APIRouter(prefix="/api/v1/appointments", tags=["border"], default_response_class=Response)

Use = Callable[[Ledger, Principal, str, Any], Command]
SVG: Final = "image/svg+xml"
_CODE: Final = {
    "appointment_id": "G000000022",
    "border_id": "BKT",
    "version": 22,
    "key_id": "139e3940",
    "opens_at": "2026-03-03T04:00:00Z",
    "closes_at": "2026-03-03T05:00:00Z",
    "code": "LP1.139e3940.WyJCS1QiXQ.c2lnbmF0dXJl",
}


# ---- what becomes of one -----------------------------------------------------------------------


def _reschedule(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Take a place in another window and give the one before back, both or neither."""
    return changing.reschedule(ledger, who, appointment_id, asked.window_id, why=asked.why)


def _cancel(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Give up an appointment, a hold, or a place on a waiting list or in the live queue; late, it is a strike."""
    return changing.cancel(ledger, who, appointment_id, why=asked.why)


def _change_visit(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Change tractor, driver, permit, document or application; the trailer only by a controller, with a reason."""
    fields = inputs.given(asked)
    why = fields.pop("why", "")
    return changing.change_visit(ledger, who, appointment_id, fields, why=why)


def _present(ledger: Ledger, who: Principal, appointment_id: str, _: Any) -> Command:
    """Note that a truck stands in the waiting area."""
    return gate.present(ledger, who, appointment_id)


def _check_in(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Let a truck in at the gate, by the code that it shows or by hand; one that was not called is called by this."""
    return codes.check_in(ledger, who, appointment_id, tractor=asked.tractor, code=asked.code)


def _inspect(ledger: Ledger, who: Principal, appointment_id: str, _: Any) -> Command:
    """Note that customs look into a truck."""
    return gate.inspect(ledger, who, appointment_id)


def _hold(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Note that customs keep a truck, with the reason."""
    return gate.keep(ledger, who, appointment_id, why=asked.why)


def _clear(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Let a truck cross; its application, if it has one, must be accepted."""
    return gate.clear(ledger, who, appointment_id, reference=asked.reference)


def _turn_back(ledger: Ledger, who: Principal, appointment_id: str, asked: Any) -> Command:
    """Send a truck back, with the reason."""
    return gate.turn_back(ledger, who, appointment_id, why=asked.why)


def _miss(ledger: Ledger, who: Principal, appointment_id: str, _: Any) -> Command:
    """Note that a truck did not come within its grace; its enterprise gets a strike."""
    return gate.missed(ledger, who, appointment_id)


def _step(word: str, use: Use, body: tuple[type[BaseModel], Any] | None, **becomes: Any) -> None:
    """Add a route that changes an appointment; no body: the address says all."""

    async def answer(request: Request) -> Response:
        appointment_id = paths.named(request, "appointment")
        asked = await desk.body_of(request, body[0]) if body else None
        return await desk.write(request, lambda ledger, who: use(ledger, who, appointment_id, asked), is_quick=True)

    answer.__name__ = f"{word.replace('-', '_')}_appointment"
    answer.__doc__ = use.__doc__
    described = spec(
        answers={200: (AppointmentState, APPOINTMENT | becomes)},
        errors=(404, 409, 429) if use in (_reschedule, _change_visit) else (404, 409),
        body=body,
        is_once=True,
    )
    described["openapi_extra"]["parameters"].append(paths.parameter("appointment"))
    router.post(f"/{{appointment_id}}/{word}", **described)(answer)


_LATER: Final = {"window_id": "BKT.general.20260303T0500Z"}
_step("reschedule", _reschedule, (gate_inputs.Moved, _LATER), **_LATER)
_step("visit", _change_visit, (gate_inputs.ChangedVisit, {"tractor": "新A 67890"}))
_step("present", _present, None, presented_at="2026-03-03T03:50:00Z")
_step("check-in", _check_in, (gate_inputs.CheckedIn, {"tractor": "新A 12345"}), status="arrived")
_step("inspect", _inspect, None, status="under_inspection")
_step("hold", _hold, (inputs.Why, {"why": "seal is broken"}), status="held", why="seal is broken")
_step("clear", _clear, (gate_inputs.Accepted, {"reference": "R-17"}), status="cleared", reference="R-17")
_step("turn-back", _turn_back, (inputs.Why, {"why": "no permit"}), status="turned_back", why="no permit")
_step("miss", _miss, None, status="no_show")
_step("cancel", _cancel, (inputs.Why, {"why": "the buyer withdrew"}), status="cancelled")


# ---- codes -------------------------------------------------------------------------------------


async def _code(request: Request) -> bytes:
    appointment_id, at = paths.named(request, "appointment"), desk.desk_of(request)
    who = await desk.who(request)
    done = await asyncio.wrap_future(at.ledger.submit(who, codes.code(at.ledger, who, appointment_id)))
    return done.body


async def get_code(request: Request) -> Response:
    """Read the signed code that a driver shows at the gate; a change of window or truck makes it out of date."""
    return desk.answered_raw(await _code(request))


async def get_code_svg(request: Request) -> Response:
    """Draw the same code as a QR code."""
    found = msgspec.json.decode(await _code(request), type=Code)
    drawn = await desk.desk_of(request).in_thread(exchange.qr_svg, found.code)
    return Response(drawn, media_type=SVG)


def _read(path: str, answer: Any, described: dict[str, Any]) -> None:
    described["openapi_extra"]["parameters"] = [paths.parameter("appointment")]
    router.get(path, **described)(answer)


_read("/{appointment_id}/code", get_code, spec(answers={200: (Code, _CODE)}, errors=(404, 409)))
_read(
    "/{appointment_id}/code.svg",
    get_code_svg,
    spec(answers={200: (None, "<svg/>")}, errors=(404, 409), media=SVG),
)
