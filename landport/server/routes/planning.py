"""Routes of planning: quotes, plans, tasks, restriction orders."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger import committing, excepting, quoting, repairing
from landport.app.ledger.committing import Committed
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.moving import Moved
from landport.app.ledger.projecting import QuoteState
from landport.errors import NotFound
from landport.server import desk, inputs, planning_inputs
from landport.server.documents import spec
from landport.server.inputs import PathId
from landport.server.routes.movements import MOVED
from landport.store import View, blobs
from landport.track.states import TaskState

router = APIRouter(prefix="/api/v1", default_response_class=Response)

_COMMITTED: Final = {
    "digest": "9f2c",
    "position": 80,
    "n_containers": 212,
    "n_left": 3,
    "n_planned": 209,
    "n_withdrawn": 0,
    "closed": [],
}
_ORDER: Final[dict[str, Any]] = {
    "number": "441",
    "issuer": "KTZ",
    "place_id": "Dostyk",
    "from_at": "2026-03-04T00:00:00+05:00",
    "until_at": "2026-03-06T00:00:00+05:00",
    "text": "no empties",
}
_TASK: Final = {"task_id": "T000000031", "status": "closed", "how": "dismissed", "why": "seen to by telephone"}


# ---- quotes ------------------------------------------------------------------------------------


@router.post(
    "/quotes",
    status_code=201,
    tags=["freight"],
    **spec(
        answers={201: (QuoteState, {"quote_id": "Q000000002", "status": "given"})},
        errors=(404, 409),
        body=(
            planning_inputs.Question,
            {"origin_id": "URC", "destination_id": "ALM", "container_type": "40HC", "n_containers": 2},
        ),
        is_once=True,
    ),
)
async def quote(request: Request) -> Response:
    """Ask for prices: the cheapest, the fastest and the greenest way over the week's network."""
    asked = await desk.body_of(request, planning_inputs.Question)

    def make(ledger: Ledger, who: Principal) -> Command:
        return quoting.quote(ledger, who, quoting.Asking(**asked.model_dump()))

    return await desk.write(request, make, status=201)


# ---- plans -------------------------------------------------------------------------------------


@router.get(
    "/plans/{plan_id}/file",
    tags=["planning"],
    **spec(answers={200: (None, '{"schema": 1}')}, errors=(404,), media="application/json"),
)
async def plan_file(request: Request, plan_id: PathId) -> Response:
    """Read a plan that was made, committed or not, as a plan file."""

    def read(view: View, who: Principal) -> bytes:
        if who.owner is not None:
            raise NotFound("unknown-digest", "no plan is stored under this digest", (plan_id,))
        return blobs.get(view, plan_id)

    return desk.answered_raw(await desk.read(request, read))


@router.post(
    "/plans/{plan_id}/commit",
    tags=["planning"],
    **spec(answers={200: (Committed, _COMMITTED)}, errors=(404, 409), is_once=True),
)
async def commit_plan(request: Request, plan_id: PathId) -> Response:
    """Commit a plan that was made: it counts from here on, unless what it plans has changed meanwhile."""
    return await desk.write(request, lambda ledger, who: committing.commit(ledger, who, plan_id))


# ---- tasks -------------------------------------------------------------------------------------


@router.post(
    "/tasks/{task_id}/repair",
    tags=["planning"],
    **spec(answers={200: (Committed, _COMMITTED)}, errors=(404, 409), is_once=True),
)
async def repair_task(request: Request, task_id: PathId) -> Response:
    """Commit the repair that is proposed for a task; the task is closed."""
    return await desk.write(request, lambda ledger, who: repairing.repair(ledger, who, task_id))


@router.post(
    "/tasks/{task_id}/dismiss",
    tags=["planning"],
    **spec(
        answers={200: (TaskState, _TASK)},
        errors=(404, 409),
        body=(inputs.Why, {"why": "seen to by telephone"}),
        is_once=True,
    ),
)
async def dismiss_task(request: Request, task_id: PathId) -> Response:
    """Close a task without a repair."""
    asked = await desk.body_of(request, inputs.Why)
    return await desk.write(request, lambda ledger, who: repairing.dismiss(ledger, who, task_id, why=asked.why))


# ---- restriction orders ------------------------------------------------------------------------


@router.post(
    "/orders",
    status_code=201,
    tags=["planning"],
    **spec(
        answers={201: (Moved, MOVED | {"subject": "order/O000000040", "type": "OrderIssued", "status": "in_force"})},
        errors=(404, 409),
        body=(planning_inputs.NewOrder, _ORDER),
        is_once=True,
    ),
)
async def issue_order(request: Request) -> Response:
    """Enter a restriction order; its task is about every container planned past the place while it is in force."""
    asked = await desk.body_of(request, planning_inputs.NewOrder)

    def make(ledger: Ledger, who: Principal) -> Command:
        return excepting.issue_order(ledger, who, inputs.given(asked))

    return await desk.write(request, make, status=201)


@router.post(
    "/orders/{order_id}/lift",
    tags=["planning"],
    **spec(
        answers={200: (Moved, MOVED | {"subject": "order/O000000040", "type": "OrderLifted", "status": "lifted"})},
        errors=(404, 409),
        body=(inputs.Why, {"why": "telegram 442"}),
        is_once=True,
    ),
)
async def lift_order(request: Request, order_id: PathId) -> Response:
    """Lift a restriction order."""
    asked = await desk.body_of(request, inputs.Why)
    return await desk.write(request, lambda ledger, who: excepting.lift_order(ledger, who, order_id, why=asked.why))
