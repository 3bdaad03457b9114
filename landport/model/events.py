"""Events: what happened, in past participles, never changed; a fact is the part of an event that its type says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

KINDS: Final = (
    "consignment",
    "container",
    "train",
    "wagon",
    "truck",
    "plan",
    "quote",
    "task",
    "order",
    "week",
    "party",
    "border",
    "window",
    "queue",
    "application",
    "appointment",
    "enterprise",
    "vehicle",
    "gate_day",
)
"""Kinds of subjects. A stream holds the events of one subject and is named `KIND/ID`, such as `container/C00017`."""

MOVED: Final = ("consignment", "container", "train", "wagon", "truck")
"""Kinds whose state is a fold over what happened to them: projections, which can be dropped and rebuilt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event that is not in the log yet.

    Parameters
    ----------
    stream
        Subject whose history it continues, `KIND/ID`.
    type
        Name of a class in `facts`, such as `ContainerWeighed`.
    payload
        Fields of that class as plain JSON values.
    happened_at
        When it happened in the world, UTC; may lie before or, by a wrong clock, after the recording.
    about
        Other subjects whose state it changes, `KIND/ID` each: a train that departs takes its containers along.
    cause
        Id of what brought it about: a request, a job, another event; empty: nobody said.
    expected_version
        Version of the stream that the writer saw, 0 for a new stream; None: whatever it is. Another one is a
        `Conflict`.
    is_new
        The subject's id is made of the position at which the event will stand, so nothing can be known of it: nobody
        need look.
    """

    stream: str
    type: str
    payload: Mapping[str, Any]
    happened_at: datetime
    about: tuple[str, ...] = ()
    cause: str = ""
    expected_version: int | None = None
    is_new: bool = False
    type_version: int = 1


class Event(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One event of the log.

    Parameters
    ----------
    position
        Place in the whole log, from 1 without gaps: an order that all readers share.
    event_id
        `E` and its position, zero-padded; unique.
    tenant_id
        Whose it is.
    version
        Place in its stream, from 1 without gaps.
    type_version
        Version of the type's fields; older ones are upcast on reading.
    recorded_at
        When the log took it, UTC.
    actor
        Id of the account or key that did it; `system` for the port itself.
    hash
        SHA-256 (hex) over everything else here and the hash before it in the stream.
    """

    position: int
    event_id: str
    tenant_id: str
    stream: str
    version: int
    type: str
    type_version: int
    happened_at: datetime
    recorded_at: datetime
    actor: str
    cause: str
    about: tuple[str, ...]
    payload: Mapping[str, Any]
    hash: str = ""

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every subject it changes: that of its stream first."""
        if self.stream in self.about:
            return (self.stream, *(s for s in self.about if s != self.stream))
        return (self.stream, *self.about)


def split(subject: str) -> tuple[str, str]:
    """Take a subject apart into kind and id.

    Raises
    ------
    ValueError
        It is none of `KINDS`, or has no id.

    Examples
    --------
    >>> split("container/C00017")
    ('container', 'C00017')
    """
    kind, _, subject_id = subject.partition("/")
    if kind not in KINDS or not subject_id:
        raise ValueError(f"expected KIND/ID, KIND one of {', '.join(KINDS)}")
    return kind, subject_id
