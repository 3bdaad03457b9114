"""Files that appear whole or not at all: written beside their target, then renamed over it."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from landport.errors import InputError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Lend a temporary sibling of a file; it takes the file's place when the block ends without an error.

    Raises
    ------
    InputError
        `not-writable`: the target is a folder, a pipe or a device, or the system refuses to write there.

    Notes
    -----
    The sibling starts with a dot and ends with `.part`; an error or Ctrl-C removes it and leaves the target as it
    was.
    """
    target = _file(path)
    with _refusals(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            part.chmod(_mode(target))
            _settle(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def expect_writable(path: Path) -> None:
    """Refuse early what `whole_file` would refuse after hours of work.

    Raises
    ------
    InputError
        `not-writable`: the target is a folder, a pipe or a device, or a folder above it is a file or closed to us.
    """
    target = _file(path)
    with _refusals(path):
        above = next(folder for folder in target.parents if folder.exists())
        if not above.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(above, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def whole_folder(path: Path, owned: frozenset[str]) -> Iterator[Path]:
    """Lend a temporary sibling of a folder; it takes the folder's place when the block ends without an error.

    Parameters
    ----------
    owned
        Names of the files that this writer may replace or drop; whatever else lies in the old folder is kept.

    Raises
    ------
    InputError
        `not-writable`: the target is a file, or the system refuses to write there.

    Notes
    -----
    A folder that exists is moved aside, the new one renamed into its place, and what is not `owned` moved over. An
    error or Ctrl-C before the new one is in place leaves the old one as it was; one after that waits for the rest.
    """
    target = _real(path)
    if target.exists() and not target.is_dir():
        raise InputError("not-writable", f"{path} is a file; give the name of a folder", (str(path),))
    with _refusals(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
        try:
            yield part
            part.chmod(0o777 & ~_umask())
            for file in part.iterdir():
                _settle(file)
            _swap(part, target, owned)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _swap(part: Path, target: Path, owned: frozenset[str]) -> None:
    if not target.exists():
        part.rename(target)
        return
    aside = part.with_suffix(".old")
    try:
        target.rename(aside)
        part.rename(target)
    finally:
        _make_one(part, target, aside, owned)


def _make_one(part: Path, target: Path, aside: Path, owned: frozenset[str]) -> None:
    """Leave one folder of three, however far the swap came; an interrupt on the way waits until that is done."""
    interrupt: KeyboardInterrupt | None = None
    is_one = False
    while not is_one:
        try:
            if aside.exists() and part.exists():
                aside.rename(target)
            elif aside.exists():
                for kept in list(aside.iterdir()):
                    if kept.name not in owned:
                        kept.rename(target / kept.name)
                shutil.rmtree(aside)
            is_one = True
        except KeyboardInterrupt as error:
            interrupt = error
        except OSError as error:
            text = (
                f"cannot write {target}: {error.strerror or error}; files of the folder that was there lie in {aside}"
            )
            raise InputError("not-writable", text, (str(target), str(aside))) from error
    if interrupt is not None:
        raise interrupt


def _file(path: Path) -> Path:
    """Find the file behind a name, links followed; refuse what a file must not replace."""
    target = _real(path)
    what = ""
    with _refusals(path):
        if target.is_dir():
            what = "is a folder; give the name of a file"
        elif target.exists() and not target.is_file():
            what = "is no regular file; give the name of a file"
    if path == Path():
        raise InputError("not-writable", "expected the name of a file; it is empty or the working folder", (str(path),))
    if what:
        raise InputError("not-writable", f"{path} {what}", (str(path),))
    return target


def _real(path: Path) -> Path:
    with _refusals(path):
        return Path(os.path.realpath(path))


def _settle(part: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _mode(target: Path) -> int:
    with suppress(FileNotFoundError):
        return target.stat().st_mode & 0o777
    return 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError("not-writable", f"cannot write {path}: {why}", (str(path),)) from error
