"""Who asks: logging in and out, and the principal behind a session or key. Wrong tries wait longer and longer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from landport.app.ledger import passwords
from landport.app.ledger.desk import Ledger, Principal
from landport.app.ledger.people import LOGIN
from landport.errors import NotPermitted
from landport.store import EVERYBODY, SYSTEM, Tx, View
from landport.store import people as rows
from landport.store.people import Account

LIFE: Final = timedelta(hours=12)
"""How long a session lasts."""

FREE_TRIES: Final = {"login": 5, "address": 30}
"""Wrong tries in a row without waiting: under one login, and from one address."""

LONGEST_WAIT: Final = timedelta(minutes=5)
"""Wait after many wrong tries: it doubles from one second up to this."""

REMEMBERED: Final = timedelta(hours=1)
"""Wrong tries are forgotten when none follows for so long."""

KEY: Final = re.compile(r"lp_(K[0-9a-f]{12})_[\w-]{43}", re.ASCII)
"""What an API key looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What somebody who logged in shows from here on."""

    token: str
    expires_at: datetime
    account_id: str
    login: str
    role: str
    party_id: str


def log_in(ledger: Ledger, login: str, password: str, address: str) -> Session:
    """Begin a session.

    Parameters
    ----------
    address
        Where the request comes from; wrong tries are counted for it, too.

    Raises
    ------
    NotPermitted
        `bad-credentials`: no such login, another password, none chosen yet, or the account is closed; all alike, and
        after the same work. `too-many-tries`: `about` tells the seconds to wait.

    Notes
    -----
    A try counts before the password is looked at, so many at once are no way around the wait. The password is hashed
    outside of the writer's thread.
    """
    named = login.strip().lower()
    tries = {"login": f"login:{passwords.token_hash(named)}", "address": f"address:{counted_for(address)}"}
    ledger.store.write_now(EVERYBODY, SYSTEM, lambda tx: _admit(tx, tries))
    account = ledger.store.read(EVERYBODY, lambda view: _account_of(view, named))
    password_hash = account.password_hash if account is not None and account.is_active else ""
    if not passwords.is_right(password_hash, password[: passwords.MOST + 1]) or account is None:
        raise NotPermitted("bad-credentials", "no account has this login and password")
    fresh = passwords.hashed(password) if passwords.is_dated(password_hash) else ""
    secret = passwords.token()

    def begin(tx: Tx) -> Session:
        now = rows.account_of_login(tx, named)
        if now is None or not now.is_active or now.password_hash != password_hash:
            raise NotPermitted("bad-credentials", "no account has this login and password")
        rows.forget_failures(tx, tries["login"], before=tx.now - REMEMBERED)
        rows.take_back_failure(tx, tries["address"])
        ends = tx.now + LIFE
        rows.add_session(tx, token_hash=passwords.token_hash(secret), account=now, expires_at=ends)
        if fresh:
            tx.enter(now.tenant_id)
            rows.change_account(tx, now.account_id, password_hash=fresh)
        return Session(
            token=secret,
            expires_at=ends,
            account_id=now.account_id,
            login=now.login,
            role=now.role,
            party_id=now.party_id,
        )

    return ledger.store.write_now(EVERYBODY, SYSTEM, begin)


def counted_for(address: str) -> str:
    """Tell for whom tries from an address are counted: of IPv6 one customer has a whole /64.

    Examples
    --------
    >>> counted_for("2001:db8::1:2:3:4"), counted_for("::ffff:192.0.2.1"), counted_for("192.0.2.1")
    ('2001:db8::/64', '192.0.2.1', '192.0.2.1')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found) >> 64 << 64, 64)))


def log_out(ledger: Ledger, token: str) -> None:
    """End a session; ending it once more changes nothing."""
    ledger.store.write_now(EVERYBODY, SYSTEM, lambda tx: rows.drop_session(tx, passwords.token_hash(token)))


def who_is(view: View, token: str, now: datetime) -> Principal:
    """Tell who shows a session or key.

    Parameters
    ----------
    view
        It must see everybody, and sees the principal's tenant afterwards.

    Raises
    ------
    NotPermitted
        `not-authenticated`: it opens nothing, any more or ever.
    """
    key = KEY.fullmatch(token)
    found = _by_key(view, token, key.group(1), now) if key else _by_session(view, token, now)
    if found is None:
        raise NotPermitted("not-authenticated", "show a session or key that holds: Authorization: Bearer ...")
    view.enter(found.tenant_id)
    return found


def _by_session(view: View, token: str, now: datetime) -> Principal | None:
    found = rows.session_holder(view, passwords.token_hash(token), now)
    if found is None:
        return None
    account_id, tenant_id, role, party_id = found
    return Principal(tenant_id=tenant_id, actor=account_id, role=role, party_id=party_id)


def _by_key(view: View, token: str, key_id: str, now: datetime) -> Principal | None:
    key = rows.key_of_id(view, key_id)
    if key is None or not passwords.is_same(key.token_hash, passwords.token_hash(token)) or not key.holds_at(now):
        return None
    return Principal(
        tenant_id=key.tenant_id,
        actor=key.key_id,
        role=key.role,
        party_id=key.party_id,
        scopes=frozenset(key.scopes) or None,
    )


def _account_of(view: View, login: str) -> Account | None:
    return rows.account_of_login(view, login) if re.fullmatch(LOGIN, login) else None


def _admit(tx: Tx, tries: dict[str, str]) -> None:
    """Count a try, or refuse it while those before it wait."""
    waits = [_wait(rows.failures(tx, name), FREE_TRIES[kind], tx.now) for kind, name in tries.items()]
    if (seconds := ceil(max(waits).total_seconds())) > 0:
        text = f"too many wrong tries: wait {seconds} s"
        raise NotPermitted("too-many-tries", text, (str(seconds),))
    for name in tries.values():
        rows.count_failure(tx, name)


def _wait(failures: rows.Failures, free: int, now: datetime) -> timedelta:
    """How long a next try must wait from now on."""
    over = failures.count - free
    if over < 0 or now - failures.since_at > REMEMBERED:
        return timedelta()
    longest = LONGEST_WAIT.total_seconds()
    pause = timedelta(seconds=min(2.0 ** min(over, 30), longest))
    waited = max(now - failures.since_at, timedelta())
    return max(pause - waited, timedelta())
