"""`njit` for every kernel, with a cache that never serves a stale one.

numba checks only the file of the function it loads, not the files of the functions that one calls: after a
change there it would return old results, silently. So the cache folder is named after a digest of all kernel
sources, and kernels import nothing of landport but kernels and this file (kept by import-linter).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

PACKAGE: Final = Path(__file__).parent
KERNELS: Final = re.compile(r"_(kernel|bound)[a-z0-9_]*\.py")
KEPT: Final = 4
"""Newest cache folders that stay, so that two checkouts do not delete each other's."""


def njit(function: F) -> F:
    """Compile a kernel at its first call, or load it from the cache.

    Raises
    ------
    ImportError
        The function stands in no `_kernel*.py` or `_bound*.py` of landport: the digest would not cover it.

    Notes
    -----
    numba is imported here, not with this module: programs that run no kernel do not wait for it.
    """
    return _compiled(function)


def njit_lent(function: F) -> F:
    """Compile a kernel that allocates nothing, as `njit` does, without counting references to the arrays it is lent.

    Notes
    -----
    Small kernels that hand dozens of arrays on to each other as named tuples spend most of their time on these counts.
    A slice of an array is no allocation; a new array, set or list is, and does not compile.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: F, **options: Any) -> F:
    inside, _, name = function.__module__.rpartition(".")
    if inside.partition(".")[0] == "landport" and not KERNELS.fullmatch(f"{name}.py"):
        raise ImportError(
            f"{function.__module__}: njit belongs into _kernel*.py or _bound*.py, see landport/_compile.py"
        )
    import numba

    config: Any = numba.config
    folder = _folder()
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder or "")
    try:
        decorate: Any = numba.njit(cache=folder is not None, **options)
        return cast(F, decorate(function))
    finally:
        config.CACHE_DIR = before


def kernel_digest(package: Path = PACKAGE) -> str:
    """Digest the names and the text of all kernel sources of a package.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    digest = sha256()
    sources = [package / "_compile.py", *(p for p in package.rglob("_*.py") if KERNELS.fullmatch(p.name))]
    for source in sorted(sources):
        digest.update(f"{source.relative_to(package).as_posix()}\0".encode())
        digest.update(source.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def cache_home(environment: Mapping[str, str]) -> Path:
    """Find where caches go: NUMBA_CACHE_DIR, LANDPORT_CACHE, XDG_CACHE_HOME, else ~/.cache.

    Examples
    --------
    >>> cache_home({"NUMBA_CACHE_DIR": "/a", "LANDPORT_CACHE": "/b"}).as_posix()
    '/a/landport'
    >>> cache_home({"LANDPORT_CACHE": "/b", "XDG_CACHE_HOME": "/c"}).as_posix()
    '/b'
    """
    if numba_home := environment.get("NUMBA_CACHE_DIR"):
        return Path(numba_home) / "landport"
    if home := environment.get("LANDPORT_CACHE"):
        return Path(home)
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "landport"


def cache_folder(home: Path, digest: str) -> Path | None:
    """Make the cache folder of these kernels and delete the oldest others.

    Returns
    -------
    Path or None
        None where nothing can be written: kernels are compiled again in every process.
    """
    folder = home / f"kernels-{digest}"
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _delete_old(home, folder)
        return folder if os.access(folder, os.W_OK | os.X_OK) else None
    except OSError:  # closed to us, read-only, or a file stands in the way
        return None


@cache
def _folder() -> Path | None:
    try:
        home = cache_home(os.environ)
    except RuntimeError:  # nobody has a home folder here
        return None
    return cache_folder(home, kernel_digest())


def _delete_old(home: Path, newest: Path) -> None:
    old = [p for p in home.glob("kernels-*") if p != newest and re.fullmatch("kernels-[0-9a-f]{12}", p.name)]
    old.sort(key=_changed_at, reverse=True)
    for folder in old[KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _changed_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # another process deleted it
        return 0.0
