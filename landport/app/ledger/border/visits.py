"""Who wants to cross with what, as somebody gives it: checked before anything is written, all that is wrong at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from landport import track
from landport.app.ledger.border import reading, recording
from landport.app.ledger.desk import Principal, seen
from landport.app.ledger.facts_given import plate
from landport.appointments.states import ApplicationState
from landport.errors import Conflict, InputError, Problem, shown
from landport.model.border import DOCUMENTS
from landport.model.gate_facts import TruckVisit
from landport.store import Tx, View

FILE: Final = "appointment"
"""What problems call what was given."""

LONGEST: Final = 40
"""Characters of a number of a permit or document."""

MOST_CONTAINERS: Final = 4
"""Containers that one truck carries at most."""

_PRINTED: Final = re.compile(r"[\w ./+-]*")


def checked(who: Principal, fields: Mapping[str, Any], before: TruckVisit | None = None) -> TruckVisit:
    """Check a visit.

    Parameters
    ----------
    fields
        Of `TruckVisit`; plates with spaces and hyphens as drivers write them. A forwarder's enterprise is its party,
        and it cannot make itself an AEO, nor say that a ride of the plan is its own.
    before
        The visit that this one changes; None: it is a new one.

    Raises
    ------
    InputError
        `input`: every wrong value is listed.
    """
    problems: list[Problem] = []
    given = dict(fields)
    owner = who.owner
    if owner is not None and given.get("enterprise_id", owner) not in ("", owner):
        expected = f"expected {owner or 'a party of your account'}, or nothing: you book for your own enterprise"
        problems.append(_problem("enterprise_id", given["enterprise_id"], expected))
    if owner is not None:
        given["enterprise_id"] = owner
    for key in ("tractor", "trailer"):
        if given.get(key):
            try:
                given[key] = plate(str(given[key]))
            except ValueError as error:
                problems.append(_problem(key, given[key], str(error)))
    problems += _texts(given)
    problems += _vehicle(who, given)
    if owner is not None:
        problems += _claimed(given, before or TruckVisit())
    if problems:
        raise InputError.of(problems)
    visit = track.fact_from("TruckQueued", {"border_id": "", "channel": "", "visit": given}).visit
    assert isinstance(visit, TruckVisit)
    return visit


def _texts(given: Mapping[str, Any]) -> list[Problem]:
    found = []
    for key in ("permit", "document"):
        text = str(given.get(key, ""))
        if len(text) > LONGEST or not _PRINTED.fullmatch(text):
            expected = f"expected at most {LONGEST} letters, digits, spaces or . / + -"
            found.append(_problem(key, text, expected))
    kind = given.get("document_kind", "")
    if kind and kind not in DOCUMENTS:
        found.append(_problem("document_kind", kind, f"expected one of {', '.join(DOCUMENTS)}"))
    if given.get("document") and not kind:
        found.append(_problem("document_kind", "", f"expected what the document is: one of {', '.join(DOCUMENTS)}"))
    return found


def _vehicle(who: Principal, given: Mapping[str, Any]) -> list[Problem]:
    containers = given.get("container_ids") or ()
    found = []
    if len(containers) > MOST_CONTAINERS or len(set(containers)) < len(containers):
        found.append(_problem("container_ids", containers, f"expected at most {MOST_CONTAINERS}, each once"))
    if given.get("tractor") and given.get("tractor") == given.get("trailer"):
        found.append(_problem("trailer", given["trailer"], "expected another plate than the tractor's"))
    may_be_named_later = who.owner is None and containers
    if not given.get("tractor") and not may_be_named_later:
        found.append(_problem("tractor", "", "expected the plate of the tractor or truck"))
    return found


def _claimed(given: Mapping[str, Any], before: TruckVisit) -> list[Problem]:
    """List what only the port says of a visit: it brings a head start, or makes a plan count on it."""
    said = (("is_aeo", before.is_aeo), ("departure_id", before.departure_id))
    expected = "expected nothing: the port's people enter this"
    return [_problem(key, given[key], expected) for key, was in said if given.get(key) and given[key] != was]


def _problem(key: str, value: object, expected: str) -> Problem:
    return Problem(file=FILE, key=key, value=shown(value), expected=expected)


def expect_known(tx: View, who: Principal, border_id: str, visit: TruckVisit) -> None:
    """Refuse a visit whose application or containers are not there, not theirs, or not for this border port.

    Raises
    ------
    NotFound
        `unknown-application`, `unknown-container`.
    Conflict
        `application-declined`, `application-elsewhere`.
    """
    if visit.application_id:
        found = reading.application(tx, who, visit.application_id)
        _expect_usable(found, border_id, visit)
    for container_id in visit.container_ids:
        seen(tx, who, "container", container_id)


def _expect_usable(found: ApplicationState, border_id: str, visit: TruckVisit) -> None:
    name, made = found.application_id, found.application
    if found.status in ("declined", "withdrawn"):
        text = f"application {name} is {found.status}: apply again, or book without it"
        raise Conflict("application-declined", text, (name,))
    if made is None or made.border_id != border_id or made.enterprise_id != visit.enterprise_id:
        text = f"application {name} is for another border port or enterprise"
        raise Conflict("application-elsewhere", text, (name,))


def fetch(tx: Tx, visit: TruckVisit, *others: tuple[str, str]) -> None:
    """Read ahead what booking a visit asks about."""
    named = (("enterprise", visit.enterprise_id), ("application", visit.application_id))
    vehicles = [("vehicle", name) for name in recording.carried(visit)]
    reading.fetch(tx, *others, *named, *vehicles, *(("container", c) for c in visit.container_ids))
