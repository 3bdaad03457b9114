"""Law 14: small functions, small files, every name explained, every type said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef

MOST_IN_FUNCTION, P95_IN_FUNCTION, MOST_IN_FILE = 60, 40, 400


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def docstring_lines(tree: ast.AST) -> set[int]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [n for n in ast.walk(tree) if isinstance(n, kinds) and ast.get_docstring(n, clean=False) is not None]
    return {line for n in nodes for line in range(n.body[0].lineno, (n.body[0].end_lineno or 0) + 1)}


def size(text: str, tree: ast.AST, first: int = 1, last: int | None = None) -> int:
    """Count the lines from first to last that are neither empty nor docstring."""
    lines = text.splitlines()
    skipped = docstring_lines(tree)
    return sum(bool(lines[n - 1].strip()) and n not in skipped for n in range(first, (last or len(lines)) + 1))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def function_sizes(text: str) -> dict[str, int]:
    tree = ast.parse(text)
    return {f"{f.name}:{f.lineno}": size(text, f, f.lineno, f.end_lineno) for f in functions(tree)}


def undocumented(text: str, *, is_private: bool = False) -> list[str]:
    """Name what a reader meets without explanation: the module, and its public classes and functions."""
    tree = ast.parse(text)
    found = [] if ast.get_docstring(tree) else ["the module"]
    return found if is_private else found + list(_undocumented_in(tree.body))


def _undocumented_in(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            if not ast.get_docstring(node) and not _is_overload(node):
                yield f"{node.name}:{node.lineno}"
            if isinstance(node, ast.ClassDef):
                yield from _undocumented_in(node.body)


def _is_overload(node: ast.AST) -> bool:
    return any("overload" in ast.unparse(d) for d in getattr(node, "decorator_list", []))


def unhinted(text: str) -> list[str]:
    """Name every function that leaves an argument or its result without a type."""
    return [f"{f.name}:{f.lineno}" for f in functions(ast.parse(text)) if not _is_hinted(f)]


def _is_hinted(f: Function) -> bool:
    named = [*f.args.posonlyargs, *f.args.args]
    is_method = bool(named) and named[0].arg in ("self", "cls", "mcs")
    rest = [*named[is_method:], *f.args.kwonlyargs, *filter(None, (f.args.vararg, f.args.kwarg))]
    return f.returns is not None and all(a.annotation is not None for a in rest)


def test_functions_are_small():
    """At most 60 lines each, and nineteen of twenty at most 40."""
    files = sources("landport", "tests", "bench")
    sizes = {f"{named(p)}:{name}": n for p in files for name, n in function_sizes(p.read_text()).items()}
    assert {name: n for name, n in sizes.items() if n > MOST_IN_FUNCTION} == {}
    ours = sorted(n for name, n in sizes.items() if name.startswith("landport"))
    assert ours[int(0.95 * (len(ours) - 1))] <= P95_IN_FUNCTION


def test_files_are_small():
    """At most 400 lines each."""
    texts = {named(path): path.read_text() for path in sources("landport", "tests", "bench")}
    sizes = {name: size(text, ast.parse(text)) for name, text in texts.items()}
    assert {name: n for name, n in sizes.items() if n > MOST_IN_FILE} == {}


def test_public_names_are_explained():
    """Every module, and every public class and function of a public module, has a docstring."""
    missing = [
        f"{named(path)}: {name}"
        for path in sources("landport")
        for name in undocumented(path.read_text(), is_private=path.name.startswith("_") and path.stem != "__init__")
    ]
    assert not missing, "\n".join(missing)


def test_types_are_said():
    """Every argument and every result has a type, kernels too."""
    found = [f"{named(path)}:{name}" for path in sources("landport") for name in unhinted(path.read_text())]
    assert not found, "\n".join(found)


def test_tests_say_what_they_test():
    """Every test has a sentence."""
    missing = [
        f"{named(path)}:{f.lineno} {f.name}"
        for path in sources("tests")
        for f in functions(ast.parse(path.read_text()))
        if f.name.startswith("test_") and not ast.get_docstring(f)
    ]
    assert not missing, "\n".join(missing)


LONG = "def f():\n" + "    x = 1\n\n" * 60
TOLD = 'def f():\n    """Say.\n\n    More.\n    """\n    return 1\n'


@pytest.mark.parametrize(("text", "sizes"), [(LONG, {"f:1": 61}), (TOLD, {"f:1": 2})])
def test_the_ruler_is_right(text, sizes):
    """Empty lines and docstrings are not counted; the line with the name is."""
    assert function_sizes(text) == sizes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(self, x): ...", ["f:1"]),
        ("def f(x: int): ...", ["f:1"]),
        ("def f(x: int) -> int: ...", []),
        ("def f(*x, y: int) -> int: ...", ["f:1"]),
        ("class C:\n    def f(self) -> int: ...", []),
    ],
)
def test_missing_types_are_seen(text, found):
    """Arguments of every kind and results are looked at, self is not."""
    assert unhinted(text) == found


def test_missing_docstrings_are_seen():
    """Modules, classes, methods and functions are looked at, private ones are not."""
    text = "class C:\n    def f(self): ...\n    def _g(self): ...\ndef h(): ...\n"
    assert undocumented(text) == ["the module", "C:1", "f:2", "h:4"]
    assert undocumented(text, is_private=True) == ["the module"]
