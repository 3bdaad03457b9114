"""Law 13: what a reader can type, set, read or be told is found in the docs, and what the docs show is true."""

from __future__ import annotations

import ast
import csv
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
import typer.main

from landport import errors
from landport.app.ledger.border import counting
from landport.app.settings import Settings
from landport.appointments.states import STATUSES
from landport.cli import app
from landport.errors import LandportError
from landport.exchange.reading import dictionary
from landport.exchange.settings import MEANINGS
from landport.model import plans, rules
from landport.model.border import GatePolicy
from landport.reference import table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"))])


def verbs(group, before=()):
    """List commands by their words, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


VERBS = dict(verbs(typer.main.get_command(app)))
ERRORS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
CODED = {*ERRORS, "Remark", "Refusal", "Left", "cls"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """Cut a page at its headings of level two and three: text by heading."""
    parts = re.split(r"^###? (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(text: str, language: str) -> list[str]:
    """Take the fenced blocks of one language."""
    return [body for said, body in FENCE.findall(text) if said == language]


def ranged(column: table.Column) -> str:
    """Say the range of a column as its cells are written: kg, USD and hours, not grams, cents and minutes."""
    unit = {"grams": 1000, "cents": 100, "minutes": 60}.get(column.type, 1)
    low, high = (None if end is None else f"{round(end / unit, 4):.12g}" for end in (column.low, column.high))
    if low is None and high is None:
        return ""
    return f"at most {high}" if low is None else f"{low} or more" if high is None else f"{low} to {high}"


def column_row(column: table.Column) -> str:
    """Write a column as the row of a table that docs/scenario.md holds."""
    allowed = [", ".join(f"`{choice}`" for choice in column.choices), ranged(column)]
    allowed += [f"one of `{column.refers_to}`" if column.refers_to else ""]
    kind = f"{column.type}, {column.unit}" if column.unit else column.type
    need = "yes" if column.required else ""
    return f"| `{column.column}` | {kind} | {need} | {'; '.join(filter(None, allowed))} | {column.meaning} |"


def codes_of(text: str) -> set[str]:
    """Collect the codes of errors, remarks and refusals that a source states."""
    tree = ast.parse(text)
    place = dict.fromkeys(CODED, 0) | {
        f.name: [a.arg for a in f.args.args].index("code")
        for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef) and "code" in [a.arg for a in f.args.args]
    }
    return {code for node in ast.walk(tree) for code in _codes_in(node, place)} - {""}


def _codes_in(node: ast.AST, place: dict[str, int]) -> Iterator[str]:
    if isinstance(node, ast.Call):
        at = place.get(getattr(node.func, "id", getattr(node.func, "attr", "")), len(node.args))
        yield from (text_of(argument) for argument in node.args[at : at + 1])
        yield from (text_of(k.value) for k in node.keywords if k.arg == "code")
    elif isinstance(node, ast.Assign):
        yield from assigned(node.targets[0], node.value)
    elif isinstance(node, ast.FunctionDef) and node.name == "_code":
        said = [r.value for r in ast.walk(node) if isinstance(r, ast.Return) and r.value]
        yield from (text_of(part) for value in said for part in ast.walk(value))


def assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    """Find what is assigned to a name `code`."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=False):
            yield from assigned(one, its)
    elif isinstance(target, ast.Name) and target.id == "code":
        yield text_of(value)


def text_of(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) and re.fullmatch("[a-z]+(-[a-z]+)*", value) else ""


def variables() -> set[str]:
    """Collect the environment variables that sources name."""
    files = [*(p for folder in ("landport", "tests", "bench", ".ci") for p in (ROOT / folder).rglob("*"))]
    texts = [p.read_text("utf-8") for p in (*files, ROOT / "Makefile") if p.suffix in (".py", "") and p.is_file()]
    set_by_field = {f"LANDPORT_{field.name.upper()}" for field in fields(Settings)}
    return set_by_field | {name for text in texts for name in re.findall(r"\bLANDPORT_[A-Z_]*[A-Z]\b", text)}


def records() -> dict[str, tuple[str, ...]]:
    """List the fields of every record of a plan file."""
    kinds = [kind for kind in (*vars(plans).values(), *vars(rules).values()) if is_dataclass(kind)]
    return {kind.__name__: tuple(f.name for f in fields(kind)) for kind in kinds}


