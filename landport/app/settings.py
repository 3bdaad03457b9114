"""Settings: `landport.toml` in the working folder, then `LANDPORT_*`, then the command line."""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from landport.errors import InputError, Problem, shown

FILE = "landport.toml"
"""Looked for in the working folder."""

PREFIX = "LANDPORT_"
"""Of every variable that landport reads."""

OTHERS = (
    *("LANDPORT_CACHE", "LANDPORT_BROWSER", "LANDPORT_PG_BIN"),
    *("LANDPORT_REQUIRE", "LANDPORT_HYPOTHESIS", "LANDPORT_INSTANCES"),
)
"""Variables that are read elsewhere: where kernels lie, and by tests."""

EFFORTS = ("quick", "normal", "full")
"""Names of the efforts a plan can be made with."""

MOST_SEED = 2**31 - 1
"""Greatest seed; solvers take no greater one."""

MOST_WORKERS = 256
"""Most processes that can be asked for."""

MOST_SECONDS = 366 * 86_400
"""Longest limit: a year."""

RANGES: Mapping[str, tuple[int, str]] = {
    "limit": (MOST_SECONDS, "seconds"),
    "seed": (MOST_SEED, "a whole number"),
    "workers": (MOST_WORKERS, "processes"),
    "port": (65_535, "a port"),
}
"""Greatest values of settings, and what they count."""

KINDS: Mapping[type, str] = {bool: "true or false", int: "a whole number", str: "a word"}
"""Types of settings in words."""

LONGEST = 40
"""Characters of a number in a variable; longer ones are no number that anybody means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user may set once instead of on each command.

    Parameters
    ----------
    effort
        quick, normal or full.
    limit
        Wall seconds after which nothing better is looked for; 0: no limit, effort alone decides.
    seed
        Seed of everything random, at most `MOST_SEED`.
    workers
        Processes that a plan may use, at most `MOST_WORKERS`; 0: one a core, see `jobs.default_workers`.
    log_level
        warning, info or debug.
    log_json
        Logs as JSON lines.
    db
        Database of the ledger: a file or a URL.
    host, port
        Where `landport serve` listens.
    """

    effort: str = "quick"
    limit: int = 0
    seed: int = 0
    workers: int = 0
    log_level: str = "warning"
    log_json: bool = False
    db: str = "landport.db"
    host: str = "127.0.0.1"
    port: int = 8000


def read(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings that hold in a folder.

    Parameters
    ----------
    folder
        Where `landport.toml` may lie; the working folder when None.
    environ
        Variables; those of the process when None.

    Raises
    ------
    InputError
        Every unknown name and wrong value, all at once.
    """
    environ = os.environ if environ is None else environ
    path = (folder or Path()) / FILE
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    if path.exists():
        given = _given(path)
        values |= {name: _checked(name, value, FILE, problems) for name, value in given.items()}
    for field in fields(Settings):
        name = f"{PREFIX}{field.name.upper()}"
        if name in environ:
            values[field.name] = _checked(field.name, _typed(field.name, environ[name]), name, problems)
    if problems:
        raise InputError.of(problems)
    return replace(Settings(), **values)


def strangers(environ: Mapping[str, str] | None = None) -> list[str]:
    """Name the variables with our prefix that nobody reads; often misspelt ones.

    Parameters
    ----------
    environ
        Variables; those of the process when None.
    """
    known = {*OTHERS, *(f"{PREFIX}{field.name.upper()}" for field in fields(Settings))}
    return sorted(n for n in (os.environ if environ is None else environ) if n.startswith(PREFIX) and n not in known)


def _given(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would keep us waiting
            raise OSError(errno.EINVAL, "this is no regular file")
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, thousands of digits or of brackets
        raise InputError.of([Problem(file=FILE, expected=f"expected TOML: {error}")]) from error
    except OSError as error:
        what = "this is a folder" if path.is_dir() else error.strerror or str(error)
        raise InputError.of([Problem(file=FILE, expected=f"expected a readable file: {what}")]) from error


def _typed(name: str, text: str) -> object:
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower(), text)
    if isinstance(default, int):
        return int(text) if text.removeprefix("-").isdecimal() and len(text) < LONGEST else text
    return text


def _checked(name: str, value: object, where: str, problems: list[Problem]) -> object:
    """Answer the value, and note a problem when it cannot be."""
    if expected := _expected(name, value):
        is_key = where == FILE
        said = shown(value) if is_key else str(value)
        problems.append(Problem(file=where, key=name if is_key else None, value=said, expected=expected))
    return value


def _expected(name: str, value: object) -> str:
    """Say what a setting should be; empty where it is."""
    known = {f.name for f in fields(Settings)}
    choices = {"effort": EFFORTS, "log_level": ("warning", "info", "debug")}.get(name)
    most, unit = RANGES.get(name, (0, ""))
    if name not in known:
        return f"expected one of {', '.join(sorted(known))}"
    kind = type(getattr(Settings(), name))
    if type(value) is not kind:
        return f"expected {KINDS[kind]}"
    if choices and value not in choices:
        return f"expected one of {', '.join(choices)}"
    if unit and isinstance(value, int) and not 0 <= value <= most:
        return f"expected {unit} from 0 to {most:,}"
    return ""
