"""Verifies the log: every hash, version, position and seal, and that what the log names is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from landport.errors import InputError, StoreError
from landport.store import blobs, chain
from landport.store.driver import Driver
from landport.store.session import View

LISTED: Final = 1_000
"""Findings that are listed; all are counted."""

STEP: Final = 100_000
"""Events between two words about how far it got."""

NAMING: Final = {"PlanCommitted": ("digest", "scenario_digest"), "WeekOpened": ("digest",)}
"""Types of events whose payload names blobs, and by which fields."""

EVENTS: Final = f"SELECT {', '.join(chain.COLUMNS)}, hash FROM event ORDER BY position"
_SEALS: Final = "SELECT number, until_position, hash FROM seal ORDER BY number"
_STREAMS: Final = "SELECT tenant_id, stream, version, hash FROM stream"
_BLOB: Final = "SELECT content FROM blob WHERE tenant_id = ? AND digest = ?"
_HEAD: Final = "SELECT position FROM log_head WHERE id = 1"

Seal = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the log that is not as it was written.

    Parameters
    ----------
    position
        Where; 0: it has no position.
    subject
        Stream, seal or digest concerned.
    """

    position: int
    subject: str
    text: str


@dataclass(slots=True)
class Verified:
    """What was verified, and what is wrong.

    Parameters
    ----------
    seal
        Number and hash of the newest seal, `NUMBER:HASH`; empty: there is none. Note it down elsewhere: who changes
        the log later cannot keep it.
    findings
        The first `LISTED`.
    n_findings
        All of them.
    """

    n_events: int = 0
    n_streams: int = 0
    n_seals: int = 0
    n_blobs: int = 0
    seal: str = ""
    findings: list[Finding] = field(default_factory=list)
    n_findings: int = 0

    def note(self, position: int, subject: str, text: str) -> None:
        """Add a finding."""
        self.n_findings += 1
        if len(self.findings) < LISTED:
            self.findings.append(Finding(position, subject, text))


def noted(text: str) -> tuple[int, str]:
    """Read a seal that was noted down, `NUMBER:HASH`.

    Raises
    ------
    InputError
        `bad-seal`.
    """
    number, _, head = text.strip().partition(":")
    if not number.isdecimal() or len(number) > 18 or len(head) != 64 or not set(head) <= set("0123456789abcdef"):
        raise InputError("bad-seal", "expected a seal as landport db verify printed it, NUMBER:HASH", (text[:80],))
    return int(number), head


def verify(view: View, *, seal: tuple[int, str] | None = None, notify: Callable[[int], None] | None = None) -> Verified:
    """Read the whole log once, in the snapshot of a view of everybody, and say what is wrong with it.

    Parameters
    ----------
    seal
        A seal that was noted down elsewhere, to be found again.
    notify
        Told now and then how many events were read.

    Notes
    -----
    It never stops at a finding: after one it goes on from what is stored, so that one change is one finding. Memory
    grows with the number of streams, not of events.
    """
    return _Reading(view, notify or _silent).run(seal)


def _silent(_: int) -> None:
    pass


