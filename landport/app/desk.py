"""A desk that answers questions for a way, over a week's network laid out as of a day and under edits."""

from __future__ import annotations

from datetime import date

from landport import route
from landport.app import stages
from landport.errors import Remark
from landport.model.edits import NetworkEdit, WhatIf
from landport.model.network import Network
from landport.model.scenario import FAR_MINUTES, Scenario, World, network_of
from landport.model.services import UNDER_WAY_DAYS
from landport.model.what_if import apply


def lay_out_desk(
    scenario: Scenario,
    world: World,
    *,
    on: date,
    edits: tuple[NetworkEdit, ...] = (),
    name: str = "",
    samples: int = 0,
    seed: int = 0,
) -> tuple[route.Desk, Network, tuple[Remark, ...]]:
    """Lay the network out with the scenario's services, notes on departures and orders.

    Parameters
    ----------
    on
        Day whose lines are open.
    edits, name
        What-if; none: the network as it is.
    samples, seed
        Draws for the odds; 0 samples: no odds.

    Returns
    -------
    tuple[Desk, Network, tuple[Remark, ...]]
        The desk, the network under its edits, and what is odd about these.

    Raises
    ------
    NotFound
        `unknown-line`: an edit is of no line or place.

    Notes
    -----
    Every train of the hub counts as undecided: it is offered however late it leaves, and a position on it carries its
    share of the fixed cost.
    """
    edited = apply(network_of(scenario, world), edits, on=on, rules=world.rules)
    network = edited.network
    pricing = stages.priced(scenario, world, network, scenario.now_at - UNDER_WAY_DAYS * 1440)
    dated = tuple(pricing.departures.values())
    space = route.space(
        network, dated, world.rules, start_at=scenario.start_at, plan_end=FAR_MINUTES, now_at=scenario.now_at
    )
    sampler = route.Sampler(space, network, n_samples=samples, seed=seed) if samples else None
    desk = route.Desk(
        route.Priced(space, network, world.rules),
        pricing,
        scenario.orders,
        world.container_types,
        as_of_on=on,
        what_if=edited.what_if(name) if edits else WhatIf(),
        odds_of=None if sampler is None else lambda way, due, blocked: sampler.odds(way, due_at=due, blocked=blocked),
    )
    return desk, network, edited.remarks
