"""States and mentions can be dropped and come back the same."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import inspect

from landport.errors import StoreError
from landport.store import EVERYBODY, engines, rebuild, schema
from landport.store.tables import MENTION, STATE
from tests.store.counting import Counting, append, draft, opened
from tests.store.test_verify import spoil


def tables(url):
    """Read the projections, of all tenants."""
    store = opened(url, mode="read")
    with store.view(EVERYBODY) as view:
        found = [sorted(map(tuple, view.connection.execute(t.select()))) for t in (STATE, MENTION)]
    store.close()
    return found


def indices(url):
    """Name the indices of states."""
    engine = engines.writing(engines.address_of(url))
    found = inspect(engine).get_indexes("state")
    engine.dispose()
    return [(index["name"], index["column_names"]) for index in found]


def rebuilt(url, projection=None, **options):
    address = engines.address_of(url)
    engine = engines.writing(address)
    try:
        return rebuild.rebuild(engine, address, projection or Counting(), **options)
    finally:
        engine.dispose()


@pytest.fixture
def url(store_url):
    """A log of two tenants, whose events are about each other's subjects."""
    rng = random.Random(1)
    store = opened(store_url)
    for n in range(60):
        about = tuple(f"container/C{rng.randrange(20)}" for _ in range(3))
        drafts = [draft(f"train/D{rng.randrange(9)}", about=about, status=f"s{n % 7}") for _ in range(3)]
        own = f"wagon/W{n % 5}"
        append(store, *drafts, draft(own, type="Unseen", about=(*about[:1], own)), tenant=f"t{n % 2}")
    store.close()
    return store_url


@pytest.mark.parametrize("cached", [0, 3, 20_000])
def test_rebuilt_is_as_it_was(url, monkeypatch, cached):
    """However many states are held in memory meanwhile, the tables are as the writer made them."""
    monkeypatch.setattr(rebuild, "CACHED", cached)
    monkeypatch.setattr(rebuild, "SENT", 2 if cached < 100 else 10_000)
    monkeypatch.setattr(rebuild, "STEP", 100)
    before, had, heard = tables(url), indices(url), []
    spoil(url, "DELETE FROM state WHERE kind = 'train'", "UPDATE state SET status = 'wrong'", "DELETE FROM mention")
    made = rebuilt(url, notify=heard.append)
    assert tables(url) == before
    assert indices(url) == had
    assert (made.n_events, made.n_states, made.n_mentions) == (240, len(before[0]), len(before[1]))
    assert heard == [100, 200]
    store = opened(url)
    append(store, draft("train/D1"), tenant="t0")
    store.close()


def test_a_rebuild_that_fails_changes_nothing(url):
    """It is all new or as it was."""

    class Fails(Counting):
        def fold(self, kind, subject_id, state, event):
            if event.position == 200:
                raise ZeroDivisionError
            return super().fold(kind, subject_id, state, event)

    before, had = tables(url), indices(url)
    with pytest.raises(ZeroDivisionError):
        rebuilt(url, Fails())
    assert tables(url) == before
    assert indices(url) == had
    assert len(had) == 2


def test_an_empty_log_gives_empty_projections(store_url):
    """Nothing comes of nothing."""
    assert rebuilt(store_url) == rebuild.Rebuilt(0, 0, 0)


def test_older_tables_are_refused(empty_url):
    """First upgrade, then rebuild."""
    address = engines.address_of(empty_url)
    engine = engines.writing(address)
    schema.upgrade(engine, address, "0002")
    engine.dispose()
    with pytest.raises(StoreError) as found:
        rebuilt(empty_url)
    assert found.value.code == "migration-missing"
