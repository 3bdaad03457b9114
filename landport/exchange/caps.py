"""How much a file may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Limits that keep a damaged or hostile file from filling the machine.

    Parameters
    ----------
    rows
        Rows of one table, without its header.
    file_bytes
        One file as it lies on the disk.
    unzipped_bytes, ratio, entries
        An Excel file unpacked: all its parts together, unpacked over packed size, number of parts.
    """

    rows: int = 2_000_000
    file_bytes: int = 2 * GIB
    unzipped_bytes: int = 4 * GIB
    ratio: int = 200
    entries: int = 4096


CAPS = Caps()
"""The limits of `read_scenario` and `read_plan`."""
