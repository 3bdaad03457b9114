"""Codes of appointments: what was signed is read, and nothing else is."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.errors import InputError
from landport.exchange import gate_code
from landport.exchange.gate_code import GateCode, key_id_of, make_code, public_of, qr_png, qr_svg, verify_code
from landport.exchange.gate_keys import GateKeys, gate_keys_json, read_gate_keys

PRIVATE, OTHER = bytes(range(32)), bytes(range(1, 33))
PUBLIC = public_of(PRIVATE)
KEY_ID = key_id_of(PUBLIC)
KEYS = {KEY_ID: PUBLIC, key_id_of(public_of(OTHER)): public_of(OTHER)}
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
CODE = GateCode(
    border_id="BKT",
    appointment_id="T0123456789ab",
    version=1234,
    channel="perishable",
    opens_at=AT,
    closes_at=AT + timedelta(hours=1),
    tractor="新A12345",
    trailer="123ABC04",
)
TEXT = make_code(CODE, KEY_ID, PRIVATE)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)
ANY = st.characters(codec="utf-8")


def refusal(text, keys=KEYS):
    with pytest.raises(InputError) as caught:
        verify_code(text, keys)
    return caught.value.code


@given(WORDS.filter(bool), WORDS, st.integers(0, 2**40), st.integers(0, 10**7), st.integers(1, 1440))
def test_what_was_signed_is_read(appointment_id, plate, version, minute, length):
    """Any id, plate, position and window; the same input gives the same code."""
    opens_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    signed = GateCode(
        border_id="BKT",
        appointment_id=appointment_id,
        version=version,
        channel="general",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(minutes=length),
        tractor=plate,
        trailer=plate,
    )
    text = make_code(signed, KEY_ID, PRIVATE)
    assert verify_code(text, KEYS) == signed
    assert make_code(signed, KEY_ID, PRIVATE) == text


@given(st.integers(0, len(TEXT) - 1), ANY | st.sampled_from("ABCabc019-_.=+/ \n\0"))
def test_a_changed_character_is_never_overlooked(at, char):
    """Wherever it stands, whatever it became."""
    changed = TEXT[:at] + char + TEXT[at + 1 :]
    if changed != TEXT:
        assert refusal(changed) in ("bad-code", "unknown-key", "bad-signature")


def test_every_letter_of_the_signature_counts():
    """Also the bits of the last letter that decode to nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = [TEXT[:-1] + c for c in letters if c != TEXT[-1]]
    assert {refusal(text) for text in last} == {"bad-signature"}


@given(st.integers(0, len(TEXT)), st.text(ANY, min_size=1, max_size=3))
def test_nothing_is_put_in_or_cut_off(at, more):
    """Not in front, not behind, not inside; no end is missing."""
    changed = TEXT[:at] + more + TEXT[at:]
    assert refusal(changed) in ("bad-code", "unknown-key", "bad-signature")
    if at < len(TEXT):
        assert refusal(TEXT[:at]) == "bad-code"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "bad-code", "empty"),
        ("LP2.x", "bad-code", "another version"),
        ("https://example.org", "bad-code", "no code of an appointment"),
        (TEXT[:50], "bad-code", "cut off"),
        (TEXT + "\n", "bad-code", "spaces, line ends"),
        (TEXT + "\0", "bad-code", "control characters"),
        ("LP1." + "A" * 2000, "bad-code", "longer than 1000"),
        (TEXT.replace(KEY_ID, "00000000"), "unknown-key", "no key 00000000"),
        (TEXT.replace(KEY_ID, key_id_of(public_of(OTHER))), "bad-signature", "does not hold"),
        (TEXT + "=", "bad-code", "cut off, or changed"),
        (TEXT.replace(KEY_ID, KEY_ID.upper()), "bad-code", "cut off, or changed"),
    ],
)
def test_what_is_wrong_is_said(text, code, said):
    """Each way has its code and its words."""
    assert refusal(text) == code
    with pytest.raises(InputError, match=said):
        verify_code(text, KEYS)


def test_a_code_of_another_port_does_not_hold():
    """Who has not the private key makes none, whatever id he puts on it."""
    assert refusal(make_code(CODE, KEY_ID, OTHER)) == "bad-signature"
    assert refusal(make_code(CODE, key_id_of(public_of(OTHER)), OTHER), {KEY_ID: PUBLIC}) == "unknown-key"


@pytest.mark.parametrize("payload", [b"{}", b"[]", b"[" * 5000, b"\xff", b'["B","T",true,"g",1,2,"",""]'])
def test_signed_nonsense_is_refused(payload, monkeypatch):
    """What another program signed with our key is no appointment."""
    monkeypatch.setattr(gate_code, "MOST", 100_000)
    said = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    key = gate_code.Ed25519PrivateKey.from_private_bytes(PRIVATE)
    head = f"LP1.{KEY_ID}.{said}"
    text = f"{head}.{base64.urlsafe_b64encode(key.sign(head.encode())).rstrip(b'=').decode()}"
    assert refusal(text) == "bad-code"


@pytest.mark.parametrize(
    "change", [{"opens_at": AT.replace(second=1)}, {"tractor": "x" * 101}, {"trailer": "a\0"}, {"appointment_id": ""}]
)
def test_what_fits_no_code_is_not_signed(change):
    """Windows are whole minutes, texts short and printable."""
    values = {name: getattr(CODE, name) for name in GateCode.__slots__} | change
    with pytest.raises(InputError, match="expected"):
        make_code(GateCode(**values), KEY_ID, PRIVATE)


def test_codes_are_drawn():
    """As SVG with a quiet zone, and as PNG."""
    svg = qr_svg(TEXT)
    assert b"<svg" in svg
    assert b"script" not in svg
    assert qr_png(TEXT).startswith(b"\x89PNG")


def test_keys_as_a_file(tmp_path):
    """Written and read back, retired ones too; wrong ones are told, all of them."""
    path = tmp_path / "keys.json"
    found = GateKeys(border_id="BKT", keys=KEYS, retired={"0badc0de": AT})
    path.write_text(gate_keys_json(found))
    assert read_gate_keys(path) == found
    b64 = base64.b64encode(PUBLIC).decode()
    path.write_text(json.dumps({"keys": {"00000000": b64, KEY_ID: "x", "a": 3}, "retired": {"b": "yesterday"}}))
    with pytest.raises(InputError) as caught:
        read_gate_keys(path)
    told = [p.key for p in caught.value.problems]
    assert told == ["keys.00000000", f"keys.{KEY_ID}", "keys.a", "retired.b", "border"]
    for text in ("", "[]", "{", "\0"):
        path.write_text(text)
        with pytest.raises(InputError):
            read_gate_keys(path)
