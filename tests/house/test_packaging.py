"""What we ship names no host of a registry, no folder of one machine, and one version."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import landport

ROOT = Path(__file__).parents[2]
LANDPORT = Path(sys.executable).with_name("landport")

# Regular expressions in pieces, so that this file does not name what it looks for.
HOSTS = r"py" + r"pi\.org|python" + r"hosted\.org|registry\." + r"npmjs|npm" + r"mirror"
FOLDERS = r"(?<![\w.-])/(work|farm|root|opt|home)" + r"/\w"


def tracked() -> list[Path]:
    """Files of the repository, also those not yet added; outside a checkout there are none to look at."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def naming(pattern: str) -> list[str]:
    """List the lines that match the pattern."""
    found = []
    for path in tracked():
        lines = path.read_bytes().decode(errors="replace").splitlines()
        found += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if re.search(pattern, line)]
    return found


def test_no_registry_is_named():
    """Where packages come from is the reader's choice, never ours."""
    assert not naming(HOSTS), "\n".join(naming(HOSTS))


def test_no_folder_of_one_machine_is_named():
    """Paths are relative, or asked for."""
    assert not naming(FOLDERS), "\n".join(naming(FOLDERS))


def test_the_lock_names_no_host_and_checks_every_package():
    """Each pin has its hashes, and no address stands beside it."""
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(index|extra-index|find-links|trusted)", text, re.MULTILINE)
    pins = re.split(r"^(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert len(pins) > 30
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_every_direct_dependency_is_locked():
    """The lock pins what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted = {re.match(r"[\w-]+", line)[0].lower() for line in asked}
    locked = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert wanted - locked == set()


def test_there_is_one_version():
    """The package, its metadata and its command say the same version."""
    assert version("landport") == landport.__version__
    said = subprocess.run([LANDPORT, "--version"], capture_output=True, text=True, check=False)
    assert landport.__version__ in said.stdout, said.stderr


def test_the_package_says_that_it_is_typed():
    """Type checkers read our hints only where this file is."""
    assert (ROOT / "landport" / "py.typed").is_file()
