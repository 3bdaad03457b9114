"""Whatever is changed in the log behind the store's back is found, and named."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from landport.errors import InputError
from landport.store import EVERYBODY, blobs, chain, engines, sealing, verify
from landport.store.session import see_everybody
from tests.store.counting import append, draft, opened

N = 60


@pytest.fixture
def url(store_url, monkeypatch):
    """A log of sixty events of two tenants, sealed every twenty, with a plan and a week."""
    monkeypatch.setattr(sealing, "EVERY", 20)
    store = opened(store_url)
    for n in range(1, N - 2):
        append(store, draft(f"container/C{n % 5}", n=n, about=("truck/T1",)), tenant=f"t{n % 2}")
    plan = store.write_now("t1", "A1", lambda tx: blobs.put(tx, "plan", b"plan"))
    week = store.write_now("t1", "A1", lambda tx: blobs.put(tx, "week", b"week"))
    append(store, draft("week/W1", type="WeekOpened", digest=week))
    append(store, draft("plan/P1", type="PlanCommitted", digest=plan, scenario_digest=week))
    append(store, draft("plan/P1", type="PlanCommitted", digest=plan, scenario_digest=""))
    store.close()
    return store_url


def verified(url, **options):
    store = opened(url, mode="read")
    try:
        return store.read(EVERYBODY, lambda view: verify.verify(view, **options))
    finally:
        store.close()


def spoil(url, *statements, **values):
    """Change the database past all our code."""
    address = engines.address_of(url)
    engine = engines.writing(address)
    with engine.connect() as connection:
        engines.begin(connection, address, is_writing=True)
        see_everybody(connection, has_walls=not address.is_sqlite)
        for statement in statements:
            connection.execute(text(statement), values)
        connection.exec_driver_sql("COMMIT")
    engine.dispose()


def found(url, **options):
    said = verified(url, **options)
    assert said.n_findings == len(said.findings)
    return [(f.position, f.subject, f.text) for f in said.findings]


def test_a_log_as_written_is_whole(url):
    """Nothing is found in a log that nobody touched; the newest seal is told."""
    heard = []
    said = verified(url, notify=heard.append)
    assert (said.n_events, said.n_streams, said.n_seals, said.n_blobs) == (N, 12, 3, 2)
    assert (said.findings, said.n_findings) == ([], 0)
    number, head = verify.noted(said.seal)
    assert number == 3
    assert found(url, seal=(number, head)) == []


def test_an_empty_log_is_whole(store_url):
    """Nothing is no finding."""
    said = verified(store_url)
    assert (said.n_events, said.seal, said.findings) == (0, "", [])


@pytest.mark.parametrize(
    "change",
    [
        "payload = '[]'",
        "type = 'Other'",
        "actor = 'A9'",
        "happened_at = happened_at + 1",
        "recorded_at = 0",
        "about = '[]'",
        "cause = 'x'",
        "type_version = 2",
        "hash = 'x'",
    ],
)
def test_a_changed_event_is_named(url, change):
    """Every column of an event is covered by its hash."""
    spoil(url, f"UPDATE event SET {change} WHERE position = 23")
    said = found(url)
    assert (23, "container/C3", "its hash does not fit what it says or what came before it") in said
    assert {p for p, _, _ in said} <= {23, 33, 40}, "only the event, its successor and their seal"


def test_an_event_of_another_tenant_is_named(url):
    """Events do not change sides."""
    spoil(url, "UPDATE event SET tenant_id = 't9' WHERE position = 23")
    assert {23, 33, 40} <= {p for p, _, _ in found(url)}


def test_a_deleted_event_is_named(url):
    """A hole in the log is seen in its positions, its stream and its seal."""
    spoil(url, "DELETE FROM event WHERE position = 23")
    said = found(url)
    assert (23, "", "events 23 to 23 are missing") in said
    assert (33, "container/C3", "its stream has version 4 after version 2") in said


def test_a_deleted_tail_is_named(url):
    """The newest events are missed by the head of the log, the heads of streams and the seal."""
    spoil(url, "DELETE FROM event WHERE position > 50")
    said = found(url)
    assert (50, "", "the log ends with event 50, but its head says 60") in said
    assert (60, "seal 3", "it seals 60 events, but the log has 50") in said
    assert any(s == "week/W1" for _, s, _ in said)


def test_swapped_events_are_named(url):
    """Two events of a stream that change places are both seen."""
    spoil(
        url,
        "UPDATE event SET version = 100 WHERE position = 23",
        "UPDATE event SET version = 3 WHERE position = 33",
        "UPDATE event SET version = 4 WHERE position = 23",
    )
    assert {23, 33} <= {p for p, _, _ in found(url)}


def test_a_rewritten_history_is_seen_by_its_seal(url):
    """Who changes an event and all hashes after it is betrayed by the seal over it."""
    rewrite(url)
    said = found(url)
    assert said == [(40, "seal 2", "seal 2 does not fit the events until 40: some of them were written anew")] or [
        p for p, _, _ in said
    ] == [40, 60]
    assert {t.partition(" does")[0] for _, _, t in said} <= {"seal 2", "seal 3"}


def test_rewritten_seals_are_seen_by_a_note_elsewhere(url):
    """Who writes seals anew as well is betrayed by a seal that was noted down."""
    seal = verify.noted(verified(url).seal)
    rewrite(url)
    reseal(url)
    assert found(url) == []
    assert found(url, seal=seal) == [(0, "seal 3", "the seal noted down is not there: the log was written anew")]


def rewrite(url):
    """Change the payload of event 23 and chain its stream anew, as a careful forger would."""
    store = opened(url, mode="read")
    asked = text(
        f"SELECT {', '.join(chain.COLUMNS)}, hash FROM event WHERE tenant_id = 't1' AND stream = :s ORDER BY 1"
    )
    with store.view(EVERYBODY) as view:
        rows = [list(r) for r in view.connection.execute(asked, {"s": "container/C3"})]
    store.close()
    head = ""
    for row in rows:
        if row[0] == 23:
            row[11] = '{"n":99}'
        head = row[12] = chain.link(head, row[:12])
        spoil(
            url, "UPDATE event SET payload = :payload, hash = :h WHERE position = :p", payload=row[11], h=head, p=row[0]
        )
    spoil(url, "UPDATE stream SET hash = :h WHERE tenant_id = 't1' AND stream = 'container/C3'", h=head)


def reseal(url):
    """Chain all seals anew."""
    store = opened(url, mode="read")
    with store.view(EVERYBODY) as view:
        seals = view.connection.execute(text("SELECT number, until_position FROM seal ORDER BY number")).all()
        events = view.connection.execute(text("SELECT position, tenant_id, stream, hash FROM event ORDER BY 1")).all()
    store.close()
    before, since = "", 0
    for number, until in seals:
        heads = chain.heads_of((t, s, h) for p, t, s, h in events if since < p <= until)
        before, since = chain.seal(before, until, heads), until
        spoil(url, "UPDATE seal SET hash = :h WHERE number = :n", h=before, n=number)


def test_a_changed_seal_is_named(url):
    """A seal that was changed fits nothing, and the next one does not fit it."""
    spoil(url, "UPDATE seal SET hash = 'x' WHERE number = 2")
    assert [(p, s) for p, s, _ in found(url)] == [(40, "seal 2"), (60, "seal 3")]


def test_a_missing_seal_is_named(url):
    """Seals are numbered without gaps."""
    spoil(url, "DELETE FROM seal WHERE number = 2")
    assert {s for _, s, _ in found(url)} == {"seal 3"}


def test_changed_heads_are_named(url):
    """The table of heads and the head of the log are what the log says."""
    spoil(
        url,
        "UPDATE stream SET version = 3 WHERE stream = 'week/W1'",
        "UPDATE stream SET hash = 'x' WHERE stream = 'plan/P1'",
        "DELETE FROM stream WHERE stream = 'container/C1' AND tenant_id = 't1'",
        "INSERT INTO stream VALUES ('t1', 'container/none', 1, 'x')",
        "UPDATE log_head SET position = 61",
    )
    assert {s: t for _, s, t in found(url) if s} == {
        "week/W1": "the table of heads has it at version 3, the log at version 1",
        "plan/P1": "the table of heads has it at version 2, the log at version 2 with another hash",
        "container/none": "the table of heads has it at version 1, the log has no such stream",
    }
    assert [(p, t) for p, s, t in found(url) if not s] == [
        (60, "the log ends with event 60, but its head says 61"),
        (0, "the table of heads lacks 1 of 12 streams"),
    ]


def test_missing_and_changed_blobs_are_named(url):
    """What events name by digest is there and unchanged."""
    spoil(url, "DELETE FROM blob WHERE kind = 'plan'", "UPDATE blob SET content = :c WHERE kind = 'week'", c=b"x")
    assert [(p, t) for p, _, t in found(url)] == [
        (58, "what is stored under its digest is something else"),
        (59, "what it names is not stored"),
    ]


@pytest.mark.parametrize(
    "said", ["", "3", "x:" + "a" * 64, "3:" + "g" * 64, "3:" + "a" * 63, "9" * 30 + ":" + "a" * 64]
)
def test_what_is_no_seal_is_refused(said):
    """A seal is a number and a hash."""
    with pytest.raises(InputError) as error:
        verify.noted(said)
    assert error.value.code == "bad-seal"
