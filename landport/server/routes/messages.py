"""Routes of messages and files: what happened, for the systems of others; packing lists and weeks in."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from landport.app.ledger import importing, messages, outlook
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.outlook import Outlook
from landport.app.ledger.projecting import WeekState
from landport.server import desk, paths, shapes
from landport.server.documents import spec
from landport.server.inputs import AfterPosition, Most
from landport.store import View

router = APIRouter(prefix="/api/v1", default_response_class=Response)

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""Media type of a workbook."""

NEXT: Final = "Landport-Next"
"""Header that says after which position to ask next time."""

Code = Annotated[
    str, Query(min_length=1, max_length=35, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="Code both agreed on.")
]
_EXAMPLES: Final = {
    "codeco": "UNA:+.? 'UNB+UNOC:3+PORT+LINE+260302:0810+LP17'UNZ+0+LP17'",
    "iftsta": "UNA:+.? 'UNB+UNOC:3+PORT+FORWARDER+260302:0810+LP17'UNZ+0+LP17'",
}
_EDIFACT: Final = "application/edifact"
_LD: Final = "application/ld+json"
_DEVIATION: Final = {"kind": "departed", "departure_id": "KHG-ALA-1@2026-03-03", "at_id": "URC", "minutes": 12}


def _edifact(kind: str) -> None:
    async def answer(
        request: Request, sender: Code, recipient: Code, after: AfterPosition = 0, most: Most = 100
    ) -> Response:
        at = desk.desk_of(request)

        def write(view: View, who: Principal) -> messages.Message:
            return messages.message(
                at.ledger, view, who, kind, after=after, most=most, sender=sender, recipient=recipient
            )

        return _sent(await desk.read(request, write), _EDIFACT)

    answer.__name__ = f"get_{kind}"
    answer.__doc__ = f"Write what happened after a position as {kind.upper()}; the header {NEXT} says where to go on."
    described = spec(answers={200: (None, _EXAMPLES[kind])}, media=_EDIFACT)
    router.get(f"/messages/{kind}", tags=["events"], **described)(answer)


for _kind in _EXAMPLES:
    _edifact(_kind)


@router.get(
    "/messages/epcis",
    tags=["events"],
    **spec(answers={200: (dict, {"type": "EPCISDocument", "schemaVersion": "2.0"})}, media=_LD),
)
async def get_epcis(request: Request, after: AfterPosition = 0, most: Most = 100) -> Response:
    """Write what happened after a position as an EPCIS 2.0 document; the header Landport-Next says where to go on."""
    at = desk.desk_of(request)
    found = await desk.read(
        request, lambda view, who: messages.message(at.ledger, view, who, "epcis", after=after, most=most)
    )
    return _sent(found, _LD)


def _sent(message: messages.Message, media: str) -> Response:
    return Response(message.written.content, media_type=media, headers={NEXT: str(message.next)})


@router.post(
    "/packing-lists",
    status_code=201,
    tags=["freight"],
    **spec(
        answers={
            201: (
                shapes.Imported,
                {"items": [{"reference": "LP-0001", "consignment_id": "B000000001"}], "remarks": []},
            )
        },
        errors=(413, 415),
        upload=XLSX,
        is_once=True,
    ),
)
async def import_list(request: Request) -> Response:
    """Book what a packing list in Excel has: all of it, or nothing; every wrong cell is told."""
    content = await _workbook(request)

    def make(ledger: Ledger, who: Principal) -> Command:
        return importing.import_list(ledger, who, content)

    return await desk.write(request, make, status=201)


@router.post(
    "/weeks",
    status_code=201,
    tags=["planning"],
    **spec(
        answers={201: (WeekState, {"week_id": "2026-03-02", "status": "open"})},
        errors=(409, 413, 415),
        upload=XLSX,
        is_once=True,
    ),
)
async def open_week(request: Request) -> Response:
    """Open the week of a scenario workbook, all but its bookings; the week that was open is closed."""
    content = await _workbook(request)

    def make(ledger: Ledger, who: Principal) -> Command:
        return importing.open_week_file(ledger, who, content)

    return await desk.write(request, make, status=201)


async def _workbook(request: Request) -> bytes:
    await desk.who(request)
    return await desk.sent(request, XLSX)


def _outlook(kind: str, shape: Any, example: dict[str, Any]) -> None:
    async def answer(request: Request) -> Response:
        at, subject_id = desk.desk_of(request), paths.named(request, kind)

        def read(view: View, who: Principal) -> Any:
            if kind == "container":
                return outlook.of_container(at.ledger, view, who, subject_id)
            return {"items": outlook.of_train(at.ledger, view, who, subject_id)}

        return desk.answered(await desk.read(request, read))

    answer.__name__ = f"get_{kind}_outlook"
    answer.__doc__ = f"Tell how a {kind} stands against its plan."
    described = spec(answers={200: (shape, example)}, errors=(404,))
    described["openapi_extra"]["parameters"] = [paths.parameter(kind)]
    router.get(f"/{kind}s/{{{kind}_id}}/outlook", tags=["movements"], **described)(answer)


_outlook(
    "container",
    Outlook,
    {
        "container_id": "C00017",
        "readiness": {"is_ready": False, "lacks": ["weighed"]},
        "eta": {"arrives_at": "2026-03-09T11:00:00Z", "delay_minutes": 12},
        "deviations": [_DEVIATION],
    },
)
_outlook("train", shapes.Deviations, {"items": [_DEVIATION]})