class _Reading:
    """One pass over the log."""

    def __init__(self, view: View, notify: Callable[[int], None]) -> None:
        self._driver = Driver(view.connection)
        self._notify = notify
        self.said = Verified()
        self._heads: dict[tuple[str, str], tuple[int, str]] = {}
        self._grown: dict[tuple[str, str], str] = {}
        self._seal_before = ""
        self._blobs: set[tuple[str, str]] = set()

    def run(self, seal: tuple[int, str] | None) -> Verified:
        """Read events between seals, then all that should follow from them."""
        seals = list(self._driver.stream(_SEALS))
        last = self._events(iter(seals))
        self._expect_seals(seals, last, seal)
        self._expect_head(last)
        self._expect_streams()
        self.said.n_blobs = len(self._blobs)
        self.said.n_streams = len(self._heads)
        return self.said

    def _events(self, seals: Iterator[Seal]) -> int:
        expected, due = 1, next(seals, None)
        for row in self._driver.stream(EVENTS):
            position = row[0]
            if position != expected:
                text = f"events {expected} to {position - 1} are missing" if position > expected else "it is doubled"
                self.said.note(expected, "", text)
            while due is not None and due[1] < position:
                self._expect_seal(due)
                due = next(seals, None)
            self._expect_event(row)
            if row[4] in NAMING:
                self._expect_blobs(position, row[1], row[4], row[11])
            expected = position + 1
            if not position % STEP:
                self._notify(position)
        while due is not None:
            if due[1] < expected:
                self._expect_seal(due)
            due = next(seals, None)
        return expected - 1

    def _expect_event(self, row: tuple[Any, ...]) -> None:
        key = (row[1], row[2])
        version, before = self._heads.get(key, (0, ""))
        if row[3] != version + 1:
            text = f"its stream has version {row[3]} after version {version}"
            self.said.note(row[0], row[2], text)
        elif chain.link(before, row[:12]) != row[12]:
            self.said.note(row[0], row[2], "its hash does not fit what it says or what came before it")
        self._heads[key] = (row[3], row[12])
        self._grown[key] = row[12]
        self.said.n_events += 1

    def _expect_seal(self, seal: Seal) -> None:
        number, until, head = seal
        if chain.seal(self._seal_before, until, self._grown) != head:
            text = f"seal {number} does not fit the events until {until}: some of them were written anew"
            self.said.note(until, f"seal {number}", text)
        self._seal_before, self._grown = head, {}

    def _expect_seals(self, seals: list[Seal], last: int, noted: tuple[int, str] | None) -> None:
        """Compare the seals' own row of numbers, where they end, and the one noted down."""
        for n, (number, until, _) in enumerate(seals, 1):
            if number != n:
                self.said.note(until, f"seal {number}", f"it is the {n}. of the seals that are there")
            if until > last:
                self.said.note(until, f"seal {number}", f"it seals {until} events, but the log has {last}")
        self.said.n_seals = len(seals)
        if seals:
            self.said.seal = f"{seals[-1][0]}:{seals[-1][2]}"
        if noted is not None and noted not in {(number, head) for number, _, head in seals}:
            self.said.note(0, f"seal {noted[0]}", "the seal noted down is not there: the log was written anew")

    def _expect_head(self, last: int) -> None:
        row = self._driver.one(_HEAD, ())
        if row is None or row[0] != last:
            said = "nothing" if row is None else row[0]
            self.said.note(last, "", f"the log ends with event {last}, but its head says {said}")

    def _expect_streams(self) -> None:
        """Compare the table of heads with the heads that were read."""
        seen = 0
        for tenant_id, stream, version, head in self._driver.stream(_STREAMS):
            found = self._heads.get((tenant_id, stream))
            seen += found is not None
            if found is None:
                self.said.note(0, stream, f"the table of heads has it at version {version}, the log has no such stream")
            elif found != (version, head):
                text = f"the table of heads has it at version {version}, the log at version {found[0]}"
                text += "" if found[0] != version else " with another hash"
                self.said.note(0, stream, text)
        if seen < len(self._heads):
            text = f"the table of heads lacks {len(self._heads) - seen} of {len(self._heads)} streams"
            self.said.note(0, "", text)

    def _expect_blobs(self, position: int, tenant_id: str, kind: str, payload: str) -> None:
        """Expect what an event names by digest to be stored, as it was."""
        try:
            fields = chain.unpacked(payload)
        except StoreError:
            self.said.note(position, "", "its payload is no JSON")
            return
        for digest in (str(fields.get(name) or "") for name in NAMING[kind]):
            if not digest or (tenant_id, digest) in self._blobs:
                continue
            self._blobs.add((tenant_id, digest))
            row = self._driver.one(_BLOB, (tenant_id, digest))
            content = None if row is None else blobs.unpacked(bytes(row[0]))
            if row is None:
                self.said.note(position, digest, "what it names is not stored")
            elif content is None or sha256(content).hexdigest() != digest:
                self.said.note(position, digest, "what is stored under its digest is something else")
