"""Keys of the gate: made at first need, rotated, retired; the private part never leaves."""

from __future__ import annotations

import base64

import msgspec
import pytest

from landport.app.ledger import gate_keys
from landport.app.ledger.desk import Principal
from landport.errors import NotFound, NotPermitted
from landport.exchange.gate_code import key_id_of, public_of
from tests.app.ledger.desks import opened

ADMIN = Principal(tenant_id="T1", actor="A1", role="admin")


@pytest.fixture
def ledger(store_url):
    with opened(store_url) as (found, _):
        yield found


def signing(ledger, tenant="T1"):
    return ledger.store.write_now(tenant, "A1", gate_keys.signing_key)


def public(ledger, tenant="T1"):
    return ledger.store.read(tenant, gate_keys.public_keys)


def done(ledger, command, who=ADMIN):
    return msgspec.json.decode(ledger.do(who, command).body)


def test_the_first_key_is_made_when_it_is_needed(ledger):
    """Once; each tenant has its own, and sees no other."""
    assert public(ledger) == {}
    with pytest.raises(NotFound, match="no gate key yet"):
        gate_keys.at_gate(ledger, ADMIN, "BKT")
    first = signing(ledger)
    assert signing(ledger) == first
    assert first.public_key == public_of(first.private_key)
    assert public(ledger) == {key_id_of(first.public_key): base64.b64encode(first.public_key).decode()}
    assert signing(ledger, "T2").key_id != first.key_id
    assert list(public(ledger)) == [first.key_id]


def test_a_rotated_key_holds_until_it_is_retired(ledger):
    """The new one signs at once, even where the clock stands still; a retired one is told, and nothing secret is."""
    first = signing(ledger)
    found = done(ledger, gate_keys.rotate_key(ledger, ADMIN))
    assert signing(ledger).key_id == found["key_id"] != first.key_id
    assert set(public(ledger)) == set(found["holding"]) == {first.key_id, found["key_id"]}
    done(ledger, gate_keys.retire_key(ledger, ADMIN, first.key_id))
    again = done(ledger, gate_keys.retire_key(ledger, ADMIN, first.key_id))
    assert list(public(ledger)) == [found["key_id"]]
    listed = gate_keys.keys(ledger, ADMIN)
    assert [key["retired_at"] is None for key in listed] == [False, True]
    assert base64.b64encode(first.private_key).decode() not in f"{listed}{again}{found}"
    assert repr(first.private_key) not in repr(first)
    given = gate_keys.at_gate(ledger, ADMIN, "BKT")
    assert (list(given.keys), list(given.retired)) == ([found["key_id"]], [first.key_id])


def test_only_admins_see_to_keys(ledger):
    """And only to keys that there are; another tenant's is none."""
    other = signing(ledger, "T2")
    with pytest.raises(NotFound) as caught:
        done(ledger, gate_keys.retire_key(ledger, ADMIN, other.key_id))
    assert caught.value.code == "unknown-key"
    planner = Principal(tenant_id="T1", actor="A2", role="planner")
    for use in (gate_keys.rotate_key, gate_keys.keys):
        with pytest.raises(NotPermitted):
            use(ledger, planner)
    with pytest.raises(NotPermitted):
        gate_keys.retire_key(ledger, planner, "x")
