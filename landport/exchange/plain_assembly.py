"""The plain assembly format: a folder with `services.csv`, `bookings.csv` and `rules.json`, checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from landport.errors import InputError, Problem, Remark
from landport.exchange.blocks import Block, Blocks
from landport.exchange.caps import CAPS, Caps
from landport.exchange.legs import column
from landport.exchange.plain_rules import read_rules
from landport.exchange.reading import in_order
from landport.exchange.source import opened
from landport.model.plain_assembly import MICROS, PlainBooking, PlainCase, PlainRules, PlainService

HUB: Final = "HUB"
"""Where every booking starts."""

MOST_HOURS: Final = 10**6
"""Greatest hour, and least with a minus: a century."""

MOST_COUNT: Final = 10**6
"""Most positions, most containers of a booking, greatest priority."""

MOST_MONEY: Final = 10**9
"""Greatest price in the file's own unit."""

MOST_SUM: Final = 4 * 10**18
"""Micros that all prices together may come to, at the worst: sums of them fit whole numbers."""

SERVICES: Final = (
    column("services", "service", "text", "Your name of the run"),
    column("services", "from", "text", "The place where it starts"),
    column("services", "to", "text", "The place where it ends"),
    column("services", "dep_h", "text", "Whole hour of departure"),
    column("services", "arr_h", "text", "Whole hour of arrival"),
    column("services", "positions", "int", "Containers that it takes at the most", MOST_COUNT),
    column("services", "min_containers", "int", "Containers that a train of the hub needs to run", MOST_COUNT),
    column("services", "fixed_cost", "text", "What running it costs; 0: its positions are bought one by one"),
    column("services", "position_cost", "text", "What a container on it costs"),
)
"""Columns of `services.csv`."""

BOOKINGS: Final = (
    column("bookings", "booking", "text", "Your name of the booking"),
    column("bookings", "from", "text", "Where its containers are: HUB"),
    column("bookings", "to", "text", "The place where they go"),
    column("bookings", "ready_h", "text", "Whole hour from which on they may leave"),
    column("bookings", "due_h", "text", "Whole hour by which they should arrive"),
    column("bookings", "priority", "int", "What an hour of theirs weighs", MOST_COUNT),
    column("bookings", "containers", "int", "How many there are", MOST_COUNT),
)
"""Columns of `bookings.csv`."""

_HOUR: Final = re.compile("([+-]?)0*([0-9]{1,9})")
_MONEY: Final = re.compile(r"0*([0-9]{1,12})(?:\.([0-9]{0,40}))?|\.([0-9]{1,40})")
_FILES: Final = ("services", "bookings")
_SHOWN: Final = 10
"""Services that a remark names."""

Found = list[int | None]
"""Numbers of a column; None where a cell is wrong."""


