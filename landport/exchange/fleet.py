"""Containers on offer: as words of the command line, and as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from landport.errors import InputError, Problem, Remark
from landport.exchange.caps import CAPS, Caps
from landport.exchange.reading import Table, in_order
from landport.exchange.single import one_table
from landport.model.equipment import ContainerType
from landport.model.lading import Offer, own_type
from landport.model.scenario import World

MOST_MM: Final = 100_000
"""Longest inside of a container."""

MOST_KG: Final = 1_000_000
"""Greatest payload that anybody states."""

_SIZE: Final = re.compile(r"([0-9]{1,9})x([0-9]{1,9})x([0-9]{1,9})", re.IGNORECASE)
_FORM: Final = "expected TYPE or LENGTHxWIDTHxHEIGHT in mm, each with its payload in kg if you like: 40HC,21000"


def offer_of(text: str, types: Mapping[str, ContainerType]) -> Offer:
    """Read one container on offer: `40HC`, `40HC,21000`, `12032x2352x2698`, `12032x2352x2698,26540`.

    Parameters
    ----------
    types
        Container types that ship.

    Raises
    ------
    InputError
        `bad-option`: there is no such type or size, or its plate allows less.
    """
    name, comma, payload = (part.strip() for part in text.partition(","))
    kind = type_of(name, types)
    if kind is None:
        size = _SIZE.fullmatch(name)
        sides = tuple(map(int, size.groups())) if size else ()
        if not sides:
            raise _wrong(text, f"{_FORM}; types are {', '.join(types)}")
        if not all(1 <= side <= MOST_MM for side in sides):
            raise _wrong(text, f"expected sizes from 1 to {MOST_MM:,} mm")
        kind = own_type(name.lower(), (sides[0], sides[1], sides[2]))
    if not comma:
        return Offer(kind=kind, payload_kg=kind.payload_kg)
    if not re.fullmatch("[0-9]{1,9}", payload) or not 1 <= int(payload) <= MOST_KG:
        raise _wrong(text, f"expected a payload in whole kg from 1 to {MOST_KG:,}, e.g. 40HC,21000")
    if int(payload) > kind.payload_kg:
        raise _wrong(text, _plate(kind))
    return Offer(kind=kind, payload_kg=int(payload))


def type_of(name: str, types: Mapping[str, ContainerType]) -> ContainerType | None:
    """Find a container type, whatever letters its name has."""
    found = types.get(name)
    return found or next((k for known, k in types.items() if known.casefold() == name.casefold()), None)


def expect_once(offers: Sequence[Offer]) -> None:
    """Refuse offers that no load can be planned with.

    Raises
    ------
    InputError
        `bad-option`: none, a type twice, or a cost for some of them only.
    """
    names = [o.kind.container_type for o in offers]
    if not names:
        raise InputError("bad-option", "expected --container or --fleet: what is to be loaded?", ("--container",))
    if doubled := [n for n in dict.fromkeys(names) if names.count(n) > 1]:
        text = f"expected each container type once; {', '.join(doubled)} is there several times"
        raise InputError("bad-option", text, ("--container",))
    if len({o.cost_usd_cents is None for o in offers}) > 1:
        free = ", ".join(o.kind.container_type for o in offers if o.cost_usd_cents is None)
        text = f"expected a cost for every container type or for none; {free} has none: give it in --fleet"
        raise InputError("bad-option", text, ("--fleet",))


def read_fleet(path: Path, world: World, *, caps: Caps = CAPS) -> tuple[tuple[Offer, ...], tuple[Remark, ...]]:
    """Read containers on offer from a CSV file, or from a sheet of an .xlsx workbook.

    Raises
    ------
    InputError
        `input`: every wrong row is listed.
    """
    reading = one_table(path, "fleet", world, caps)
    table = reading.open("fleet")
    offers = [_offer(table, world.container_types) for _ in table]
    if not offers and not reading.problems:
        expected = "expected at least one container type below the names of the columns"
        reading.problems.append(Problem(file=path.name, expected=expected))
    if reading.problems:
        raise InputError.of(in_order(reading.problems))
    return tuple(offers), tuple(reading.remarks)


def _offer(table: Table, types: Mapping[str, ContainerType]) -> Offer:
    kind, payload_kg = _kind(table, types), table.cell("payload_kg")
    if payload_kg is not None and payload_kg > kind.payload_kg:
        table.wrong("payload_kg", _plate(kind))
    return Offer(
        kind=kind,
        payload_kg=kind.payload_kg if payload_kg is None else payload_kg,
        n_available=table.cell("count"),
        cost_usd_cents=table.cell("cost_usd"),
    )


def _kind(table: Table, types: Mapping[str, ContainerType]) -> ContainerType:
    name = table.cell("type")
    columns = ("length_mm", "width_mm", "height_mm")
    length, width, height = (table.cell(column) for column in columns)
    kind = type_of(name, types)
    for column, value in zip(columns, (length, width, height), strict=True):
        if value is None and (kind is None or any((length, width, height))):
            why = "all three sizes" if kind else f"a type that ships ({', '.join(types)}), or its inside sizes"
            table.wrong(column, f"expected {why}")
    size_mm = length or 1, width or 1, height or 1
    if kind is None:
        return own_type(name, size_mm)
    if length is None:
        return kind
    return replace(kind, inside_length_mm=size_mm[0], inside_width_mm=size_mm[1], inside_height_mm=size_mm[2])


def _plate(kind: ContainerType) -> str:
    return f"expected at most {kind.payload_kg:,} kg, which the plate of a {kind.container_type} allows"


def _wrong(text: str, expected: str) -> InputError:
    return InputError("bad-option", f"--container {text or repr(text)}: {expected}", ("--container",))
