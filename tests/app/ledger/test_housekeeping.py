"""What a port does by itself: answers of long ago are dropped, whatever happens to one tenant."""

from __future__ import annotations

import threading

import msgspec

from landport.app.ledger import housekeeping, parties, people
from landport.errors import StoreError
from tests.app.ledger.desks import opened

ADMIN = people.local()


def test_answers_are_kept_for_a_week(store_url):
    """Within seven days a key answers the same; afterwards it is free."""
    with opened(store_url) as (ledger, clock):
        people.first_link(ledger)

        def named():
            command = parties.add_party(ledger, ADMIN, "firm", "Silk")
            return msgspec.json.decode(ledger.do(ADMIN, command, key="k").body)["party_id"]

        first = named()
        clock.move(days=6)
        housekeeping.tidy(ledger)
        assert named() == first
        clock.move(days=2)
        housekeeping.tidy(ledger)
        assert named() != first


def test_what_fails_is_tried_again(store_url, monkeypatch, caplog):
    """A database that is away for one round is a warning; the housekeeper goes on until it is closed."""
    with opened(store_url) as (ledger, _):
        people.first_link(ledger)

        def gone(*_):
            raise StoreError("database-gone", "the database did not answer")

        with monkeypatch.context() as patched, caplog.at_level("WARNING"):
            patched.setattr(housekeeping.excepting, "look_for_no_shows", gone)
            housekeeping.tidy(ledger)
        assert "did not answer" in caplog.text
        keeper = housekeeping.Housekeeper(ledger, every_s=0.001)
        keeper.close()


def test_a_fault_of_ours_does_not_end_the_rounds(store_url, monkeypatch, caplog):
    """The housekeeper logs it, and looks again in the next round."""
    with opened(store_url) as (ledger, _):
        twice, rounds = threading.Event(), []

        def stumble(_):
            rounds.append(1)
            if len(rounds) > 1:
                twice.set()
            raise ZeroDivisionError

        monkeypatch.setattr(housekeeping, "tidy", stumble)
        keeper = housekeeping.Housekeeper(ledger, every_s=0.001)
        assert twice.wait(60)
        keeper.close()
        assert "a round failed" in caplog.text


def test_a_tenant_that_is_not_there_needs_nothing(store_url):
    """An empty database has no tenants to tidy for."""
    with opened(store_url) as (ledger, _):
        housekeeping.tidy(ledger)
