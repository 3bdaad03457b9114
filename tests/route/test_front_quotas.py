"""Fronts over the network pay the quotas of orders: against every sequence of rides on small ones."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from landport.model.bookings import RestrictionOrder
from tests import nets
from tests.route.test_fronts import BOX, EXACT, by_hand, random_network, small, unbeaten


def random_quotas(seed: int) -> tuple[RestrictionOrder, ...]:
    """Some quotas with a price, most of a stay; many begin or end while boxes are on their way."""
    dice = random.Random(seed)
    found = []
    for i in range(dice.randint(1, 4)):
        at, towards = dice.sample("ABCDEF", 2)
        since = dice.choice((-9_999, dice.randrange(2_000)))
        found.append(
            quota(
                order_id=f"Q{i}",
                place_id=at,
                towards_id=towards if dice.random() < 0.3 else "",
                from_at=since,
                until_at=dice.choice((99_999, max(since, 0) + dice.randrange(1_500))),
                usd_cents_per_teu=dice.choice((700, 3_000, 9_000)),
            )
        )
    return tuple(found)


def quota(**changes: object) -> RestrictionOrder:
    given: dict[str, object] = {
        "order_id": "Q",
        "number": "19",
        "issuer": "KTZ",
        "place_id": "B",
        "towards_id": "",
        "from_at": 0,
        "until_at": 99_999,
        "hs_prefixes": (),
        "un_classes": (),
        "container_types": (),
        "max_trains_per_day": None,
        "text": "",
        "max_teu_per_day": 20,
        "usd_cents_per_teu": 5_000,
    }
    return RestrictionOrder(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(60))
def test_front_pays_quotas_as_every_sequence_of_rides_does(seed: int) -> None:
    """Whoever comes, stays on, changes or starts there, before a quota is in force, while it is, and after."""
    net = small(random_network(seed))
    tolls = random_quotas(seed)
    for at, to in (("A", "F"), ("B", "E"), ("C", "A"), ("D", "B")):
        if {at, to} <= set(net.network.places):
            expected = unbeaten(by_hand(net, at, to, 200, tolls))
            front = net.fronts.front(net.asked(at, to, 200, tolls=tolls), eps=EXACT)
            assert [way.value for way in front.ways] == expected


def test_quotas_change_many_fronts() -> None:
    """Those of the random networks are worth testing on: some put other ways in front."""
    changed_fronts = 0
    for seed in range(60):
        net = small(random_network(seed))
        for at, to in (("A", "F"), ("B", "E"), ("C", "A"), ("D", "B")):
            if {at, to} <= set(net.network.places):
                asked = net.asked(at, to, 200)
                free = net.fronts.front(asked, eps=EXACT).ways
                paid = net.fronts.front(replace(asked, tolls=random_quotas(seed)), eps=EXACT).ways
                changed_fronts += {w.itinerary for w in free} != {w.itinerary for w in paid}
    assert changed_fronts >= 10


def test_a_way_that_has_paid_is_not_beaten_by_one_that_still_owes() -> None:
    """S comes to B before the quota is in force, T, which is cheaper, after: at B it looks dearer, having paid."""
    early = nets.service("S", "", at=100, legs=(nets.leg(1, "A", "B", usd_cents_per_teu=2_000),))
    later = nets.service("T", "", at=400, legs=(nets.leg(1, "A", "B", usd_cents_per_teu=1_000),))
    onward = nets.service("U", "BC", at=900)
    net = small(nets.network(early, later, onward, transfers=(nets.handover("B"),)), days=1)
    tolls = (quota(from_at=300),)
    found = net.fronts.front(net.asked("A", "C", tolls=tolls), eps=EXACT).ways
    assert [w.itinerary.stretches[0].departure_id.partition("@")[0] for w in found] == ["T"]
    assert [w.value for w in found] == unbeaten(by_hand(net, "A", "C", 0, tolls))


def test_who_stays_on_board_pays_what_comes_into_force_meanwhile() -> None:
    """The train stands at B from 160 to 460, and the quota begins at 300."""
    legs = (nets.leg(1, "A", "B"), nets.leg(2, "B", "C", dwell_minutes=300))
    net = small(nets.network(nets.service("S", "", at=100, legs=legs)), days=1)
    stands = net.dated[0].legs[0].arrives_at, net.dated[0].legs[1].departs_at
    free = net.fronts.front(net.asked("A", "C"), eps=EXACT).ways[0].usd_cents
    for since, paid in ((stands[0], 1), (stands[0] + 1, 1), (stands[1], 1), (stands[1] + 1, 0)):
        tolls = (quota(from_at=since),)
        found = net.fronts.front(net.asked("A", "C", tolls=tolls), eps=EXACT).ways
        assert [w.usd_cents for w in found] == [free + paid * 5_000 * BOX.teu]
