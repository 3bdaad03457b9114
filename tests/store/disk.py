"""A disk that loses power, under an SQLite of its own: what was not synced is there in part, sector by sector.

A `Disk` is a file system of apsw. Each write waits until the file is synced; when the power goes, every sector of 512
bytes that waited is on the disk or is not, as a die falls. Files that are made or removed are so at once.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import apsw

SECTOR = 512


class Lost(apsw.IOError):
    """There is no power."""


class Disk(apsw.VFS):
    """The files of one database.

    Parameters
    ----------
    name
        Of the file system, unique in the process.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.synced: dict[str, bytearray] = {}
        self.waiting: dict[str, list[tuple[int, bytes | None]]] = {}
        self.n_steps = 0
        self.n_syncs = 0
        self.dies_at: int | None = None
        super().__init__(name, "")

    @property
    def is_dead(self) -> bool:
        return self.dies_at is not None and self.n_steps >= self.dies_at

    def step(self) -> None:
        """Count what is asked of the disk; die when it is time."""
        if self.is_dead:
            raise Lost("the power is gone")
        self.n_steps += 1

    def xOpen(self, name, flags):  # noqa: N802 -- apsw's name
        self.step()
        return File(self, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802 -- apsw's name
        self.step()
        self.synced.pop(filename, None)
        self.waiting.pop(filename, None)
        super().xDelete(filename, syncdir)

    def excepthook(self, *_: object) -> None:
        """Say nothing: the caller hears of it."""

    def sync(self, path: str) -> None:
        """Bring everything that waits to the disk."""
        for offset, data in self.waiting[path]:
            _apply(self.synced[path], offset, data)
        self.waiting[path] = []

    def image(self, folder: Path, rng: Random) -> None:
        """Write down what is on the disk after the power went."""
        for path, synced in self.synced.items():
            content = bytearray(synced)
            for offset, data in self.waiting[path]:
                if data is None:
                    if rng.random() < 0.5:
                        _apply(content, offset, None)
                    continue
                for at in range(0, len(data), SECTOR):
                    if rng.random() < 0.5:
                        _apply(content, offset + at, data[at : at + SECTOR])
            (folder / Path(path).name).write_bytes(content)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class File(apsw.VFSFile):
    """An open file; those of the database itself are watched."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        self.is_watched = self.path.endswith((".db", "-wal", "-journal"))
        super().__init__("", name, flags)
        if self.is_watched and self.path not in disk.synced:
            disk.synced[self.path] = bytearray(Path(self.path).read_bytes())
            disk.waiting[self.path] = []

    def xWrite(self, data, offset):  # noqa: N802 -- apsw's name
        self.disk.step()
        if self.is_watched:
            self.disk.waiting[self.path].append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize):  # noqa: N802 -- apsw's name
        self.disk.step()
        if self.is_watched:
            self.disk.waiting[self.path].append((newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags):  # noqa: N802 -- apsw's name
        self.disk.step()
        if self.is_watched:
            self.disk.sync(self.path)
        self.disk.n_syncs += 1

    def excepthook(self, *_: object) -> None:
        """Say nothing: the caller hears of it."""


# ---- apsw as sqlite3 looks to SQLAlchemy and to the store ----


def _told(error: BaseException) -> sqlite3.Error:
    kind = sqlite3.IntegrityError if isinstance(error, apsw.ConstraintError) else sqlite3.OperationalError
    return kind(str(error))


class Cursor:
    """A cursor with what SQLAlchemy asks of one."""

    arraysize = 1
    lastrowid = None

    def __init__(self, raw: apsw.Connection) -> None:
        self._raw, self._cursor, self._rows = raw, raw.cursor(), iter(())
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.rowcount = -1
        self._cursor.exec_trace = self._describe

    def _describe(self, cursor: apsw.Cursor, *_: object) -> bool:
        named = cursor.get_description()
        self.description = tuple((name, *[None] * 6) for name, *_ in named) or None
        return True

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        try:
            before = self._raw.total_changes()
            found = list(self._cursor.execute(sql, tuple(values)))
            self.rowcount = self._raw.total_changes() - before
        except apsw.Error as error:
            raise _told(error) from error
        self._rows = iter(found)
        return self

    def executemany(self, sql: str, rows: Any) -> Cursor:
        for row in rows:
            self.execute(sql, row)
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for row, _ in zip(self._rows, range(size), strict=False)]

    def __iter__(self) -> Any:
        return self._rows

    def close(self) -> None:
        self._cursor.close(True)


class Connection:
    """A connection with what SQLAlchemy and the store ask of one."""

    isolation_level = None

    def __init__(self, disk: Disk, path: Path) -> None:
        try:
            self._raw = apsw.Connection(str(path), vfs=disk.name)
            self._raw.execute("PRAGMA locking_mode=EXCLUSIVE")  # apsw's files share no memory
        except apsw.Error as error:
            raise _told(error) from error

    def cursor(self) -> Cursor:
        return Cursor(self._raw)

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        return self.cursor().execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> Cursor:
        return self.cursor().executemany(sql, rows)

    def create_function(self, *_: object, **__: object) -> None:
        """SQLAlchemy's regular expressions are not used here."""

    def commit(self) -> None:
        """Every transaction is ended by a statement."""

    def rollback(self) -> None:
        if not self._raw.get_autocommit():
            self.execute("ROLLBACK")

    def close(self) -> None:
        try:
            self._raw.close(True)
        except apsw.Error as error:
            raise _told(error) from error


MODULE = SimpleNamespace(
    **{
        name: getattr(sqlite3, name) for name in dir(sqlite3) if name.endswith("Error") or name in ("Binary", "Warning")
    },
    sqlite_version_info=sqlite3.sqlite_version_info,
    sqlite_version=sqlite3.sqlite_version,
    paramstyle="qmark",
    PARSE_DECLTYPES=1,
    PARSE_COLNAMES=2,
)
"""What SQLAlchemy takes for the driver."""
