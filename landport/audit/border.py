"""Judges the log of a border port: every record against what the records before it say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from landport.audit import gate_changes, gate_day, gate_entries, gate_places, gate_windows
from landport.audit.gate_log import GateRecord, unreadable
from landport.audit.gate_state import Ended, GateRule, GateState, Settled
from landport.audit.gate_steps import follow
from landport.audit.violation import Violation
from landport.model.gate_facts import CheckInFlagged

RECORD = "GATE_RECORD"

RULES = (
    *gate_entries.RULES,
    *gate_windows.RULES,
    *gate_places.RULES,
    *gate_changes.RULES,
    *gate_day.RULES,
)

SENTENCES = MappingProxyType(
    {
        RECORD: "A record is readable, about a subject of its kind, and stands once, in order of positions.",
        **{rule.code: rule.sentence for rule in RULES},
    }
)
"""Every rule, in the order they are told: code -> one sentence."""


def check_border(history: Sequence[GateRecord]) -> tuple[Violation, ...]:
    """List every rule that the log of a border port breaks, rule by rule; empty when it holds.

    Parameters
    ----------
    history
        All records of the port's borders, windows, applications and appointments, oldest first.

    Notes
    -----
    Never raises on a bad log: what cannot be read is a violation itself, and is not followed. Everything else is
    followed as it says, so that one mistake is told once. O(records x places of a window or an enterprise).
    """
    found: dict[str, list[Violation]] = {code: [] for code in SENTENCES}
    readable = list(_readable(history, found[RECORD]))
    flagged = frozenset(record.subject for record in readable if isinstance(record.fact, CheckInFlagged))
    state, by_kind = GateState(flagged=flagged), _by_kind()
    for n, record in enumerate(readable):
        _judge(state, record, by_kind, found)
        follow(state, record)
        if n + 1 == len(readable) or readable[n + 1].recorded_at != record.recorded_at:
            _judge(state, replace(record, fact=Settled()), by_kind, found)
            state.touched.clear()
    if readable:
        _judge(state, replace(readable[-1], fact=Ended()), by_kind, found)
    return tuple(violation for violations in found.values() for violation in violations)


def _by_kind() -> dict[type, list[GateRule]]:
    rules: dict[type, list[GateRule]] = {}
    for rule in RULES:
        for kind in rule.kinds:
            rules.setdefault(kind, []).append(rule)
    return rules


def _judge(
    state: GateState, record: GateRecord, rules: dict[type, list[GateRule]], found: dict[str, list[Violation]]
) -> None:
    for rule in rules.get(type(record.fact), ()):
        for message, about in rule.find(state, record, record.fact):
            found[rule.code].append(Violation(rule.code, message, about))


def _readable(history: Sequence[GateRecord], wrong: list[Violation]) -> Iterator[GateRecord]:
    """List the records that can be followed."""
    position, seen = 0, set()
    for n, record in enumerate(history, 1):
        fault = unreadable(record)
        if fault:
            event_id = getattr(record, "event_id", "")
            about = (event_id,) if isinstance(event_id, str) and event_id else ()
            wrong.append(Violation(RECORD, f"record {n:,} cannot be read: {fault}", about))
        elif record.event_id in seen:
            wrong.append(Violation(RECORD, f"{record.event_id} stands twice", (record.event_id,)))
        elif record.position <= position:
            text = f"{record.event_id} is at position {record.position:,}, after {position:,}"
            wrong.append(Violation(RECORD, text, (record.event_id,)))
        else:
            position = record.position
            seen.add(record.event_id)
            yield record
