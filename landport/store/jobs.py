"""Jobs: long work as rows, one live one a tenant; and the servers that are alive to do it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from landport.errors import Conflict
from landport.store import chain
from landport.store.session import EVERYBODY, Tx, View
from landport.store.tables import JOB, SERVER

LIVE: Final = ("queued", "running")
"""Statuses of a job that is not over."""

MOST: Final = 500
"""Jobs on one page at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Long work.

    Parameters
    ----------
    status
        queued, running, done, failed, cancelled or interrupted.
    request, result
        JSON; the result of what failed has its code and message.
    progress
        Stage that it is at.
    owner
        Server that does it.
    """

    job_id: str
    tenant_id: str
    kind: str
    status: str
    request: str
    progress: str
    result: str
    actor: str
    owner: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def add(tx: Tx, *, job_id: str, kind: str, request: str, owner: str) -> Job:
    """Queue a job.

    Raises
    ------
    Conflict
        `job-running`: the tenant has a live one.
    """
    live = view_live(tx)
    if live is not None:
        text = f"job {live.job_id} ({live.kind}) is {live.status}: wait for it, or cancel it"
        raise Conflict("job-running", text, (live.job_id,))
    row = {
        "job_id": job_id,
        "tenant_id": tx.tenant_id,
        "kind": kind,
        "status": "queued",
        "request": request,
        "progress": "",
        "result": "",
        "actor": tx.actor,
        "owner": owner,
        "created_at": chain.micros(tx.now),
    }
    tx.connection.execute(insert(JOB), row)
    return _job(tx.connection.execute(tx.of(JOB).where(JOB.c.job_id == job_id)).one())


def find(view: View, job_id: str) -> Job | None:
    """Find a job of the tenant."""
    row = view.connection.execute(view.of(JOB).where(JOB.c.job_id == job_id)).first()
    return None if row is None else _job(row)


def view_live(view: View) -> Job | None:
    """Find the tenant's live job."""
    row = view.connection.execute(view.of(JOB).where(JOB.c.status.in_(LIVE))).first()
    return None if row is None else _job(row)


def page(view: View, *, most: int = 100) -> tuple[Job, ...]:
    """List the tenant's jobs, the newest first."""
    found = view.of(JOB).order_by(JOB.c.created_at.desc(), JOB.c.job_id.desc()).limit(min(most, MOST))
    return tuple(_job(row) for row in view.connection.execute(found))


def begin(tx: Tx, job_id: str) -> bool:
    """Say that a job runs; answers whether it is live. Once more changes little, for who did not hear the answer."""
    return _change(tx, job_id, {"status": "running", "started_at": chain.micros(tx.now)})


def say(tx: Tx, job_id: str, progress: str) -> bool:
    """Say at which stage a running job is; answers whether it is live."""
    return _change(tx, job_id, {"progress": progress})


def finish(tx: Tx, job_id: str, status: str, result: str) -> bool:
    """Say what came of a job; answers whether it was live until now."""
    values = {"status": status, "result": result, "finished_at": chain.micros(tx.now)}
    return _change(tx, job_id, values)


def _change(tx: Tx, job_id: str, values: dict[str, Any]) -> bool:
    tx.expect_tenant()
    mine = update(JOB).where(JOB.c.tenant_id == tx.tenant_id, JOB.c.job_id == job_id, JOB.c.status.in_(LIVE))
    return tx.connection.execute(mine.values(**values)).rowcount == 1


# ---- servers -----------------------------------------------------------------------------------


def beat(tx: Tx, instance_id: str) -> None:
    """Say that a server is alive."""
    _expect_everybody(tx)
    at = chain.micros(tx.now)
    changed = tx.connection.execute(update(SERVER).where(SERVER.c.instance_id == instance_id).values(seen_at=at))
    if changed.rowcount == 0:
        tx.connection.execute(insert(SERVER), {"instance_id": instance_id, "started_at": at, "seen_at": at})


def leave(tx: Tx, instance_id: str) -> None:
    """Say that a server is gone."""
    _expect_everybody(tx)
    tx.connection.execute(delete(SERVER).where(SERVER.c.instance_id == instance_id))


def signs(tx: Tx) -> dict[str, int]:
    """Read the last sign of life of each server, as it wrote it down."""
    _expect_everybody(tx)
    return {row[0]: row[1] for row in tx.connection.execute(select(SERVER.c.instance_id, SERVER.c.seen_at))}


def live_of(tx: Tx, instance_id: str) -> frozenset[str]:
    """List the live jobs of a server, whosever they are."""
    _expect_everybody(tx)
    mine = select(JOB.c.job_id).where(JOB.c.status.in_(LIVE), JOB.c.owner == instance_id)
    return frozenset(tx.connection.execute(mine).scalars())


def interrupt_orphans(tx: Tx, *, alive: Collection[str], result: str) -> tuple[str, ...]:
    """Mark live jobs as interrupted whose server is not among those alive.

    Returns
    -------
    tuple[str, ...]
        Ids of the jobs.
    """
    _expect_everybody(tx)
    orphans = select(JOB.c.job_id).where(JOB.c.status.in_(LIVE), JOB.c.owner.not_in(list(alive)))
    ids = tuple(row[0] for row in tx.connection.execute(orphans))
    if ids:
        values = {"status": "interrupted", "result": result, "finished_at": chain.micros(tx.now)}
        tx.connection.execute(update(JOB).where(JOB.c.job_id.in_(ids)).values(**values))
    return ids


def _expect_everybody(tx: Tx) -> None:
    assert tx.tenant_id == EVERYBODY, "servers are nobody's"


def _job(row: Row[Any]) -> Job:
    said = dict(row._mapping)
    for name in ("created_at", "started_at", "finished_at"):
        said[name] = None if said[name] is None else chain.instant(said[name])
    return Job(**said)
