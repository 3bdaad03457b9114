"""Tenants, accounts, one-time links, sessions, keys and failed tries, as rows. Secrets are here as hashes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Table, delete, func, select, text, update

from landport.store import chain
from landport.store.driver import Driver
from landport.store.session import Tx, View
from landport.store.tables import ACCOUNT, KEY, LINK, SESSION, TENANT, THROTTLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may log in.

    Parameters
    ----------
    password_hash
        As argon2 writes it; empty: no password is chosen yet.
    party_id
        Party that a forwarder works for; empty: the port.
    """

    account_id: str
    tenant_id: str
    login: str
    password_hash: str
    role: str
    party_id: str
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key that a program shows.

    Parameters
    ----------
    scopes
        What it is narrowed to; empty: whatever its role may.
    """

    key_id: str
    tenant_id: str
    name: str
    token_hash: str
    role: str
    scopes: tuple[str, ...]
    party_id: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def holds_at(self, now: datetime) -> bool:
        """Tell whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """How often something failed in a row, and when it did last."""

    count: int
    since_at: datetime


NO_FAILURES: Final = Failures(count=0, since_at=chain.EPOCH)

# ---- tenants -----------------------------------------------------------------------------------


def tenants(view: View) -> tuple[str, ...]:
    """List the tenants that a view sees."""
    return tuple(view.connection.execute(select(TENANT.c.tenant_id).order_by(TENANT.c.tenant_id)).scalars())


def add_tenant(tx: Tx, tenant_id: str, name: str) -> None:
    """Make a tenant."""
    row = {"tenant_id": tenant_id, "name": name, "created_at": chain.micros(tx.now)}
    tx.connection.execute(TENANT.insert(), row)


# ---- accounts ----------------------------------------------------------------------------------


def account_of_login(view: View, login: str) -> Account | None:
    """Find an account by its login, whosever tenant it is of; the view must see everybody."""
    row = view.connection.execute(select(ACCOUNT).where(ACCOUNT.c.login == login)).first()
    return None if row is None else _account(row)


def account(view: View, account_id: str) -> Account | None:
    """Find an account of the tenant."""
    row = view.connection.execute(view.of(ACCOUNT).where(ACCOUNT.c.account_id == account_id)).first()
    return None if row is None else _account(row)


def accounts(view: View) -> tuple[Account, ...]:
    """List the tenant's accounts in order of login."""
    return tuple(_account(row) for row in view.connection.execute(view.of(ACCOUNT).order_by(ACCOUNT.c.login)))


def add_account(tx: Tx, *, account_id: str, login: str, role: str, party_id: str) -> None:
    """Make an account without a password."""
    row = {
        "account_id": account_id,
        "tenant_id": tx.tenant_id,
        "login": login,
        "password_hash": "",
        "role": role,
        "party_id": party_id,
        "is_active": True,
        "created_at": chain.micros(tx.now),
    }
    tx.connection.execute(ACCOUNT.insert(), row)


def change_account(tx: Tx, account_id: str, **values: Any) -> None:
    """Change columns of an account; its tenant is the `Tx`'s."""
    tx.connection.execute(_mine(tx, ACCOUNT).where(ACCOUNT.c.account_id == account_id).values(**values))


def _account(row: Row[Any]) -> Account:
    return Account(**dict(row._mapping) | {"created_at": chain.instant(row.created_at)})


# ---- one-time links ----------------------------------------------------------------------------


def add_link(tx: Tx, *, token_hash: str, account_id: str, expires_at: datetime) -> None:
    """Keep a one-time link; earlier ones of the account open nothing any more."""
    tx.connection.execute(delete(LINK).where(LINK.c.tenant_id == tx.tenant_id, LINK.c.account_id == account_id))
    row = {
        "token_hash": token_hash,
        "tenant_id": tx.tenant_id,
        "account_id": account_id,
        "expires_at": chain.micros(expires_at),
        "used_at": None,
    }
    tx.connection.execute(LINK.insert(), row)


def link_holds(view: View, token_hash: str, now: datetime) -> bool:
    """Tell whether a link could be used up now. The `View` must see everybody."""
    holds = (LINK.c.token_hash == token_hash, LINK.c.used_at.is_(None), LINK.c.expires_at > chain.micros(now))
    return view.connection.execute(select(LINK.c.account_id).where(*holds)).first() is not None


def use_link(tx: Tx, token_hash: str) -> Account | None:
    """Use a link up; None: it is unknown, used, or too old. The `Tx` must see everybody."""
    now = chain.micros(tx.now)
    unused = update(LINK).where(LINK.c.token_hash == token_hash, LINK.c.used_at.is_(None), LINK.c.expires_at > now)
    account_id = tx.connection.execute(unused.values(used_at=now).returning(LINK.c.account_id)).scalar()
    if account_id is None:
        return None
    row = tx.connection.execute(select(ACCOUNT).where(ACCOUNT.c.account_id == account_id)).first()
    return None if row is None else _account(row)


# ---- sessions ----------------------------------------------------------------------------------

