"""Priced legs, changes and waiting, and which leg can follow which."""

from __future__ import annotations

import numpy as np

from landport.model.priced_legs import PricedLegs
from landport.model.rules import Rules
from landport.model.tariff import Load
from landport.route._kernel_table import Ints
from landport.route.arrays import Space, minute_value
from landport.route.fronts import Fronts
from landport.route.opening import begun
from landport.route.tables import starts
from landport.route.why import room_of


def priced_legs(fronts: Fronts, load: Load, rules: Rules) -> PricedLegs:
    """Price every leg that can be ridden, and every change, for one box.

    Parameters
    ----------
    load
        The box. Legs that it may not ride are in it too: leg i here is leg i of the space, so that the mask of a
        question joins.
    rules
        For what time is worth.

    Notes
    -----
    Prices, changes and emissions are those that fronts are searched by, and `Search` as well: the cheapest way over
    these legs, with or without its waiting, is theirs.
    """
    space, graph = fronts.space, fronts.priced.graph(load)
    table = graph.table
    names = tuple(sorted({name for row in space.transfers for name in row if name}))
    number = {name: i for i, name in enumerate(names)}
    number[""] = -1
    departures = tuple(dict.fromkeys(hop.departure.departure_id for hop in space.hops))
    rows = np.repeat(np.arange(len(table.place)), np.diff(table.change_at))
    by_change = [_transfer(space, int(r), int(k)) for r, k in zip(rows, table.change[:, 0], strict=True)]
    by_truck = [space.transfers[r][-1] if r < len(space.transfers) else "" for r in table.truck[:, 4].tolist()]
    change = (rows, table.change[:, 0], [number[n] for n in by_change], *table.change[:, [1, 2, 3, 5]].T)
    truck = (table.truck[:, 4], table.truck[:, 0], [number[n] for n in by_truck], *table.truck[:, 1:4].T)
    return PricedLegs(
        place_ids=space.place_ids,
        departure_ids=departures,
        transfer_ids=names,
        departure=table.run,
        seq=np.array([hop.leg.seq for hop in space.hops], np.int64),
        from_place=space.from_place,
        to_place=np.array([space.place_of[hop.leg.to_id] for hop in space.hops], np.int64),
        departs_at=table.departs,
        arrives_at=table.arrives,
        usd_cents=table.price[:, 0],
        gco2e=table.price[:, 1],
        room_teu=room_of(fronts),
        after=table.after,
        board=table.board,
        land=table.land,
        place=table.place,
        start=graph.start_row,
        change=np.stack([np.asarray(c, np.int64) for c in change], axis=1),
        truck=np.stack([np.asarray(c, np.int64) for c in truck], axis=1),
        open_at=table.open_at,
        opens=table.opens,
        teu=load.teu,
        minute_milli=minute_value(rules) * load.teu,
    )


def _transfer(space: Space, row: int, of_class: int) -> str:
    """Name the transfer of a change; empty where a load starts."""
    if row >= len(space.transfers):
        return ""
    place = int(space.from_place[space.members[space.classes[of_class, 0], 0]])
    return space.transfers[row][of_class - int(space.at_place[place, 0])]


def pairs(legs: PricedLegs, *, within: int) -> Ints:
    """List which leg can follow which by a change at a place, without a truck between them.

    Parameters
    ----------
    within
        Most minutes between arrival and departure.

    Returns
    -------
    Ints
        Leg, leg that follows, row of `PricedLegs.change`, minutes between them; shape (q, 4), sorted. Staying on board
        is no change, and nobody leaves a train to board it again.

    Notes
    -----
    O(q + e log n). For the demo week and a wait of two days at most, q is some 150,000.
    """
    found = [np.zeros((0, 4), np.int64)]
    boarding = _grouped(legs.board, int(legs.change[:, 1].max(initial=-1)) + 1)
    landing = _grouped(legs.land, len(legs.place))
    for row, (manner, of_class, _, minutes, _, _, work) in enumerate(legs.change.tolist()):
        ones, others = landing[manner], boarding[of_class]
        departs = legs.departs_at[others]
        begins = begun(legs.arrives_at[ones], legs.opens[slice(*legs.open_at[manner])])
        low = np.searchsorted(departs, np.maximum(legs.arrives_at[ones] + minutes, begins + work))
        high = np.maximum(low, np.searchsorted(departs, legs.arrives_at[ones] + within, side="right"))
        counts = high - low
        one = np.repeat(ones, counts)
        other = others[np.arange(len(one)) + np.repeat(low - starts(counts)[:-1], counts)]
        gap = legs.departs_at[other] - legs.arrives_at[one]
        made = np.stack([one, other, np.full(len(one), row, np.int64), gap], axis=1)
        found.append(made[legs.departure[one] != legs.departure[other]])
    joined = np.concatenate(found)
    return joined[np.lexsort((joined[:, 2], joined[:, 1], joined[:, 0]))]


def _grouped(of: Ints, n: int) -> list[Ints]:
    """List the legs of each of n classes or manners, in order of departure."""
    order = np.argsort(of, kind="stable")
    bounds = np.searchsorted(of[order], np.arange(n + 1))
    return [order[bounds[i] : bounds[i + 1]] for i in range(n)]
