"""Routes that tell whether the server is well."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.errors import StoreError
from landport.server import desk, shapes
from landport.server.documents import spec
from landport.store import EVERYBODY, log

router = APIRouter(tags=["port"], default_response_class=Response)


@router.get("/health/live", **spec(answers={200: (shapes.Health, {"status": "live", "position": 0})}, is_open=True))
async def live(request: Request) -> Response:
    """Tell that the server runs."""
    return desk.answered(shapes.Health("live"))


@router.get("/health/ready", **spec(answers={200: (shapes.Health, {"status": "ready", "position": 17})}, is_open=True))
async def ready(request: Request) -> Response:
    """Tell that the database answers; 503 while it does not, or while the server stops."""
    at = desk.desk_of(request)
    if at.is_stopping:
        raise StoreError("stopping", "the server stops: ask another one, or again in a moment")
    position = await at.in_thread(lambda: at.ledger.store.read(EVERYBODY, log.position))
    return desk.answered(shapes.Health("ready", position))


@router.get(
    "/metrics",
    **spec(answers={200: (None, "landport_log_position 17.0\n")}, is_open=True, media="text/plain"),
)
async def metrics(request: Request) -> Response:
    """Show metrics in the format of Prometheus."""
    at = desk.desk_of(request)
    return Response(await at.in_thread(at.metrics.text), media_type="text/plain; version=0.0.4; charset=utf-8")
