"""An open store on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from landport.store import Store
from tests.store.counting import opened


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with nothing in it, on each engine."""
    found = opened(store_url)
    yield found
    found.close()
