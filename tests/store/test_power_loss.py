"""P2: what was acknowledged is there after the power went, at whatever moment, and the log is whole.

The store's own writer runs here, over a file system that forgets what was not synced.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

from landport.errors import StoreError
from landport.store import engines, schema
from tests.store import disk as disks
from tests.store import load
from tests.store.counting import opened

SAMPLE, WHOLE = 25, 300
REQUESTS = 120
NAMES = count()


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """A database with its tables, to copy."""
    path = tmp_path_factory.mktemp("power") / "landport.db"
    address = engines.address_of(str(path))
    engine = engines.writing(address)
    schema.upgrade(engine, address)
    engine.dispose()
    return path


def over(disk, path, synchronous):
    """Make the writer's engine over a disk; the log goes into the file often, so that losses hit that, too."""
    engine = create_engine(
        "sqlite://",
        module=disks.MODULE,
        creator=lambda: disks.Connection(disk, path),
        isolation_level="AUTOCOMMIT",
        poolclass=StaticPool,
    )
    event.listen(engine, "connect", engines._write_pragmas)

    def more(connection, _record):
        for pragma in (f"synchronous={synchronous}", "wal_autocheckpoint=20"):
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", more)
    return engine


def lose(seed: int, folder: Path, template: Path, monkeypatch, synchronous: str = "FULL") -> str:
    """Write until the power goes, and say what is left: whole, or what is wrong."""
    rng = Random(seed)
    before, after = folder / f"{seed}-{synchronous}", folder / f"{seed}-{synchronous}-after"
    for made in (before, after):
        made.mkdir()
    path = before / "landport.db"
    shutil.copy(template, path)
    disk = disks.Disk(f"disk{next(NAMES)}")
    engine = over(disk, path, synchronous)
    with monkeypatch.context() as patched:
        patched.setattr(engines, "writing", lambda _: engine)
        patched.setattr(engines, "reading", lambda _: engine)
        store = opened(str(path), batch=rng.randrange(1, 12))
        disk.dies_at = disk.n_steps + rng.randrange(2, 900)
        asked = load.ask_all(store, seed, range(REQUESTS))
        store.close()
    failed = {type(f.exception()) for f in asked.values()} - {type(None)}
    assert failed <= {StoreError}
    acknowledged = {n for n, f in asked.items() if f.exception() is None}
    disk.image(after, rng)
    try:
        return judge(after / "landport.db", seed, acknowledged)
    finally:
        disk.unregister()
        shutil.rmtree(before)
        shutil.rmtree(after)


def judge(path: Path, seed: int, acknowledged: set[int]) -> str:
    """Open what is left with the ordinary driver, look, and ask for everything again under the same keys."""
    try:
        with sqlite3.connect(path) as plain:
            is_whole = plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        plain.close()
        if not is_whole:
            return "corrupt"
        store = opened(str(path))
    except (StoreError, sqlite3.Error):
        return "corrupt"
    try:
        return load.judge(store, seed, acknowledged, REQUESTS)
    finally:
        store.close()


def test_nothing_acknowledged_is_lost(template, tmp_path, monkeypatch):
    """A sample of losses: each leaves a whole log, with all that was acknowledged, and a retry doubles nothing."""
    found = Counter(lose(seed, tmp_path, template, monkeypatch) for seed in range(SAMPLE))
    assert found == {"whole": SAMPLE}


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_many_losses(template, tmp_path, monkeypatch):
    """The same, many times."""
    found = Counter(lose(seed, tmp_path, template, monkeypatch) for seed in range(SAMPLE, SAMPLE + WHOLE))
    assert found == {"whole": WHOLE}


def test_the_check_can_fail(template, tmp_path, monkeypatch):
    """Without syncing, the same losses do lose and corrupt: so the file system forgets, and the check sees it."""
    found = Counter(lose(seed, tmp_path, template, monkeypatch, "OFF") for seed in range(12))
    assert found["whole"] < 12
    assert set(found) & {"lost", "corrupt", "not whole"}
