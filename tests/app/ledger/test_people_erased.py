"""Parties: seen by whom they belong to, and erased for good while the log still verifies."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from landport.app.ledger import parties, people
from landport.app.ledger.desk import Principal
from landport.errors import Conflict, NotFound
from landport.store import log
from tests.app.ledger.desks import opened

ADMIN = people.local()
NAME, CONTACT = "Aigerim Nurlanovna Satpayeva", "aigerim@example.org, Almaty"


def done(ledger, who, command):
    return msgspec.json.decode(ledger.do(who, command).body)


def forwarder(party_id):
    return Principal(tenant_id="port", actor="A" + party_id, role="forwarder", party_id=party_id)


def test_a_forwarder_sees_itself_and_whom_it_named(store_url):
    """Others' parties are not there; the port sees all."""
    with opened(store_url) as (ledger, _):
        people.first_link(ledger)
        one, two = (done(ledger, ADMIN, parties.add_party(ledger, ADMIN, "firm", n))["party_id"] for n in "ab")
        theirs = done(ledger, forwarder(one), parties.add_party(ledger, forwarder(one), "person", NAME))["party_id"]
        seen = [p["party_id"] for p in parties.parties(ledger, forwarder(one))]
        assert set(seen) == {one, theirs}
        assert [p["party_id"] for p in parties.parties(ledger, forwarder(two))] == [two]
        with pytest.raises(NotFound):
            parties.party(ledger, forwarder(two), theirs)
        with pytest.raises(NotFound):
            ledger.do(forwarder(two), parties.change_party(ledger, forwarder(two), theirs, "x", None))
        everybody = [p["party_id"] for p in parties.parties(ledger, ADMIN)]
        assert set(everybody) == {one, two, theirs}
        assert everybody == sorted(everybody)
        assert [p["party_id"] for p in parties.parties(ledger, ADMIN, after=everybody[0], most=1)] == everybody[1:2]


def test_a_party_is_named_once(store_url):
    """The same name of the same forwarder is the same party."""
    with opened(store_url) as (ledger, _):
        people.first_link(ledger)
        one = done(ledger, ADMIN, lambda tx: parties.known(tx, ADMIN, "Sinotrans"))
        assert done(ledger, ADMIN, lambda tx: parties.known(tx, ADMIN, "Sinotrans")) == one
        assert done(ledger, forwarder("P1"), lambda tx: parties.known(tx, forwarder("P1"), "Sinotrans")) != one


def test_an_erased_party_is_nowhere_in_the_file(tmp_path):
    """Neither in the database nor beside it is the name found; id and log stay, and the log is whole."""
    from landport.store import engines, schema

    path = tmp_path / "landport.db"
    engine = engines.writing(engines.address_of(str(path)))
    schema.upgrade(engine, engines.address_of(str(path)))
    engine.dispose()
    with opened(str(path)) as (ledger, _):
        people.first_link(ledger)
        command = parties.add_party(ledger, ADMIN, "person", "Zz", CONTACT)
        made = ledger.do(ADMIN, command, key="k1", request=NAME.encode())
        party_id = msgspec.json.decode(made.body)["party_id"]
        done(ledger, ADMIN, parties.change_party(ledger, ADMIN, party_id, NAME, None))
        assert ledger.store.read("port", lambda v: log.count(v)) == 0
        assert holds(tmp_path, NAME)
        done(ledger, ADMIN, parties.erase_party(ledger, ADMIN, party_id, "asked to"))
        done(ledger, ADMIN, parties.erase_party(ledger, ADMIN, party_id, "asked again"))
        found = parties.party(ledger, ADMIN, party_id)
        assert (found["name"], found["contact"], found["is_erased"]) == ("", "", True)
        events = ledger.store.read("port", lambda v: log.of_subject(v, f"party/{party_id}"))
        assert [(e.type, e.payload) for e in events] == [("PartyErased", {"why": "asked to"})]
        assert events[0].hash
        with pytest.raises(Conflict) as caught:
            ledger.do(ADMIN, parties.change_party(ledger, ADMIN, party_id, "back", None))
        assert caught.value.code == "party-erased"
    for text in (NAME, CONTACT, "Aigerim"):
        assert not holds(tmp_path, text)


def holds(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.iterdir())
