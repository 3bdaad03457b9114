"""Jobs: rows, workers that are killed for real, and orphans."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest

from landport.app.ledger import jobs, making, repairing
from landport.app.ledger.jobs import JobRunner, Request
from landport.app.ledger.neighbours import Neighbours
from landport.errors import Conflict, InputError, NotFound, NotPermitted, StoreError
from landport.store import SYSTEM
from landport.store import jobs as rows
from tests.app.ledger import work
from tests.app.ledger.conftest import CONTROLLER, FORWARDER, PLANNER


@pytest.fixture
def runner(harboured):
    """Makes runners that do some work, and closes them."""
    made = []

    def runner_of(what=jobs.make_plan):
        made.append(JobRunner(harboured.ledger, work=what))
        return made[-1]

    yield runner_of
    for one in made:
        one.close()


def job_of(port, job_id):
    """Read a job as people see it."""
    return jobs.shown(port.ledger.store.read("T1", lambda view: jobs.find(view, job_id)))


def started(runner, **asked):
    """Start a job and answer its id."""
    return msgspec.json.decode(runner.start(PLANNER, Request(**asked)).body)["job_id"]


def is_alive(pid):
    """Tell whether a process runs; a zombie does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def gone(pids):
    """Wait until processes are gone; the system needs a moment for each."""
    until = time.monotonic() + 20
    while any(map(is_alive, pids)) and time.monotonic() < until:
        threading.Event().wait(0.02)
    return not any(map(is_alive, pids))


def pids_of(port, job_id):
    """Wait until the worker has said its number and its child's."""
    until = time.monotonic() + 60
    while not job_of(port, job_id)["progress"] and time.monotonic() < until:
        threading.Event().wait(0.02)
    return [int(n) for n in job_of(port, job_id)["progress"].split()]


def test_a_plan_is_made_and_committed(harboured, runner):
    """The worker plans, the server stores and commits; the row says what came of it."""
    one = runner()
    job_id = started(one, commits=True, seed=3)
    one.wait(job_id)
    job = job_of(harboured, job_id)
    assert job["status"] == "done", job
    assert job["result"]["is_replan"]
    assert harboured.state(f"plan/{job['result']['plan_digest']}").status == "committed"


def test_a_repair_is_proposed(harboured, runner):
    """A job of a task ends with its proposal."""
    train = harboured.trains()[-1]
    (task_id,) = harboured.move(f"train/{train}", "PathCancelled", why="washout")["tasks"]
    one = runner()
    job_id = started(one, kind="repair", task_id=task_id)
    one.wait(job_id)
    assert job_of(harboured, job_id)["status"] == "done"
    assert harboured.state(f"task/{task_id}").status == "proposed"
    with pytest.raises(NotFound):
        one.start(PLANNER, Request(kind="repair", task_id="E9"))


def test_cancelling_kills_the_worker_and_its_children(harboured, runner):
    """One at a time; a cancel ends the processes at once, and the next job may begin."""
    one = runner(work.wait_for_ever)
    job_id = started(one)
    with pytest.raises(Conflict) as caught:
        one.start(PLANNER, Request())
    assert caught.value.code == "job-running"
    pids = pids_of(harboured, job_id)
    assert all(map(is_alive, pids))
    assert msgspec.json.decode(one.cancel(PLANNER, job_id).body)["status"] == "cancelled"
    one.wait(job_id)
    assert gone(pids)
    assert job_of(harboured, job_id)["status"] == "cancelled"
    with pytest.raises(Conflict) as caught:
        one.cancel(PLANNER, job_id)
    assert caught.value.code == "job-over"
    second = started(one)
    one.cancel(PLANNER, second)
    one.wait(second)
    assert job_of(harboured, second)["status"] == "cancelled"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (work.eat_memory, "job-memory"),
        (work.fail, "pin-impossible"),
        (work.stumble, "job-failed"),
        (work.fall, "job-died"),
    ],
)
def test_what_fails_says_why(harboured, runner, what, code):
    """Too much memory, an error of ours, one of nobody's, and a sudden end."""
    one = runner(what)
    job_id = started(one)
    one.wait(job_id)
    job = job_of(harboured, job_id)
    assert (job["status"], job["result"]["code"]) == ("failed", code)
    assert job["finished_at"] is not None