def read_plain_case(folder: Path, *, caps: Caps = CAPS) -> tuple[PlainCase, tuple[Remark, ...]]:
    """Read one instance of the plain assembly format.

    Returns
    -------
    tuple[PlainCase, tuple[Remark, ...]]
        Services and bookings in the order of their rows; and what was ignored or is odd.

    Raises
    ------
    InputError
        `input`: every wrong row of both tables and every wrong key of the rules is listed.

    Notes
    -----
    Hours are whole, from -10**6 to 10**6; counts are digits only; money has at most six decimals, which are kept
    exactly. O(rows).
    """
    problems: list[Problem] = []
    remarks: list[Remark] = []
    source = opened(folder, caps, "a folder with services.csv, bookings.csv and rules.json")
    problems += source.doubles(_FILES)
    services = _Services(Blocks(source, "services", SERVICES, problems, remarks), remarks).found
    bookings = _Bookings(Blocks(source, "bookings", BOOKINGS, problems, remarks), remarks).found
    rules = read_rules(folder, caps, problems, remarks)
    if rules is not None and not problems:
        case = PlainCase(services=tuple(services), bookings=tuple(bookings), rules=rules)
        problems += _too_dear(case)
    if problems or rules is None:
        raise InputError.of(in_order(problems))
    return case, (*source.remarks, *remarks)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Reads columns of a block that may hold more than plain whole numbers."""

    block: Block

    def hours(self, name: str) -> Found:
        return self._each(name, _hour, f"expected a whole hour from {-MOST_HOURS} to {MOST_HOURS}, e.g. 36")

    def money(self, name: str) -> Found:
        return self._each(
            name, money_micros, f"expected money from 0 to {MOST_MONEY}, e.g. 1234.5, with at most six decimals"
        )

    def counts(self, name: str) -> Found:
        return [None if value < 0 else value for value in self.block.wholes(name).tolist()]

    def _each(self, name: str, read: Callable[[str], int | None], expected: str) -> Found:
        found: Found = []
        for i, text in enumerate(self.block.texts(name)):
            value = read(text)
            if text and value is None:
                self.block.wrong(i, name, expected)
            found.append(value)
        return found


class _Ids:
    """Ids of a table, each of which stands once."""

    def __init__(self, name: str, kind: str) -> None:
        self._name, self._kind = name, kind
        self._rows: dict[str, int] = {}

    def read(self, block: Block) -> list[str]:
        texts = block.texts(self._name)
        for i, text in enumerate(texts):
            first = self._rows.setdefault(text, block.numbers[i])
            if text and first != block.numbers[i]:
                block.wrong(i, self._name, f"expected each {self._kind} once; row {first} has it too")
        return texts


class _Services:
    """Reads `services.csv`."""

    def __init__(self, blocks: Blocks, remarks: list[Remark]) -> None:
        self._ids = _Ids("service", "service")
        self.found = [service for block in blocks for service in self._read(block)]
        never = [s.service_id for s in self.found if s.fixed_micros > 0 and s.min_containers > s.positions]
        if never:
            text = "{} asks more containers than it has positions, so that it never runs"
            many = "{} ask more containers than they have positions, so that they never run"
            remarks.append(_about(blocks.file, "never-runs", never, text, many))
        if not self.found and blocks.is_whole:
            text = f"{blocks.file} has no services: every container is left behind"
            remarks.append(Remark("no-services", text, (blocks.file,)))

    def _read(self, block: Block) -> list[PlainService]:
        cells = _Cells(block)
        ids, starts, ends = self._ids.read(block), block.texts("from"), block.texts("to")
        departs, arrives = cells.hours("dep_h"), cells.hours("arr_h")
        positions, least = cells.counts("positions"), cells.counts("min_containers")
        fixed, price = cells.money("fixed_cost"), cells.money("position_cost")
        found = []
        for i, (start, end, leaves, comes) in enumerate(zip(starts, ends, departs, arrives, strict=True)):
            if start and start == end:
                block.wrong(i, "to", "expected another place than in the column from")
            if leaves is not None and comes is not None and comes < leaves:
                block.wrong(i, "arr_h", f"expected {leaves} or later: it departs then")
            found.append(
                PlainService(
                    service_id=ids[i],
                    from_id=start,
                    to_id=end,
                    departs_h=leaves or 0,
                    arrives_h=comes or 0,
                    positions=positions[i] or 0,
                    min_containers=least[i] or 0,
                    fixed_micros=fixed[i] or 0,
                    position_micros=price[i] or 0,
                )
            )
        return found


class _Bookings:
    """Reads `bookings.csv`."""

    def __init__(self, blocks: Blocks, remarks: list[Remark]) -> None:
        self._ids = _Ids("booking", "booking")
        self.found = [booking for block in blocks for booking in self._read(block)]
        early = [b.booking_id for b in self.found if b.due_h < b.ready_h]
        if early:
            text, many = "{} is due before it is ready", "{} are due before they are ready"
            remarks.append(_about(blocks.file, "due-before-ready", early, text, many))

    def _read(self, block: Block) -> list[PlainBooking]:
        cells = _Cells(block)
        ids, starts, ends = self._ids.read(block), block.texts("from"), block.texts("to")
        ready, due = cells.hours("ready_h"), cells.hours("due_h")
        priority, containers = cells.counts("priority"), cells.counts("containers")
        for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if start and start != HUB:
                block.wrong(i, "from", f"expected {HUB}: every booking of this format starts there")
            if end == HUB:
                block.wrong(i, "to", f"expected another place than {HUB}")
            if containers[i] == 0:
                block.wrong(i, "containers", "expected 1 or more")
        return [
            PlainBooking(
                booking_id=ids[i],
                from_id=starts[i],
                to_id=ends[i],
                ready_h=ready[i] or 0,
                due_h=due[i] or 0,
                priority=priority[i] or 0,
                containers=containers[i] or 0,
            )
            for i in range(len(ids))
        ]


def _about(file: str, code: str, ids: Sequence[str], one: str, many: str) -> Remark:
    said = ", ".join(ids[:_SHOWN]) + (f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else "")
    return Remark(code, f"{file}: {(one if len(ids) == 1 else many).format(said)}", tuple(ids))


def _too_dear(case: PlainCase) -> list[Problem]:
    """Refuse prices of which no whole number holds the sum."""
    rules = case.rules
    dearest = max((s.position_micros for s in case.services), default=0) * rules.max_legs
    total = sum(s.fixed_micros for s in case.services) + sum(_most_micros(b, rules, dearest) for b in case.bookings)
    if total <= MOST_SUM:
        return []
    expected = f"expected smaller prices or fewer containers: at the worst all cost {total / MICROS:.3g} together"
    return [Problem(file="rules.json", expected=f"{expected}, and {MOST_SUM // MICROS} is the most")]


def _most_micros(booking: PlainBooking, rules: PlainRules, dearest: int) -> int:
    """Price all containers of a booking at the worst."""
    latest = max(booking.due_h + rules.max_late_h, booking.ready_h)
    carried = dearest + rules.time_micros(booking, latest)
    return booking.containers * max(carried, rules.left_micros(booking.priority))


def _hour(text: str) -> int | None:
    found = _HOUR.fullmatch(text)
    if found is None or int(found[2]) > MOST_HOURS:
        return None
    return -int(found[2]) if found[1] == "-" else int(found[2])


def money_micros(text: str) -> int | None:
    """Read a price as micros; None: it is none, has more than six decimals or is too great.

    Examples
    --------
    >>> money_micros("1234.5"), money_micros(".000001"), money_micros("7.00000010"), money_micros("1,5")
    (1234500000, 1, None, None)
    """
    found = _MONEY.fullmatch(text)
    if found is None:
        return None
    decimals = (found[2] or found[3] or "").rstrip("0")
    micros = int(found[1] or 0) * MICROS + int(Decimal(f"0.{decimals or 0}") * MICROS)
    return micros if len(decimals) <= 6 and micros <= MOST_MONEY * MICROS else None
