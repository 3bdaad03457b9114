"""A lock beside an SQLite file: one process at a time writes to it. The system frees it when the process ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from landport.errors import Conflict, StoreError


class FileLock:
    """Holds `FILE.lock` until `close`.

    Parameters
    ----------
    path
        The database.
    said
        What the holder is, for others to read, such as ``landport serve on 127.0.0.1:8000``.

    Raises
    ------
    Conflict
        `store-in-use`: another process holds it.
    StoreError
        `database-gone`: the folder takes no file.
    """

    def __init__(self, path: Path, said: str) -> None:
        real = path.resolve()  # whatever links lead to it: SQLite names its own files so, too
        self._path = real.with_name(real.name + ".lock")
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError("database-gone", f"{self._path} cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 500, 0).decode("utf-8", "replace").strip() or "another process"
            os.close(self._file)
            raise Conflict(
                "store-in-use",
                f"{path} is in use by {holder}; reading and landport db backup work beside it, writing does not: stop "
                "it first, or use its API",
                (str(path),),
            ) from error
        with contextlib.suppress(OSError):  # on a full disk it holds without words
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{said} (process {os.getpid()})\n".encode(), 0)

    def close(self) -> None:
        """Free it; the file stays, since removing it would let two processes hold two locks of one name."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.close(self._file)
