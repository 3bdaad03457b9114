"""Statements of the hot path, run on the driver itself: SQLAlchemy would take longer than the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

STREAMED: Final = 5_000
"""Rows that PostgreSQL sends at a time while they are streamed."""


_POSTGRESQL: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


def _replacing(table: Table) -> str:
    keys = [column.name for column in table.primary_key]
    changed = ", ".join(f"{c.name} = excluded.{c.name}" for c in table.columns if c.name not in keys)
    return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"


class Driver:
    """A driver's connection, with one spelling of parameters.

    Parameters
    ----------
    connection
        In a transaction that somebody else begins and ends.
    """

    def __init__(self, connection: Connection) -> None:
        self._raw: Any = connection.connection.driver_connection
        self._is_sqlite = connection.dialect.name == "sqlite"

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

    def run(self, sql: str) -> int:
        """Run a statement that answers nothing; say how many rows it changed."""
        cursor = self._raw.execute(sql)
        n_rows: int = cursor.rowcount
        cursor.close()
        return n_rows

    def each(self, column: str) -> str:
        """Spell the texts in a column of JSON lists as a table, whose one column is `value`."""
        return f"json_each({column})" if self._is_sqlite else f"jsonb_array_elements_text({column}::jsonb)"

    def stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Read rows without holding all of them, inside the transaction that is open."""
        if self._is_sqlite:
            yield from self._raw.execute(sql)
            return
        with self._raw.cursor(name="stream") as cursor:
            cursor.itersize = STREAMED
            yield from cursor.execute(sql)

    def fill(self, table: Table, rows: Sequence[Sequence[Any]], *, replaces: bool = False) -> None:
        """Insert whole rows of a table, many in one statement.

        Parameters
        ----------
        replaces
            A row takes the place of one with the same key.

        Notes
        -----
        PostgreSQL takes arrays: its COPY does not work behind row-level security.
        """
        if not rows:
            return
        columns = [column.name for column in table.columns]
        head = f"INSERT INTO {table.name} ({', '.join(columns)})"
        tail = _replacing(table) if replaces else ""
        if self._is_sqlite:
            self._raw.executemany(f"{head} VALUES ({', '.join(['?'] * len(columns))}){tail}", rows).close()
            return
        arrays = ", ".join(f"%s::{column.type.compile(_POSTGRESQL)}[]" for column in table.columns)
        values = [list(column) for column in zip(*rows, strict=True)]
        self._raw.execute(f"{head} SELECT * FROM unnest({arrays}){tail}", values)

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
