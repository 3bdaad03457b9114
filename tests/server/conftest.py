"""Fixtures of the server's tests."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from tests.server.served import Served, serving


@pytest.fixture
def served(store_url: str) -> Iterator[Served]:
    """A server over each engine."""
    with serving(store_url) as found:
        yield found


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    """Lines of the access log."""
    found: list[dict[str, object]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(record.getMessage()))

    log, handler = logging.getLogger("landport.access"), Kept()
    before = log.level
    log.addHandler(handler)
    log.setLevel("INFO")
    yield found
    log.removeHandler(handler)
    log.setLevel(before)
