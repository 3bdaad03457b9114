"""People: accounts and their one-time links, API keys, and the first start of a port."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from landport.app.ledger import passwords
from landport.app.ledger.desk import MAY, ROLES, Command, Ledger, Principal
from landport.errors import Conflict, InputError, NotFound
from landport.store import EVERYBODY, SYSTEM, Tx, View, parties
from landport.store import people as rows
from landport.store.people import Account, Key

LINK_LIFE: Final = timedelta(hours=24)
"""How long a one-time link can be used."""

TENANT: Final = "port"
"""The tenant that the first start makes."""

ADMIN: Final = "admin"
"""Login of the account that the first start makes."""

LOGIN: Final = r"[a-z0-9][a-z0-9._@+-]{1,79}"
"""What a login looks like."""

NAME: Final = r"[a-z0-9][a-z0-9-]{0,39}"
"""What the id of a tenant looks like."""

MOST_NAME: Final = 100
"""Characters of the name of a key."""


def local(tenant_id: str = TENANT) -> Principal:
    """Name whoever sits at the machine itself: it may do everything in a tenant."""
    return Principal(tenant_id=tenant_id, actor=SYSTEM, role="admin")


# ---- the first start ---------------------------------------------------------------------------


def first_link(ledger: Ledger) -> str:
    """Make the tenant `port` and its admin unless there are tenants.

    Returns
    -------
    str
        A one-time link's token as long as the admin has chosen no password; empty afterwards.
    """
    secret = passwords.token()

    def command(tx: Tx) -> str:
        if not rows.tenants(tx):
            _found_port(tx, TENANT, ADMIN)
            tx.enter(EVERYBODY)
        admin = rows.account_of_login(tx, ADMIN)
        if admin is None or admin.password_hash or not admin.is_active:
            return ""
        tx.enter(admin.tenant_id)
        _link(tx, admin.account_id, secret)
        return secret

    return ledger.store.write_now(EVERYBODY, SYSTEM, command)


def add_tenant(ledger: Ledger, tenant_id: str, login: str) -> str:
    """Make another tenant with an admin of its own; done on the machine itself.

    Returns
    -------
    str
        A one-time link's token.

    Raises
    ------
    InputError
        `bad-tenant`, `bad-login`.
    Conflict
        `tenant-exists`, `login-taken`.
    """
    _expect_login(login)
    if not re.fullmatch(NAME, tenant_id):
        raise InputError("bad-tenant", f"tenant {tenant_id!r}: expected letters a-z, digits and hyphens", (tenant_id,))
    secret = passwords.token()

    def command(tx: Tx) -> str:
        if tenant_id in rows.tenants(tx):
            raise Conflict("tenant-exists", f"there is a tenant {tenant_id} already", (tenant_id,))
        _expect_free(tx, login)
        _link(tx, _found_port(tx, tenant_id, login), secret)
        return secret

    return ledger.store.write_now(EVERYBODY, SYSTEM, command)


def expect_tenant(ledger: Ledger, tenant_id: str) -> None:
    """Refuse a tenant that is not there.

    Raises
    ------
    NotFound
        `unknown-tenant`.
    """
    known = ledger.store.read(EVERYBODY, rows.tenants)
    if tenant_id not in known:
        raise NotFound(
            "unknown-tenant", f"no tenant {tenant_id}; there are: {', '.join(known) or 'none'}", (tenant_id,)
        )


def _found_port(tx: Tx, tenant_id: str, login: str) -> str:
    rows.add_tenant(tx, tenant_id, tenant_id)
    tx.enter(tenant_id)
    account_id = passwords.new_id("A")
    rows.add_account(tx, account_id=account_id, login=login, role="admin", party_id="")
    return account_id


# ---- accounts ----------------------------------------------------------------------------------


def add_account(ledger: Ledger, who: Principal, login: str, role: str, party_id: str = "") -> Command:
    """Make an account; it chooses its password by the one-time link that is answered.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-login`, `bad-role`, `party-needed`.
    Conflict
        In the command: `login-taken`.
    NotFound
        In the command: `unknown-party`.
    """
    who.expect_may("people")
    _expect_login(login)
    _expect_role(role, party_id)
    account_id, secret = passwords.new_id("A"), passwords.token()

    def command(tx: Tx) -> dict[str, Any]:
        _expect_party(tx, party_id)
        tx.enter(EVERYBODY)
        _expect_free(tx, login)
        tx.enter(who.tenant_id)
        rows.add_account(tx, account_id=account_id, login=login, role=role, party_id=party_id)
        _link(tx, account_id, secret)
        return {"account_id": account_id, "link": secret}

    return command


def change_account(
    ledger: Ledger,
    who: Principal,
    account_id: str,
    *,
    role: str | None = None,
    party_id: str | None = None,
    is_active: bool | None = None,
) -> Command:
    """Give an account another role or party, close it, or open it again; None changes nothing.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-account`, `unknown-party`.
    InputError
        In the command: `bad-role`, `party-needed`.
    Conflict
        In the command: `last-admin`.
    """
    who.expect_may("people")

    def command(tx: Tx) -> dict[str, Any]:
        before = _account(tx, account_id)
        after = {
            "role": before.role if role is None else role,
            "party_id": before.party_id if party_id is None else party_id,
            "is_active": before.is_active if is_active is None else is_active,
        }
        _expect_role(str(after["role"]), str(after["party_id"]))
        _expect_party(tx, str(after["party_id"]))
        rows.change_account(tx, account_id, **after)
        if not after["is_active"]:
            rows.drop_sessions_of(tx, account_id)
        if not any(a.role == "admin" and a.is_active for a in rows.accounts(tx)):
            raise Conflict("last-admin", f"{before.login} is the last admin: make another one first", (account_id,))
        return shown(_account(tx, account_id))

    return command


def new_link(ledger: Ledger, who: Principal, account_id: str) -> Command:
    """Make a new one-time link for an account; earlier ones open nothing any more, its password still holds.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-account`.
    """
    who.expect_may("people")
    secret = passwords.token()

    def command(tx: Tx) -> dict[str, Any]:
        _link(tx, _account(tx, account_id).account_id, secret)
        return {"account_id": account_id, "link": secret}

    return command


def accounts(ledger: Ledger, who: Principal) -> list[dict[str, Any]]:
    """List the tenant's accounts.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("people")
    return [shown(account) for account in ledger.store.read(who.tenant_id, rows.accounts)]


def account_id_of(ledger: Ledger, who: Principal, login: str) -> str:
    """Find an account of the tenant by its login.

    Raises
    ------
    NotFound
        `unknown-account`.
    """
    found = [a.account_id for a in ledger.store.read(who.tenant_id, rows.accounts) if a.login == login]
    if not found:
        raise NotFound("unknown-account", f"no account {login}", (login,))
    return found[0]


def choose_password(ledger: Ledger, link: str, password: str) -> dict[str, Any]:
    """Use a one-time link up and set the password of its account; every session of it ends.

    Raises
    ------
    InputError
        `weak-password`.
    NotFound
        `unknown-link`: it is not known, used, or older than `LINK_LIFE`.
    """
    passwords.expect_fit(password, "")
    link_hash, store = passwords.token_hash(link), ledger.store
    unknown = NotFound("unknown-link", "this link is not known, used already, or too old: ask for a new one")
    if not store.read(EVERYBODY, lambda view: rows.link_holds(view, link_hash, store.clock())):
        raise unknown  # hashing a password is dear: not for anybody who asks
    password_hash = passwords.hashed(password)

    def command(tx: Tx) -> dict[str, Any]:
        account = rows.use_link(tx, link_hash)
        if account is None or not account.is_active:
            raise unknown
        passwords.expect_fit(password, account.login)
        tx.enter(account.tenant_id)
        rows.change_account(tx, account.account_id, password_hash=password_hash)
        rows.drop_sessions_of(tx, account.account_id)
        return {"login": account.login, "role": account.role}

    return ledger.store.write_now(EVERYBODY, SYSTEM, command)


def shown(account: Account) -> dict[str, Any]:
    """Write an account for a reader: nothing secret."""
    return {
        "account_id": account.account_id,
        "login": account.login,
        "role": account.role,
        "party_id": account.party_id,
        "is_active": account.is_active,
        "has_password": bool(account.password_hash),
        "created_at": account.created_at,
    }


# ---- keys --------------------------------------------------------------------------------------


def add_key(
    ledger: Ledger,
    who: Principal,
    name: str,
    role: str,
    *,
    scopes: Iterable[str] = (),
    party_id: str = "",
    expires_at: datetime | None = None,
) -> Command:
    """Make an API key; the token that is answered is shown this once.

    Parameters
    ----------
    scopes
        Names of `desk.MAY` that the key is narrowed to; none: whatever its role may.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-name`, `bad-role`, `bad-scope`, `party-needed`.
    NotFound
        In the command: `unknown-party`.
    """
    who.expect_may("people")
    wanted = tuple(dict.fromkeys(scopes))
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise InputError("bad-name", f"expected a name of at most {MOST_NAME} printable characters", (name,))
    if strangers := [scope for scope in wanted if scope not in MAY]:
        raise InputError("bad-scope", f"no scope {', '.join(strangers)}: expected some of {', '.join(MAY)}", strangers)
    _expect_role(role, party_id)
    key_id = passwords.new_id("K")
    secret = f"lp_{key_id}_{passwords.token()}"

    def command(tx: Tx) -> dict[str, Any]:
        _expect_party(tx, party_id)
        key = Key(
            key_id=key_id,
            tenant_id=tx.tenant_id,
            name=name,
            token_hash=passwords.token_hash(secret),
            role=role,
            scopes=wanted,
            party_id=party_id,
            created_at=tx.now,
            expires_at=expires_at,
            revoked_at=None,
        )
        rows.add_key(tx, key)
        return key_shown(key) | {"token": secret}

    return command


def revoke_key(ledger: Ledger, who: Principal, key_id: str) -> Command:
    """Let a key open nothing any more, from the next request on.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-key`.
    """
    who.expect_may("people")

    def command(tx: Tx) -> dict[str, Any]:
        if not rows.revoke_key(tx, key_id):
            raise NotFound("unknown-key", f"no key {key_id}", (key_id,))
        return {"key_id": key_id}

    return command


def keys(ledger: Ledger, who: Principal) -> list[dict[str, Any]]:
    """List the tenant's keys.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("people")
    return [key_shown(key) for key in ledger.store.read(who.tenant_id, rows.keys)]


def key_shown(key: Key) -> dict[str, Any]:
    """Write a key for a reader: nothing secret."""
    return {
        "key_id": key.key_id,
        "name": key.name,
        "role": key.role,
        "scopes": list(key.scopes),
        "party_id": key.party_id,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


# ---- what is refused ---------------------------------------------------------------------------


def _expect_login(login: str) -> None:
    if not re.fullmatch(LOGIN, login):
        text = "expected 2 to 80 of a-z, 0-9, . _ @ + -, beginning with a letter or digit"
        raise InputError("bad-login", f"login {login!r}: {text}", (login,))


def _expect_role(role: str, party_id: str) -> None:
    if role not in ROLES:
        raise InputError("bad-role", f"no role {role!r}: expected one of {', '.join(ROLES)}", (role,))
    if (role == "forwarder") != bool(party_id):
        raise InputError("party-needed", "a forwarder, and nobody else, works for a party: name the party", (role,))


def _expect_party(view: View, party_id: str) -> None:
    if party_id:
        found = parties.find(view, party_id)
        if found is None or found.is_erased:
            raise NotFound("unknown-party", f"no party {party_id}", (party_id,))


def _expect_free(view: View, login: str) -> None:
    if rows.account_of_login(view, login) is not None:
        raise Conflict("login-taken", f"there is an account {login} already: choose another login", (login,))


def _account(view: View, account_id: str) -> Account:
    found = rows.account(view, account_id)
    if found is None:
        raise NotFound("unknown-account", f"no account {account_id}", (account_id,))
    return found


def _link(tx: Tx, account_id: str, secret: str) -> None:
    rows.add_link(tx, token_hash=passwords.token_hash(secret), account_id=account_id, expires_at=tx.now + LINK_LIFE)
