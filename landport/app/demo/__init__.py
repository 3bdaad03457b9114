"""The demo week: an ordinary scenario, invented from published totals and a seed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from landport.app.demo import cargo, flows, pieces, trains, yard
from landport.app.demo.draws import Draws
from landport.app.demo.market import market
from landport.errors import InputError
from landport.model import timetable
from landport.model.scenario import Scenario, World
from landport.reference import load, table

__all__ = ["generate"]

PLAN_DAYS = 7
HORIZON_DAYS = 42

NOTE = (
    "Invented bookings. Drawn from shipped tables: FEU a week by origin and destination, month index, LCL share and "
    "due days (demand); categories, sizes, masses, values, seasons (goods); spare room of passing trains (passing). "
    "Those tables are themselves estimates fitted to published yearly totals. Assumed: shippers and consignees, "
    "sizes of bookings, priorities, ready_at (uniform), weighed masses, which origins grow which fruit, reefers for "
    "goods that may not freeze from November to March only, container_type, LCL FEU of 60 m3 or 19 t, all of orders "
    "and supply, cancelled runs and room on other operators' runs."
)


def generate(world: World, *, week: date, seed: int, scale: float) -> Scenario:
    """Invent a week of freight for the hub.

    Parameters
    ----------
    week
        A Monday; the scenario starts on it at 00:00 UTC, which is also its now.
    seed
        0 or more.
    scale
        Freight times this; above 1 trains, too. 1 is an ordinary week of the port.

    Raises
    ------
    InputError
        `demo-week`: no Monday, or seed or scale out of range.

    Notes
    -----
    Same arguments and tables, same scenario, on any machine. Every table draws from a stream of its own. O(bookings,
    items and runs).
    """
    _check(week, seed, scale)
    start_at = datetime(week.year, week.month, week.day, tzinfo=UTC)
    network = world.network.as_of(week)
    draws = Draws(seed, week.toordinal())
    lanes = flows.lanes(table.records("demand"), month=week.month, scale=scale)
    goods = market(load.goods().values(), week.month)
    whole = cargo.fcl(lanes, goods, world, draws.child("fcl"), on=week)
    groupage, items = pieces.lcl(lanes, goods, draws.child("lcl"))
    notes = trains.notes(
        network,
        table.records("passing"),
        draws.child("departures"),
        start_at=start_at,
        horizon_days=HORIZON_DAYS,
        scale=scale,
    )
    runs = timetable.departures(
        network.services,
        network.places,
        notes,
        start_at=start_at,
        from_minute=0,
        until_minute=PLAN_DAYS * flows.DAY,
        holidays=network.holidays,
    )
    return Scenario(
        name=f"Demo week {week.isoformat()}, seed {seed}, scale {scale:g}",
        start_at=start_at,
        now_at=0,
        hub_id=flows.HUB,
        plan_days=PLAN_DAYS,
        horizon_days=HORIZON_DAYS,
        bookings=whole + groupage,
        items=items,
        orders=yard.orders(network, runs, start_at=start_at, scale=scale),
        supply=yard.supply(network, runs, hub_id=flows.HUB, start_at=start_at, plan_days=PLAN_DAYS, scale=scale),
        departures=notes,
        note=NOTE,
    )


def _check(week: date, seed: int, scale: float) -> None:
    if week.isoweekday() != 1:
        raise InputError("demo-week", f"{week.isoformat()} is no Monday; name one, e.g. 2022-07-18", ("week",))
    if seed < 0:
        raise InputError("demo-week", f"seed {seed}: expected 0 or more", ("seed",))
    if not 0 < scale <= 1000:
        raise InputError("demo-week", f"scale {scale}: expected more than 0 and at most 1000", ("scale",))