def test_a_key_begins_one_job(harboured, runner):
    """The same request again answers the same job, and starts nothing."""
    one = runner(work.fail)
    first = one.start(PLANNER, Request(), key="K1", raw=b"{}")
    one.wait(msgspec.json.decode(first.body)["job_id"])
    again = one.start(PLANNER, Request(), key="K1", raw=b"{}")
    assert again.is_replay
    assert again.body == first.body
    assert len(harboured.ledger.store.read("T1", rows.page)) == 1


def test_closing_interrupts(harboured, runner):
    """A server that stops leaves no worker, and says of its jobs that they were interrupted."""
    one = runner(work.wait_for_ever)
    job_id = started(one)
    pids = pids_of(harboured, job_id)
    one.close()
    assert gone(pids)
    assert job_of(harboured, job_id)["status"] == "interrupted"


def test_orphans_are_interrupted(harboured, runner):
    """What a server that is gone left is found by the next one."""
    store = harboured.ledger.store
    store.write_now("T1", "A", lambda tx: rows.add(tx, job_id="J-1", kind="plan", request="{}", owner="S-gone"))
    runner()
    job = job_of(harboured, "J-1")
    assert (job["status"], job["result"]["code"]) == ("interrupted", "job-interrupted")


def test_servers_beside_each_other():
    """Whose signs of life change is alive, whatever its clock shows; who is silent for 30 s is not."""
    others = Neighbours()
    assert others.alive({"S-1": 5, "S-2": -3600}, 0.0) == {"S-1", "S-2"}
    assert others.alive({"S-1": 5, "S-2": -3590}, 15.0) == {"S-1", "S-2"}
    assert others.alive({"S-1": 5, "S-2": -7200}, 30.0) == {"S-1", "S-2"}
    assert others.alive({"S-1": 5, "S-2": -7190}, 31.0) == {"S-2"}
    assert others.alive({"S-1": 5, "S-2": -7190}, 131.0) == {"S-1", "S-2"}  # nobody could write meanwhile
    assert others.alive({"S-2": -7190}, 132.0) == {"S-2"}


def test_a_job_that_another_server_ended_is_killed(harboured, runner):
    """A cancel that came to another server reaches the worker with the next sign of life."""
    one = runner(work.wait_for_ever)
    job_id = started(one)
    pids = pids_of(harboured, job_id)
    harboured.ledger.store.write_now("T1", "A", lambda tx: rows.finish(tx, job_id, "cancelled", ""))
    one._beat()
    one.wait(job_id)
    assert gone(pids)
    assert job_of(harboured, job_id)["status"] == "cancelled"


class Lossy:
    """Writes, and loses some answers: the commit is there, whoever asked hears that the database is away."""

    def __init__(self, write, lost):
        self.write, self.lost, self.n = write, lost, 0

    def __call__(self, tenant_id, actor, work, **options):
        done = self.write(tenant_id, actor, work, **options)
        if actor == SYSTEM:  # a view of a database in memory
            return done
        self.n += 1
        if self.n not in self.lost:
            return done
        done.exception()
        failed = Future()
        failed.set_exception(StoreError("database-gone", "the connection broke in the commit"))
        return failed


@pytest.mark.parametrize("lost", [{2}, {2, 3}])
def test_a_job_ends_though_the_database_goes_away(harboured, runner, monkeypatch, lost):
    """Its row is ended once the database is back: else it would keep its tenant from planning for ever."""
    monkeypatch.setattr(jobs, "AGAIN_S", 0.01)
    one = runner(work.fail)
    monkeypatch.setattr(harboured.ledger.store, "write", Lossy(harboured.ledger.store.write, lost))
    job_id = started(one)
    one.wait(job_id)
    assert job_of(harboured, job_id)["status"] == "failed"


