"""The room keeps to itself, and its rules are written down."""

import ast
from pathlib import Path

from landport import audit

ROOM = Path(audit.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "audit.md"

SHARED = ("tariff", "changes", "timetable", "journeys", "itinerary", "loads", "assembly", "result")
STANDARD = (
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "functools",
    "re",
    "types",
    "typing",
    "zoneinfo",
)


def test_the_auditor_shares_nouns_only():
    """It imports nouns, units and the standard library: nothing that planners compute with."""
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                shared = name.startswith("landport.model.") and name.split(".")[2] in SHARED
                ours = name.startswith(("landport.audit", "landport.model.")) or name in ("landport", "landport.units")
                assert not shared, f"{path.name} imports {name}"
                assert ours or name.split(".")[0] in STANDARD, f"{path.name} imports {name}"


def test_every_rule_is_in_the_docs():
    """The table lists every code with its sentence, in the order they are checked, and no other."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows == [f"| `{code}` | {sentence} |" for code, sentence in audit.RULES.items()]


def test_sentences_are_sentences():
    """Every rule is one sentence."""
    for code, sentence in audit.RULES.items():
        assert code.isupper()
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
