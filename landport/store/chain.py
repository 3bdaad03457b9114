"""Hashes that chain the events of a stream, and seals that chain the heads of all streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec

from landport.errors import InputError, StoreError
from landport.model.events import Event

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_PLAIN: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder()

COLUMNS: Final = (
    "position",
    "tenant_id",
    "stream",
    "version",
    "type",
    "type_version",
    "happened_at",
    "recorded_at",
    "actor",
    "cause",
    "about",
    "payload",
)
"""What a hash covers, in this order, after the hash before it."""


def micros(instant: datetime) -> int:
    """Count the microseconds from 1970 to an instant.

    Raises
    ------
    ValueError
        The instant has no offset.

    Examples
    --------
    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    if instant.tzinfo is None:
        raise ValueError("expected an instant with its offset from UTC")
    return (instant - EPOCH) // _MICROSECOND


@lru_cache(maxsize=4_096)
def instant(micros: int) -> datetime:
    """Turn microseconds since 1970 into an instant, UTC."""
    return EPOCH + timedelta(0, 0, micros)


def packed(value: object) -> str:
    """Write a value as JSON text: the same text for the same value.

    Raises
    ------
    InputError
        `not-json`: it holds what JSON cannot.
    """
    try:
        return _ENCODER.encode(value).decode()
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InputError("not-json", f"expected what JSON can hold: {error}") from error


def unpacked(text: str | bytes) -> Any:
    """Read JSON text of the store.

    Raises
    ------
    StoreError
        `damaged`: it is none.
    """
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError("damaged", f"the database holds text that is no JSON: {error}") from error


def link(before: str, row: Sequence[object]) -> str:
    """Hash an event: the hash before it in its stream ("" for the first), then its `COLUMNS`.

    Returns
    -------
    str
        SHA-256, hex.
    """
    return sha256(_PLAIN.encode((before, *row))).hexdigest()


def seal(before: str, until_position: int, heads: Mapping[tuple[str, str], str]) -> str:
    """Hash heads of the streams that grew since the seal before, by (tenant, stream), onto that seal's hash."""
    total = sha256(f"{before}\n{until_position}\n".encode())
    for (tenant_id, stream), head in sorted(heads.items()):
        total.update(_PLAIN.encode((tenant_id, stream, head)))
    return total.hexdigest()


def event_of(row: Sequence[Any]) -> Event:
    """Make an event of a row: `COLUMNS`, then the hash."""
    position, tenant_id, stream, version, kind, kind_version, happened, recorded, actor, cause, about, payload = row[
        :12
    ]
    return Event(
        position=position,
        event_id=event_id(position),
        tenant_id=tenant_id,
        stream=stream,
        version=version,
        type=kind,
        type_version=kind_version,
        happened_at=instant(happened),
        recorded_at=instant(recorded),
        actor=actor,
        cause=cause,
        about=tuple(unpacked(about)) if about != "[]" else (),
        payload=unpacked(payload),
        hash=row[12],
    )


def event_id(position: int) -> str:
    """Name an event by its position.

    Examples
    --------
    >>> event_id(17)
    'E000000017'
    """
    return f"E{position:09d}"


def heads_of(rows: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """Take the last hash of each stream from (tenant, stream, hash) in order of position."""
    return {(tenant_id, stream): head for tenant_id, stream, head in rows}
