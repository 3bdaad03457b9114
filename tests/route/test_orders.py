"""Orders in the way: whom they name, what they bar, and that every refusal quotes them."""

from __future__ import annotations

import pytest

from landport.model.bookings import RestrictionOrder
from tests import nets
from tests.route.test_route import RULES, trip, ways


def order(**changes) -> RestrictionOrder:
    given = {
        "order_id": "O1",
        "number": "N-77",
        "issuer": "Railway",
        "place_id": "A",
        "towards_id": "",
        "from_at": 0,
        "until_at": 9_999,
        "hs_prefixes": ("84",),
        "un_classes": (),
        "container_types": (),
        "max_trains_per_day": None,
        "text": "no engines",
    }
    return RestrictionOrder(**(given | changes))


def test_an_order_bans_what_it_names_and_is_quoted():
    """The refusal quotes the number; other goods ride."""
    net = nets.network(nets.service("U", "AD"))
    assert "N-77" in ways(net, trip("A", "D"), orders=[order()]).plan.refusals["B1"].why
    assert "B1" in ways(net, trip("A", "D", cargo_codes=("0801",)), orders=[order()]).plan.choices


NAMED = {
    "a longer prefix": ({"hs_prefixes": ("840710",)}, {"cargo_codes": ("84071000",)}, True),
    "another subheading": ({"hs_prefixes": ("840710",)}, {"cargo_codes": ("84072000",)}, False),
    "detail that nobody gave": ({"hs_prefixes": ("840710",)}, {"cargo_codes": ("8407",)}, True),
    "a division and its group": ({"hs_prefixes": (), "un_classes": ("1.4",)}, {"un_classes": ("1.4S",)}, True),
    "a class and its division": ({"hs_prefixes": (), "un_classes": ("1",)}, {"un_classes": ("1.4S",)}, True),
    "another division": ({"hs_prefixes": (), "un_classes": ("1.1",)}, {"un_classes": ("1.4S",)}, False),
    "only the division": ({"hs_prefixes": (), "un_classes": ("1.4S",)}, {"un_classes": ("1.4G",)}, False),
}


@pytest.mark.parametrize("case", NAMED)
def test_what_an_order_names(case):
    """Prefixes and classes as finely as they are written; unknown detail is taken as banned."""
    changes, goods, banned = NAMED[case]
    found = ways(nets.network(nets.service("U", "AD")), trip("A", "D", **goods), orders=[order(**changes)]).plan
    assert ("B1" in found.refusals) is banned


CAP = {"hs_prefixes": (), "place_id": "D", "max_trains_per_day": 0, "text": "no trains"}


@pytest.mark.parametrize(
    ("operation", "changes", "is_barred"),
    [
        ("hub", {}, True),
        ("hub", {"place_id": "E"}, True),
        ("hub", {"place_id": "C"}, False),
        ("hub", {"until_at": 600}, False),
        ("hub", {"max_trains_per_day": 1}, False),
        ("hub", {"hs_prefixes": ("01",)}, True),
        ("bought", {}, False),
    ],
)
def test_where_no_hub_train_may_pass_none_is_offered(operation, changes, is_barred):
    """A cap of no trains bars every leg of hub trains that pass, even of those that no plan decides yet."""
    net = nets.network(nets.service("U", "ADE", at=600, operation=operation))
    found = ways(net, trip("A", "D"), orders=[order(**(CAP | changes))]).plan
    assert ("B1" in found.refusals) is is_barred
    if is_barred:
        refusal = found.refusals["B1"]
        assert (refusal.state, refusal.code) == ("waiting", "order")
        assert all(word in refusal.why for word in ("N-77", "lets no hub train pass", "no trains"))


QUOTA = {"hs_prefixes": (), "towards_id": "D", "max_teu_per_day": 0, "text": "no hand-over"}


@pytest.mark.parametrize(
    ("changes", "is_barred"),
    [
        ({}, True),
        ({"towards_id": ""}, True),
        ({"place_id": "D", "towards_id": ""}, True),
        ({"place_id": "D"}, False),
        ({"hs_prefixes": ("84",)}, True),
        ({"hs_prefixes": ("01",)}, False),
        ({"container_types": ("20GP",)}, False),
        ({"max_teu_per_day": 1}, False),
        ({"until_at": 600}, False),
    ],
)
def test_over_a_quota_of_nothing_no_way_leads(changes, is_barred):
    """Whatever the service; a quota of more is rationed later."""
    found = ways(nets.network(nets.service("U", "AD", at=600)), trip("A", "D"), orders=[order(**(QUOTA | changes))])
    assert ("B1" in found.plan.refusals) is is_barred
    if is_barred:
        refusal = found.plan.refusals["B1"]
        assert (refusal.state, refusal.code) == ("waiting", "order")
        assert all(word in refusal.why for word in ("N-77", "lets none of it be handed over", "no hand-over"))


def test_the_price_of_a_quota_counts_in_what_is_offered_first():
    """A dear quota puts the other train first; cost and bound leave it out, so the bound stays one."""
    cheap = nets.service("U", "AD", at=600, legs=(nets.leg(1, "A", "D", usd_cents_per_teu=8_000),))
    net = nets.network(cheap, nets.service("V", "AED", at=540))
    priced = order(**(QUOTA | {"max_teu_per_day": 9, "usd_cents_per_teu": 50_000}))
    without, under = (ways(net, trip("A", "D"), orders=orders) for orders in ((), (priced,)))
    firsts = [found.plan.choices["B1"][0].stretches[0].departure_id[0] for found in (without, under)]
    assert firsts == ["U", "V"]
    assert (under.cost, under.bound) == (without.cost, without.bound)
    assert set(under.plan.choices["B1"]) == set(without.plan.choices["B1"])


@pytest.mark.parametrize("changes", [{"text": "no engines"}, QUOTA, CAP])
def test_what_an_order_makes_too_late_quotes_it(changes):
    """It would be in time, were it not for the order: the reason says so, and how late it would be with it."""
    net = nets.network(nets.service("U", "AD", at=600, operation="hub"))
    late = {"until_at": RULES.milli("max_late_days") * 1440 // 1000}
    held = ways(net, trip("A", "D", due=0), orders=[order(**(changes | late))], days=20).plan.refusals["B1"]
    assert (held.state, held.code) == ("waiting", "order")
    assert "N-77" in held.why
    assert held.why.endswith("days after its due date")
    other = order(**({"hs_prefixes": ("01",)} | late))
    assert "B1" in ways(net, trip("A", "D", due=0), orders=[other], days=20).plan.choices


def test_what_is_too_late_anyway_blames_no_order():
    """The only train takes a month; the order bars its first run, and changes nothing."""
    slow = nets.service("U", "AD", at=600, legs=(nets.leg(1, "A", "D", running_minutes=30 * 1440),))
    refusal = ways(nets.network(slow), trip("A", "D", due=700), orders=[order(until_at=601)]).plan.refusals["B1"]
    assert (refusal.state, refusal.code) == ("waiting", "too-late")


def test_an_order_ends():
    """Once it is over the same box takes the next train."""
    net = nets.network(nets.service("U", "AD", at=600))
    way = ways(net, trip("A", "D"), orders=[order(until_at=601)]).plan.choices["B1"][0]
    assert way.departs_at == 600 + 1440
