"""People: the first start, links, passwords, sessions, keys, the wait after wrong tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from landport.app.ledger import parties, passwords, people, sessions
from landport.errors import Conflict, InputError, LandportError, NotFound, NotPermitted
from landport.store import EVERYBODY
from landport.store import people as rows
from tests.app.ledger.desks import opened

PASSWORD = "seven grey geese land"
ADMIN = people.local()


@pytest.fixture
def desk(store_url):
    with opened(store_url) as found:
        yield found


def done(ledger, who, command):
    return msgspec.json.decode(ledger.do(who, command).body)


def started(ledger):
    """Make the port; its admin has a password."""
    people.choose_password(ledger, people.first_link(ledger), PASSWORD)
    return sessions.log_in(ledger, "admin", PASSWORD, "10.0.0.1")


def who(ledger, token):
    with ledger.store.view(EVERYBODY) as view:
        return sessions.who_is(view, token, ledger.store.clock())


def code_of(call, *arguments, **named):
    with pytest.raises(LandportError) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_first_start_makes_an_admin_with_a_link_and_no_password(desk):
    """The link changes with each start until it is used; then there is none, and no password came from us."""
    ledger, _ = desk
    first, second = people.first_link(ledger), people.first_link(ledger)
    assert code_of(people.choose_password, ledger, first, PASSWORD) == "unknown-link"
    assert people.choose_password(ledger, second, PASSWORD) == {"login": "admin", "role": "admin"}
    assert people.first_link(ledger) == ""
    assert code_of(people.choose_password, ledger, second, PASSWORD) == "unknown-link"


def test_a_link_ends_after_a_day(desk):
    """A link is used once, within 24 hours."""
    ledger, clock = desk
    link = people.first_link(ledger)
    clock.move(hours=24)
    assert code_of(people.choose_password, ledger, link, PASSWORD) == "unknown-link"


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaa", "with\nline breaks here"])
def test_weak_passwords_are_refused(desk, password):
    """Short, endless, monotonous and unprintable ones; the link can be used again."""
    ledger, _ = desk
    link = people.first_link(ledger)
    assert code_of(people.choose_password, ledger, link, password) == "weak-password"
    assert people.choose_password(ledger, link, PASSWORD)["login"] == "admin"


def test_a_session_opens_for_twelve_hours_and_ends_at_once(desk):
    """It holds until its end, or until somebody logs out."""
    ledger, clock = desk
    session = started(ledger)
    assert who(ledger, session.token).role == "admin"
    clock.move(hours=11, minutes=59)
    assert who(ledger, session.token).tenant_id == "port"
    clock.move(minutes=1)
    assert code_of(who, ledger, session.token) == "not-authenticated"
    other = sessions.log_in(ledger, " ADMIN ", PASSWORD, "10.0.0.1")
    sessions.log_out(ledger, other.token)
    assert code_of(who, ledger, other.token) == "not-authenticated"


def test_whoever_cannot_log_in_hears_the_same(desk, monkeypatch):
    """No such login, another password, none chosen, closed: one answer, after one hash each."""
    ledger, _ = desk
    started(ledger)
    done(ledger, ADMIN, people.add_account(ledger, ADMIN, "empty", "planner"))
    made = done(ledger, ADMIN, people.add_account(ledger, ADMIN, "closed", "planner"))
    people.choose_password(ledger, made["link"], PASSWORD)
    done(ledger, ADMIN, people.change_account(ledger, ADMIN, made["account_id"], is_active=False))
    seen, real = [], passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda *a: seen.append(a[1]) or real(*a))
    said = set()
    for login, password in (("nobody", PASSWORD), ("admin", "wrong"), ("empty", ""), ("closed", PASSWORD), ("\0", "")):
        with pytest.raises(NotPermitted) as caught:
            sessions.log_in(ledger, login, password, "10.0.0.2")
        said.add((caught.value.code, caught.value.message, caught.value.about))
    assert len(said) == 1
    assert len(seen) == 5


def test_nobodys_hash_costs_what_others_do():
    """What is compared when nobody has the login was made with today's costs."""
    assert not passwords.is_dated(passwords.NOBODY)
    assert not passwords.is_right("", PASSWORD)


