"""Pins and bans as a table: good rows become decisions, every bad one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from landport.errors import InputError
from landport.exchange import read_hands
from landport.model.plans import Hand

BOXES, TRAINS = {"C00001", "C00002"}, {"T@2026-01-05"}


def read(tmp_path: Path, text: str) -> tuple[Hand, ...]:
    path = tmp_path / "hands.csv"
    path.write_text(text, encoding="utf-8")
    return read_hands(path, containers=BOXES, departures=TRAINS)


def test_rows_become_decisions(tmp_path: Path) -> None:
    """Columns in any order, letters of any size, further columns and empty rows left unread."""
    found = read(
        tmp_path, "What,Container,note,Departure\nPIN,C00001,x,T@2026-01-05\n,,,\nban,C00002,,\nban,,,T@2026-01-05\n"
    )
    assert found == (
        Hand(container_id="C00001", departure_id="T@2026-01-05", what="pin"),
        Hand(container_id="C00002", departure_id="", what="ban"),
        Hand(container_id="", departure_id="T@2026-01-05", what="ban"),
    )


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    """Unknown container, departure and word, a row about nothing, and one that is there twice: file, row and column."""
    rows = ("C9,,pin", ",T@1,ban", "C00001,,hold", ",,pin", "C00002,,ban", "C00002,,ban")
    with pytest.raises(InputError) as raised:
        read(tmp_path, "\n".join(("container,departure,what", *rows)))
    found = [(p.file, p.row, p.column, p.value) for p in raised.value.problems]
    assert found == [
        ("hands.csv", 2, "container", "C9"),
        ("hands.csv", 3, "departure", "T@1"),
        ("hands.csv", 4, "what", "hold"),
        ("hands.csv", 5, None, None),
        ("hands.csv", 7, None, None),
    ]
    assert "row 6 says the same" in raised.value.problems[-1].expected


@pytest.mark.parametrize("text", ["container,what\nC00001,pin\n", "", None])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | None) -> None:
    """A missing column, an empty file, no file."""
    if text is None:
        with pytest.raises(InputError, match=r"nothing\.csv"):
            read_hands(tmp_path / "nothing.csv", containers=BOXES, departures=TRAINS)
    else:
        with pytest.raises(InputError, match="expected"):
            read(tmp_path, text)
