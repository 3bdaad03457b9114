"""Records survive an interruption, and tables say what the records say."""

from __future__ import annotations

import math
import sys

import pytest

from bench.loading import cargo, running, tables, tasks
from bench.loading.__main__ import families, parsed, planned
from bench.loading.instances import named
from bench.loading.tasks import Record, Task


def record(solver="landport", share=0.9, instance="BR1-1", **changes) -> Record:
    task = {"version": "1", "counted": "process", "seconds": 5.0, "mode": "free"}
    task |= {k: changes.pop(k) for k in tuple(changes) if k in task}
    numbers = dict.fromkeys(("cost", "bound", "wrong_side_up", "unsupported", "floating"), 0)
    fields = {"n_boxes": 10, "cpu_s": 4.9, "wall_s": 5.0, "faults": (), "is_short": False, "on": "2026-01-02"}
    return Record(task=Task(solver, instance=instance, **task), share=share, **numbers | fields | changes)


def cells(text: str, row: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {row} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_records_are_read_back(tmp_path):
    """What was appended is read, and a line cut off by an interruption is passed over."""
    path = tmp_path / "new" / "runs.jsonl"
    kept = [record(), record(faults=("x",), instance="BR2-1")]
    for one in kept:
        tasks.append(path, one)
    path.write_text(path.read_text() + '{"task": {"solv')
    assert list(tasks.read(path)) == kept
    assert list(tasks.read(tmp_path / "none")) == []


def test_the_last_run_counts():
    """A task that was run again has its last record."""
    assert tasks.latest([record(share=0.1), record(share=0.2)]) == {record().task: record(share=0.2)}


def test_errors_of_means():
    """Two families of two: the error is that of independent means."""
    found = tables.mean([[1.0, 3.0], [5.0, 9.0]])
    assert found.value == 4.5
    assert found.error == pytest.approx(math.sqrt(1.0 + 4.0) / 2)


def test_families_weigh_the_same():
    """A class with more instances does not count for more."""
    assert tables.mean([[1.0, 1.0, 1.0], [3.0]]).value == 2.0


def test_fills_are_told_by_class():
    """Means by class and over all, in the order of the classes, and what is wrong with the plans."""
    rows = [
        record(share=s, instance=i) for s, i in ((0.8, "BR10-1"), (0.9, "BR10-11"), (0.95, "BR2-1"), (0.97, "BR2-11"))
    ]
    rows.append(record(share=0.5, instance="BR2-1", solver="py3dbp", faults=("x",), wrong_side_up=3, unsupported=5))
    text = tables.fills(rows, markdown=True)
    assert text.index("| BR2 |") < text.index("| BR10 |")
    assert cells(text, "BR10") == ["85.00 (5.00)", ""]
    assert cells(text, "all 2 BR") == ["90.50 (2.55)", ""]
    assert cells(text, "BR2") == ["96.00 (1.00)", "50.00"]
    assert cells(text, "not fully supported") == ["0.0 %", "50.0 %"]
    assert cells(text, "wrong side up") == ["0.0 %", "30.0 %"]
    assert cells(text, "plans not valid") == ["0", "1"]


def test_differences_are_paired():
    """Only instances that both have count, at the same seconds and mode, whole processes only."""
    rows = [record(share=0.95), record(share=0.97, instance="BR1-11"), record(share=0.2, instance="BR1-21")]
    rows += [record("peer", share=0.94), record("peer", share=0.93, instance="BR1-11")]
    rows += [record("peer", share=0.1, seconds=30.0), record(share=0.1, counted="search")]
    text = tables.pairs(rows, markdown=True)
    assert cells(text, "class") == ["landport - peer, free, 5 s"]
    assert cells(text, "BR1") == ["+2.50 (1.50)"]
    assert cells(text, "pairs") == ["2"]
    assert tables.pairs(rows[:3], markdown=True) == "no pairs yet"


def test_a_peer_without_a_plan_is_no_pair():
    """It is counted, not compared."""
    rows = [
        record(),
        record(instance="BR1-11"),
        record("peer"),
        record("peer", share=0.0, n_boxes=0, instance="BR1-11"),
    ]
    text = tables.pairs(rows, markdown=True)
    assert (cells(text, "pairs"), cells(text, "peer gave no plan")) == (["1"], ["1"])


def test_short_runs_are_left_out():
    """A peer that got no CPU is not compared."""
    rows = [record(), record("peer", share=0.1, is_short=True)]
    assert tables.pairs(rows, markdown=True) == "no pairs yet"


def test_rules_cost_what_the_rule_before_had():
    """Each rule is compared with the one before it, on instances that all have."""
    rows = [
        record(share=s, mode=m, counted="search") for s, m in ((0.96, "free"), (0.95, "supported"), (0.93, "on-top"))
    ]
    rows.append(record(share=0.1, mode="free", counted="search", instance="BR1-11"))
    text = tables.rule_costs(rows, markdown=True)
    assert cells(text, "free, 5 s")[:2] == ["96.00", ""]
    assert cells(text, "supported, 5 s")[:2] == ["95.00", "1.00"]
    assert cells(text, "on-top, 5 s")[:2] == ["93.00", "2.00"]


def test_fleets_stand_beside_their_bound():
    """Containers and dollars, and the ratio to the bound over all lists."""
    rows = [record(instance=f"fleet-{n}", mode="fewest", cost=n, bound=n - 1) for n in (3, 10)]
    rows.append(record(instance="fleet-3", mode="cheapest", cost=1_234_500, bound=1_234_500, faults=("x",)))
    text = tables.fleets(rows, markdown=True)
    assert cells(text, "fleet-3") == ["12,345 NOT VALID", "12,345", "90.0%", "4.90", "3", "2", "90.0%", "4.90"]
    assert cells(text, "fleet-10")[4:6] == ["10", "9"]
    assert cells(text, "ratio, means")[4] == "1.182"


def test_tables_for_a_terminal_are_aligned():
    """Every line has the same width."""
    text = tables.fills([record(), record("packingsolver3d")], markdown=False)
    assert len({len(line) for line in text.splitlines()}) == 1


def test_classes_are_read():
    """Ranges, single classes and the mixed cartons."""
    assert families("0-2,7,40HC") == ["BR0", "BR1", "BR2", "BR7", "40HC"]


def test_the_full_table_is_one_command():
    """Ten of each of 16 classes and twenty 40HC, two modes, two limits."""
    args = parsed(["--full"])
    todo = list(planned(args, "fills"))
    assert len(todo) == len(set(todo)) == (16 * 10 + 20) * 2 * 2
    assert {task.instance for task in todo if task.family == "BR3"} == {f"BR3-{p}" for p in range(1, 101, 10)}


def test_what_was_measured_is_not_run_again(tmp_path):
    """Only tasks without a record, or with one that is short, are left to do."""
    calm, short, new = record().task, record(instance="BR1-11").task, record(instance="BR1-21").task
    known = tasks.latest([record(), record(instance="BR1-11", is_short=True)])
    assert tasks.missing([calm, short, new, new], known) == [short, new]


def test_a_group_is_laid_out_in_millimetres():
    """Rules come in one after the other, and pieces come back as they were placed."""
    instance = cargo.in_mm(named("BR1-1"))
    free, all_rules = (cargo.to_group(instance, mode) for mode in ("free", "balance"))
    assert free.container_types[0].inside_length_mm == 5870
    assert (free.n_boxes, free.rules.support_pct, free.items[0].length_mm) == (1, 0, 1080)
    assert [i.unload_order for i in free.items] == [0, 0, 0]
    assert [i.unload_order for i in all_rules.items] == [1, 2, 3]
    assert (all_rules.rules.support_pct, all_rules.rules.half_pct) == (100, 60)


def test_a_fleet_keeps_consignments_together():
    """Any number of containers, bookings whole, costs only where the cheapest mix is sought."""
    fewest, cheapest = (cargo.to_group(named("fleet-1"), mode) for mode in cargo.FLEETS)
    assert fewest.n_boxes is None
    assert not any(b.may_split for b in fewest.bookings)
    assert (fewest.cost_usd_cents, len(fewest.container_types)) == ({}, 1)
    assert (
        set(cheapest.cost_usd_cents) == set(cheapest.payload_kg) == {k.container_type for k in cheapest.container_types}
    )


def test_a_peer_that_is_not_there_is_not_run():
    """Version None where the interpreter does not have it."""
    assert running.version("no-such-peer", sys.executable) is None
