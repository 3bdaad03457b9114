"""One behaviour of the store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from landport.errors import Conflict, InputError, NotFound, NotPermitted, StoreError
from landport.store import EVERYBODY, answers, blobs, chain, log, states
from landport.store.tables import TENANT
from tests.store.counting import START, append, draft, opened


def positions(store, tenant="t1"):
    return [e.position for e in store.read(tenant, lambda view: log.since(view, 0))]


# ---- the log ------------------------------------------------------------------------------------


def test_what_is_appended_is_read_back(store):
    """An event comes back as it went in, with its place, its instant and its hash."""
    (made,) = append(store, draft("container/C1", at="KHG", about=("truck/T1",), cause="R7"))
    assert store.read("t1", lambda view: log.since(view, 0)) == (made,)
    assert (made.position, made.version, made.event_id, made.actor) == (1, 1, "E000000001", "A1")
    assert (made.payload, made.about, made.cause, made.happened_at) == ({"at": "KHG"}, ("truck/T1",), "R7", START)
    assert made.recorded_at.tzinfo is UTC
    assert len(made.hash) == 64


def test_streams_count_versions(store):
    """Each stream has versions from 1 without gaps, and chains its hashes."""
    first, second = append(store, draft("container/C1"), draft("container/C1"))
    (third,) = append(store, draft("container/C1"))
    (other,) = append(store, draft("container/C2"))
    assert [e.version for e in (first, second, third, other)] == [1, 2, 3, 1]
    assert store.read("t1", lambda view: log.version(view, "container/C1")) == 3
    assert store.read("t1", lambda view: log.version(view, "container/C9")) == 0
    assert len({e.hash for e in (first, second, third, other)}) == 4


def test_expected_version_holds_or_conflicts(store):
    """A draft that expects another version than there is changes nothing."""
    append(store, draft("container/C1", expected_version=0))
    append(store, draft("container/C1", expected_version=1))
    for wrong in (0, 1, 3):
        with pytest.raises(Conflict) as found:
            append(store, draft("container/C2"), draft("container/C1", expected_version=wrong))
        assert (found.value.code, found.value.about) == ("changed-meanwhile", ("container/C1",))
    assert positions(store) == [1, 2]
    assert store.read("t1", lambda view: log.version(view, "container/C2")) == 0


def test_events_about_others_are_found_under_them(store):
    """What stands in the stream of a train is part of the history of its containers."""
    append(store, draft("container/C1"), draft("train/D1", about=("container/C1", "container/C2", "container/C1")))
    append(store, draft("container/C1"))
    found = store.read("t1", lambda view: log.of_subject(view, "container/C1"))
    assert [(e.position, e.stream) for e in found] == [(1, "container/C1"), (2, "train/D1"), (3, "container/C1")]
    assert [e.position for e in store.read("t1", lambda v: log.of_subject(v, "container/C1", after=1, most=1))] == [2]
    assert store.read("t1", lambda view: log.event_at(view, 2)).about == ("container/C1", "container/C2")
    assert store.read("t1", lambda view: log.event_at(view, 9)) is None


def test_positions_have_no_gaps_under_many_threads(store):
    """32 threads, some of whose requests fail before, between and after: the log has no hole and loses nothing."""

    def one(n):
        def work(tx):
            made = tx.append([draft(f"container/C{n % 7}"), draft(f"train/D{n}", about=(f"container/C{n % 7}",))])
            if n % 5 == 0:
                tx.connection.execute(text("SELECT 1"))
            if n % 3 == 0:
                raise NotFound("unknown-container", "it is not here", (str(n),))
            return [e.position for e in made]

        try:
            return store.write_now(f"t{n % 2}", "A1", work)
        except NotFound:
            return []

    with ThreadPoolExecutor(32) as threads:
        acknowledged = sorted(p for found in threads.map(one, range(300)) for p in found)
    assert acknowledged == list(range(1, 401))
    assert sorted(positions(store, "t0") + positions(store, "t1")) == acknowledged
    for n in range(7):
        for tenant in ("t0", "t1"):
            found = store.read(tenant, lambda v, n=n: log.since(v, 0))
            own = [e.version for e in found if e.stream == f"container/C{n}"]
            assert own == list(range(1, len(own) + 1))
            kept = store.read(tenant, lambda v, n=n: states.find(v, "container", f"C{n}"))
            assert chain.unpacked(kept.document)["n"] == 2 * len(own)


def test_pages_of_the_log(store):
    """Events come in order, after a position, as many as asked for, of one type."""
    append(store, *(draft(f"container/C{n}", type="Odd" if n % 2 else "Even") for n in range(6)))
    assert [e.position for e in store.read("t1", lambda v: log.since(v, 2, most=3))] == [3, 4, 5]
    assert [e.position for e in store.read("t1", lambda v: log.since(v, 0, type_="Odd"))] == [2, 4, 6]
    assert store.read("t1", log.count) == 6
    assert store.position() == 6


def test_seals_are_set_as_the_log_grows(store):
    """Each thousand events a seal, chained to the seal before."""
    for _ in range(4):
        append(store, *(draft(f"container/C{n}") for n in range(800)))
    number, until, head = store.read(EVERYBODY, log.last_seal)
    assert (number, until, len(head)) == (2, 3200, 64)


# ---- one request among others -------------------------------------------------------------------


def test_a_request_that_fails_undoes_itself_alone(store):
    """In one commit, what fails leaves nothing, and its neighbours stay, whether or not it asked for the connection."""
    gate = threading.Event()

    def fails(tx, *, asks):
        tx.append([draft("container/C1", status="wrong")])
        answers.keep(tx, "k", "h", b"{}")
        if asks:
            tx.connection.execute(TENANT.insert(), {"tenant_id": "t1", "name": "wrong", "created_at": 0})
        raise ZeroDivisionError

    held = store.write("t1", "A1", lambda _: gate.wait(10))
    asked = [
        store.write("t1", "A1", lambda tx: tx.append([draft("container/C1", status="first")])),
        store.write("t1", "A1", lambda tx: fails(tx, asks=False)),
        store.write("t1", "A1", lambda tx: fails(tx, asks=True)),
        store.write("t1", "A1", lambda tx: tx.append([draft("container/C1", status="second")])),
        store.write("t1", "A1", lambda tx: answers.replayed(tx, "k", "h")),
    ]
    gate.set()
    assert held.result() is True
    assert [type(f.exception()) for f in asked] == [
        type(None),
        ZeroDivisionError,
        ZeroDivisionError,
        type(None),
        type(None),
    ]
    assert asked[4].result() is None
    found = store.read("t1", lambda view: states.find(view, "container", "C1"))
    assert (found.status, found.position, chain.unpacked(found.document)["n"]) == ("second", 2, 2)
    assert store.read("t1", lambda v: v.connection.execute(v.of(TENANT)).all()) == []


@pytest.mark.parametrize("asks", [False, True])
def test_a_request_sees_what_it_wrote(store, asks):
    """States, versions and answers are seen at once, also after the request asked for the connection."""

    def work(tx):
        seen = []
        for _ in range(3):
            tx.append([draft("train/D1", about=("container/C1",))])
            if asks:
                tx.connection.execute(text("SELECT 1"))
            seen.append(chain.unpacked(states.find(tx, "container", "C1").document)["n"])
        answers.keep(tx, "k", "h", b"[1]")
        if asks:
            tx.connection.execute(text("SELECT 1"))
        return seen, tx.head("train/D1")[0], answers.replayed(tx, "k", "h")

    assert store.write_now("t1", "A1", work) == ([1, 2, 3], 3, b"[1]")
    assert store.read("t1", lambda v: chain.unpacked(states.find(v, "container", "C1").document)["n"]) == 3


BAD = {
    "a subject with NUL": lambda tx: tx.append([draft("container/C\x001")]),
    "a subject with half a character": lambda tx: tx.append([draft("container/\ud800")]),
    "a long subject": lambda tx: tx.append([draft("container/" + "x" * 5000)]),
    "no subject": lambda tx: tx.append([draft("container")]),
    "a bad cause": lambda tx: tx.append([draft("container/C1", cause="\x00")]),
    "somebody bad it is about": lambda tx: tx.append([draft("container/C1", about=("truck/\x00",))]),
    "a bad owner": lambda tx: tx.append([draft("container/C1", owner="\x00")]),
    "a payload that is no JSON": lambda tx: tx.append([draft("container/C1", x=object())]),
    "half a character in the payload": lambda tx: tx.append([draft("container/C1", x="\ud800")]),
    "a bad key": lambda tx: answers.keep(tx, "\x00", "h", b""),
    "a number too large": lambda tx: tx.connection.execute(
        TENANT.insert(), {"tenant_id": "t1", "name": "x", "created_at": 2**70}
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_values_harm_nobody_else(store, name):
    """What cannot be stored is told to whoever sent it; others of the commit go on."""
    gate = threading.Event()
    held = store.write("t1", "A1", lambda _: gate.wait(10))
    before = store.write("t1", "A1", lambda tx: tx.append([draft("container/C1")]))
    bad = store.write("t1", "A1", BAD[name])
    after = store.write("t1", "A1", lambda tx: tx.append([draft("container/C1")]))
    gate.set()
    assert held.result() is True
    error = bad.exception()
    assert isinstance(error, InputError), error
    assert error.code in ("not-storable", "not-json")
    assert [before.result()[0].position, after.result()[0].position] == [1, 2]


def test_nul_in_a_payload_is_kept(store):
    """Text of a payload may hold any character; both engines give it back."""
    (made,) = append(store, draft("container/C1", said="a\x00b \U0001f682 中"))
    assert made.payload == {"said": "a\x00b \U0001f682 中"}
    assert store.read("t1", lambda v: log.event_at(v, 1)).payload == made.payload


def test_the_same_record_twice_is_a_conflict(store):
    """Who comes second hears of it; the commit stands."""

    def work(tx):
        tx.connection.execute(TENANT.insert(), {"tenant_id": "t1", "name": "x", "created_at": 0})

    store.write_now("t1", "A1", work)
    with pytest.raises(Conflict, match="read it again"):
        store.write_now("t1", "A1", work)
    append(store, draft("container/C1"))


def test_a_caller_that_gave_up_harms_nobody(store):
    """A future that was cancelled while it waited is not done, and the writer goes on."""
    gate = threading.Event()
    held = store.write("t1", "A1", lambda _: gate.wait(10))
    left = store.write("t1", "A1", lambda tx: tx.append([draft("container/C1")]))
    assert left.cancel()
    gate.set()
    held.result()
    assert append(store, draft("container/C1"))[0].position == 1


def test_a_listener_hears_of_growth_and_may_fail(store, caplog):
    """Listeners hear the newest position after each commit that appended; their faults stop nothing."""
    heard, told = [], threading.Event()

    def listen(position):
        heard.append(position)
        told.set()
        raise ZeroDivisionError

    store.on_growth(listen)
    store.write_now("t1", "A1", lambda _: None)
    append(store, draft("container/C1"), draft("container/C2"))
    assert told.wait(10)
    append(store, draft("container/C1"))
    store.close()
    assert heard == [2, 3]
    assert "a listener of the log failed" in caplog.text


# ---- idempotency --------------------------------------------------------------------------------


def once(store, key, request, work=lambda tx: tx.append([draft("container/C1")])):
    def does(tx):
        before = answers.replayed(tx, key, request)
        if before is None:
            work(tx)
            answers.keep(tx, key, request, b'{"done": 1}')
        return before

    return store.write("t1", "A1", does, key=key)


@pytest.mark.parametrize("asks", [False, True])
def test_the_same_key_64_times(store, asks):
    """However many ask at once under one key, it is done once, and all get the same answer."""

    def work(tx):
        if asks:
            tx.connection.execute(text("SELECT 1"))
        tx.append([draft("container/C1")])

    with ThreadPoolExecutor(32) as threads:
        found = list(threads.map(lambda _: once(store, "K", "h", work).result(), range(64)))
    assert sorted(found, key=str) == [b'{"done": 1}'] * 63 + [None] or found.count(None) == 1
    assert positions(store) == [1]


def test_a_retry_after_an_error_is_tried_again(store):
    """A request that failed leaves no answer: its retry is done, and replayed from then on."""

    def fails(tx):
        tx.append([draft("container/C1")])
        raise Conflict("changed-meanwhile", "not now")

    assert isinstance(once(store, "K", "h", fails).exception(), Conflict)
    assert positions(store) == []
    assert once(store, "K", "h").result() is None
    assert once(store, "K", "h").result() == b'{"done": 1}'
    assert positions(store) == [1]


def test_a_key_of_another_request_is_refused(store):
    """A key belongs to one request of one actor."""
    once(store, "K", "h").result()
    with pytest.raises(InputError, match="choose a new one"):
        once(store, "K", "other").result()
    assert store.write_now("t1", "A2", lambda tx: answers.replayed(tx, "K", "other")) is None
    assert store.write_now("t2", "A1", lambda tx: answers.replayed(tx, "K", "other")) is None


def test_old_answers_are_forgotten(store):
    """Answers are kept for a time."""
    once(store, "K", "h").result()
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert store.write_now("t2", "A1", lambda tx: answers.forget(tx, later)) == 0
    assert store.write_now("t1", "A1", lambda tx: answers.forget(tx, START - timedelta(days=1))) == 0
    assert store.write_now("t1", "A1", lambda tx: answers.forget(tx, later)) == 1
    assert store.write_now("t1", "A1", lambda tx: answers.replayed(tx, "K", "h")) is None


# ---- states and blobs ---------------------------------------------------------------------------


def fill(store):
    for n in range(9):
        append(store, draft(f"container/C{n}", status=("here", "gone")[n % 2], owner=f"P{n % 3}"))
    append(store, draft("train/D1"), draft("wagon/W1", type="Unseen"))


def test_pages_of_states(store):
    """States come in order of id, by status and owner, after an id."""
    fill(store)

    def ids(**options):
        return [f.subject_id for f in store.read("t1", lambda v: states.page(v, "container", **options))]

    assert ids() == [f"C{n}" for n in range(9)]
    assert ids(after="C3", most=2) == ["C4", "C5"]
    assert ids(statuses=("gone",)) == ["C1", "C3", "C5", "C7"]
    assert ids(statuses=("gone", "here"), owner="P0") == ["C0", "C3", "C6"]
    assert ids(owner="P9") == []
    assert store.read("t1", lambda v: states.counts(v, "container")) == {"here": 5, "gone": 4}
    assert len(store.read("t1", lambda v: states.everything(v, "container", statuses=("here",)))) == 5
    assert store.read("t1", lambda v: states.find(v, "wagon", "W1")) is None


def test_blobs_are_stored_once(store):
    """The same bytes have one place, under their digest."""
    digest = store.write_now("t1", "A1", lambda tx: blobs.put(tx, "plan", b"x" * 1000))
    assert store.write_now("t1", "A1", lambda tx: blobs.put(tx, "plan", b"x" * 1000)) == digest
    assert store.read("t1", lambda v: blobs.get(v, digest)) == b"x" * 1000
    with pytest.raises(NotFound):
        store.read("t2", lambda v: blobs.get(v, digest))


def test_tenants_are_walled_off(store):
    """Whatever is read names the rows of one tenant alone."""
    fill(store)
    digest = store.write_now("t1", "A1", lambda tx: blobs.put(tx, "plan", b"x"))
    questions = {
        "since": (lambda v: log.since(v, 0), ()),
        "of_subject": (lambda v: log.of_subject(v, "container/C1"), ()),
        "version": (lambda v: log.version(v, "container/C1"), 0),
        "count": (log.count, 0),
        "event_at": (lambda v: log.event_at(v, 1), None),
        "find": (lambda v: states.find(v, "container", "C1"), None),
        "page": (lambda v: states.page(v, "container"), ()),
        "everything": (lambda v: states.everything(v, "container"), ()),
        "counts": (lambda v: states.counts(v, "container"), {}),
    }
    for name, (question, nothing) in questions.items():
        assert store.read("t2", question) == nothing, name
        assert store.read("t1", question) != nothing, name
        with pytest.raises(NotPermitted):
            store.read(EVERYBODY, question)
    with pytest.raises(NotFound):
        store.read("t2", lambda v: blobs.get(v, digest))
    with pytest.raises(NotPermitted):
        append(store, draft("container/C1"), tenant=EVERYBODY)
    assert append(store, draft("container/C1"), tenant="t2")[0].version == 1


# ---- opening, closing, being full ---------------------------------------------------------------


def test_a_read_is_one_snapshot(store):
    """What is committed while somebody reads is not seen by that reader."""
    append(store, draft("container/C1"))
    with store.view("t1") as view:
        assert log.count(view) == 1
        append(store, draft("container/C1"))
        assert log.count(view) == 1
        assert log.position(view) == 1
    assert store.read("t1", log.count) == 2


def test_closing_writes_what_was_asked_for(store, store_url):
    """Requests that wait when the store closes are written; later ones are turned away."""
    gate = threading.Event()
    store.write("t1", "A1", lambda _: gate.wait(10))
    asked = [store.write("t1", "A1", lambda tx: tx.append([draft("container/C1")])) for _ in range(100)]
    gate.set()
    store.close()
    assert [f.result()[0].position for f in asked] == list(range(1, 101))
    with pytest.raises(StoreError, match="closed"):
        store.write("t1", "A1", lambda _: None)
    again = opened(store_url)
    assert positions(again) == list(range(1, 101))
    assert append(again, draft("container/C1"))[0].version == 101
    again.close()


def test_too_many_are_turned_away(store, monkeypatch):
    """A queue that is full says so at once."""
    gate, begun = threading.Event(), threading.Event()

    def hold(_):
        begun.set()
        gate.wait(30)

    held = store.write("t1", "A1", hold)
    begun.wait(10)
    asked = [store.write("t1", "A1", lambda _: None) for _ in range(2_000)]
    with pytest.raises(StoreError) as found:
        store.write("t1", "A1", lambda _: None)
    assert found.value.code == "store-busy"
    gate.set()
    held.result()
    assert [f.result() for f in asked] == [None] * 2_000


def test_a_reader_cannot_write(store, store_url):
    """A store opened for reading sees what is there and changes nothing."""
    append(store, draft("container/C1"))
    reader = opened(store_url, mode="read")
    assert positions(reader) == [1]
    with pytest.raises(NotPermitted):
        reader.write("t1", "A1", lambda _: None)
    with pytest.raises(StoreError), reader.view("t1") as view:
        view.connection.execute(TENANT.insert(), {"tenant_id": "t1", "name": "x", "created_at": 0})
    reader.close()
