"""A whole week in one piece, for a store: the same bytes for the same week."""

from __future__ import annotations

from typing import Final

import msgspec

from landport.errors import StoreError
from landport.model.scenario import Scenario

SCHEMA: Final = 1
"""Version of what is written."""


class _Week(msgspec.Struct, frozen=True):
    schema: int
    scenario: Scenario


_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final = msgspec.json.Decoder(_Week)


def week_bytes(scenario: Scenario) -> bytes:
    """Write a scenario, its name and digest included, as JSON in one piece."""
    return _ENCODER.encode(_Week(SCHEMA, scenario))


def week_from(content: bytes) -> Scenario:
    """Read what `week_bytes` wrote: an equal scenario.

    Raises
    ------
    StoreError
        `damaged`: it is nothing of the kind.
    """
    try:
        return _DECODER.decode(content).scenario
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError("damaged", f"a stored week cannot be read: {error}") from error
