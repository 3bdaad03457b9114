"""A border port in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.ledger.border.gates import Gate


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Baktu, Monday 2026-03-02 16:00 by its clock."""
    found = Gate()
    yield found
    assert found.faults() == ()
    assert found.violations() == []
    found.close()
