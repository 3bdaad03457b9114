"""Routes of jobs: plans and repairs are made in worker processes; whoever asks for one gets a job to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger import jobs as runner
from landport.app.ledger.desk import Done, Principal
from landport.errors import NotFound
from landport.server import desk, planning_inputs, shapes
from landport.server.documents import spec
from landport.server.inputs import Most, PathId
from landport.store import View, jobs

router = APIRouter(prefix="/api/v1", tags=["planning"], default_response_class=Response)

_JOB: Final[dict[str, Any]] = {
    "job_id": "J-0a1b2c3d4e5f6071",
    "kind": "plan",
    "status": "queued",
    "progress": "",
    "request": {"effort": "quick", "seed": 0},
    "result": None,
    "actor": "A1b2c3d4e5f6",
    "created_at": "2026-03-02T08:00:00Z",
    "started_at": None,
    "finished_at": None,
}


@router.get("/jobs", **spec(answers={200: (shapes.Jobs, {"items": [_JOB]})}))
async def list_jobs(request: Request, most: Most = 100) -> Response:
    """List jobs, the newest first; a forwarder sees none."""

    def page(view: View, who: Principal) -> list[dict[str, Any]]:
        return [] if who.owner is not None else [runner.shown(job) for job in jobs.page(view, most=most)]

    return desk.answered({"items": await desk.read(request, page)})


@router.get("/jobs/{job_id}", **spec(answers={200: (shapes.JobShown, _JOB)}, errors=(404,)))
async def get_job(request: Request, job_id: PathId) -> Response:
    """Read how far a job is, and what came of it: a digest to commit, or the code of an error."""

    def read(view: View, who: Principal) -> dict[str, Any]:
        if who.owner is not None:
            raise NotFound("unknown-job", f"no job {job_id}", (job_id,))
        return runner.shown(runner.find(view, job_id))

    return desk.answered(await desk.read(request, read))


@router.post(
    "/plans",
    status_code=202,
    **spec(
        answers={202: (shapes.JobShown, _JOB)},
        errors=(404, 409),
        body=(planning_inputs.NewPlan, {"effort": "quick", "commits": False}),
        is_once=True,
    ),
)
async def start_plan(request: Request) -> Response:
    """Begin to make a plan of what is now; one at a time for each tenant."""
    asked = await desk.body_of(request, planning_inputs.NewPlan)
    wanted = runner.Request(effort=asked.effort, seed=asked.seed, seconds=asked.seconds, commits=asked.commits)
    return await _begun(request, wanted)


@router.post(
    "/tasks/{task_id}/proposal",
    status_code=202,
    **spec(
        answers={202: (shapes.JobShown, _JOB | {"kind": "repair"})},
        errors=(404, 409),
        body=(planning_inputs.NewRepair, {"effort": "quick"}),
        is_once=True,
    ),
)
async def start_repair(request: Request, task_id: PathId) -> Response:
    """Begin to look for the cheapest repair by planning again; what is found is proposed for the task."""
    asked = await desk.body_of(request, planning_inputs.NewRepair)
    wanted = runner.Request(kind="repair", task_id=task_id, effort=asked.effort, seed=asked.seed, seconds=asked.seconds)
    return await _begun(request, wanted)


@router.post(
    "/jobs/{job_id}/cancel",
    **spec(answers={200: (shapes.JobShown, _JOB | {"status": "cancelled"})}, errors=(404, 409), is_once=True),
)
async def cancel_job(request: Request, job_id: PathId) -> Response:
    """Cancel a job; its worker is killed."""
    at: runner.JobRunner = request.app.state.jobs
    return await _done(request, lambda who, key, raw: at.cancel(who, job_id, key=key, raw=raw), 200)


async def _begun(request: Request, wanted: runner.Request) -> Response:
    at: runner.JobRunner = request.app.state.jobs
    return await _done(request, lambda who, key, raw: at.start(who, wanted, key=key, raw=raw), 202)


async def _done(request: Request, work: Callable[[Principal, str, bytes], Done], status: int) -> Response:
    asker = await desk.who(request)
    key, raw = request.headers.get("idempotency-key", ""), await desk.asked_bytes(request)
    done = await desk.desk_of(request).in_thread(work, asker, key, raw)
    return desk.answered_done(done, status=status)
