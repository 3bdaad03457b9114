"""Every error that landport raises on purpose, with one stable code, exit code and HTTP status each.

::

    LandportError            code, message, about
    +-- InputError           422  exit 2   a file or a value is wrong: file, row, column, what was expected
    +-- NotFound             404  exit 2   no record has this id or name
    +-- Infeasible           422  exit 3   no plan can exist; names the records that clash
    +-- TimeLimit            503  exit 4   no plan was found *yet*
    +-- Conflict             409  exit 5   somebody changed the record first
    +-- NotPermitted         403  exit 6   the actor may not do this
    +-- AuditFailed          500  exit 7   *our* plan broke a rule: our bug, the instance is saved
    +-- StoreError           503  exit 8   the database did not answer

A warning is no error: it is a `Remark` inside the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

LISTED = 50
"""Problems that a message prints; `InputError.problems` keeps all of them."""

SHOWN = 60
"""Characters of a wrong setting that a message prints."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning that travels with a result and stops nothing.

    Parameters
    ----------
    code
        Stable kebab-case name, such as ``places-not-served``.
    message
        One sentence for the reader.
    about
        Ids of the records concerned.
    """

    code: str
    message: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One wrong value of the input.

    Parameters
    ----------
    file
        File or sheet as its owner calls it.
    row
        1-based as a spreadsheet shows it (the header is row 1); None: the whole file.
    column
        Name in the header; None: the whole row.
    key
        Name of a setting, where settings stand instead of a table.
    value
        What stands there, as text.
    expected
        What should stand there, such as ``expected kilograms, e.g. 12.5``.
    """

    file: str
    row: int | None = None
    column: str | None = None
    key: str | None = None
    value: str | None = None
    expected: str = ""

    def __str__(self) -> str:
        """Say it in one line.

        Examples
        --------
        >>> print(Problem(file="items.csv", row=17, column="kg", value="abc", expected="expected kilograms"))
        items.csv row 17 column kg: 'abc' — expected kilograms
        """
        where = self.file
        where += "" if self.row is None else f" row {self.row}"
        where += "" if self.column is None else f" column {self.column}"
        where += "" if self.key is None else f" key {self.key}"
        said = [part for part in (None if self.value is None else repr(self.value), self.expected) if part]
        return f"{where}: {' — '.join(said)}" if said else where


def shown(value: object) -> str:
    """Write a value of a settings file as a problem shows it; what nobody reads to its end is cut.

    Examples
    --------
    >>> shown(["full"]), len(shown("7" * 5000)), shown(16**5000)
    ("['full']", 63, 'a number of thousands of digits')
    """
    try:
        text = str(value)
    except (ValueError, RecursionError):
        return "a number of thousands of digits"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


class LandportError(Exception):
    """Root of every error raised on purpose.

    Parameters
    ----------
    code
        Stable kebab-case name; programs may rely on it.
    message
        What is wrong and what to do, for the reader.
    about
        Ids of the records concerned.
    """

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, code: str, message: str, about: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.about = tuple(about)

    def __reduce__(self) -> tuple[type[LandportError], tuple[object, ...]]:
        """Let errors travel between processes."""
        return (type(self), (self.code, self.message, self.about))


class InputError(LandportError):
    """The input is wrong; every wrong value is listed, not only the first.

    Parameters
    ----------
    problems
        All of them. The message prints the first `LISTED` and counts the rest.
    """

    exit_code = 2
    http_status = 422

    def __init__(self, code: str, message: str, about: Iterable[str] = (), problems: Iterable[Problem] = ()) -> None:
        self.headline = message
        self.problems = tuple(problems)
        super().__init__(code, "\n".join([message, *_lines(self.problems)]), about)

    def __reduce__(self) -> tuple[type[LandportError], tuple[object, ...]]:
        """Let errors travel between processes."""
        return (type(self), (self.code, self.headline, self.about, self.problems))

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> InputError:
        """Make one error of all problems, about the files they stand in.

        Examples
        --------
        >>> print(InputError.of([Problem(file="bookings.csv", expected="expected a column booking_id")]))
        1 problem in the input:
        bookings.csv: expected a column booking_id
        """
        found = tuple(problems)
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        return cls("input", f"{count} in the input:", dict.fromkeys(p.file for p in found), found)


class NotFound(LandportError):
    """No record has this id or name."""

    exit_code = 2
    http_status = 404


class Infeasible(LandportError):
    """No plan can exist; `about` names the records that clash."""

    exit_code = 3
    http_status = 422


class TimeLimit(LandportError):
    """No plan was found yet; more effort or more seconds may find one."""

    exit_code = 4
    http_status = 503


class Conflict(LandportError):
    """Somebody changed the record first; read it again and repeat."""

    exit_code = 5
    http_status = 409


class NotPermitted(LandportError):
    """The actor may not do this."""

    exit_code = 6
    http_status = 403


class AuditFailed(LandportError):
    """A plan of ours broke a rule: our bug, never the reader's; the instance is saved."""

    exit_code = 7
    http_status = 500


class StoreError(LandportError):
    """The database did not answer as it should."""

    exit_code = 8
    http_status = 503


def _lines(problems: tuple[Problem, ...]) -> list[str]:
    rest = len(problems) - LISTED
    return [str(p) for p in problems[:LISTED]] + ([f"... and {rest} more"] if rest > 0 else [])
