"""Statements of the hot path, run on the driver itself: SQLAlchemy would take longer than the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection


class Driver:
    """A driver's connection, with one spelling of parameters.

    Parameters
    ----------
    connection
        In a transaction that somebody else begins and ends.
    """

    def __init__(self, connection: Connection) -> None:
        self._raw: Any = connection.connection.driver_connection
        self._is_sqlite = isinstance(self._raw, sqlite3.Connection)

    def one(self, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Read one row; `?` stands for a value."""
        cursor = self._raw.execute(sql if self._is_sqlite else _spelt(sql), values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def all(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Read every row; `?` stands for a value."""
        rows: list[tuple[Any, ...]] = self._raw.execute(
            sql if self._is_sqlite else sql.replace("?", "%s"), values
        ).fetchall()
        return rows

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows; `?` stands for a value."""
        cursor = self._raw.cursor()
        try:
            cursor.executemany(sql if self._is_sqlite else _spelt(sql), rows)
        finally:
            cursor.close()


_KNOWN: Final[dict[str, str]] = {}


def _spelt(sql: str) -> str:
    """Spell parameters as psycopg does."""
    found = _KNOWN.get(sql)
    if found is None:
        found = _KNOWN[sql] = sql.replace("?", "%s")
    return found
