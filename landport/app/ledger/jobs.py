"""Jobs of the ledger: plans and repairs made in worker processes, kept by the server, one at a time for each tenant."""

from __future__ import annotations

import json
import logging
import pickle
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal, TypeVar

from landport.app.ledger import making, repairing
from landport.app.ledger.committing import commit, keep_plan
from landport.app.ledger.desk import Command, Done, Ledger, Principal
from landport.app.ledger.neighbours import Neighbours
from landport.app.ledger.working import Failed, Notify, Work, Worker, timed
from landport.errors import Conflict, LandportError, NotFound, StoreError
from landport.exchange.plans import plan_bytes, plan_from
from landport.model.plans import Hand, Plan
from landport.store import EVERYBODY, SYSTEM, Tx, jobs
from landport.store.jobs import Job

T = TypeVar("T")

log = logging.getLogger("landport.jobs")

BEAT_S: Final = 10.0
"""Seconds between two signs of life of a server on PostgreSQL."""

TELL_S: Final = 1.0
"""Least seconds between two words of progress that are written down."""

AGAIN_S: Final = 5.0
"""Seconds until what a job has to write is tried again, while the database does not take it."""

AWAY: Final = ("database-gone", "disk-full", "store-busy")
"""Codes of errors that pass."""

INTERRUPTED: Final = Failed(code="job-interrupted", message="the server that did it ended: start it again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a job is to do.

    Parameters
    ----------
    kind
        plan, or repair of a task.
    task_id
        Of a repair.
    commits
        A plan that is made is committed at once, if nothing it plans has changed meanwhile.
    """

    kind: Literal["plan", "repair"] = "plan"
    task_id: str = ""
    effort: str = "quick"
    seed: int = 0
    seconds: int | None = None
    workers: int = 1
    hands: tuple[Hand, ...] = ()
    commits: bool = False


def make_plan(data: bytes, notify: Notify) -> bytes:
    """Make a plan of a pickled task in a worker; answers its file."""
    task: making.Task = pickle.loads(data)
    return plan_bytes(making.made(replace(task, order=timed(task.order)), notify))


@dataclass(slots=True)
class _Running:
    """A job that this server does."""

    who: Principal
    job_id: str
    request: Request
    task: making.Task
    thread: threading.Thread | None = None
    worker: Worker | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)


class JobRunner:
    """Does jobs of a ledger. Close it, or its workers go on until this process ends.

    Parameters
    ----------
    work
        What a worker does with a pickled `making.Task`; tests give another.
    """

    def __init__(self, ledger: Ledger, *, work: Work = make_plan) -> None:
        self.ledger = ledger
        self.instance_id = f"S-{secrets.token_hex(6)}"
        self._work = work
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._is_alone = ledger.store.address.is_sqlite
        self._neighbours = Neighbours()
        self._beat()
        self._heart = threading.Thread(target=self._beats, name="landport-heart", daemon=True)
        self._heart.start()

    def start(self, who: Principal, request: Request, *, key: str = "", raw: bytes = b"") -> Done:
        """Queue a job and begin it; answers it as JSON. Under an Idempotency-Key it is begun once.

        Raises
        ------
        NotPermitted
            `not-permitted`.
        InputError
            `bad-option`, `key-reused`.
        NotFound
            `no-week`, `unknown-task`.
        Conflict
            `job-running`, `task-closed`.
        """
        who.expect_may("plan")
        ledger = self.ledger
        asked: dict[str, Any] = {"effort": request.effort, "seed": request.seed, "seconds": request.seconds}
        try:
            task = self._task(who, request, asked)
        except LandportError:  # perhaps only because it was done already: its task is closed
            before = ledger.replay(who, key=key, request=raw) if key else None
            if before is None:
                raise
            return before
        job_id = f"J-{secrets.token_hex(8)}"
        said = json.dumps({"kind": request.kind, "task_id": request.task_id, "commits": request.commits, **asked})

        def command(tx: Tx) -> dict[str, Any]:
            return shown(jobs.add(tx, job_id=job_id, kind=request.kind, request=said, owner=self.instance_id))

        running = _Running(who, job_id, request, task)
        try:
            done = ledger.do(who, command, key=key, request=raw)
        except StoreError as error:
            if error.code == "database-gone":  # its row may be there all the same, and then nobody else would do it
                self._begin(running)
            raise
        if not done.is_replay:
            self._begin(running)
        return done

    def _task(self, who: Principal, request: Request, asked: dict[str, Any]) -> making.Task:
        if request.kind == "repair":
            self.ledger.store.read(who.tenant_id, lambda view: repairing.expect_open(view, who, request.task_id))
        return making.task(self.ledger, who, workers=request.workers, hands=request.hands, **asked)

    def cancel(self, who: Principal, job_id: str, *, key: str = "", raw: bytes = b"") -> Done:
        """Cancel a job and kill its worker; answers the job as JSON.

        Raises
        ------
        NotPermitted
            `not-permitted`.
        NotFound
            `unknown-job`.
        Conflict
            `job-over`.
        """
        who.expect_may("plan")

        def command(tx: Tx) -> dict[str, Any]:
            job = find(tx, job_id)
            if not jobs.finish(tx, job_id, "cancelled", ""):
                raise Conflict("job-over", f"job {job_id} is {job.status} already", (job_id,))
            return shown(find(tx, job_id))

        done = self.ledger.do(who, command, key=key, request=raw)
        self._kill(job_id)
        return done

    def wait(self, job_id: str) -> None:
        """Wait until this server has done with a job."""
        with self._lock:
            running = self._running.get(job_id)
        if running is not None and running.thread is not None:
            running.thread.join()

    def close(self) -> None:
        """Kill the workers, mark their jobs as interrupted, and say that this server is gone."""
        self._closing.set()
        with self._lock:
            left = list(self._running.values())
        for running in left:
            self._kill(running.job_id)
        for running in left:
            if running.thread is not None:
                running.thread.join()
        self._heart.join()
        if not self._is_alone:
            self._everybody(lambda tx: jobs.leave(tx, self.instance_id))

    # ---- a job ----

    def _begin(self, running: _Running) -> None:
        name = f"landport-{running.job_id}"
        running.thread = threading.Thread(target=self._supervise, args=(running,), name=name, daemon=True)
        with self._lock:
            self._running[running.job_id] = running
        running.thread.start()

    def _supervise(self, running: _Running) -> None:
        """See a job through, whatever happens; in the thread that starts its worker."""
        try:
            found = self._done(running)
            if isinstance(found, Failed):
                status = "interrupted" if found is INTERRUPTED else "failed"
                self._finish(running, status, found)
            elif found is not None:
                plan = plan_from(found)
                self._until_taken(running, lambda: self._keep(running, plan))
        except LandportError as error:
            self._fail(running, Failed(error.code, error.message))
        except Exception as error:
            log.exception("job %s", running.job_id)
            self._fail(running, Failed(code="job-failed", message=f"{type(error).__name__}: {error}"))
        finally:
            with self._lock:
                self._running.pop(running.job_id, None)

    def _done(self, running: _Running) -> bytes | Failed | None:
        """Let a worker do it; None: it was cancelled."""
        if not self._until_taken(
            running, lambda: self._write(running, partial(jobs.begin, job_id=running.job_id)).result()
        ):
            return None
        with running.lock:
            if running.ended.is_set():
                return INTERRUPTED if self._closing.is_set() else None
            running.worker = Worker(self._work, pickle.dumps(running.task), most_bytes=self.ledger.settings.job_bytes)
        worker = running.worker
        answer = self._heard(running, worker)
        code = worker.end()
        if answer is not None:
            return answer
        if running.ended.is_set():
            return INTERRUPTED if self._closing.is_set() else None
        why = f"signal {-code}" if code < 0 else f"exit code {code}"
        return Failed(
            code="job-died", message=f"the worker ended with {why}, perhaps for want of memory: plan with less effort"
        )

    def _heard(self, running: _Running, worker: Worker) -> bytes | Failed | None:
        """Listen to a worker until it answers; None: it is gone. Stages are written down once a second at most."""
        stage, told_at = "", -TELL_S
        while True:
            try:
                said = worker.listen(TELL_S)
            except EOFError:
                return None
            if said is not None and said.kind != "stage":
                found: bytes | Failed = said.value
                return found
            stage = said.value if said is not None else stage
            if stage and time.monotonic() - told_at >= TELL_S:
                self._tell(running, stage)
                stage, told_at = "", time.monotonic()

    def _tell(self, running: _Running, stage: str) -> None:
        self._write(running, lambda tx: jobs.say(tx, running.job_id, stage))

    def _keep(self, running: _Running, plan: Plan) -> None:
        """Store what was made, and what follows from it, together with the job's end; nothing, if it was cancelled."""
        following = self._following(running, plan)

        def command(tx: Tx) -> None:
            result = following(tx)
            if not jobs.finish(tx, running.job_id, "done", self.ledger.encode(result).decode()):
                raise Conflict("job-over", f"job {running.job_id} was cancelled", (running.job_id,))

        self._write(running, command).result()

    def _following(self, running: _Running, plan: Plan) -> Command:
        ledger, who, request, scenario = self.ledger, running.who, running.request, running.task.scenario
        if request.kind == "repair":
            return repairing.propose(ledger, who, request.task_id, plan, scenario)
        if not request.commits:
            return making.keep(who, plan, scenario)
        digest = ledger.store.write_now(who.tenant_id, who.actor, lambda tx: keep_plan(tx, plan, scenario))
        committing = commit(ledger, who, digest)
        return lambda tx: {**making.summary(digest, plan), "commit": committing(tx)}

    def _fail(self, running: _Running, failed: Failed) -> None:
        try:
            self._finish(running, "failed", failed)
        except LandportError:
            log.exception("job %s: what came of it could not be written", running.job_id)

    def _finish(self, running: _Running, status: str, failed: Failed) -> None:
        said = json.dumps({"code": failed.code, "message": failed.message})
        finish = partial(jobs.finish, job_id=running.job_id, status=status, result=said)
        self._until_taken(running, lambda: self._write(running, finish).result())

    def _until_taken(self, running: _Running, write: Callable[[], T]) -> T:
        """Write, again while the database is away: the row of a job that nobody ends keeps its tenant from others.

        Raises
        ------
        StoreError
            This server closes; the next one finds the row.
        """
        while True:
            try:
                return write()
            except StoreError as error:
                if error.code not in AWAY or self._closing.wait(AGAIN_S):
                    raise
                log.warning("job %s: %s", running.job_id, error.message)

    def _kill(self, job_id: str) -> None:
        with self._lock:
            running = self._running.get(job_id)
        if running is None:
            return
        with running.lock:
            running.ended.set()
            if running.worker is not None:
                running.worker.kill()

    def _write(self, running: _Running, work: Callable[[Tx], Any]) -> Future[Any]:
        return self.ledger.store.write(running.who.tenant_id, running.who.actor, work)

    # ---- servers ----

    def _everybody(self, work: Callable[[Tx], Any]) -> Any:
        return self.ledger.store.write_now(EVERYBODY, SYSTEM, work)

    def _beat(self) -> tuple[str, ...]:
        """Give a sign of life, end the rows of servers that are gone, and workers whose row another server ended."""
        said = json.dumps({"code": INTERRUPTED.code, "message": INTERRUPTED.message})
        with self._lock:
            mine = set(self._running)

        def command(tx: Tx) -> tuple[tuple[str, ...], frozenset[str]]:
            jobs.beat(tx, self.instance_id)
            signs = jobs.signs(tx)
            alive = self._neighbours.alive(signs, time.monotonic()) if not self._is_alone else frozenset[str]()
            for gone in signs.keys() - alive - {self.instance_id}:
                jobs.leave(tx, gone)
            found = jobs.interrupt_orphans(tx, alive={*alive, self.instance_id}, result=said)
            return found, jobs.live_of(tx, self.instance_id)

        found, live = self._everybody(command)
        for job_id in mine - live:
            self._kill(job_id)
        orphans: tuple[str, ...] = found
        return orphans

    def _beats(self) -> None:
        """Say that this server is alive, as long as others might think otherwise."""
        while not self._is_alone and not self._closing.wait(BEAT_S):
            try:
                self._beat()
            except LandportError as error:
                log.warning("no sign of life could be written: %s", error.message)


def find(tx: Any, job_id: str) -> Job:
    """Read a job.

    Raises
    ------
    NotFound
        `unknown-job`.
    """
    job = jobs.find(tx, job_id)
    if job is None:
        raise NotFound("unknown-job", f"no job {job_id}", (job_id,))
    return job


def shown(job: Job) -> dict[str, Any]:
    """Write a job for a reader."""
    return {
        "job_id": job.job_id,
        "kind": job.kind,
        "status": job.status,
        "progress": job.progress,
        "request": json.loads(job.request or "{}"),
        "result": json.loads(job.result or "null"),
        "actor": job.actor,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
