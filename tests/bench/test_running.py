"""Ours are looked at twice, and peers get their CPU seconds on a busy core."""

from __future__ import annotations

import sys

import pytest

from bench.loading import running, worker
from bench.loading.exact import examine
from bench.loading.instances import named
from bench.loading.tasks import OURS, Task, latest, read
from landport import audit

FIRST = named("BR1-1").rows[0]
ONE_BOX = [[0, 0, 0, 0, FIRST.length, FIRST.width, FIRST.height]]


def task(solver="packer3d", seconds=5.0) -> Task:
    return Task(solver, "1", "process", seconds, "free", "BR1-1")


def on_a_core(monkeypatch, shares):
    """Let runs on a core get such shares of it, one after the other; answers with the wall limits they were given."""
    asked, left = [], iter(shares)

    def once(command, instance):
        wall_limit = float(command[4])
        asked.append(wall_limit)
        return wall_limit * next(left), wall_limit, ONE_BOX

    monkeypatch.setattr(running, "_once", once)
    return asked


def test_a_quiet_core_takes_one_run(monkeypatch):
    """A run that got all its seconds is taken."""
    asked = on_a_core(monkeypatch, [0.98])
    record = running.Theirs(0, "python").solve(task())
    assert (asked, record.is_short, record.cpu_s) == ([5.0], False, 4.9)
    assert record.n_boxes == 1


def test_a_busy_core_takes_longer(monkeypatch):
    """A run that got half its seconds is repeated with twice the wall, and the next task starts there."""
    asked = on_a_core(monkeypatch, [0.5, 0.5, 0.51])
    theirs = running.Theirs(0, "python")
    records = [theirs.solve(task()) for _ in range(2)]
    assert asked == [5.0, 10.0, 9.0]
    assert [r.is_short for r in records] == [False, False]


def test_a_core_that_got_quiet_takes_less(monkeypatch):
    """A run that took twice its CPU seconds is not taken."""
    asked = on_a_core(monkeypatch, [0.5, 1.0, 1.0])
    record = running.Theirs(0, "python").solve(task())
    assert (asked, record.cpu_s) == ([5.0, 10.0, 5.0], 5.0)


def test_a_core_without_time_is_said(monkeypatch):
    """The closest run of a peer that never got its seconds is kept and marked."""
    asked = on_a_core(monkeypatch, [0.0001] * running.TRIES)
    record = running.Theirs(0, "python").solve(task())
    assert len(asked) == running.TRIES
    assert record.is_short
    assert record.cpu_s == pytest.approx(0.0001 * max(asked))


def test_a_peer_that_is_done_is_done(monkeypatch):
    """One that ended by itself long before its limit is not run again."""
    monkeypatch.setattr(running, "_once", lambda command, instance: (0.7, 0.8, ONE_BOX))
    assert not running.Theirs(0, "python").solve(task()).is_short


def test_no_answer_is_a_fault(monkeypatch):
    """A peer without a plan in time fills nothing."""
    monkeypatch.setattr(running, "_once", lambda command, instance: (5.0, 5.0, []))
    record = running.Theirs(0, "python").solve(task())
    assert (record.share, record.faults) == (0.0, ("no answer",))


def test_our_plans_are_looked_at_twice():
    """A plan of one container, fully supported, with its share and nothing that the second opinion finds."""
    found = worker.answer({"instance": "BR1-1", "mode": "supported", "seconds": 0.2}, is_whole=False)
    assert found["faults"] == []
    assert 0.5 < found["share"] <= 1
    assert found["unsupported"] == 0


def test_a_fleet_is_counted():
    """All pieces of a cargo list are packed or left, in no fewer containers than the bound."""
    found = worker.answer({"instance": "fleet-19", "mode": "fewest", "seconds": 0.2}, is_whole=False)
    assert found["faults"] == []
    assert found["cost"] >= found["bound"] > 1


def test_the_auditor_is_asked(monkeypatch):
    """What it finds is a fault, with code and message, the first few of many."""
    bad = [audit.Violation("BLOCK_X", f"number {n}", ()) for n in range(9)]
    monkeypatch.setattr(worker.audit, "check_load", lambda group, loads: tuple(bad))
    found = worker.answer({"instance": "BR1-1", "mode": "free", "seconds": 0.2}, is_whole=False)
    assert found["faults"] == [f"audit: BLOCK_X: number {n}" for n in range(worker.SAID)]
    assert found["is_audited"]


def test_what_must_not_be_is_a_fault_of_ours():
    """Ours may neither float where support is asked for, nor stand on a wrong side, nor overlap."""
    row = named("BR1-1").rows[0]
    floating = examine((587, 233, 220), [row], [(0, 0, 0, 5, row.length, row.width, row.height)])
    turned = examine((587, 233, 220), [row], [(0, 0, 0, 0, row.width, row.height, row.length)])
    assert worker._faults(floating, 100) == ["1 boxes unsupported"]
    assert worker._faults(floating, 0) == []
    assert worker._faults(turned, 0) == ["1 boxes wrong side up"]


def test_a_process_that_dies_is_a_fault(monkeypatch, tmp_path):
    """The table goes on without it."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    dead = Task(OURS, "1", "process", 0.1, "free", "BR1-1")
    running.run([dead], tmp_path / "runs.jsonl", jobs=1, python="", say=lambda line: None)
    record = latest(read(tmp_path / "runs.jsonl"))[dead]
    assert "died" in record.faults[0]