def test_wrong_tries_wait_twice_as_long_each(desk):
    """Under one login five are free; then 1, 2, 4 ... seconds, at most five minutes; the right one clears it."""
    ledger, clock = desk
    started(ledger)
    waits = []
    for _ in range(16):
        if sessions_code(ledger) == "too-many-tries":
            with pytest.raises(NotPermitted) as caught:
                sessions.log_in(ledger, "admin", PASSWORD, "10.0.0.3")
            waits.append(int(caught.value.about[0]))
            clock.move(seconds=waits[-1])
            assert sessions_code(ledger) == "bad-credentials"
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    clock.move(minutes=5)
    assert sessions.log_in(ledger, "admin", PASSWORD, "10.0.0.3").role == "admin"
    assert sessions_code(ledger) == "bad-credentials"


def sessions_code(ledger, login="admin", address="10.0.0.3"):
    return code_of(sessions.log_in, ledger, login, "wrong", address)


def test_one_address_that_tries_many_logins_waits_too(desk):
    """Thirty are free from one address, whatever the logins; others are not kept waiting."""
    ledger, _ = desk
    started(ledger)
    codes = [sessions_code(ledger, f"guess{n}", "10.9.9.9") for n in range(31)]
    assert codes == ["bad-credentials"] * 30 + ["too-many-tries"]
    assert sessions.log_in(ledger, "admin", PASSWORD, "10.0.0.1")


def test_many_tries_at_once_are_no_way_around(desk):
    """Of twenty guesses at the same time five are looked at."""
    ledger, _ = desk
    started(ledger)
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda _: sessions_code(ledger), range(20)))
    assert codes.count("bad-credentials") == 5


def test_passwords_are_hashed_again_when_costs_change(desk, monkeypatch):
    """A log-in writes the hash anew with today's costs."""
    ledger, _ = desk
    with monkeypatch.context() as patched:
        cheap = passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        patched.setattr(passwords, "HASHER", cheap)
        started(ledger)
    before = ledger.store.read(EVERYBODY, lambda v: rows.account_of_login(v, "admin")).password_hash
    sessions.log_in(ledger, "admin", PASSWORD, "10.0.0.1")
    after = ledger.store.read(EVERYBODY, lambda v: rows.account_of_login(v, "admin")).password_hash
    assert passwords.is_dated(before)
    assert not passwords.is_dated(after)
    assert sessions.log_in(ledger, "admin", PASSWORD, "10.0.0.1")


def test_a_new_password_ends_every_session(desk):
    """Whoever had the old one is out."""
    ledger, _ = desk
    session = started(ledger)
    account_id = people.account_id_of(ledger, ADMIN, "admin")
    link = done(ledger, ADMIN, people.new_link(ledger, ADMIN, account_id))["link"]
    assert who(ledger, session.token)
    people.choose_password(ledger, link, "another good password")
    assert code_of(who, ledger, session.token) == "not-authenticated"
    assert sessions_code(ledger) == "bad-credentials"


def test_a_key_opens_what_it_may_until_it_is_revoked(desk):
    """Shown once, kept as a hash, narrowed to scopes, dead at once."""
    ledger, clock = desk
    started(ledger)
    command = people.add_key(
        ledger, ADMIN, "gate", "controller", scopes=["move"], expires_at=clock() + timedelta(days=1)
    )
    made = done(ledger, ADMIN, command)
    principal = who(ledger, made["token"])
    assert (principal.actor, principal.role) == (made["key_id"], "controller")
    assert principal.may("move")
    assert not principal.may("read")
    assert "token" not in people.keys(ledger, ADMIN)[0]
    for wrong in (made["token"][:-1] + "-", f"lp_{made['key_id']}_{'A' * 43}", "lp_", ""):
        assert code_of(who, ledger, wrong) == "not-authenticated"
    done(ledger, ADMIN, people.revoke_key(ledger, ADMIN, made["key_id"]))
    assert code_of(who, ledger, made["token"]) == "not-authenticated"
    revoked_at = people.keys(ledger, ADMIN)[0]["revoked_at"]
    clock.move(minutes=1)
    done(ledger, ADMIN, people.revoke_key(ledger, ADMIN, made["key_id"]))
    assert people.keys(ledger, ADMIN)[0]["revoked_at"] == revoked_at


