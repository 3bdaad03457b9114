"""The ledger on both engines: a week from its booking to a departure, and the jobs of servers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from landport.app.ledger import jobs, people
from landport.app.ledger.desk import Ledger
from landport.app.ledger.jobs import JobRunner, Request
from landport.app.ledger.projecting import States
from landport.errors import Conflict, NotFound
from landport.store import EVERYBODY, open_store
from landport.store import jobs as rows
from landport.store import people as people_rows
from tests.app.ledger import work
from tests.app.ledger.conftest import PLANNER, Clock, Port, found_tenants
from tests.app.ledger.desks import opened


@pytest.fixture
def engined(store_url, world, harbour):
    """A small port with its plan committed, on SQLite and on PostgreSQL."""
    clock = Clock()
    store = open_store(store_url, clock=clock, projection=States())
    found_tenants(store)
    yield Port(Ledger(store=store, world=world, clock=clock), clock, *harbour)
    store.close()


def test_a_train_leaves_and_another_is_cancelled(engined):
    """Commit, movements and exceptions say the same on both."""
    train = engined.trains()[0]
    box = engined.riders(train)[0]
    hub = engined.week.hub_id
    engined.make_ready(box, hub)
    engined.move(f"container/{box}", "ContainerLoaded", departure_id=train, at_id=hub)
    engined.move(f"train/{train}", "TrainDeparted", at_id=hub)
    assert engined.state(f"container/{box}").status == "under_way"
    moved = engined.move(f"train/{engined.trains()[-1]}", "PathCancelled", why="washout")
    assert engined.state(f"task/{moved['tasks'][0]}").status == "open"


def test_one_job_at_a_time(engined):
    """The row keeps a second one out; a server that starts finds orphans; a failed worker leaves its code."""
    store = engined.ledger.store
    store.write_now("T1", "A", lambda tx: rows.add(tx, job_id="J-1", kind="plan", request="{}", owner="S-gone"))
    with pytest.raises(Conflict, match="J-1"):
        store.write_now("T1", "A", lambda tx: rows.add(tx, job_id="J-2", kind="plan", request="{}", owner="S-gone"))
    runner = JobRunner(engined.ledger, work=work.fail)
    try:
        assert store.read("T1", lambda view: jobs.find(view, "J-1")).status == "interrupted"
        runner.start(PLANNER, Request())
        newest = next(job for job in store.read("T1", rows.page) if job.job_id != "J-1")  # both begun at one instant
        runner.wait(newest.job_id)
        assert store.read("T1", lambda view: jobs.find(view, newest.job_id)).status == "failed"
    finally:
        runner.close()
    store.write_now(EVERYBODY, "system", lambda tx: rows.beat(tx, "S-9"))


@pytest.mark.postgres
def test_two_servers_start_at_once_on_an_empty_database(postgres_made):
    """Each asks for the first admin: one port and one admin are made, and the link told last is good."""
    with opened(postgres_made) as (one, _), opened(postgres_made) as (two, _), ThreadPoolExecutor(8) as pool:
        links = list(pool.map(people.first_link, [one, two] * 4))
        assert one.store.read(EVERYBODY, people_rows.tenants) == (people.TENANT,)
        assert [a["login"] for a in people.accounts(one, people.local())] == [people.ADMIN]
        good = 0
        for link in links:
            with suppress(NotFound):
                good += people.choose_password(one, link, "seven grey geese land")["login"] == people.ADMIN
        assert good == 1
        assert people.first_link(two) == ""
