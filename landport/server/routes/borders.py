"""Routes of border ports: published, called up, shut and opened again, counted, printed, merged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport import exchange
from landport.app.ledger.border import (
    board,
    counting,
    day_list,
    lanes,
    merging,
    planning,
    publishing,
    reading,
    shifting,
    taking,
)
from landport.app.ledger.border.shifting import Shifted
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.capacity import local_day
from landport.appointments.states import AppointmentState
from landport.exchange.day_rows import DayHead, DayRow
from landport.server import desk, gate_inputs, gate_shapes, inputs
from landport.server.documents import spec
from landport.server.gate_inputs import AnyChannel, By, FromDay, OneDay, UntilDay, WithCodes
from landport.server.inputs import PathId
from landport.server.routes.messages import XLSX
from landport.server.routes.states import APPOINTMENT
from landport.server.routes.windows import VISIT
from landport.store import View

router = APIRouter(prefix="/api/v1/borders", tags=["border"], default_response_class=Response)

CSV: Final = "text/csv"
"""Media type of a list of check-ins."""

CSV_BYTES: Final = 2_000_000
"""Most bytes of such a list."""

USUAL: Final = timedelta(days=6)
"""Days that are counted before the last, if nobody says how many."""

_FILLED: Final = {"border_id": "BKT", "n_opened": 560, "n_resized": 0}
_WALK_UP: Final = APPOINTMENT | {"status": "requested", "form": "queued", "window_id": "", "seat": 0}
_CALLED: Final = APPOINTMENT | {"status": "called", "called_at": "2026-03-03T04:02:00Z"}
_BOOKED: Final = {
    "container_id": "C00017",
    "departure_id": "TRUCK-URC-ALM@2026-03-03T08:00",
    "appointment_id": "G000000022",
    "window_id": "BKT.general.20260303T0400Z",
    "late_minutes": 0,
}
_MERGED: Final = {"row": 2, "appointment_id": "G000000022", "outcome": "checked_in", "why": ""}


@router.post(
    "",
    status_code=201,
    **spec(
        answers={201: (gate_shapes.Filled, _FILLED)},
        errors=(404, 409),
        body=(gate_inputs.Published, gate_shapes.BORDER),
        is_once=True,
    ),
)
async def publish_border(request: Request) -> Response:
    """Publish hours and rules of a border port, and open its windows; nobody loses a place by new hours."""
    asked = await desk.body_of(request, gate_inputs.Published)

    def make(ledger: Ledger, who: Principal) -> Command:
        who.expect_may("gate")
        said = exchange.border_toml(gate_inputs.port_of(asked))  # one set of checks, those of a file
        port = exchange.read_border(said, ledger.world.network.places, file="body")
        return publishing.publish(ledger, who, port)

    return await desk.write(request, make, status=201)


# ---- the controller's day ----------------------------------------------------------------------


@router.post(
    "/{border_id}/walk-ups",
    status_code=201,
    **spec(
        answers={201: (AppointmentState, _WALK_UP)},
        errors=(404, 409),
        body=(gate_inputs.WalkUp, {"channel": "general", "visit": VISIT}),
        is_once=True,
    ),
)
async def queue_walk_up(request: Request, border_id: PathId) -> Response:
    """Let a truck that came without an appointment join the end of the live queue."""
    asked = await desk.body_of(request, gate_inputs.WalkUp)

    def make(ledger: Ledger, who: Principal) -> Command:
        return taking.walk_up(ledger, who, border_id, asked.channel, inputs.given(asked.visit))

    return await desk.write(request, make, status=201)


@router.post(
    "/{border_id}/call",
    **spec(
        answers={200: (gate_shapes.Called, {"called": [_CALLED]})},
        errors=(404, 409),
        body=(gate_inputs.Call, {"channel": "general", "count": 1}),
        is_once=True,
    ),
)
async def call_trucks(request: Request, border_id: PathId) -> Response:
    """Call the next trucks up to the lanes of a channel, in the published order; perhaps there is none."""
    asked = await desk.body_of(request, gate_inputs.Call)

    def make(ledger: Ledger, who: Principal) -> Command:
        return lanes.call(ledger, who, border_id, asked.channel, count=asked.count)

    return await desk.write(request, make)


@router.get(
    "/{border_id}/queue",
    **spec(answers={200: (gate_shapes.LiveQueue, {"items": [gate_shapes.QUEUED]})}, errors=(404,)),
)
async def get_queue(request: Request, border_id: PathId) -> Response:
    """List the trucks at the gate, then those that wait, in the order in which they are called; for the port alone."""
    ledger = desk.desk_of(request).ledger
    rows = await _ports(request, lambda view: board.live_queue(ledger, view, border_id))
    return desk.answered({"items": rows})


@router.post(
    "/{border_id}/closures",
    status_code=201,
    **spec(
        answers={201: (Shifted, gate_shapes.SHIFTED)},
        errors=(404, 409),
        body=(
            gate_inputs.Closed,
            {
                "from_at": "2026-03-03T14:00:00+08:00",
                "until_at": "2026-03-03T20:00:00+08:00",
                "why": "customs over there are shut",
            },
        ),
        is_once=True,
    ),
)
async def close_border(request: Request, border_id: PathId) -> Response:
    """Shut a border for a time: everybody moves to later windows, in order, and nobody loses his place."""
    asked = await desk.body_of(request, gate_inputs.Closed)

    def make(ledger: Ledger, who: Principal) -> Command:
        return shifting.shift(ledger, who, border_id, asked.from_at, asked.until_at, why=asked.why)

    return await desk.write(request, make, status=201)


@router.post(
    "/{border_id}/reopen",
    **spec(
        answers={200: (gate_shapes.Filled, _FILLED)},
        errors=(404, 409),
        body=(gate_inputs.Reopened, {"at": "2026-03-03T16:00:00+08:00", "why": "open again"}),
        is_once=True,
    ),
)
async def reopen_border(request: Request, border_id: PathId) -> Response:
    """End closures earlier than was said; windows get their places back, nobody is moved again."""
    asked = await desk.body_of(request, gate_inputs.Reopened)
    return await desk.write(
        request, lambda ledger, who: shifting.reopen(ledger, who, border_id, asked.at, why=asked.why)
    )


@router.post(
    "/{border_id}/check-ins",
    **spec(
        answers={
            200: (
                gate_shapes.MergedList,
                {"items": [_MERGED], "n_checked_in": 1, "n_already": 0, "n_flagged": 0, "n_unknown": 0},
            )
        },
        errors=(404, 409, 413, 415),
        upload=CSV,
        is_once=True,
    ),
)
async def merge_check_ins(request: Request, border_id: PathId, day: OneDay = None) -> Response:
    """Take over the check-ins of a printed list or of `landport verify-qr`, all or none; what is odd is flagged."""
    await desk.who(request)
    content = await desk.sent(request, CSV, most=CSV_BYTES)

    def make(ledger: Ledger, who: Principal) -> Command:
        return merging.merge_file(ledger, who, border_id, content, on=day)

    return await desk.write(request, make)


@router.post(
    "/{border_id}/plan",
    **spec(
        answers={200: (gate_shapes.PlanBooked, {"booked": [_BOOKED], "cancelled": [], "left": []})},
        errors=(404, 409),
        is_once=True,
    ),
)
async def book_planned(request: Request, border_id: PathId) -> Response:
    """Book the trucks of the plan that counts, and cancel what it has no more; the server does so every minute, too."""

    def make(ledger: Ledger, who: Principal) -> Command:
        nothing: dict[str, Any] = {"booked": [], "cancelled": [], "left": []}
        return planning.book_plan(ledger, who, border_id) or (lambda _: nothing)

    return await desk.write(request, make)


# ---- counted and printed -----------------------------------------------------------------------


@router.get(
    "/{border_id}/figures",
    **spec(
        answers={
            200: (
                gate_shapes.Figures,
                {
                    "border_id": "BKT",
                    "zone": "Asia/Shanghai",
                    "rule": counting.RULE,
                    "items": [gate_shapes.FIGURES],
                },
            )
        },
        errors=(404,),
    ),
)
async def get_figures(
    request: Request,
    border_id: PathId,
    first: FromDay = None,
    last: UntilDay = None,
    by: By = "day",
    channel: AnyChannel = "",
) -> Response:
    """Count days or months, with the rule by which they are counted; for the port alone."""
    ledger = desk.desk_of(request).ledger

    def count(view: View) -> dict[str, Any]:
        until = last or local_day(reading.port(view, border_id), ledger.clock())
        return counting.figures(ledger, view, border_id, first or until - USUAL, until, by=by, channel=channel)

    return desk.answered(await _ports(request, count))


async def get_day_list_pdf(
    request: Request, border_id: PathId, day: OneDay = None, codes: WithCodes = False
) -> Response:
    """Draw the appointments of a local day, to be let in by while the system is down; for the port alone."""
    return await _printed(request, border_id, day, codes, exchange.day_list_pdf, "application/pdf")


async def get_day_list_xlsx(
    request: Request, border_id: PathId, day: OneDay = None, codes: WithCodes = False
) -> Response:
    """Write the same list as a workbook, with a sheet to type check-ins into."""
    return await _printed(request, border_id, day, codes, exchange.day_list_xlsx, XLSX)


def _printing(path: str, answer: Any, media: str, example: str) -> None:
    router.get(path, **spec(answers={200: (None, example)}, errors=(404,), media=media))(answer)


_printing("/{border_id}/day-list.pdf", get_day_list_pdf, "application/pdf", "%PDF-1.4")
_printing("/{border_id}/day-list.xlsx", get_day_list_xlsx, XLSX, "PK")


async def _printed(
    request: Request,
    border_id: str,
    day: OneDay,
    has_codes: bool,
    write: Callable[[list[DayRow], DayHead], bytes],
    media: str,
) -> Response:
    at = desk.desk_of(request)
    rows, head = await _ports(
        request, lambda view: day_list.day_list(at.ledger, view, border_id, day, has_codes=has_codes)
    )
    return Response(await at.in_thread(write, rows, head), media_type=media)


async def _ports(request: Request, work: Callable[[View], Any]) -> Any:
    """Read what only the port's people see."""

    def reading_(view: View, who: Principal) -> Any:
        reading.expect_port(who)
        return work(view)

    return await desk.read(request, reading_)
