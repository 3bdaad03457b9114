"""The demo: an invented week in a ledger, planned and committed, on a clock that begins with the week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from landport.app import demo
from landport.app.ledger import making, opening, people, reads
from landport.app.ledger.border import planning, publishing
from landport.app.ledger.committing import Committed, commit
from landport.app.ledger.desk import Ledger, Principal
from landport.app.ledger.week import load_week
from landport.app.stages import Notify
from landport.exchange import example_border
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World

WEEK: Final = date(2022, 7, 18)
"""Monday that the demo week starts on."""

HORGOS: Final = ("HRG", "NUR")
"""The other border port of the demo: more of its trucks pass here than at Baktu."""

SEED: Final = 1
"""Seed of the invented bookings and of their plan."""


def invented(world: World, *, week: date = WEEK, scale: float = 1.0, seed: int = SEED) -> Scenario:
    """Invent the week of a demo.

    Raises
    ------
    InputError
        `demo-week`: no Monday, or seed or scale out of range.
    """
    return demo.generate(world, week=week, seed=seed, scale=scale)


def clock_of(scenario: Scenario, now: Callable[[], datetime]) -> Callable[[], datetime]:
    """Make a clock that shows the now of a week when it is made, and goes on from there as `now` does."""
    return clock_from(scenario.start_at + timedelta(minutes=scenario.now_at), now)


def clock_from(begins_at: datetime, now: Callable[[], datetime]) -> Callable[[], datetime]:
    """Make a clock that shows an instant when it is made, and goes on from there as `now` does."""
    begun = now()
    return lambda: (begins_at + (now() - begun)).astimezone(UTC)


def begins_at(ledger: Ledger, tenant_id: str) -> datetime | None:
    """Read the now of the week for which a plan counts in a ledger; None: there is none."""
    opened = ledger.store.read(tenant_id, reads.open_week)
    return opened.week.now_at if opened and opened.week and opened.plan_digest else None


def load_demo(
    ledger: Ledger,
    who: Principal,
    *,
    scale: float = 1.0,
    effort: str = "quick",
    seed: int = SEED,
    week: date = WEEK,
    workers: int = 1,
    notify: Notify = lambda stage: None,
) -> Committed | None:
    """Invent a week, book all of it, plan it and commit the plan.

    Returns
    -------
    Committed | None
        None: a plan of a week counts in this ledger already.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `demo-week`, `bad-option`.
    """
    who.expect_may("plan")
    if begins_at(ledger, who.tenant_id) is not None:
        return None
    notify("invent the week")
    scenario = invented(ledger.world, week=week, scale=scale, seed=seed)
    notify("book")
    load_week(ledger, who, scenario, notify)
    task = making.task(ledger, who, effort=effort, seed=seed, workers=workers)
    plan = making.made(task, notify)
    return _committed(ledger, who, plan, task.scenario, notify)


def keep_demo(url: str, scenario: Scenario, plan: Plan, notify: Notify = lambda stage: None) -> Committed:
    """Make a ledger that has a planned week booked and its plan committed; its clock is the week's meanwhile.

    Raises
    ------
    Conflict
        `store-in-use`.
    StoreError
        As `opening.open_ledger`.
    """
    ledger = opening.open_ledger(url, said="landport demo", makes=True, clock=clock_of(scenario, opening.now))
    try:
        people.first_link(ledger)
        who = people.local()
        notify("book")
        load_week(ledger, who, scenario, notify)
        return _committed(ledger, who, plan, scenario, notify)
    finally:
        ledger.store.close()


def _committed(ledger: Ledger, who: Principal, plan: Plan, scenario: Scenario, notify: Notify) -> Committed:
    notify("commit")
    kept = msgspec.json.decode(ledger.do(who, making.keep(who, plan, scenario)).body)
    done = ledger.do(who, commit(ledger, who, kept["plan_digest"]))
    if who.may("gate"):
        notify("open the border ports")
        _open_borders(ledger, who)
    return msgspec.json.decode(done.body, type=Committed)


def _open_borders(ledger: Ledger, who: Principal) -> None:
    """Publish the example of a border port, and the same hours for Horgos; book the trucks of the plan."""
    places = ledger.world.network.places
    baktu = example_border(places)
    own, other = baktu.sides
    horgos = replace(
        baktu,
        border_id=HORGOS[0],
        name=places[HORGOS[0]].name,
        sides=(replace(own, place_id=HORGOS[0]), replace(other, place_id=HORGOS[1])),
        source="Hours, lanes and times as assumed for Baktu",
    )
    for border in (baktu, horgos):
        ledger.do(who, publishing.publish(ledger, who, border))
        trucks = planning.book_plan(ledger, who, border.border_id)
        if trucks is not None:
            ledger.do(who, trucks)
