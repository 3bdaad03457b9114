"""Signed codes of appointments: a gate verifies one with public keys alone, without the port's server.

A code is `LP1.KEY_ID.PAYLOAD.SIGNATURE`: the payload a JSON array, the signature (Ed25519) over all before the last
point, both in base64url without padding. Every text has one spelling, so that a changed character is never overlooked.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from landport.errors import InputError

FORMAT: Final = "LP1"
"""How a code begins; another number is another format."""

KEY_BYTES: Final = 32
"""Bytes of a private and of a public key."""

MOST: Final = 1000
"""Characters of a code; a QR code that a phone still reads holds fewer."""

MOST_FIELD: Final = 100
"""Characters of a text in a code."""

_CODE: Final = re.compile(r"LP1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS: Final = (str, str, int, str, int, int, str, str)
_FAR: Final = 200 * 366 * 1440
"""Minutes since 1970 that no window lies beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCode:
    """What a code says.

    Parameters
    ----------
    version
        Position in the log of what changed the appointment last: an older code is out of date.
    opens_at, closes_at
        Its window, whole minutes.
    """

    border_id: str
    appointment_id: str
    version: int
    channel: str
    opens_at: datetime
    closes_at: datetime
    tractor: str
    trailer: str


def public_of(private: bytes) -> bytes:
    """Derive the public key, 32 bytes, of a private key of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def key_id_of(public: bytes) -> str:
    """Name a public key: the first 8 hex digits of its SHA-256.

    Examples
    --------
    >>> key_id_of(public_of(bytes(32)))
    '139e3940'
    """
    return sha256(public).hexdigest()[:8]


def make_code(signed: GateCode, key_id: str, private: bytes) -> str:
    """Write and sign a code; the same appointment and key give the same one.

    Raises
    ------
    InputError
        `bad-code`: a text is too long or not printable, or a window is of no whole minutes.
    """
    opens, closes = _minute(signed.opens_at), _minute(signed.closes_at)
    values = (signed.border_id, signed.appointment_id, signed.version, signed.channel, opens, closes)
    payload = [*values, signed.tractor, signed.trailer]
    if not _is_fit(payload):
        raise _bad("expected printable texts of at most 100 characters, a window in whole minutes, a version")
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    head = f"{FORMAT}.{key_id}.{_encoded(text.encode())}"
    code = f"{head}.{_encoded(Ed25519PrivateKey.from_private_bytes(private).sign(head.encode()))}"
    if len(code) > MOST or not _CODE.fullmatch(code):
        raise _bad(f"expected a key id of 8 hex digits, and texts that a code of {MOST} characters holds")
    return code


def verify_code(text: str, keys: Mapping[str, bytes]) -> GateCode:
    """Read a code whose signature holds.

    Parameters
    ----------
    keys
        Public keys by id.

    Raises
    ------
    InputError
        `bad-code`: it is no code, cut off, or of another version. `unknown-key`: none of the keys signed it.
        `bad-signature`: it was changed, or forged.
    """
    match = _CODE.fullmatch(text) if len(text) <= MOST else None
    if match is None:
        raise _bad(_what(text))
    key_id, payload, signature = match.groups()
    if key_id not in keys:
        known = ", ".join(sorted(keys)) or "none"
        raise InputError("unknown-key", f"no key {key_id} is known here; there are: {known}", (key_id,))
    try:
        key = Ed25519PublicKey.from_public_bytes(keys[key_id])
        key.verify(_decoded(signature), text.rpartition(".")[0].encode())
    except (InvalidSignature, ValueError) as error:
        said = "the signature does not hold: the code was changed, or nobody of this port made it"
        raise InputError("bad-signature", said, (key_id,)) from error
    return _read(payload)


def qr_svg(text: str, *, scale: float = 4) -> bytes:
    """Draw a text as a QR code, SVG: error correction M, a quiet zone of four modules."""
    return _drawn(text, "svg", scale=scale, svgclass=None, lineclass=None)


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """Draw a text as a QR code, PNG: error correction M, a quiet zone of four modules."""
    return _drawn(text, "png", scale=scale)


def _drawn(text: str, kind: str, **options: Any) -> bytes:
    import segno

    buffer = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(buffer, kind=kind, border=4, **options)
    return buffer.getvalue()


def _read(payload: str) -> GateCode:
    try:
        values = json.loads(_decoded(payload))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not _is_fit(values):
        raise _bad("it is signed, but by a program that writes other codes: update landport")
    border_id, appointment_id, version, channel, opens, closes, tractor, trailer = values
    return GateCode(
        border_id=border_id,
        appointment_id=appointment_id,
        version=version,
        channel=channel,
        opens_at=_EPOCH + timedelta(minutes=opens),
        closes_at=_EPOCH + timedelta(minutes=closes),
        tractor=tractor,
        trailer=trailer,
    )


def _is_fit(values: list[Any]) -> bool:
    if [type(v) for v in values] != list(_FIELDS):
        return False
    texts = [v for v in values if isinstance(v, str)]
    _, appointment_id, version, _, opens, closes, *_ = values
    is_printable = all(len(t) <= MOST_FIELD and t.isprintable() for t in texts)
    is_in_time = 0 <= opens < closes < _FAR
    return bool(appointment_id) and is_printable and is_in_time and 0 <= version < 1 << 63


def _minute(instant: datetime) -> int:
    """Count whole minutes since 1970; -1: it is none."""
    if instant.tzinfo is None:
        return -1
    minute, rest = divmod(instant - _EPOCH, timedelta(minutes=1))
    return -1 if rest else minute


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Read base64url without padding; a text that is not its one spelling is refused (ValueError)."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encoded(data) != text:
        raise binascii.Error("trailing bits")
    return data


def _what(text: str) -> str:
    """Say what is wrong with a text that has not the form of a code."""
    if not text:
        return "it is empty"
    if len(text) > MOST:
        return f"it is longer than {MOST} characters"
    if not text.isprintable() or " " in text:
        return "there are spaces, line ends or control characters in it"
    if re.match(r"LP[0-9]+\.", text) and not text.startswith(f"{FORMAT}."):
        return "it is of another version: update landport"
    if text.startswith((FORMAT[: len(text)], f"{FORMAT}.")):
        return "it is cut off, or changed: scan it again"
    return f"it is no code of an appointment, which begins with {FORMAT}."


def _bad(why: str) -> InputError:
    return InputError("bad-code", f"this is no code that holds: {why}")
