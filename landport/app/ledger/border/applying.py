"""Use cases of clearance applications: an enterprise applies at any hour, customs accept or decline with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from landport import track
from landport.app.ledger.border import reading, recording
from landport.app.ledger.border.recording import ANY, APPLICATION, Scene
from landport.app.ledger.desk import Command, Ledger, Principal, seen
from landport.app.ledger.facts_given import texts
from landport.appointments.capacity import shift_of
from landport.appointments.states import ApplicationState
from landport.errors import InputError, Problem, shown
from landport.model.border import DIRECTIONS
from landport.model.gate_facts import (
    ApplicationAccepted,
    ApplicationDeclined,
    ApplicationMade,
    ApplicationWithdrawn,
)
from landport.store import Tx
from landport.units import check_hs

FILE: Final = "application"
"""What problems call what was given."""

MOST_TRUCKS: Final = 500
"""Trucks of one application at most."""

FURTHEST: Final = timedelta(days=90)
"""How far ahead somebody may apply."""


def apply(ledger: Ledger, who: Principal, border_id: str, fields: Mapping[str, Any]) -> Command:
    """Apply for clearance of goods at a border port, around the clock.

    Parameters
    ----------
    fields
        Of `ApplicationMade`, as JSON has them, without `border_id` and `shift`: whether customs are on regular duty at
        the expected time follows from what the port publishes.

    Returns
    -------
    Command
        Answers the state of the application.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-event`, `input`: every wrong value is listed.
    NotFound
        In the command: `unknown-border`, `unknown-consignment`.
    """
    who.expect_may("apply")
    made = _checked(ledger, who, border_id, fields)

    def command(tx: Tx) -> ApplicationState:
        reading.fetch(tx, ("border", border_id))
        scene = Scene(tx, reading.port(tx, border_id), ledger.clock())
        if made.consignment_id:
            seen(tx, who, "consignment", made.consignment_id)
        fact = track.fact_from(
            "ApplicationMade", {**track.payload_of(made), "shift": shift_of(scene.border, made.expected_at)}
        )
        number = APPLICATION.format(tx.position + 1)
        about = [scene.day(ANY)] + ([f"consignment/{made.consignment_id}"] if made.consignment_id else [])
        recording.write(scene, f"application/{number}", fact, about, is_new=True)
        return recording.application(tx, number)

    return command


def _checked(ledger: Ledger, who: Principal, border_id: str, fields: Mapping[str, Any]) -> ApplicationMade:
    """Check an application; its shift is not known yet.

    Raises
    ------
    InputError
        `bad-event`, `input`.
    """
    owner = who.owner
    given = {"enterprise_id": "", "declaration": "", "hs": "", "goods": "", **fields}
    if owner is not None:
        given["enterprise_id"] = owner
    made: ApplicationMade = track.fact_from("ApplicationMade", {**given, "border_id": border_id, "shift": ""})
    payload = track.payload_of(made)
    problems = [_problem(p.key or "", p.value, p.expected) for p in texts(payload)]
    if owner is not None and fields.get("enterprise_id", owner) not in ("", owner):
        problems.append(_problem("enterprise_id", fields["enterprise_id"], "expected nothing: you apply for your own"))
    if made.direction not in DIRECTIONS:
        problems.append(_problem("direction", made.direction, f"expected one of {', '.join(DIRECTIONS)}"))
    if not 0 <= made.n_trucks <= MOST_TRUCKS:
        problems.append(_problem("n_trucks", made.n_trucks, f"expected 0 to {MOST_TRUCKS}"))
    now = ledger.clock()
    if not now - timedelta(days=1) <= made.expected_at <= now + FURTHEST:
        expected = f"expected an instant from yesterday to {FURTHEST.days} days ahead"
        problems.append(_problem("expected_at", made.expected_at, expected))
    if made.hs:
        try:
            check_hs(made.hs)
        except ValueError as error:
            problems.append(_problem("hs", made.hs, str(error)))
    if problems:
        raise InputError.of(problems)
    return made


def _problem(key: str, value: object, expected: str) -> Problem:
    return Problem(file=FILE, key=key, value=shown(value), expected=expected)


def accept(ledger: Ledger, who: Principal, application_id: str, *, reference: str = "") -> Command:
    """Accept an application, as customs say.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-application`.
    Conflict
        In the command: `illegal-move`.
    """
    who.expect_may("gate")
    return _decided(ledger, who, application_id, ApplicationAccepted(reference=reference))


def decline(ledger: Ledger, who: Principal, application_id: str, *, why: str) -> Command:
    """Decline an application, with the reason; appointments under it stay, and cannot be cleared.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: no reason is given.
    NotFound
        In the command: `unknown-application`.
    Conflict
        In the command: `illegal-move`.
    """
    who.expect_may("gate")
    expect_why(why, FILE)
    return _decided(ledger, who, application_id, ApplicationDeclined(why=why))


def withdraw(ledger: Ledger, who: Principal, application_id: str, *, why: str = "") -> Command:
    """Take an application back.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-application`.
    Conflict
        In the command: `illegal-move`.
    """
    who.expect_may("apply")
    return _decided(ledger, who, application_id, ApplicationWithdrawn(why=why))


def _decided(ledger: Ledger, who: Principal, application_id: str, fact: Any) -> Command:
    def command(tx: Tx) -> ApplicationState:
        before = reading.application(tx, who, application_id)
        assert before.application is not None
        scene = Scene(tx, reading.port(tx, before.application.border_id), ledger.clock())
        recording.write(scene, f"application/{application_id}", fact, [scene.day(ANY)])
        return recording.application(tx, application_id)

    return command


def expect_why(why: str, file: str) -> None:
    """Refuse an empty reason.

    Raises
    ------
    InputError
        `input`.
    """
    if not why.strip():
        raise InputError.of([Problem(file=file, key="why", value=why, expected="expected the reason in words")])