def slugs(text: str) -> set[str]:
    """Name the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


def broken_links(path: Path, text: str) -> list[str]:
    """List the links of a page that lead nowhere."""
    found = []
    for link in LINK.findall(FENCE.sub("", text)):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in slugs(target.read_text("utf-8"))):
            found.append(link)
    return found


def commands(text: str) -> Iterator[str]:
    """List the lines that run landport in the shell blocks of a page."""
    for block in blocks(text, "sh"):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            for part in re.split(r"\s(?:\||&&|;)\s", line.removeprefix("$ ")):
                if re.match(r"(\w+=\S+ )*(\.venv/bin/)?landport\b", part):
                    yield part


def mistake(command: str) -> str:
    """Say what is wrong with a command line, or nothing; no command runs."""
    said = shlex.split(re.split(r"\s2?>", command)[0], comments=True)
    words = said[1 + next(i for i, word in enumerate(said) if word.endswith("landport")) :]
    if words in (["--version"], ["--help"], ["-h"]):
        return ""
    n = next((n for n in (2, 1) if " ".join(words[:n]) in VERBS), 0)
    if {"-h", "--help"} & set(words) and (n or any(v.startswith(f"{words[0]} ") for v in VERBS)):
        return ""
    if not n:
        return f"{command}: no such verb"
    name = " ".join(words[:n])
    try:
        VERBS[name].make_context(name, words[n:])
    except Exception as error:  # typer keeps its own copy of click's errors to itself
        return f"{command}: {getattr(error, 'format_message', error.__str__)()}"
    return ""


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_command_and_option_is_documented(verb):
    """Each verb has a section in docs/commands.md, with every argument and option."""
    text = sections(page("commands.md"))[f"landport {verb}"] + sections(page("commands.md"))["For every verb"]
    wanted = [opt if opt[0] == "-" else opt.upper() for p in VERBS[verb].params for opt in p.opts]
    assert [word for word in (*wanted, "--help", "-h") if f"`{word}" not in text] == []


def test_every_setting_is_documented():
    """Each key of landport.toml, each variable and each key of scenario.toml has a row."""
    text = page("settings.md")
    wanted = [*(f.name for f in fields(Settings)), *sorted(variables())]
    assert [name for name in wanted if f"| `{name}` |" not in text] == []
    assert [key for key in MEANINGS if f"| `{key}` |" not in page("scenario.md")] == []


def test_every_error_is_documented():
    """Each class has its exit code and status, each code a row."""
    text = page("errors.md")
    kinds = [k for k in ERRORS.values() if k is not LandportError]
    rows = [f"| `{k.__name__}` | {k.exit_code} | {k.http_status} |" for k in kinds]
    assert [row for row in rows if row not in text] == []
    sources = {p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in (ROOT / "landport").rglob("*.py")}
    missing = [f"{path}: {c}" for path, said in sources.items() for c in codes_of(said) if f"| `{c}` |" not in text]
    assert not missing, "\n".join(sorted(missing))
    known = {code for said in sources.values() for code in codes_of(said)}
    assert set(re.findall(r"^\| `([a-z]+(?:-[a-z]+)*)` \|", text, re.MULTILINE)) - known == set(), "raised nowhere"


@pytest.mark.parametrize("name", sorted(dictionary()))
def test_every_scenario_column_is_documented(name):
    """docs/scenario.md holds each column as the dictionary has it, in its order, and no other."""
    section = sections(page("scenario.md"))[f"`{name}`"]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    wanted = [column_row(c) for c in dictionary()[name]]
    assert rows == wanted, "write this instead:\n" + "\n".join(wanted)


@pytest.mark.parametrize(("name", "columns"), table.dictionary("load_columns.csv").items())
def test_every_column_of_a_load_is_documented(name, columns):
    """docs/load.md holds each column as the dictionary has it, in its order, and no other."""
    rows = [line for line in sections(page("load.md"))[f"`{name}`"].splitlines() if line.startswith("| `")]
    wanted = [column_row(c) for c in columns]
    assert rows == wanted, "write this instead:\n" + "\n".join(wanted)


def test_the_page_on_the_border_tells_all_rules_and_states():
    """Each rule with its default, in order; each state of applications and appointments; how is counted."""
    text, policy = page("border.md"), GatePolicy()
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", sections(text)["Policy"], re.MULTILINE)
    assert rows == [(field.name, str(getattr(policy, field.name))) for field in fields(policy)]
    states = [s for kind in ("application", "appointment") for s in STATUSES[kind]]
    assert [state for state in states if f"`{state}`" not in sections(text)["States"]] == []
    assert counting.RULE in " ".join(text.replace("\n> ", " ").split())


@pytest.mark.parametrize(("record", "names"), records().items())
def test_every_field_of_a_plan_is_documented(record, names):
    """docs/plan-file.md has each record with its fields, in their order, and no other."""
    section = sections(page("plan-file.md"))[f"`{record}`"]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == names


def test_every_reference_table_is_documented():
    """Each table that ships has its number of rows, how sure they are, and all its columns."""
    found = sections(page("reference-tables.md"))
    for name, columns in table.dictionary().items():
        text = " ".join(found[f"`{name}`"].split())
        with (ROOT / "landport" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            sure = Counter(row.get("confidence", "") for row in csv.DictReader(file))
        known = ", ".join(f"{sure[c]:,} {c}" for c in ("published", "derived", "computed-osm", "recall") if sure[c])
        counted = f"{sure.total():,} rows" + (f": {known}." if known else ".")
        assert counted in text, f"{name}: {counted}"
        said = [c.column for c in columns if c.column not in ("source", "confidence")]
        assert [c for c in said if f"`{c}`" not in text] == [], name


def test_every_target_of_make_is_in_the_makefile():
    """Docs run no target that is not there."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    said = {t for p in PAGES for t in re.findall(r"(?:^|`|\| )make ([a-z][\w-]*)", p.read_text("utf-8"), re.MULTILINE)}
    assert {"demo", "test"} <= said
    assert said - targets == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    """Files and headings that a page points at exist."""
    assert broken_links(path, path.read_text("utf-8")) == []


def test_every_page_is_in_the_index():
    """docs/README.md leads to every page beside it."""
    assert {p.name for p in DOCS.glob("*.md")} - {"README.md"} <= set(LINK.findall(page("README.md")))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_python_examples_run(path):
    """Every block of Python does what it says; the blocks of a page share their names."""
    names = {"__name__": "example"}
    for block in blocks(path.read_text("utf-8"), "python"):
        exec(compile(block, path.name, "exec"), names)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_are_possible(path):
    """Shell blocks use verbs, arguments and options that exist."""
    found = [mistake(command) for command in commands(path.read_text("utf-8"))]
    assert [text for text in found if text] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('raise InputError("bad-option", "x")', {"bad-option"}),
        ('raise errors.NotFound("unknown-place", x)', {"unknown-place"}),
        ('return Refusal(state="waiting", code="too-late", why=why)', {"too-late"}),
        ('code, why = "no-road", "there is none"', {"no-road"}),
        ('def _code(self):\n    return "full" if x else "dear"', {"full", "dear"}),
        ('def _left(box, code): ...\n_left(box, "too-large")', {"too-large"}),
        ('Remark(code, "x")', set()),
        ('InputError("BOX_GROSS", "x")', set()),
    ],
)
def test_codes_are_seen(text, found):
    """Wherever a code is stated, it is found."""
    assert codes_of(text) == found


@pytest.mark.parametrize(
    ("line", "is_possible"),
    [
        ("landport plan my-week --out plan.json --effort normal", True),
        ("LANDPORT_SEED=7 landport demo -vv > /dev/null  # all of it", True),
        ("landport plan my-week", False),
        ("landport plan my-week --out plan.json --fast", False),
        ("landport key add gate --days 0", False),
        ("landport check week plan.json extra", False),
    ],
)
def test_wrong_commands_are_seen(line, is_possible):
    """Verbs, options and missing arguments are looked at."""
    assert list(commands(f"```sh\ncat x | {line}\n```\n")) == [line]
    assert (mistake(line) == "") is is_possible


def test_broken_links_are_seen():
    """Files and headings are looked at, the world outside is not."""
    text = "# One\n[a](#one) [b](#two) [c](glossary.md) [d](nothing.md) [e](https://example.org/x)\n"
    path = DOCS / "x.md"
    assert slugs(text) == {"one"}
    assert broken_links(path, text.replace("[a](#one) [b](#two) ", "")) == ["nothing.md"]
    assert broken_links(path, "[a](glossary.md#no-such-heading)") == ["glossary.md#no-such-heading"]
