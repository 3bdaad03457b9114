"""P2 and P3: a process that is killed at work loses nothing that it acknowledged, and doubles nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from landport.errors import StoreError
from landport.store import EVERYBODY, engines, schema, verify
from tests.store import load
from tests.store.counting import opened

ROOT = Path(__file__).parents[2]
SAMPLE, WHOLE = 3, 50
REQUESTS = 400


def make(url: str) -> None:
    address = engines.address_of(url)
    engine = engines.writing(address)
    schema.upgrade(engine, address)
    engine.dispose()


def until_killed(url: str, seed: int, least: int, first: int = 0) -> list[int]:
    """Let a process write from a number on until it acknowledged so many, kill it, and list what it acknowledged."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.store.load", url, str(seed), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT, text=True) as process:
        acknowledged = [int(process.stdout.readline()) for _ in range(least)]
        process.kill()
        said = process.stdout.read()  # before it died; a number that was cut off is none
    return acknowledged + [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]


def kill_writer(url: str, seed: int) -> str:
    """Let a process write until it acknowledged so many, kill it, and say what is left."""
    make(url)
    acknowledged = until_killed(url, seed, Random(seed).randrange(1, 150))
    store = opened(url)
    try:
        there = load.done(store)
        n_requests = max(*there, *acknowledged, 0) + 1
        return load.judge(store, seed, set(acknowledged), n_requests)
    finally:
        store.close()


def test_a_writer_that_is_killed(tmp_path):
    """SQLite, a sample: whatever the writer was at, what it acknowledged is there, once."""
    found = Counter(kill_writer(str(tmp_path / f"{seed}.db"), seed) for seed in range(SAMPLE))
    assert found == {"whole": SAMPLE}


@pytest.mark.slow
def test_a_writer_that_is_killed_many_times(tmp_path):
    """The same, many times."""
    found = Counter(kill_writer(str(tmp_path / f"{seed}.db"), seed) for seed in range(SAMPLE, SAMPLE + WHOLE))
    assert found == {"whole": WHOLE}


def write_through_kills(url: str, n_writes: int, most: int) -> tuple[int, int, str]:
    """Let processes write one after the other to one file, each killed at some write; the next repeats the last 20.

    Returns
    -------
    tuple[int, int, str]
        Writes acknowledged, kills, and what the log says of them.
    """
    make(url)
    rng, acknowledged, n_kills = Random(0), set[int](), 0
    while len(acknowledged) < n_writes:
        first = max(0, len(acknowledged) - 20)
        acknowledged.update(until_killed(url, n_kills, rng.randrange(1, most), first))
        n_kills += 1
    store = opened(url)
    try:
        found = load.done(store)
        is_whole = not store.read(EVERYBODY, verify.verify).n_findings
    finally:
        store.close()
    lost, doubled = len(acknowledged - found.keys()), sum(n > 1 for n in found.values())
    return len(acknowledged), n_kills, f"{lost} lost, {doubled} doubled, {'whole' if is_whole else 'not whole'}"


def test_writes_through_kills(tmp_path):
    """SQLite, a sample: one file lives through several kills, and its keys hold across them."""
    n, n_kills, said = write_through_kills(str(tmp_path / "landport.db"), 300, 150)
    assert (n >= 300, n_kills > 2, said) == (True, True, "0 lost, 0 doubled, whole")


@pytest.mark.slow
def test_a_hundred_thousand_writes_through_kills(tmp_path):
    """The same over 100,000 writes; `-s` shows how many there were."""
    n, n_kills, said = write_through_kills(str(tmp_path / "landport.db"), 100_000, 3_000)
    print(f"{n:,} writes acknowledged through {n_kills} kills: {said}")
    assert (n >= 100_000, n_kills >= 50, said) == (True, True, "0 lost, 0 doubled, whole")


def kill_server(server, seed: int) -> str:
    """Kill PostgreSQL with all its processes while the store writes, start it again, and say what is left."""
    server.ask(f"create database k{seed} owner port")
    url = server.url(f"k{seed}")
    make(url)
    store = opened(url)
    least, enough, acknowledged = Random(seed).randrange(1, 200), threading.Event(), set()

    def count(future, n):
        if future.exception() is None:
            acknowledged.add(n)
        if len(acknowledged) >= least:
            enough.set()

    rng, asked = Random(seed), []
    for n in range(REQUESTS):
        asked.append(store.write("t1", "A1", load.request(n, rng), key=f"K{n}"))
        asked[-1].add_done_callback(lambda f, n=n: count(f, n))
    assert enough.wait(60)
    server.kill()
    failed = {type(f.exception()) for f in asked} - {type(None)}
    assert failed <= {StoreError}
    server.start()
    try:
        return load.judge(store, seed, acknowledged, REQUESTS)
    finally:
        store.close()


@pytest.mark.postgres
def test_a_database_that_is_killed(postgres_safe):
    """PostgreSQL, a sample: the store goes on when it is back, with all that was acknowledged."""
    found = Counter(kill_server(postgres_safe, seed) for seed in range(SAMPLE))
    assert found == {"whole": SAMPLE}


@pytest.mark.slow
@pytest.mark.postgres
def test_a_database_that_is_killed_many_times(postgres_safe):
    """The same, many times."""
    found = Counter(kill_server(postgres_safe, seed) for seed in range(SAMPLE, SAMPLE + WHOLE))
    assert found == {"whole": WHOLE}


@pytest.mark.postgres
def test_a_writer_on_postgresql_that_is_killed(postgres_server):
    """The process that writes to a PostgreSQL dies; the database stays."""
    for seed in range(SAMPLE):
        postgres_server.ask(f"create database w{seed} owner port")
        assert kill_writer(postgres_server.url(f"w{seed}"), seed) == "whole"
