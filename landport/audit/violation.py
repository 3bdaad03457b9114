"""What the auditor says, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Finding = tuple[str, tuple[str, ...]]
"""A sentence with the figures, and the ids of the records concerned."""


Judged = TypeVar("Judged", contravariant=True)
"""What a rule looks at: the case of a week, of a load or of an answer, or what some of them have."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan, a load, an answer or a log breaks.

    Parameters
    ----------
    code
        Of the rule, a key of `RULES`, `LOAD_RULES`, `CHOICE_RULES`, `PLAIN_RULES`, `LANE_RULES` or `BORDER_RULES`.
    message
        One sentence with the figures.
    about
        Ids of the records concerned.
    """

    code: str
    message: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Judged]):
    """One rule: its code, its sentence, and the function that finds what breaks it."""

    code: str
    sentence: str
    find: Callable[[Judged], Iterable[Finding]]