def test_a_plan_is_kept_once_though_the_answer_is_lost(harboured, runner, monkeypatch):
    """The commit that stored a plan was there; trying again changes nothing."""
    monkeypatch.setattr(jobs, "AGAIN_S", 0.01)
    one = runner()
    lossy = Lossy(harboured.ledger.store.write, set())
    keep = one._keep

    def kept(*arguments):
        lossy.lost = {lossy.n + 1} if not lossy.lost else lossy.lost
        keep(*arguments)

    monkeypatch.setattr(one, "_keep", kept)
    monkeypatch.setattr(harboured.ledger.store, "write", lossy)
    job_id = started(one, seed=3)
    one.wait(job_id)
    job = job_of(harboured, job_id)
    assert (job["status"], bool(lossy.lost)) == ("done", True), job


def test_a_job_whose_start_was_not_answered_is_done(harboured, runner, monkeypatch):
    """The row is there, so whoever wrote it does it; the same key then answers it."""
    one = runner(work.fail)
    monkeypatch.setattr(harboured.ledger.store, "write", Lossy(harboured.ledger.store.write, {1}))
    with pytest.raises(StoreError):
        one.start(PLANNER, Request(), key="K1", raw=b"{}")
    again = one.start(PLANNER, Request(), key="K1", raw=b"{}")
    assert again.is_replay
    job_id = msgspec.json.decode(again.body)["job_id"]
    one.wait(job_id)
    assert job_of(harboured, job_id)["status"] == "failed"


def test_a_repair_that_is_asked_for_again_is_answered_again(harboured, runner):
    """The task is closed by then; under the same key comes the same job, and under another a refusal."""
    (task_id,) = harboured.move("container/C00001", "ContainerDamaged", what="dent")["tasks"]
    one, asked = runner(work.fail), Request(kind="repair", task_id=task_id)
    first = one.start(PLANNER, asked, key="K1", raw=b"{}")
    one.wait(msgspec.json.decode(first.body)["job_id"])
    harboured.do(repairing.dismiss(harboured.ledger, PLANNER, task_id))
    again = one.start(PLANNER, asked, key="K1", raw=b"{}")
    assert (again.is_replay, again.body) == (True, first.body)
    with pytest.raises(InputError, match="another request"):
        one.start(PLANNER, asked, key="K1", raw=b"{other}")
    with pytest.raises(Conflict, match="closed"):
        one.start(PLANNER, asked, key="K2", raw=b"{}")


def test_who_may(harboured, runner):
    """Planners only."""
    one = runner()
    for who in (FORWARDER, CONTROLLER):
        with pytest.raises(NotPermitted):
            one.start(who, Request())
        with pytest.raises(NotPermitted):
            one.cancel(who, "J-1")
    with pytest.raises(NotFound):
        one.cancel(PLANNER, "J-1")


PARENT = """
import sys, threading
from landport.app.ledger.working import Worker
from tests.app.ledger import work

if __name__ == "__main__":
    worker = Worker(work.wait_for_ever, b"", most_bytes=4 << 30)
    print(worker.listen(60).value, flush=True)
    threading.Event().wait()
"""


def test_a_worker_dies_with_its_parent(tmp_path):
    """A server killed with -9 leaves no worker behind."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=env)
    assert parent.stdout is not None
    worker, child = map(int, parent.stdout.readline().split())
    assert is_alive(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone([worker])
    os.kill(child, 9)


def test_a_plan_is_the_same_in_a_worker(harboured):
    """What a worker answers is the plan's file."""
    task = making.task(harboured.ledger, PLANNER, seed=3)
    stages = []
    assert jobs.make_plan(pickle.dumps(task), stages.append).startswith(b"{\n")
    assert stages[-1] == "audit"
