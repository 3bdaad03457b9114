"""Jobs: the same answers in the same order, errors as themselves, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from landport.app import jobs
from landport.errors import InputError
from tests.app import jobs_done

ROOT = Path(__file__).parents[2]
BUSY = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & ignores it
from landport.app import jobs
from tests.app import jobs_done
try:
    jobs.each(jobs_done.sleep_long, [sys.argv[1]] * 4, workers=2)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("workers", [1, 2, 3, 9])
def test_answers_are_in_order_of_tasks(workers: int) -> None:
    """Whoever is first; with one worker this process does all, else others do."""
    answers = jobs.each(jobs_done.slow_first, range(6), workers=workers)
    assert [n for n, _ in answers] == list(range(6))
    assert (os.getpid() in {process for _, process in answers}) == (workers == 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_no_tasks_no_answers(workers: int) -> None:
    """Nothing to do is no error."""
    assert jobs.each(jobs_done.square, [], workers=workers) == []


def test_tasks_are_taken_when_somebody_is_free(tmp_path: Path) -> None:
    """So that a task can say how many seconds are left: by the third of two workers one task is done."""
    done = []

    def tasks() -> Iterator[str]:
        for n in range(4):
            done.append(len(list(tmp_path.iterdir())))
            yield str(tmp_path / str(n))

    jobs.each(jobs_done.touch, tasks(), workers=2)
    assert len(done) == 4
    assert all(before >= n - 1 for n, before in enumerate(done))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_first_error_is_raised_as_itself(workers: int) -> None:
    """Its class and problems survive, and of two errors it is always that of the earlier task."""
    with pytest.raises(InputError) as caught:
        jobs.each(jobs_done.fail_at_two, range(8), workers=workers)
    assert [p.row for p in caught.value.problems] == [2]


def test_an_error_that_cannot_travel_is_told() -> None:
    """Its name and message stay."""
    with pytest.raises(RuntimeError, match="Odd: 7 and 7"):
        jobs.each(jobs_done.fail_oddly, [7], workers=2)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX only")
@pytest.mark.parametrize("workers", [2, 3])
def test_the_task_of_a_killed_worker_is_done_here(workers: int) -> None:
    """Answers are complete although the system killed a worker."""
    assert jobs.each(jobs_done.die, [1] * 3 + [0] * 2, workers=workers) == [1] * 3 + [0] * 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX only")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_no_worker_outlives_the_call(how: str, tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group and is said by the parent alone; workers of a killed parent end, too."""
    command = [sys.executable, "-c", BUSY, str(tmp_path)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        while len(list(tmp_path.iterdir())) < 2 and running.poll() is None:
            time.sleep(0.02)
        if how == "SIGINT":
            os.killpg(running.pid, signal.SIGINT)
        else:
            running.kill()
        out, said = running.communicate(timeout=60)
    workers = [int(path.stem) for path in tmp_path.iterdir()]
    assert len(workers) == 2
    assert (out, said) == ("interrupted\n" * (how == "SIGINT"), "")
    until = time.monotonic() + 30
    while any(map(is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(is_alive, workers))


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody has waited for does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:  # no /proc here
        return not Path("/proc").exists()


def test_default_workers_are_few() -> None:
    """One a core, never none."""
    assert 1 <= jobs.default_workers() <= jobs.MOST_WORKERS
