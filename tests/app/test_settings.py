"""Settings: landport.toml, then LANDPORT_*; every wrong name and value is told at once."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from landport.app import planning, settings
from landport.app.settings import Settings
from landport.errors import InputError, Problem


def write(folder: Path, text: str) -> None:
    (folder / settings.FILE).write_text(text, encoding="utf-8")


def problems(folder: Path, **environ: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        settings.read(folder, environ)
    assert (caught.value.code, caught.value.exit_code) == ("input", 2)
    assert all(p.expected.startswith("expected") for p in caught.value.problems)
    return caught.value.problems


def test_nothing_said_is_the_default(tmp_path: Path) -> None:
    """Without file and variables: quick, no limit, seed 0, warnings in plain words."""
    found = settings.read(tmp_path, {})
    assert found == Settings()
    assert found == Settings(effort="quick", limit=0, seed=0, log_level="warning", log_json=False)


def test_the_file_beats_the_default(tmp_path: Path) -> None:
    """What the file says holds, what it leaves out is the default."""
    write(tmp_path, 'effort = "full"\nlimit = 600\nlog_json = true\n')
    assert settings.read(tmp_path, {}) == Settings(effort="full", limit=600, log_json=True)


def test_variables_beat_the_file(tmp_path: Path) -> None:
    """Each variable wins over its key alone; other variables of ours are no settings."""
    write(tmp_path, 'effort = "full"\nseed = 7\nlog_level = "debug"\n')
    environ = {"LANDPORT_EFFORT": "normal", "LANDPORT_LIMIT": "60", "LANDPORT_CACHE": "/nowhere", "EFFORT": "x"}
    assert settings.read(tmp_path, environ) == Settings(effort="normal", limit=60, seed=7, log_level="debug")


def test_the_working_folder_and_the_process_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments the file lies in the working folder and the variables are the process's."""
    for field in fields(Settings):
        monkeypatch.delenv(f"LANDPORT_{field.name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "seed = 7\nlimit = 3\n")
    monkeypatch.setenv("LANDPORT_LIMIT", "4")
    assert settings.read() == Settings(seed=7, limit=4)


FLAGS = {"1": True, "true": True, "YES": True, "0": False, "False": False, "no": False}


@pytest.mark.parametrize(("text", "wanted"), FLAGS.items())
def test_flags_as_people_write_them(text: str, wanted: bool, tmp_path: Path) -> None:
    """A variable is true or false in several spellings."""
    write(tmp_path, f"log_json = {'false' if wanted else 'true'}\n")
    assert settings.read(tmp_path, {"LANDPORT_LOG_JSON": text}).log_json is wanted


WRONG = {
    "effort": ["hard", "", "Quick"],
    "limit": ["-1", "soon", "1.5", "", "--1", "1_0 "],
    "seed": ["one", "1.0", "-", "7" * 5000, "2147483648", "1" * 39],
    "log_level": ["loud", "INFO"],
    "log_json": ["maybe", "2", ""],
}


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in WRONG.items() for text in texts])
def test_a_wrong_variable_is_named(key: str, text: str, tmp_path: Path) -> None:
    """The variable, its value and what was expected."""
    name = f"LANDPORT_{key.upper()}"
    (found,) = problems(tmp_path, **{name: text})
    assert (found.file, found.row, found.key, found.value) == (name, None, None, text)


WRONG_TOML = [
    ('effort = "hard"', "effort", "hard", "quick, normal, full"),
    ("effort = 1", "effort", "1", "a word"),
    ('effort = ["full"]', "effort", "['full']", "a word"),
    ("limit = -1", "limit", "-1", "0 to 31,622,400"),
    ("limit = 31622401", "limit", "31622401", "0 to 31,622,400"),
    ("seed = 2147483648", "seed", "2147483648", "0 to 2,147,483,647"),
    ("seed = " + "7" * 70, "seed", "7" * 60 + "...", "0 to 2,147,483,647"),
    ("seed = 0x" + "f" * 5000, "seed", "a number of thousands of digits", "0 to 2,147,483,647"),
    ("limit = 1.5", "limit", "1.5", "a whole number"),
    ('limit = "60"', "limit", "60", "a whole number"),
    ("seed = true", "seed", "True", "a whole number"),
    ("log_json = 1", "log_json", "1", "true or false"),
    ('log_level = "loud"', "log_level", "loud", "warning, info, debug"),
    ('efort = "full"', "efort", "full", "db, effort, host, limit, log_json, log_level, port, seed"),
    ("[landport]\nseed = 1", "landport", "{'seed': 1}", "db, effort, host, limit, log_json, log_level, port, seed"),
]


