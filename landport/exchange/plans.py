"""Plan files: JSON, one record a line, the same bytes for the same plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import msgspec

from landport.errors import InputError, Problem, StoreError, shown
from landport.exchange.atomic import whole_file
from landport.exchange.caps import CAPS, Caps
from landport.exchange.live import CONTROL
from landport.exchange.text import Unreadable, check_size
from landport.model.plans import SCHEMA, Plan

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Plan)

_MOST: Final = 10**18 - 1
"""Greatest number of a plan, and least with a minus: what a sum of many still holds."""


class _Stamp(msgspec.Struct):
    schema: int


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as JSON, whole or not at all.

    Raises
    ------
    InputError
        `not-writable`: the system refuses to write there.

    Notes
    -----
    Keys in the order of the noun, one record of every list on a line of its own, a line feed at the end: equal
    plans give equal bytes, and `diff` and `grep` show records.
    """
    with whole_file(path) as part, part.open("wb") as file:
        for line in _lines(plan):
            file.write(line)


def plan_bytes(plan: Plan) -> bytes:
    """Write a plan as `write_plan` does, in memory."""
    return b"".join(_lines(plan))


def plan_from(content: bytes) -> Plan:
    """Read what `plan_bytes` wrote: an equal plan.

    Raises
    ------
    StoreError
        `damaged`: it is nothing of the kind.
    """
    try:
        return _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError("damaged", f"a stored plan cannot be read: {error}") from error


def plan_digest(plan: Plan) -> str:
    """Name a plan: the first 12 hex digits of the SHA-256 over its file."""
    total = hashlib.sha256()
    for line in _lines(plan):
        total.update(line)
    return total.hexdigest()[:12]


def read_plan(path: Path, *, caps: Caps = CAPS) -> Plan:
    """Read a plan file of this schema or the one before.

    Raises
    ------
    InputError
        `input`: no such file, no JSON, a value of the wrong type (its JSON path stands as the column), a number of 19
        digits or more, a control character.
        `newer-schema`: written by a newer landport.

    Notes
    -----
    Schema 0, the pre-release format, had no `remarks`; it is read as having none.
    """
    raw = checked_json(path, caps)
    try:
        schema = msgspec.convert(raw, type=_Stamp).schema
        if schema > SCHEMA:
            text = f"{path.name} has schema {shown(schema)}; this landport reads up to {SCHEMA}: update landport"
            raise InputError("newer-schema", text, (path.name,))
        return msgspec.convert(raw if schema == SCHEMA else _upgraded(path, schema, raw), type=Plan)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at `")
        raise _wrong(path, where.rstrip("`") or "$", said[:1].lower() + said[1:].replace("`", "")) from error


def checked_json(path: Path, caps: Caps) -> Any:
    """Read a JSON document that holds nothing a terminal or a sum would choke on.

    Raises
    ------
    InputError
        `input`: no such file, no JSON, a number of 19 digits or more, a control character.
    """
    try:
        check_size(path, caps)
        data = path.read_bytes()
    except Unreadable as error:
        raise InputError.of([error.problem]) from error
    except OSError as error:
        raise _wrong(path, None, f"expected a readable file: {error.strerror}") from error
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(path, None, f"expected a plan as JSON; {error}") from error
    _check_values(path, raw)
    return raw


def _check_values(path: Path, raw: object) -> None:
    """Refuse what no plan of ours holds and a terminal or a sum would choke on; what a scenario holds passes."""
    waiting = [raw]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if CONTROL.search(value):
                raise _wrong(path, None, "expected text without control characters", shown(value))
        elif isinstance(value, int):
            if not -_MOST <= value <= _MOST:
                raise _wrong(path, None, "expected numbers of at most 18 digits", shown(value))
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _upgraded(path: Path, schema: int, plan: dict[str, Any]) -> dict[str, Any]:
    if schema != 0:
        raise _wrong(path, "$.schema", f"expected a whole number from 0 to {SCHEMA}", str(schema))
    return {**plan, "schema": 1, "remarks": []}


def _lines(plan: Plan) -> Iterator[bytes]:
    comma = b"{\n"
    for field in fields(plan):
        if getattr(plan, field.name) is None:
            continue
        yield comma + _ENCODER.encode(field.name) + b":"
        yield from _value(getattr(plan, field.name), b"")
        comma = b",\n"
    yield b"\n}\n"


def _value(value: Any, indent: bytes) -> Iterator[bytes]:
    if isinstance(value, tuple) and value:
        comma = b"[\n"
        for record in value:
            yield comma + indent + _ENCODER.encode(record)
            comma = b",\n"
        yield b"\n" + indent + b"]"
    elif hasattr(value, "__dataclass_fields__"):
        comma = b"{\n"
        for field in fields(value):
            yield comma + b" " + _ENCODER.encode(field.name) + b":"
            yield from _value(getattr(value, field.name), b" ")
            comma = b",\n"
        yield b"\n}"
    else:
        yield _ENCODER.encode(value)


def _wrong(path: Path, column: str | None, expected: str, value: str | None = None) -> InputError:
    return InputError.of([Problem(file=str(path), column=column, value=value, expected=expected)])
