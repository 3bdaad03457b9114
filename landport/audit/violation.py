"""What the auditor says, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from landport.audit.case import Case

Finding = tuple[str, tuple[str, ...]]
"""A sentence with the figures, and the ids of the records concerned."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks.

    Parameters
    ----------
    code
        Of the rule, a key of `RULES`.
    message
        One sentence with the figures.
    about
        Ids of the records concerned.
    """

    code: str
    message: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its sentence, and the function that finds what breaks it."""

    code: str
    sentence: str
    find: Callable[[Case], Iterable[Finding]]
