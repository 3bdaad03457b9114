"""A border port by commands: a day of controller and truckers, a day on paper, a closure, and what is refused."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta

import pytest

from landport.app.ledger import opening
from tests.cli.run import landport, names, refused

MONDAY = datetime.fromisoformat("2026-03-02T10:05+08:00")
TEN_PAST_TWO = datetime.fromisoformat("2026-03-02T14:10+08:00")
WINDOW = "BKT.general.20260302T0600Z"
NEXT = "BKT.general.20260302T0700Z"


class Port:
    """Baktu, published on a Monday morning; its clock is turned by tests."""

    def __init__(self, path):
        self.db, self.now = str(path), MONDAY

    def run(self, *words, at=None):
        """Run a verb that works; answer what it prints."""
        self.now = at or self.now
        ran = landport("border", *words, "--db", self.db)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.out

    def made(self, *words, at=None):
        return json.loads(self.run(*words, "--json", at=at))

    def book(self, tractor, window=WINDOW, *words):
        return self.made("book", "--window", window, "--tractor", tractor, *words)["appointment_id"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A database in which Baktu is published, to be copied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(opening.open_ledger.__kwdefaults__, "clock", lambda: MONDAY)
        made = Port(tmp_path_factory.mktemp("published") / "port.db")
        assert "594 windows opened" in made.run("publish")
    return made.db


@pytest.fixture
def port(published, tmp_path, monkeypatch):
    made = Port(shutil.copy(published, tmp_path / "port.db"))
    monkeypatch.setitem(opening.open_ledger.__kwdefaults__, "clock", lambda: made.now)
    return made


def lying(folder):
    """List what lies in a folder, but for what SQLite leaves beside a file."""
    return [name for name in names(folder) if not name.startswith("port.db")]


def test_a_day_from_publish_to_figures(port):
    """A trucker applies, looks, holds, books and changes; a controller calls, lets in, inspects, clears, counts."""
    said = port.run("apply", "--expected", "2026-03-02T14:00", "--goods", "apples", "--hs", "0808")
    assert "expected Mon 2026-03-02 14:00 Asia/Shanghai, out of customs' regular hours" in said
    assert " ".join(said.split()).count(f"{WINDOW} Mon 2026-03-02 14:00-15:00 general") == 1
    number = said.split()[0]
    shown = port.made("windows", "--channel", "general", "--free", "--until", "2026-03-02T18:00")
    assert shown["zone"] == "Asia/Shanghai"
    assert WINDOW in [row["window_id"] for row in shown["items"]]
    held = port.made("hold", WINDOW, "--enterprise", "P1")["appointment_id"]
    assert port.book("KZ 111 AA", WINDOW, "--hold", held, "--enterprise", "P1", "--trailer", "TT-11") == held
    words = ("--document", "TIR:XN123", "--permit", "P-7", "--application", number)
    second = port.book("新A 12-345", NEXT, *words)
    assert "KZ222AA + TT11" in port.run("change", held, "--tractor", "KZ 222 AA")
    assert "14:00-15:00" in port.run("reschedule", second, WINDOW, "--why", "a free place")
    assert "is accepted" in port.run("decide", number, "--accept", "CN-7781")
    assert "is confirmed" in port.run("present", second, at=TEN_PAST_TWO)
    walker = port.run("walkup", "general", "--tractor", "WU1").split()[0]
    queue = port.run("board", "--queue").splitlines()
    assert [line.split()[0] for line in queue[1:]] == [second, walker, held], "ready ones first, then who stands there"
    assert f"{second} is called" in port.run("call", "general")
    board = port.run("board")
    assert ("新A12345" in board, "Mon 2026-03-02 14:10 Asia/Shanghai" in board) == (True, True)
    assert "arrived" in port.run("checkin", second, "--tractor", "新A12345")
    for verb, words, status in (
        ("inspect", (), "under_inspection"),
        ("keep", ("--why", "papers"), "held"),
        ("clear", ("--reference", "KZ-1"), "cleared"),
    ):
        assert f"{second} is {status}" in port.run(verb, second, *words, at=port.now + timedelta(minutes=20))
    code = port.made("code", held)["code"]
    assert "arrived" in port.run("checkin", "--code", code)
    assert "turned_back" in port.run("turnback", held, "--why", "no permit")
    assert "is cancelled" in port.run("cancel", walker)
    assert "trucks of the plan: 0 booked, 0 cancelled, 0 left" in port.run("book", "--plan")
    lost = port.book("GONE1", "BKT.general.20260302T0800Z")
    assert "is no_show" in port.run("miss", lost, at=MONDAY + timedelta(hours=9))
    (day,) = port.made("figures", "--from", "2026-03-02", "--until", "2026-03-02")["items"]
    counts = {n: day["counts"][f"n_{n}"] for n in ("came", "walk_up", "cleared", "turned_back", "left", "missed")}
    assert counts == {"came": 3, "walk_up": 1, "cleared": 1, "turned_back": 1, "left": 1, "missed": 1}
    assert (day["opening"], day["closing"]) == (0, 0)
    assert "counts once for each thing" in port.run("figures", "--by", "month")
    assert "holds" in port.run("check")


def test_a_day_on_paper(port, tmp_path):
    """Printed, verified without a database, merged later: what was cancelled after printing is flagged, with a task."""
    ids = [port.book(f"TR{n}") for n in range(3)]
    list_, keys, record = tmp_path / "day.pdf", tmp_path / "keys.json", tmp_path / "check-ins.csv"
    assert "appointments of 2026-03-02 (Asia/Shanghai): 3," in port.run("daylist", "--out", list_)
    assert list_.read_bytes().startswith(b"%PDF")
    assert port.made("daylist", "--day", "2026-03-03", "--out", tmp_path / "d.xlsx")["n_rows"] == 0
    assert "keys that hold" in port.run("keys", "--out", keys)
    codes = [port.run("code", one, "--out", tmp_path / "code.svg").strip() for one in ids]
    port.run("cancel", ids[2], "--why", "sold its load")
    scan = ("verify-qr", "--keys", keys, "--at", TEN_PAST_TWO.isoformat(), "--record", record)
    assert [landport(*scan, code).code for code in (*codes, codes[0])] == [0, 0, 0, 1], "nobody is let in twice"
    port.now = TEN_PAST_TWO + timedelta(hours=3)
    said = port.run("checkin", "--merge", record)
    assert f"{ids[2]} is flagged: it was cancelled before it was let in" in said
    assert "2 checked in, 0 already, 1 flagged, 0 unknown" in said
    assert ids[2] in landport("tasks", "--db", port.db).out
    assert port.made("checkin", "--merge", record)["n_already"] == 3
    assert "cleared" in port.run("clear", ids[0])
    assert "cannot be cleared" not in refused("border", "clear", ids[2], "--db", port.db, code=5)


def test_a_closure(port):
    """Everybody moves in order; the last window and the day of return are told; reopened, places come back."""
    ids = [port.book(f"TR{n}", window) for window in (WINDOW, NEXT) for n in (1, 2) for n in (f"{n}{window[-5:-1]}",)]
    said = port.run("shift", "--from", "2026-03-02 13:30", "--until", "2026-03-02T15:30+08:00", "--why", "storm")
    assert "4 trucks had a place then; 4 moved" in said
    assert "last window moved to: Mon 2026-03-02 16:00 Asia/Shanghai" in said
    assert "the last truck that moved is served on 2026-03-02" in said
    moved = [json.loads(landport("status", f"appointment/{one}", "--db", port.db, "--json").out) for one in ids]
    opens = [one["state"]["opens_at"] for one in moved]
    assert opens == sorted(opens)
    assert "SHUT until Mon 2026-03-02 15:30: storm" in port.run("board", at=TEN_PAST_TWO)
    assert "is open from" in port.run("reopen", "--why", "sun")
    assert "SHUT" not in port.run("board")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("book", "--window", "BKT.general.20260302T0601Z", "--tractor", "AB1"), 2, "no window BKT.general"),
        (("book", "--window", WINDOW, "--tractor", "?"), 2, "2 to 12 letters and digits"),
        (("book", "--window", WINDOW), 2, "expected the plate of the tractor"),
        (("book", "--window", WINDOW, "--tractor", "AB1", "--document", "XN123"), 2, "KIND:NUMBER"),
        (("book", "--window", WINDOW, "--plan"), 2, "--plan alone"),
        (("hold", WINDOW), 5, "holds are for enterprises"),
        (("windows", "--from", "tomorrow"), 2, "by the clock of Asia/Shanghai"),
        (("windows", "--channel", "fast"), 2, "general, perishable"),
        (("windows", "--from", "2026-03-02T10:00", "--until", "2026-03-02T09:00"), 2, "expected an instant after"),
        (("apply", "--expected", "2026-03-02T14:00", "--hs", "x", "--direction", "up"), 2, "2 problems"),
        (("decide", "L1"), 2, "expected one of --accept"),
        (("decide", "L1", "--withdraw"), 2, "no application L1"),
        (("clear", "G1"), 2, "no appointment G1"),
        (("change", "G1"), 2, "expected what is to be changed"),
        (("call", "fast"), 5, "has the channels"),
        (("checkin",), 2, "expected one of APPOINTMENT"),
        (("checkin", "--code", "LP2.x"), 2, "no code that holds"),
        (("checkin", "--merge", "nothing.csv"), 2, "nothing.csv"),
        (
            ("shift", "--from", "2026-03-02T14:00", "--until", "2026-03-02T13:00", "--why", "x"),
            2,
            "expected an instant",
        ),
        (("figures", "--by", "year"), 2, "expected day or month"),
        (("figures", "--from", "02.03.2026"), 2, "expected a day such as"),
        (("daylist", "--out", "list.doc"), 2, "ends in .pdf or .xlsx"),
        (("keys", "--out", "keys.json"), 2, "no gate key yet"),
        (("board", "--border", "XYZ"), 2, "no border port XYZ"),
        (("board", "--tenant", "other"), 2, "no tenant other"),
    ],
)
def test_what_goes_wrong_is_said(port, tmp_path, words, code, said):
    """One message, the exit code of its class, nothing written."""
    assert said in refused("border", *words, "--db", port.db, code=code)
    assert lying(tmp_path) == []
    assert port.made("windows", "--until", "2026-03-02T15:00", "--channel", "general")["items"][-1]["booked"] == 0


def test_clocks_that_change(port, tmp_path):
    """A port whose clock is put back wants an offset for the hour that is shown twice, and none before."""
    text = port_file(tmp_path).replace('"Asia/Shanghai"', '"Europe/Warsaw"')
    (tmp_path / "west.toml").write_text(text, encoding="utf-8")
    port.run("publish", tmp_path / "west.toml", at=datetime.fromisoformat("2026-10-24T12:00+02:00"))
    asked = ("border", "windows", "--db", port.db, "--from", "2026-10-25T02:30")
    assert "shows it twice" in refused(*asked)
    assert landport(*asked[:-1], "2026-10-25T02:30+01:00", "--until", "2026-10-26T00:00").code == 0
    spring = ("border", "shift", "--db", port.db, "--from", "2027-03-28T02:30", "--until", "2027-03-29T02:30")
    assert "leaves it out" in refused(*spring, "--why", "x")


def port_file(folder):
    """Write the example out, to be changed."""
    from landport import exchange
    from landport.reference import load

    exchange.write_border(exchange.example_border(load.world().network.places), folder / "port.toml")
    return (folder / "port.toml").read_text("utf-8")


def test_a_wrong_port_opens_nothing(tmp_path):
    """All mistakes are told at once, and no database is made for them; one that is made has no port."""
    text = port_file(tmp_path).replace("lanes = 2", "lanes = -2").replace("kappa_percent = 90", "kappa_percent = 900")
    (tmp_path / "port.toml").write_text(text, encoding="utf-8")
    db = tmp_path / "new.db"
    said = refused("border", "publish", tmp_path / "port.toml", "--db", db)
    assert ("kappa_percent" in said, "lanes" in said) == (True, True)
    assert not db.exists()
    assert refused("border", "board", "--db", db, code=8)
    opening.open_ledger(str(db), makes=True).store.close()
    assert landport("account", "add", "ann", "--role", "planner", "--new-tenant", "--db", db).code == 0
    assert "no border port is published yet" in refused("border", "board", "--db", db)
