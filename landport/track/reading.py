"""Read events: payload of plain JSON values -> the fact that its type says, older versions upcast; and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from operator import is_
from typing import Any, Final, get_type_hints

import msgspec

from landport.errors import InputError, Problem, StoreError
from landport.model.events import Event
from landport.model.facts import FACTS
from landport.units import parse_instant

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the payload of one version of a type into that of the next."""

UPCASTS: Final[dict[tuple[str, int], Upcast]] = {}
"""By type and version. The version of a type that is written today is one more than its last here, or 1."""


def version_of(type_name: str, upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS) -> int:
    """Answer the version of a type's payload that is written today.

    Examples
    --------
    >>> version_of("ContainerWeighed")
    1
    """
    return 1 + max((version for name, version in upcasts if name == type_name), default=0)


def fact_of(event: Event, upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS) -> Any:
    """Read what an event of the log says: an instance of a class in `model.facts.FACTS`, instants in UTC.

    Raises
    ------
    StoreError
        `unknown-event`: a newer landport wrote its type, or this version of it.
    InputError
        `bad-event`: the payload is not what its type asks for.
    """
    payload: Mapping[str, Any] = event.payload
    if event.type not in FACTS or event.type_version != _VERSIONS[event.type] or upcasts is not UPCASTS:
        payload = _upcast(event, upcasts)
    return fact_from(event.type, payload)


def fact_from(type_name: str, payload: Mapping[str, Any]) -> Any:
    """Read a payload that somebody gives for a type of event, as written today.

    Raises
    ------
    InputError
        `bad-event`: there is no such type, or the payload is not what it asks for.

    Examples
    --------
    >>> fact_from("ContainerWeighed", {"gross_kg": 21400})
    ContainerWeighed(gross_kg=21400, method=1)
    """
    shape = _SHAPES.get(type_name)
    if shape is None:
        raise _bad(type_name, f"expected a type of event: {', '.join(FACTS)}")
    if not payload.keys() <= shape.names:
        raise _bad(type_name, f"expected no field {', '.join(sorted(map(str, payload.keys() - shape.names)))}")
    try:
        return _converted(payload, shape)
    except (ValueError, OverflowError) as error:  # perhaps only the seconds of an instant are missing
        if not shape.is_dated:
            raise _bad(type_name, str(error)) from None
    try:
        return _converted(_with_instants(payload, shape), shape)
    except (ValueError, OverflowError) as error:
        raise _bad(type_name, str(error)) from None


def payload_of(fact: Any) -> dict[str, Any]:
    """Write a fact as plain JSON values; `fact_of` reads the same fact back.

    Examples
    --------
    >>> from landport.model.facts import ContainerSealed
    >>> payload_of(ContainerSealed(seals=("A1", "A2")))
    {'seals': ['A1', 'A2']}
    """
    payload: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fact))
    return payload


def _upcast(event: Event, upcasts: Mapping[tuple[str, int], Upcast]) -> dict[str, Any]:
    newest = version_of(event.type, upcasts)
    if event.type not in FACTS or not 1 <= event.type_version <= newest:
        message = f"{event.event_id} is {event.type} version {event.type_version}: update landport to read it"
        raise StoreError("unknown-event", message, (event.event_id, event.stream))
    payload = dict(event.payload)
    for version in range(event.type_version, newest):
        payload = upcasts[event.type, version](payload)
    return payload


def _bad(type_name: str, expected: str) -> InputError:
    return InputError("bad-event", f"no fact {type_name}", problems=[Problem(file=type_name, expected=expected)])


# ---- instants ----------------------------------------------------------------------------------


class _Shape:
    """What is known of a class of facts: its fields, and which of them hold instants or parts that do."""

    def __init__(self, kind: type) -> None:
        hints = get_type_hints(kind)
        self.kind = kind
        self.names = frozenset(field.name for field in fields(kind))
        self.instants = tuple(name for name in hints if hints[name] in (datetime, datetime | None))
        self.parts = tuple(
            (name, part)
            for name in hints
            for inner in (hints[name], *getattr(hints[name], "__args__", ()))
            if is_dataclass(inner) and isinstance(inner, type) and (part := _Shape(inner)).is_dated
        )
        self.is_dated: bool = bool(self.instants or self.parts)


_SHAPES: Final = {name: _Shape(kind) for name, kind in FACTS.items()}
_VERSIONS: Final = {name: version_of(name) for name in FACTS}


def _converted(payload: Any, shape: _Shape) -> Any:
    fact: Any = msgspec.convert(payload, shape.kind)
    return _in_utc(fact, shape) if shape.is_dated else fact


def _with_instants(payload: Any, shape: _Shape) -> Any:
    """Parse the instants of a payload, which may be without seconds."""
    if isinstance(payload, list | tuple):
        return [_with_instants(part, shape) for part in payload]
    if not isinstance(payload, Mapping):
        return payload
    parsed = dict(payload)
    for name in shape.instants:
        if isinstance(payload.get(name), str):
            parsed[name] = parse_instant(payload[name])
    for name, part in shape.parts:
        if name in payload:
            parsed[name] = _with_instants(payload[name], part)
    return parsed


def _in_utc(fact: Any, shape: _Shape) -> Any:
    changed: dict[str, Any] = {}
    for name in shape.instants:
        instant = getattr(fact, name)
        if instant is not None and instant.tzinfo is not UTC:
            changed[name] = _utc(instant)
    for name, part in shape.parts:
        value = getattr(fact, name)
        if value is None:
            continue
        if isinstance(value, tuple):
            parts = tuple([_in_utc(one, part) for one in value])
            if not all(map(is_, parts, value)):
                changed[name] = parts
        elif (new := _in_utc(value, part)) is not value:
            changed[name] = new
    return replace(fact, **changed) if changed else fact


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("expected an instant with its offset from UTC, e.g. 2026-03-02T08:15+08:00")
    return instant.astimezone(UTC)