def test_a_key_ends(desk):
    """After its expiry it opens nothing."""
    ledger, clock = desk
    started(ledger)
    made = done(ledger, ADMIN, people.add_key(ledger, ADMIN, "x", "analyst", expires_at=clock() + timedelta(hours=1)))
    assert who(ledger, made["token"])
    clock.move(hours=1)
    assert code_of(who, ledger, made["token"]) == "not-authenticated"


def test_only_admins_see_to_people(desk):
    """Every use case of people refuses everybody else."""
    ledger, _ = desk
    started(ledger)
    planner = people.Principal(tenant_id="port", actor="A1", role="planner")
    calls = [
        lambda: people.add_account(ledger, planner, "x1", "planner"),
        lambda: people.change_account(ledger, planner, "A1", role="admin"),
        lambda: people.new_link(ledger, planner, "A1"),
        lambda: people.accounts(ledger, planner),
        lambda: people.add_key(ledger, planner, "x", "admin"),
        lambda: people.revoke_key(ledger, planner, "K1"),
        lambda: people.keys(ledger, planner),
        lambda: parties.erase_party(ledger, planner, "P1"),
    ]
    assert [code_of(call) for call in calls] == ["not-permitted"] * len(calls)


def test_wrong_accounts_and_keys_are_refused(desk):
    """Logins, roles, parties and scopes that cannot be; the last admin stays."""
    ledger, _ = desk
    started(ledger)

    def tried(command, *arguments, **named):
        with pytest.raises((InputError, NotFound, Conflict)) as caught:
            ledger.do(ADMIN, command(ledger, ADMIN, *arguments, **named))
        return caught.value.code

    admin_id = people.account_id_of(ledger, ADMIN, "admin")
    assert tried(people.add_account, "Two Words", "planner") == "bad-login"
    assert tried(people.add_account, "admin", "planner") == "login-taken"
    assert tried(people.add_account, "root", "king") == "bad-role"
    assert tried(people.add_account, "fred", "forwarder") == "party-needed"
    assert tried(people.add_account, "fred", "planner", "P1") == "party-needed"
    assert tried(people.add_account, "fred", "forwarder", "P1") == "unknown-party"
    assert tried(people.add_key, "x", "planner", scopes=["fly"]) == "bad-scope"
    assert tried(people.add_key, "", "planner") == "bad-name"
    assert tried(people.revoke_key, "K000000000000") == "unknown-key"
    assert tried(people.change_account, "A0", role="admin") == "unknown-account"
    assert tried(people.change_account, admin_id, role="planner") == "last-admin"
    assert tried(people.change_account, admin_id, is_active=False) == "last-admin"


def test_tenants_do_not_see_each_others_people(desk):
    """Another tenant's accounts and keys are not there."""
    ledger, _ = desk
    started(ledger)
    link = people.add_tenant(ledger, "other", "boss")
    people.choose_password(ledger, link, PASSWORD)
    theirs = people.local("other")
    made = done(ledger, theirs, people.add_key(ledger, theirs, "k", "planner"))
    boss_id = people.account_id_of(ledger, theirs, "boss")
    assert who(ledger, made["token"]).tenant_id == "other"
    assert [a["login"] for a in people.accounts(ledger, ADMIN)] == ["admin"]
    assert people.keys(ledger, ADMIN) == []
    for command in (
        people.revoke_key(ledger, ADMIN, made["key_id"]),
        people.change_account(ledger, ADMIN, boss_id, is_active=False),
        people.new_link(ledger, ADMIN, boss_id),
    ):
        with pytest.raises(NotFound):
            ledger.do(ADMIN, command)
    assert code_of(people.add_tenant, ledger, "other", "chief") == "tenant-exists"
    assert code_of(people.add_tenant, ledger, "third", "boss") == "login-taken"
    assert code_of(people.add_tenant, ledger, "Third", "chief") == "bad-tenant"
    assert code_of(people.expect_tenant, ledger, "third") == "unknown-tenant"