_SESSION: Final = (
    "SELECT a.account_id, a.tenant_id, a.role, a.party_id FROM session AS s"
    " JOIN account AS a ON a.account_id = s.account_id WHERE s.token_hash = ? AND s.expires_at > ? AND a.is_active"
)


def session_holder(view: View, token_hash: str, now: datetime) -> tuple[str, str, str, str] | None:
    """Find whose session it is: account, tenant, role, party; None: nobody's, or it has ended."""
    row = Driver(view.connection).one(_SESSION, (token_hash, chain.micros(now)))
    return None if row is None else (row[0], row[1], row[2], row[3])


def add_session(tx: Tx, *, token_hash: str, account: Account, expires_at: datetime) -> None:
    """Keep a session, and drop those that have ended."""
    tx.connection.execute(delete(SESSION).where(SESSION.c.expires_at <= chain.micros(tx.now)))
    row = {
        "token_hash": token_hash,
        "tenant_id": account.tenant_id,
        "account_id": account.account_id,
        "created_at": chain.micros(tx.now),
        "expires_at": chain.micros(expires_at),
    }
    tx.connection.execute(SESSION.insert(), row)


def drop_session(tx: Tx, token_hash: str) -> None:
    """End a session."""
    tx.connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash))


def drop_sessions_of(tx: Tx, account_id: str) -> None:
    """End every session of an account."""
    tx.connection.execute(delete(SESSION).where(SESSION.c.account_id == account_id))


# ---- keys --------------------------------------------------------------------------------------

_KEY: Final = f"SELECT {', '.join(c.name for c in KEY.c)} FROM api_key WHERE key_id = ?"


def key_of_id(view: View, key_id: str) -> Key | None:
    """Find a key, whosever tenant it is of; the view must see everybody."""
    row = Driver(view.connection).one(_KEY, (key_id,))
    return None if row is None else _key(dict(zip(KEY.c.keys(), row, strict=True)))


def keys(view: View) -> tuple[Key, ...]:
    """List the tenant's keys, oldest first."""
    found = view.of(KEY).order_by(KEY.c.created_at, KEY.c.key_id)
    return tuple(_key(row._asdict()) for row in view.connection.execute(found))


def add_key(tx: Tx, key: Key) -> None:
    """Keep a key of the tenant."""
    row = {
        "key_id": key.key_id,
        "tenant_id": tx.tenant_id,
        "name": key.name,
        "token_hash": key.token_hash,
        "role": key.role,
        "scopes": " ".join(key.scopes),
        "party_id": key.party_id,
        "created_at": chain.micros(tx.now),
        "expires_at": None if key.expires_at is None else chain.micros(key.expires_at),
        "revoked_at": None,
    }
    tx.connection.execute(KEY.insert(), row)


def revoke_key(tx: Tx, key_id: str) -> bool:
    """Let a key of the tenant open nothing any more; False: there is no such key. Once more changes nothing."""
    now = func.coalesce(KEY.c.revoked_at, chain.micros(tx.now))
    return tx.connection.execute(_mine(tx, KEY).where(KEY.c.key_id == key_id).values(revoked_at=now)).rowcount == 1


def _key(row: Mapping[str, Any]) -> Key:
    values = dict(row) | {"scopes": tuple(row["scopes"].split())}
    for name in ("created_at", "expires_at", "revoked_at"):
        values[name] = None if values[name] is None else chain.instant(values[name])
    return Key(**values)


# ---- failed tries ------------------------------------------------------------------------------

_COUNT: Final = text(
    "INSERT INTO throttle (name, count, since_at) VALUES (:name, 1, :now)"
    " ON CONFLICT (name) DO UPDATE SET count = throttle.count + 1, since_at = excluded.since_at"
)


def failures(view: View, name: str) -> Failures:
    """Read how often something failed in a row."""
    row = view.connection.execute(select(THROTTLE).where(THROTTLE.c.name == name)).first()
    return NO_FAILURES if row is None else Failures(count=row._mapping["count"], since_at=chain.instant(row.since_at))


def count_failure(tx: Tx, name: str) -> None:
    """Count one more failure."""
    tx.connection.execute(_COUNT, {"name": name, "now": chain.micros(tx.now)})


def take_back_failure(tx: Tx, name: str) -> None:
    """Count one failure less."""
    less = update(THROTTLE).where(THROTTLE.c.name == name, THROTTLE.c.count > 0)
    tx.connection.execute(less.values(count=THROTTLE.c.count - 1))


def forget_failures(tx: Tx, name: str = "", *, before: datetime | None = None) -> None:
    """Drop the count under a name, and all those that nothing was added to since an instant."""
    tx.connection.execute(delete(THROTTLE).where(THROTTLE.c.name == name))
    if before is not None:
        tx.connection.execute(delete(THROTTLE).where(THROTTLE.c.since_at < chain.micros(before)))


def _mine(tx: Tx, table: Table) -> Any:
    tx.expect_tenant()
    return update(table).where(table.c.tenant_id == tx.tenant_id)
