"""Pins and bans as a table: `container, departure, what`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final

from landport.errors import InputError, Problem
from landport.exchange.caps import CAPS, Caps
from landport.exchange.text import Unreadable, csv_rows
from landport.model.plans import Hand

COLUMNS: Final = ("container", "departure", "what")
"""What a table of decisions by hand has; further columns are left unread."""

WHAT: Final = ("pin", "ban")


def read_hands(
    path: Path, *, containers: Container[str], departures: Container[str], caps: Caps = CAPS
) -> tuple[Hand, ...]:
    """Read decisions by hand.

    Parameters
    ----------
    containers, departures
        Ids that there are: those of the plan before, and of the week's timetable.

    Raises
    ------
    InputError
        `input`: no such file, a column is missing, or a row is wrong; all are listed.
    """
    problems: list[Problem] = []
    hands: dict[Hand, int] = {}
    try:
        rows = csv_rows(path, problems, caps)
        index = _columns(path, next(rows), problems)
        for row in rows if not problems else ():
            cells = [str(row[i]).strip() if i < len(row) else "" for i in index]
            if any(cells):
                _take(path, rows.row, cells, containers, departures, problems, hands)
    except Unreadable as error:
        problems.append(error.problem)
    if problems:
        raise InputError.of(problems)
    return tuple(hands)


def _columns(path: Path, header: Sequence[object], problems: list[Problem]) -> list[int]:
    heads = [str(h).strip().casefold() for h in header]
    missing = [c for c in COLUMNS if c not in heads]
    problems += [Problem(file=path.name, row=1, expected=f"expected a column {c}") for c in missing]
    return [heads.index(column) for column in COLUMNS] if not problems else []


def _take(
    path: Path,
    number: int,
    cells: Sequence[str],
    containers: Container[str],
    departures: Container[str],
    problems: list[Problem],
    hands: dict[Hand, int],
) -> None:
    def wrong(column: str | None, value: str | None, expected: str) -> None:
        problems.append(Problem(file=path.name, row=number, column=column, value=value, expected=expected))

    container_id, departure_id, what = cells[0], cells[1], cells[2].casefold()
    count = len(problems)
    if container_id and container_id not in containers:
        wrong("container", container_id, "expected a container of the plan before")
    if departure_id and departure_id not in departures:
        wrong("departure", departure_id, "expected a departure of the week's timetable that nobody cancelled")
    if not (container_id or departure_id):
        wrong(None, None, "expected a container, a departure, or both")
    if what not in WHAT:
        wrong("what", cells[2], f"expected one of {', '.join(WHAT)}")
    hand = Hand(container_id=container_id, departure_id=departure_id, what=what)
    if len(problems) == count and hands.setdefault(hand, number) != number:
        wrong(None, None, f"expected each decision once; row {hands[hand]} says the same")
