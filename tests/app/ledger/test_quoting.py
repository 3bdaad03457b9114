"""Quotes: offers over the week's network, good for a while, booked once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from landport.app.ledger import booking, quoting
from landport.app.ledger.quoting import Asking
from landport.app.ledger.week import open_week
from landport.errors import Conflict, Infeasible, InputError, NotFound, NotPermitted
from landport.exchange.example import example
from landport.units import instant_of
from tests.app.ledger.conftest import ANALYST, FORWARDER, OTHER, PLANNER, goods

TO_ALMATY = Asking(origin_id="Urumqi", destination_id="Almaty", n_containers=2, cargo_kg=36_000)


@pytest.fixture
def opened(ledger, clock, do):
    """A ledger with the example week open."""
    week = example(ledger.world)
    clock.now = instant_of(week.now_at, week.start_at) + timedelta(hours=6)
    do(open_week(ledger, PLANNER, week))
    return ledger


def test_offers_differ(opened, do):
    """Each is the best in something; the quote is the forwarder's and good for a day."""
    found = do(quoting.quote(opened, FORWARDER, TO_ALMATY), FORWARDER)
    assert found["quote_id"].startswith("Q")
    assert found["forwarder_id"] == "P-silk"
    offers = found["offers"]
    assert 1 <= len(offers) <= 3
    assert offers[0]["usd_cents"] == min(o["usd_cents"] for o in offers)
    assert all(o["legs"][0].startswith("URC") for o in offers)
    assert found["valid_until_at"] == "2022-07-19T06:00:00Z"


def test_a_quote_is_booked_once(opened, clock, do):
    """Then it is used up; later it is stale; for other goods it does not hold, and for others there is none."""
    number = do(quoting.quote(opened, FORWARDER, TO_ALMATY), FORWARDER)["quote_id"]
    with pytest.raises(NotFound):
        do(booking.book(opened, OTHER, goods(), quote_id=number), OTHER)
    for changes, code in (({"n_containers": 3}, "quote-differs"), ({"declared_kg": 18_001}, "quote-differs")):
        with pytest.raises(Conflict) as caught:
            do(booking.book(opened, FORWARDER, goods(**changes), quote_id=number), FORWARDER)
        assert caught.value.code == code
    booked = do(booking.book(opened, FORWARDER, goods(), quote_id=number), FORWARDER)
    assert booked["quote_id"] == number
    with pytest.raises(Conflict) as caught:
        do(booking.book(opened, FORWARDER, goods(), quote_id=number), FORWARDER)
    assert caught.value.code == "quote-used"
    second = do(quoting.quote(opened, FORWARDER, TO_ALMATY), FORWARDER)["quote_id"]
    clock.forward(hours=24, seconds=1)
    with pytest.raises(Conflict) as caught:
        do(booking.book(opened, FORWARDER, goods(), quote_id=second), FORWARDER)
    assert caught.value.code == "quote-expired"


def test_the_network_is_laid_out_once(opened, do):
    """Questions of one hour share a desk; an order lays it out anew."""
    do(quoting.quote(opened, PLANNER, TO_ALMATY))
    desk = opened.kept["desk T1"][1]
    do(quoting.quote(opened, PLANNER, Asking(origin_id="URC", destination_id="TAS")))
    assert opened.kept["desk T1"][1] is desk


def test_questions_that_cannot_be(opened):
    """All problems at once; a load that nobody carries says why."""
    wrong = Asking(origin_id="Nowhere-on-Sea", destination_id="ALM", container_type="41XX", n_containers=0, hs="1")
    with pytest.raises(InputError) as caught:
        quoting.quote(opened, PLANNER, wrong)
    assert {p.key for p in caught.value.problems} == {"origin_id", "container_type", "n_containers", "hs"}
    with pytest.raises(InputError, match="do not fit"):
        quoting.quote(opened, PLANNER, Asking(origin_id="URC", destination_id="ALM", cargo_kg=50_000))
    soon = opened.clock() + timedelta(hours=1)
    with pytest.raises(Infeasible) as late:
        quoting.quote(opened, PLANNER, Asking(origin_id="URC", destination_id="HAM", due_at=soon))
    assert late.value.code == "no-way"
    with pytest.raises(NotPermitted):
        quoting.quote(opened, ANALYST, TO_ALMATY)


def test_without_a_week(ledger):
    """There is no timetable to quote from."""
    with pytest.raises(NotFound) as caught:
        quoting.quote(ledger, PLANNER, TO_ALMATY)
    assert caught.value.code == "no-week"
