"""docs/messages.md says what the tables of the code say."""

from __future__ import annotations

from pathlib import Path

import pytest

from landport import exchange
from landport.exchange import packing_words as words
from landport.exchange.note_boxes import ROWS
from landport.exchange.status_codes import CODECO, EPCIS, IFTSTA

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text("utf-8")


def section(heading: str) -> list[str]:
    text = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line for line in text.splitlines() if line.startswith("| ")][1:]


def names_of(column: str) -> list[str]:
    """Take the first name of each language."""
    aliases = words.ALIASES[column]
    chinese = next(a for a in aliases if "\u4e00" <= a[0] <= "\u9fff")
    russian = next(a for a in aliases if "\u0400" <= a[0] <= "\u04ff")
    return [aliases[0], chinese, russian]


TABLES = {
    "Packing lists": [
        f"| `{c.column}` | {c.meaning} | {', '.join(names_of(c.column))} |"
        for c in words.COLUMNS
        if c.column != words.ROW
    ],
    "Gate moves: CODECO": [f"| `{kind}` | {code} |" for kind, code in CODECO.items()],
    "Statuses: IFTSTA": [f"| `{kind}` | {status.code} | {status.name} |" for kind, status in IFTSTA.items()],
    "Visibility: EPCIS": [
        f"| `{kind}` | {s.kind} | {s.action} | {s.step} | {s.disposition} |" for kind, s in EPCIS.items()
    ],
    "Consignment notes": [f"| {box.number} | {box.names[0]} |" for _, boxes in ROWS for box in boxes],
}


@pytest.mark.parametrize("heading", TABLES)
def test_tables_are_those_of_the_code(heading: str) -> None:
    """Row by row, in the same order."""
    assert section(heading) == TABLES[heading], "write this instead:\n" + "\n".join(TABLES[heading])


def test_the_room_exports_what_it_says() -> None:
    """Names that are loaded later are functions and records, never modules of the same name."""
    kinds = {name: type(getattr(exchange, name)).__name__ for name in exchange.__all__}
    assert [name for name, kind in kinds.items() if kind == "module"] == []
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = exchange.no_such_name
