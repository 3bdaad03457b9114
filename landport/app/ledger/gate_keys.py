"""Keys that sign the codes of appointments: made at first need, rotated, retired."""

from __future__ import annotations

import base64
from typing import Any

from landport.app.ledger import passwords
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.errors import NotFound
from landport.exchange.gate_code import key_id_of, public_of
from landport.exchange.gate_keys import GateKeys
from landport.store import Tx, View
from landport.store import gate_keys as rows
from landport.store.gate_keys import GateKey


def signing_key(tx: Tx) -> GateKey:
    """Find the key that signs, or make the first one.

    Returns
    -------
    GateKey
        With its private key: it goes into `exchange.make_code`, and nowhere else.
    """
    return rows.current(tx) or _made(tx)


def public_keys(view: View) -> dict[str, str]:
    """List the public keys that hold, base64 by id; whoever verifies needs no more, and they are no secret."""
    return {k.key_id: base64.b64encode(k.public_key).decode() for k in rows.listed(view) if k.retired_at is None}


def at_gate(ledger: Ledger, who: Principal, border_id: str) -> GateKeys:
    """Collect what a gate verifies codes by without a network, and which keys hold no more.

    Raises
    ------
    NotFound
        `unknown-key`: there is no key yet.
    """
    found = ledger.store.read(who.tenant_id, rows.listed)
    if not found:
        text = "there is no gate key yet: the first appointment makes one, or landport key rotate"
        raise NotFound("unknown-key", text, (border_id,))
    return GateKeys(
        border_id=border_id,
        keys={k.key_id: k.public_key for k in found if k.retired_at is None},
        retired={k.key_id: k.retired_at for k in found if k.retired_at is not None},
    )


def rotate_key(ledger: Ledger, who: Principal) -> Command:
    """Make a new key that signs from now on; what earlier ones signed holds until they are retired.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("people")

    def command(tx: Tx) -> dict[str, Any]:
        made = _made(tx)
        return shown(made) | {"holding": list(public_keys(tx))}

    return command


def retire_key(ledger: Ledger, who: Principal, key_id: str) -> Command:
    """Let what a key signed hold no more, such as after its private part was seen; gates need the new list of keys.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-key`.
    """
    who.expect_may("people")

    def command(tx: Tx) -> dict[str, Any]:
        if not rows.retire(tx, key_id):
            raise NotFound("unknown-key", f"no gate key {key_id}", (key_id,))
        return next(shown(key) for key in rows.listed(tx) if key.key_id == key_id)

    return command


def keys(ledger: Ledger, who: Principal) -> list[dict[str, Any]]:
    """List the tenant's gate keys, oldest first, retired ones too.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("people")
    return [shown(key) for key in ledger.store.read(who.tenant_id, rows.listed)]


def shown(key: GateKey) -> dict[str, Any]:
    """Write a key for a reader: nothing secret."""
    return {
        "key_id": key.key_id,
        "public_key": base64.b64encode(key.public_key).decode(),
        "created_at": key.created_at,
        "retired_at": key.retired_at,
    }


def _made(tx: Tx) -> GateKey:
    private = passwords.private_key()
    public = public_of(private)
    return rows.add(tx, key_id=key_id_of(public), private_key=private, public_key=public)
