"""Public keys of a port's gate as a JSON file: what a gate without a network verifies codes by."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from landport.errors import InputError, Problem, shown
from landport.exchange.caps import Caps
from landport.exchange.gate_code import KEY_BYTES, GateCode, key_id_of, verify_code
from landport.exchange.text import Unreadable, read_text
from landport.units import parse_instant

UPLOAD: Final = Caps(file_bytes=1 << 20)
"""Limits of such a file."""

_KEY: Final = "expected a public key: 32 bytes in base64"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateKeys:
    """Public keys that hold at a border port, and which held before.

    Parameters
    ----------
    border_id
        Whose codes they sign.
    keys
        Public keys by id, 32 bytes each.
    retired
        When keys by id were retired: what they signed holds no more.
    zone
        IANA zone of the port's clock; empty: that of its place.
    """

    border_id: str
    keys: Mapping[str, bytes]
    retired: Mapping[str, datetime] = field(default_factory=dict)
    zone: str = ""


def verify_at_gate(text: str, found: GateKeys) -> GateCode:
    """Read a code that holds at a gate.

    Raises
    ------
    InputError
        `bad-code`, `unknown-key`, `bad-signature`: as `gate_code.verify_code` says. `retired-key`: its key holds no
        more. `other-border`: it is of another port that signs by the same key.
    """
    key_id = text.split(".")[1] if text.count(".") == 3 else ""
    if key_id in found.retired and key_id not in found.keys:
        at = found.retired[key_id].isoformat(timespec="minutes")
        said = f"its key {key_id} was retired at {at}: the enterprise has to fetch the code again"
        raise InputError("retired-key", said, (key_id,))
    code = verify_code(text, found.keys)
    if code.border_id != found.border_id:
        said = f"appointment {code.appointment_id} is for {code.border_id}, this is {found.border_id}"
        raise InputError("other-border", said, (code.appointment_id,))
    return code


def gate_keys_json(found: GateKeys) -> str:
    """Write public keys as `read_gate_keys` reads them."""
    document = {
        "border": found.border_id,
        "zone": found.zone,
        "keys": {key_id: base64.b64encode(public).decode() for key_id, public in found.keys.items()},
        "retired": {key_id: at.isoformat(timespec="seconds") for key_id, at in found.retired.items()},
    }
    return json.dumps(document, indent=1) + "\n"


def read_gate_keys(path: Path) -> GateKeys:
    """Read public keys, as `landport key gate` writes them; unknown members are left out.

    Raises
    ------
    InputError
        `input`: no such file, no JSON, or wrong keys; all are listed.
    """
    file = path.name or str(path)
    try:
        raw = json.loads(read_text(path, UPLOAD)[0])
    except Unreadable as error:
        raise InputError.of([error.problem]) from error
    except (ValueError, RecursionError) as error:
        raise InputError.of([Problem(file=file, expected=f"expected JSON; {error}")]) from error
    if not isinstance(raw, dict):
        raw = {}
    problems: list[Problem] = []
    keys = {key_id: _public(key_id, said, file, problems) for key_id, said in _table(raw, "keys", file, problems)}
    retired = {
        key_id: _instant(key_id, said, file, problems) for key_id, said in _table(raw, "retired", file, problems)
    }
    border_id = raw.get("border")
    if not isinstance(border_id, str) or not border_id:
        problems.append(_wrong(file, "border", border_id, "expected the id of a border port, such as BKT"))
    zone = raw.get("zone", "")
    if not isinstance(zone, str) or not _is_zone(zone):
        problems.append(_wrong(file, "zone", zone, "expected an IANA zone, such as Asia/Almaty"))
    if problems:
        raise InputError.of(problems)
    held = {key_id: at for key_id, at in retired.items() if at is not None}
    return GateKeys(border_id=str(border_id), keys=keys, retired=held, zone=str(zone))


def _is_zone(zone: str) -> bool:
    try:
        return not zone or bool(ZoneInfo(zone))
    except (ValueError, OSError, KeyError):  # no name of a file, a folder, no such zone
        return False


def _table(raw: Mapping[str, object], name: str, file: str, problems: list[Problem]) -> list[tuple[str, object]]:
    value = raw.get(name, None if name == "keys" else {})
    if isinstance(value, dict):
        return list(value.items())
    problems.append(_wrong(file, name, value, 'expected an object, such as {"0f1e2d3c": "..."}'))
    return []


def _public(key_id: str, said: object, file: str, problems: list[Problem]) -> bytes:
    try:
        public = base64.b64decode(said if isinstance(said, str) else "", validate=True)
    except ValueError:
        public = b""
    if len(public) != KEY_BYTES:
        problems.append(_wrong(file, f"keys.{key_id}", said, _KEY))
    elif key_id != key_id_of(public):
        problems.append(_wrong(file, f"keys.{key_id}", said, f"{_KEY} of this id; this is {key_id_of(public)}"))
    return public


def _instant(key_id: str, said: object, file: str, problems: list[Problem]) -> datetime | None:
    try:
        return parse_instant(said if isinstance(said, str) else "")
    except ValueError as error:
        problems.append(_wrong(file, f"retired.{key_id}", said, str(error)))
        return None


def _wrong(file: str, key: str, value: object, expected: str) -> Problem:
    said = None if value is None else shown(value)
    return Problem(file=file, key=key, value=said, expected=expected if said else f"{expected}; it is missing")
