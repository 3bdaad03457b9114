"""Kernels are cached, and no change of a kernel is ever missed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landport import _compile

INNER = "from landport._compile import njit\n\n@njit\ndef f(x):\n    return x + {add}\n"
OUTER = INNER.replace("f(x)", "g(x)").replace("x + {add}", "f(x)").replace("@", "from landport.b._kernel import f\n\n@")


@pytest.fixture
def package(tmp_path):
    """A landport of two kernels, the second calling the first."""
    root = tmp_path / "landport"
    for folder in (root, root / "a", root / "b"):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (root / "_compile.py").write_text(Path(_compile.__file__).read_text())
    (root / "b" / "_kernel.py").write_text(INNER.format(add=1))
    (root / "a" / "_kernel_outer.py").write_text(OUTER)
    return root


def answer(package: Path, **more: str) -> str:
    """Call g(1) in a new process, the cache beside the package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment = kept | {"LANDPORT_CACHE": str(package.parent / "cache")} | more
    program = "from landport.a._kernel_outer import g; print(g(1), sum(g.stats.cache_hits.values()))"
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, cwd=package.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_change_behind_a_call_is_seen(package):
    """A new process loads what it may and compiles what it must: numba alone would answer 2 again."""
    assert answer(package) == "2 0"
    assert answer(package) == "2 1"
    (package / "b" / "_kernel.py").write_text(INNER.format(add=10))
    assert answer(package) == "11 0"
    assert len(list((package.parent / "cache").glob("kernels-*"))) == 2


def test_the_digest_follows_kernels_only(package):
    """Text and name of a kernel count, other files do not."""
    digests = [_compile.kernel_digest(package)]
    (package / "a" / "plan.py").write_text("x = 1\n")
    digests.append(_compile.kernel_digest(package))
    (package / "b" / "_kernel.py").write_text(INNER.format(add=2))
    digests.append(_compile.kernel_digest(package))
    (package / "b" / "_kernel.py").rename(package / "b" / "_bound.py")
    digests.append(_compile.kernel_digest(package))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_few_folders_stay(tmp_path):
    """A new folder deletes the oldest ones, and only those that are caches of kernels."""
    (tmp_path / "kernels-mine").mkdir()
    for n in range(8):
        folder = _compile.cache_folder(tmp_path, f"{n:012x}")
        os.utime(folder, (n, n))
    names = sorted(folder.name for folder in tmp_path.iterdir())
    assert names == [f"kernels-{n:012x}" for n in (4, 5, 6, 7)] + ["kernels-mine"]


def test_nothing_is_cached_where_nothing_can_be_written(tmp_path):
    """Where a file stands in the way there is no folder, and no error."""
    (tmp_path / "file").touch()
    assert _compile.cache_folder(tmp_path / "file" / "landport", "0" * 12) is None
    (tmp_path / f"kernels-{'0' * 12}").touch()
    assert _compile.cache_folder(tmp_path, "0" * 12) is None


def test_nothing_is_cached_in_a_home_that_is_closed_to_us(tmp_path, monkeypatch):
    """Another user's home: the system refuses even to look."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert _compile.cache_folder(tmp_path / "closed", "0" * 12) is None


def test_nothing_is_cached_where_there_is_no_home(monkeypatch):
    """As in a container whose user has no entry in the list of users."""

    def homeless(_):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(_compile, "cache_home", homeless)
    _compile._folder.cache_clear()
    assert _compile._folder() is None
    _compile._folder.cache_clear()


def test_kernels_without_a_cache_still_answer(package):
    """A cache that cannot be made costs time, not the result."""
    (package.parent / "file").touch()
    assert answer(package, LANDPORT_CACHE=str(package.parent / "file" / "landport")) == "2 0"


@pytest.mark.parametrize(
    ("environment", "home"),
    [
        ({"NUMBA_CACHE_DIR": "/n", "LANDPORT_CACHE": "/l", "XDG_CACHE_HOME": "/x"}, "/n/landport"),
        ({"LANDPORT_CACHE": "/l", "XDG_CACHE_HOME": "/x"}, "/l"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/landport"),
        ({"LANDPORT_CACHE": ""}, (Path.home() / ".cache" / "landport").as_posix()),
    ],
)
def test_caches_go_where_they_are_told(environment, home):
    """numba's own variable first, then ours, then the desktop's, then the home folder."""
    assert _compile.cache_home(environment).as_posix() == home


def test_kernels_live_in_kernel_files():
    """A compiled function elsewhere in landport would escape the digest, so it is refused."""

    def f(x: int) -> int:
        return x

    f.__module__ = "landport.route.plan"
    with pytest.raises(ImportError, match=r"landport\.route\.plan: njit belongs into"):
        _compile.njit(f)


def test_numba_is_imported_with_the_first_kernel_only():
    """Programs that run no kernel do not wait for numba."""
    program = f"import runpy, sys; runpy.run_path({_compile.__file__!r}); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