@pytest.mark.parametrize(("text", "key", "value", "expected"), WRONG_TOML)
def test_a_wrong_key_is_named(text: str, key: str, value: str, expected: str, tmp_path: Path) -> None:
    """The file, the key, its value and what was expected; types are not guessed."""
    write(tmp_path, text + "\n")
    (found,) = problems(tmp_path)
    assert (found.file, found.key, found.value) == (settings.FILE, key, value)
    assert expected in found.expected


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Names and values of the file and of the environment, in that order."""
    write(tmp_path, 'efort = "full"\nlimit = -1\nseed = "x"\nlog_level = "info"\n')
    found = problems(tmp_path, LANDPORT_LOG_JSON="perhaps", LANDPORT_EFFORT="hard", LANDPORT_SEED="3")
    assert [(p.file, p.key, p.value) for p in found] == [
        (settings.FILE, "efort", "full"),
        (settings.FILE, "limit", "-1"),
        (settings.FILE, "seed", "x"),
        ("LANDPORT_EFFORT", None, "hard"),
        ("LANDPORT_LOG_JSON", None, "perhaps"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"effort quick\n",
        b"effort = 'quick\n",
        b"\xff\xfe\x00",
        b"seed = 1\nseed = 2\n",
        b"seed = " + b"7" * 5000,
        b"seed = " + b"[" * 3000,
    ],
)
def test_a_file_that_is_no_toml(data: bytes, tmp_path: Path) -> None:
    """One problem with the file's name."""
    (tmp_path / settings.FILE).write_bytes(data)
    (found,) = problems(tmp_path)
    assert found.file == settings.FILE
    assert found.expected.startswith("expected TOML: ")


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    """As Notepad saves it."""
    (tmp_path / settings.FILE).write_bytes(b"\xef\xbb\xbfseed = 7\n")
    assert settings.read(tmp_path, {}) == Settings(seed=7)


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    """It is not passed over."""
    (tmp_path / settings.FILE).mkdir()
    (found,) = problems(tmp_path)
    assert (found.file, found.expected) == (settings.FILE, "expected a readable file: this is a folder")


def test_a_pipe_of_that_name_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Nobody opens it."""
    os.mkfifo(tmp_path / settings.FILE)
    (found,) = problems(tmp_path)
    assert found.expected == "expected a readable file: this is no regular file"


def test_the_greatest_seed(tmp_path: Path) -> None:
    """The last one that is allowed."""
    write(tmp_path, "seed = 2147483647\n")
    assert settings.read(tmp_path, {}).seed == settings.MOST_SEED


def test_unknown_variables_are_named() -> None:
    """Those with our prefix that neither settings nor anything documented reads."""
    environ = {
        f"{settings.PREFIX}FOO": "1",
        f"{settings.PREFIX}EFORT": "full",
        "LANDPORT_SEED": "x",
        "LANDPORT_CACHE": "/",
        "FOO": "1",
    }
    assert settings.strangers(environ) == [f"{settings.PREFIX}EFORT", f"{settings.PREFIX}FOO"]


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    """A seed is 0 or more, as on the command line."""
    write(tmp_path, "seed = -1\n")
    refused = []
    for folder, environ in ((tmp_path, {}), (tmp_path / "none", {"LANDPORT_SEED": "-1"})):
        try:
            settings.read(folder, environ)
        except InputError as error:
            refused += error.problems
    assert [p.value for p in refused] == ["-1", "-1"]


def test_efforts_are_those_of_the_planner() -> None:
    """Every effort that can be set can be planned with."""
    assert tuple(planning.EFFORT) == settings.EFFORTS
