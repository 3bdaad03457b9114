"""Settings: `landport.toml` in the working folder, then `LANDPORT_*`, then the command line."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from landport.errors import InputError, Problem

FILE = "landport.toml"
"""Looked for in the working folder."""

PREFIX = "LANDPORT_"
"""Of every variable that landport reads."""

OTHERS = ("LANDPORT_CACHE", "LANDPORT_BROWSER", "LANDPORT_REQUIRE", "LANDPORT_HYPOTHESIS")
"""Variables that are read elsewhere: where kernels lie, and by tests."""

EFFORTS = ("quick", "normal", "full")
"""Names of the efforts a plan can be made with."""

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
        Seed of everything random.
    log_level
        warning, info or debug.
    log_json
        Logs as JSON lines.
    """

    effort: str = "quick"
    limit: int = 0
    seed: int = 0
    log_level: str = "warning"
    log_json: bool = False


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
        return tomllib.loads(path.read_text("utf-8-sig"))
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
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
    known = {f.name for f in fields(Settings)}
    choices = {"effort": EFFORTS, "log_level": ("warning", "info", "debug")}.get(name)
    expected = ""
    if name not in known:
        expected = f"expected one of {', '.join(sorted(known))}"
    elif type(value) is not type(getattr(Settings(), name)):
        kind = {bool: "true or false", int: "a whole number", str: "a word"}[type(getattr(Settings(), name))]
        expected = f"expected {kind}"
    elif choices and value not in choices:
        expected = f"expected one of {', '.join(choices)}"
    elif name in {"limit", "seed"} and isinstance(value, int) and value < 0:
        expected = "expected seconds, 0 or more" if name == "limit" else "expected a whole number, 0 or more"
    if expected:
        column = name if where == FILE else None
        problems.append(Problem(file=where, column=column, value=str(value), expected=expected))
    return value
