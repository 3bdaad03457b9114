"""What requests may carry: strict, bounded, without control characters."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

PRINTABLE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
"""No control characters: PostgreSQL refuses NUL, logs and papers the others."""

ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,79}$"
"""What an id of ours looks like."""

MOST_INTEGER: Final = 2**53 - 1
"""Greatest whole number that every reader of JSON keeps exactly."""

Id = Annotated[str, StringConstraints(pattern=ID)]
NoId = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._+-]{0,79})?$")]
Word = Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Text = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]
Whole = Annotated[int, Field(ge=0, le=MOST_INTEGER)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Celsius = Annotated[int, Field(ge=-100, le=100)]


def _near(instant: datetime) -> datetime:
    """Refuse instants that no calendar of freight holds."""
    if not 1970 <= instant.year < 2200:
        raise ValueError("expected an instant from 1970 to 2199")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_near)]

PathId = Annotated[str, Path(pattern=ID, description="Its id.")]
After = Annotated[str, Query(max_length=80, pattern=PRINTABLE, description="Cursor: `next` of the page before.")]
AfterPosition = Annotated[int, Query(ge=0, le=MOST_INTEGER, description="Events after this position only.")]
Most = Annotated[int, Query(ge=1, le=500, description="Rows of a page at most.")]
Status = Annotated[
    list[Annotated[str, StringConstraints(max_length=40, pattern=PRINTABLE)]] | None,
    Query(max_length=20, description="Only these statuses."),
]


class Asked(BaseModel):
    """Base of every body: nothing is turned into another type, and nothing unknown is let in."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class LogIn(Asked):
    """Who wants a session."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class UseLink(Asked):
    """A one-time link, and the password chosen by it."""

    link: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=12, max_length=200)]


Role = Literal["forwarder", "planner", "controller", "analyst", "admin"]
Scope = Literal["read", "book", "move", "apply", "gate", "plan", "people"]


class NewAccount(Asked):
    """An account. A forwarder's names its party."""

    login: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@+-]{1,79}$")]
    role: Role
    party_id: NoId = ""


class ChangedAccount(Asked):
    """What becomes of an account; what is left out stays."""

    role: Role | None = None
    party_id: NoId | None = None
    is_active: bool | None = None


class NewKey(Asked):
    """A key. No scopes: whatever its role may."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
    role: Role
    scopes: Annotated[list[Scope], Field(max_length=7, default_factory=list)]
    party_id: NoId = ""
    expires_at: Instant | None = None


class NewParty(Asked):
    """A party."""

    kind: Literal["firm", "person"] = "firm"
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
    contact: Text = ""


class ChangedParty(Asked):
    """What becomes of a party; what is left out stays."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)] | None = None
    contact: Text | None = None


class Why(Asked):
    """A reason in words."""

    why: Text = ""


def given(asked: BaseModel) -> dict[str, Any]:
    """Take what was given, as JSON has it, and nothing that was left out."""
    return asked.model_dump(mode="json", exclude_unset=True)
