"""Targets that are no input: nobody writes over what the same command reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from landport.errors import InputError
from landport.exchange.reading import dictionary
from landport.exchange.source import DICTIONARY, SETTINGS


def expect_apart(targets: Mapping[str, Path | None], week: Path, plan: Path | None = None) -> None:
    """Refuse targets that are the week or the plan that is read, or one another.

    Parameters
    ----------
    targets
        By option, such as `--out`; None: not given.

    Raises
    ------
    InputError
        `bad-option`: a target is the week, a file of its folder that a scenario may have, the plan, or the target of
        another option.
    """
    for option, target in targets.items():
        if target is not None and _is_table(os.path.realpath(target), week):
            raise _refused(option, target, "this is the week that is read")
    expect_unread(targets, {"week": week, "plan": plan})


def expect_unread(targets: Mapping[str, Path | None], read: Mapping[str, Path | None]) -> None:
    """Refuse targets that are read, or that are one another.

    Parameters
    ----------
    targets
        By option, such as `--out`; None: not given.
    read
        By what messages call it; None: nothing.

    Raises
    ------
    InputError
        `bad-option`: a target is read, or is the target of another option.
    """
    seen: dict[str, str] = {}
    for option, target in targets.items():
        if target is None:
            continue
        for what, path in read.items():
            if path is not None and _is_same(target, path):
                raise _refused(option, target, f"this is the {what} that is read")
        real = os.path.realpath(target)
        if real in seen:
            raise _refused(option, target, f"{seen[real]} has the same name")
        seen[real] = option


def _is_same(target: Path, read: Path) -> bool:
    try:
        return target.samefile(read)
    except OSError:  # one of them is not there
        return os.path.realpath(target) == os.path.realpath(read)


def _is_table(real: str, week: Path) -> bool:
    """Tell whether a file lies in the week's folder and has the name of one of a scenario's."""
    folder, name = os.path.split(real)
    names = {f"{SETTINGS}.toml", f"{DICTIONARY}.csv", *(f"{table}.csv" for table in dictionary())}
    return name.lower() in names and os.path.realpath(week) == folder


def _refused(option: str, target: Path, why: str) -> InputError:
    return InputError("bad-option", f"{option} {target}: {why}; give another name", (option,))
