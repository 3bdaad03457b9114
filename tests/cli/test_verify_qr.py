"""`landport verify-qr`: what holds, what is refused, and a list that nothing is lost from."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from landport.exchange import GateKeys, gate_keys_json, read_check_ins
from tests.cli.run import landport, process, refused
from tests.exchange.test_gate_code import AT, CODE, KEY_ID, KEYS, OTHER, PUBLIC, TEXT, make_code

ON_TIME = "2026-03-02T10:15+08:00"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The public keys of Baktu; one is retired."""
    path = tmp_path / "keys.json"
    path.write_text(gate_keys_json(GateKeys(border_id="BKT", keys={KEY_ID: PUBLIC}, retired={"0badc0de": AT})))
    return path


@pytest.mark.parametrize(
    ("at", "said", "verdict"),
    [
        (ON_TIME, "VALID, and in its window", "on-time"),
        ("2026-03-02T01:15Z", "VALID, but 45 min too early", "early"),
        ("2026-03-02T11:00+08:00", "VALID, but less than a minute too late", "late"),
        ("2026-03-04T16:00+05:00", "VALID, but 2 days 8 h too late", "late"),
    ],
)
def test_a_code_that_holds(keys: Path, at: str, said: str, verdict: str) -> None:
    """It is told by the port's clock, whoever's clock the instant is of."""
    ran = landport("verify-qr", TEXT, "--keys", keys, "--at", at)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(said)
    assert "Mon 2026-03-02 10:00-11:00 Asia/Shanghai" in ran.out
    assert "新A12345" in ran.out
    found = landport("verify-qr", TEXT, "--keys", keys, "--at", at, "--json").document
    assert (found["is_valid"], found["verdict"], found["opens_at"]) == (True, verdict, "2026-03-02T10:00+08:00")


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (TEXT[:-3], "bad-code"),
        (TEXT.replace(KEY_ID, "00000000"), "unknown-key"),
        (TEXT.replace(KEY_ID, "0badc0de"), "retired-key"),
        (make_code(CODE, KEY_ID, OTHER), "bad-signature"),
    ],
)
def test_a_code_that_does_not_hold(keys: Path, code: str, verdict: str) -> None:
    """Exit 1 and why; nobody is written down."""
    ran = landport("verify-qr", code, "--keys", keys, "--record", "list.csv")
    assert ran.code == 1
    assert ran.out.startswith(f"REFUSED ({verdict}): ")
    assert not Path("list.csv").exists()
    assert landport("verify-qr", code, "--keys", keys, "--json").document["verdict"] == verdict
    assert landport("verify-qr", code, "--keys", keys, "-q").out == ""


def test_a_code_of_another_border(tmp_path: Path) -> None:
    """One key may sign for two ports."""
    path = tmp_path / "keys.json"
    path.write_text(gate_keys_json(GateKeys(border_id="KHO", keys=KEYS, zone="Asia/Almaty")))
    ran = landport("verify-qr", TEXT, "--keys", path)
    assert (ran.code, "is for BKT, this is KHO" in ran.out) == (1, True)


def test_a_code_from_stdin(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner ends its line; anything behind it is not overlooked."""
    for typed, code in ((f"{TEXT}\n", 0), (f"{TEXT}\r\n", 0), (f"{TEXT}\n{TEXT}\n", 1), (f" {TEXT}", 1), ("\xff", 1)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode("latin-1"))))
        assert landport("verify-qr", "--keys", keys).code == code, typed


def test_everybody_is_written_down_once(keys: Path) -> None:
    """The row is there when VALID is printed; a second check-in is refused with the time of the first."""
    first = landport("verify-qr", TEXT, "--keys", keys, "--at", ON_TIME, "--record", "list.csv")
    second = landport("verify-qr", TEXT, "--keys", keys, "--record", "list.csv")
    assert (first.code, second.code) == (0, 1)
    assert second.out.startswith("REFUSED (checked-in-already): ")
    assert "2026-03-02T10:15:00+08:00" in second.out
    (row,) = read_check_ins(Path("list.csv"), "Asia/Shanghai")
    assert (row.appointment_id, row.tractor, row.version) == (CODE.appointment_id, CODE.tractor, CODE.version)
    assert (row.key_id, row.verdict) == (KEY_ID, "on-time")


def test_wrong_usage(keys: Path, tmp_path: Path) -> None:
    """No keys, no instant, a list that cannot be written: exit 2, and VALID is not printed."""
    assert landport("verify-qr", TEXT).code == 2
    assert "offset" in refused("verify-qr", TEXT, "--keys", keys, "--at", "2026-03-02T10:15")
    assert "expected a readable file" in refused("verify-qr", TEXT, "--keys", tmp_path / "none.json")
    assert "cannot write" in refused("verify-qr", TEXT, "--keys", keys, "--record", tmp_path)
    assert "no list of check-ins" in refused("verify-qr", TEXT, "--keys", keys, "--record", keys)


def test_neither_network_nor_database(keys: Path) -> None:
    """A process that may open no socket verifies; nothing of the store is loaded, and no file is made."""
    code = (
        "import socket, sys\n"
        "def no(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = socket.create_connection = no\n"
        "from landport.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print([m for m in sys.modules if m.startswith(('landport.store', 'sqlite3', 'sqlalchemy'))])\n"
    )
    ran = process("verify-qr", TEXT, "--keys", keys, folder=keys.parent, code=code)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "[]"
    assert [p.name for p in keys.parent.iterdir()] == ["keys.json"]


def test_keys_for_the_gate(tmp_path: Path) -> None:
    """Made, handed out, rotated and retired at the machine; a gate with the file needs no more."""
    db = ("--db", tmp_path / "landport.db")
    landport("db", "init", *db)
    landport("account", "add", "chief", "--tenant", "port", "--new-tenant", *db)
    assert "no gate key yet" in refused("key", "gate", "BKT", *db)
    first = landport("key", "rotate", *db, "--json").document["key_id"]
    second = landport("key", "rotate", *db)
    assert first in second.out
    assert landport("key", "retire", first, *db).out.startswith(f"{first} is retired")
    assert "no gate key" in refused("key", "retire", "00000000", *db)
    assert landport("key", "gate", "BKT", "--out", tmp_path / "keys.json", *db).code == 0
    ran = landport("verify-qr", TEXT.replace(KEY_ID, first), "--keys", tmp_path / "keys.json")
    assert (ran.code, ran.out[:21]) == (1, "REFUSED (retired-key)")
    assert landport("key", "gate", "BKT", *db).document["border"] == "BKT"
