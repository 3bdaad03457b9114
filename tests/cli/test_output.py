"""Tables, JSON, quiet and logs: what goes to stdout and what to stderr; which settings a plan is made with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from landport.app import tonight as planning
from landport.app.planning import Order
from landport.app.settings import PREFIX
from landport.errors import InputError
from tests.cli.conftest import Demo
from tests.cli.run import START, landport, process, tampered

STAGES = ("timetable", "consolidate", "route", "assemble", "price", "audit")


def arguments(verb: str, made: tuple[Path, Path], out: Path) -> list[object]:
    week, plan = made
    return {
        "init": ["init", out / "week"],
        "plan": ["plan", week, "--out", out / "plan.json"],
        "check": ["check", week, plan],
        "report": ["report", week, plan, "--html", out / "page.html"],
    }[verb]


# ---- JSON and quiet ----------------------------------------------------------------------------


@pytest.mark.parametrize("more", [["--json"], ["--json", "--quiet"]], ids=" ".join)
@pytest.mark.parametrize(
    ("verb", "key"), [("init", "week"), ("plan", "freight"), ("check", "rules"), ("report", "money")]
)
def test_one_json_document(verb: str, key: str, more: list[str], made: tuple[Path, Path], out: Path) -> None:
    """Stdout is one JSON document and nothing else; asking for quiet besides changes nothing."""
    ran = landport(*arguments(verb, made, out), *more)
    assert (ran.code, ran.err) == (0, "")
    assert key in ran.document


def test_one_json_document_of_the_demo(demo: Demo) -> None:
    """The demo prints the same indicators as a report on its plan."""
    assert demo.ran.document == landport("report", demo.week, demo.plan, "--json").document
    assert demo.ran.document["n_violations"] == 0


@pytest.mark.parametrize("verb", ["init", "plan", "check", "report"])
def test_quiet_prints_nothing(verb: str, made: tuple[Path, Path], out: Path) -> None:
    """When all is well nothing is said, and the work is done."""
    ran = landport(*arguments(verb, made, out), "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert len(list(out.iterdir())) == (verb != "check")


def test_quiet_violations_are_errors(made: tuple[Path, Path], out: Path) -> None:
    """A quiet check of a bad plan says what is wrong on stderr, as errors are said."""

    def late(document: dict) -> None:
        document["rides"][0]["departs_at"] += 1

    bad = tampered(made[1], out / "bad.json", late)
    loud, quiet = landport("check", made[0], bad), landport("check", made[0], bad, "--quiet")
    assert (quiet.code, quiet.out) == (1, "")
    assert quiet.err == loud.out
    assert "RIDE_TIMES" in loud.out


def test_errors_as_json(tmp_path: Path) -> None:
    """With --json an error is one JSON line on stderr and stdout stays empty."""
    ran = landport("plan", tmp_path / "nowhere", "--out", tmp_path / "plan.json", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    said = json.loads(ran.err)
    assert said["code"] == "input"
    (problem,) = said["problems"]
    assert set(problem) == {"file", "row", "column", "key", "value", "expected"}
    assert problem["file"].endswith("nowhere")


# ---- logs --------------------------------------------------------------------------------------


def staged(messages: list[str]) -> list[str]:
    """Take the names of stages out of messages such as `stage route after 1.0 s`."""
    return [m.split()[1] for m in messages if m.startswith("stage ") and m.split()[1] in STAGES]


def test_verbose_logs_stages(made: tuple[Path, Path], out: Path) -> None:
    """-v logs every stage in its order on stderr, and stdout has the tables only."""
    ran = landport(*arguments("plan", made, out), "-v")
    assert ran.code == 0
    assert all(line.startswith("INFO landport: ") for line in ran.err.splitlines())
    assert staged([line.removeprefix("INFO landport: ") for line in ran.err.splitlines()]) == list(STAGES)
    assert "INFO" not in ran.out


def test_logs_as_json(demo: Demo) -> None:
    """--log-json makes every line on stderr an object with time, level, logger and message."""
    lines = [json.loads(line) for line in demo.ran.err.splitlines()]
    assert {tuple(line) for line in lines} == {("at", "level", "logger", "message")}
    assert {(line["level"], line["logger"]) for line in lines} == {("info", "landport")}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert staged([line["message"] for line in lines]) == list(STAGES)


def test_remarks_are_logged(week: Path, out: Path) -> None:
    """What is odd but stops nothing is a warning, plain or as JSON; the work is done."""
    with (week / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('colour = "green"\n')
    plain = landport("plan", week, "--out", out / "plan.json")
    assert plain.code == 0
    assert plain.err == "WARNING landport: unknown-setting: scenario.toml: the setting colour is ignored\n"
    as_json = landport("check", week, out / "plan.json", "--log-json")
    assert as_json.code == 0
    assert json.loads(as_json.err)["level"] == "warning"


def test_quiet_says_no_remarks(week: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--quiet prints nothing but errors, whatever landport.toml says of logs; with -v remarks are back."""
    with (week / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('colour = "green"\n')
    Path("landport.toml").write_text('log_level = "info"\n', encoding="utf-8")
    monkeypatch.setenv(f"{PREFIX}COLOUR", "green")
    quiet = landport("plan", week, "--out", out / "plan.json", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    both = landport("check", week, out / "plan.json", "--quiet", "-v")
    assert (both.code, both.out) == (0, "")
    assert ["unknown-variable" in both.err, "unknown-setting" in both.err] == [True, True]


# ---- settings ----------------------------------------------------------------------------------


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Order]:
    """Run a command up to its planning; answers how the plan was ordered."""
    orders: list[Order] = []

    def stop(_scenario: object, _world: object, order: Order, _notify: object, **_more: object) -> None:
        orders.append(order)
        raise InputError("stop", "far enough")

    monkeypatch.setattr(planning, "tonight", stop)

    def run(*given: object) -> Order:
        ran = landport(*given)
        assert (ran.code, ran.err) == (2, "landport: far enough\n")
        return orders.pop()

    return run


def test_settings_reach_the_plan(
    made: tuple[Path, Path], out: Path, ordered: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Defaults, then landport.toml, then the environment, then options."""
    command = arguments("plan", made, out)

    def said(*options: object) -> tuple[str, int, float | None]:
        order = ordered(*command, *options)
        return order.effort, order.seed, order.seconds

    assert said() == ("quick", 0, None)
    Path("landport.toml").write_text('effort = "normal"\nseed = 5\nlimit = 60\n', encoding="utf-8")
    assert said() == ("normal", 5, 60)
    monkeypatch.setenv("LANDPORT_EFFORT", "full")
    monkeypatch.setenv("LANDPORT_SEED", "6")
    assert said() == ("full", 6, 60)
    assert said("--effort", "quick", "--seed", 0, "--limit", 7) == ("quick", 0, 7)
    assert list(out.iterdir()) == []


def test_the_demo_is_the_same_for_everybody(out: Path, ordered: Callable[..., Order]) -> None:
    """Effort, seed and limit of landport.toml do not change the demo."""
    Path("landport.toml").write_text('effort = "normal"\nseed = 5\nlimit = 60\n', encoding="utf-8")
    order = ordered("demo", "--scale", 0.001, "--out", out)
    assert (order.effort, order.seed, order.seconds) == ("quick", 1, None)
    order = ordered("demo", "--scale", 0.001, "--out", out, "--effort", "full", "--seed", 9)
    assert (order.effort, order.seed, order.seconds) == ("full", 9, None)


def test_log_settings_hold_for_every_verb(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What landport.toml and the environment say about logs is what -v and --log-json say."""
    Path("landport.toml").write_text('log_level = "info"\n', encoding="utf-8")
    monkeypatch.setenv("LANDPORT_LOG_JSON", "yes")
    ran = landport("plan", made[0], "--out", "plan.json")
    assert ran.code == 0
    assert staged([json.loads(line)["message"] for line in ran.err.splitlines()]) == list(STAGES)


def test_wrong_settings_are_told_at_once(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb refuses wrong settings, all of them listed."""
    Path("landport.toml").write_text("efort = 1\n", encoding="utf-8")
    monkeypatch.setenv("LANDPORT_LIMIT", "soon")
    for given in (["check", *made], ["init", "new"], ["demo"]):
        ran = landport(*given)
        assert (ran.code, ran.out) == (2, "")
        assert "2 problems" in ran.err
        assert "landport.toml key efort" in ran.err
        assert "LANDPORT_LIMIT: 'soon' — expected a whole number" in ran.err
    assert not Path("new").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("given", [["report"], ["report", "--json"], ["check"]])
def test_a_full_disk_behind_stdout(given: list[str], made: tuple[Path, Path], tmp_path: Path) -> None:
    """One message and exit 2, no traceback, and nothing more when Python leaves."""
    code = f"import sys\nsys.stdout = open('/dev/full', 'w')\n{START}"
    ran = process(given[0], *made, *given[1:], folder=tmp_path, code=code)
    assert (ran.code, ran.err) == (2, "landport: the system refused: [Errno 28] No space left on device\n")
