"""What the verbs of a border port share: which port is meant, times by its clock, how trucks are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from landport.cli import common, people
from landport.errors import InputError, NotFound

if TYPE_CHECKING:
    from landport.app.ledger.border.listing import WindowRow
    from landport.app.ledger.desk import Ledger, Principal
    from landport.model.border import BorderPort

Border = Annotated[str, typer.Option("--border", help="Border port, such as BKT. Default: the only one there is.")]
Appointment = Annotated[str, typer.Argument(help="Its id, such as G000000612.", metavar="APPOINTMENT")]
Application = Annotated[str, typer.Argument(help="Its id, such as L000000611.", metavar="APPLICATION")]
Channel = Annotated[str, typer.Argument(help="general, perishable, dangerous, livestock or empty.", metavar="CHANNEL")]
Why = Annotated[str, typer.Option(help="The reason, in words.")]
Override = Annotated[str, typer.Option(help="Reason of a controller: rules for enterprises do not bind then.")]
Enterprise = Annotated[str, typer.Option(help="Party it is for, such as P0a1b2c3d4e5. Default: the port itself.")]
Tractor = Annotated[str | None, typer.Option(help="Plate of the tractor or truck.")]
Trailer = Annotated[str | None, typer.Option(help="Plate of the trailer.")]
Driver = Annotated[str | None, typer.Option(help="Party of the driver.")]
Permit = Annotated[str | None, typer.Option(help="Number of the road permit.")]
Document = Annotated[str | None, typer.Option(help="KIND:NUMBER; kinds: TIR, T1, CMR, transit, other.")]
OfApplication = Annotated[str | None, typer.Option("--application", help="Clearance application that covers it.")]
Containers = Annotated[list[str] | None, typer.Option("--container", help="Container on it; may be given again.")]
Aeo = Annotated[bool | None, typer.Option("--aeo/--no-aeo", help="The trader is an authorised economic operator.")]

MOMENT = "%a %Y-%m-%d %H:%M"
"""How an instant is shown; the zone stands beside it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a border port's own side."""

    zone: str

    def at(self, instant: datetime | str) -> datetime:
        """Bring an instant to this clock."""
        found = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        return found.astimezone(ZoneInfo(self.zone))

    def said(self, instant: datetime | str) -> str:
        """Write an instant, without the zone's name."""
        return f"{self.at(instant):{MOMENT}}"

    def span(self, opens_at: datetime | str, closes_at: datetime | str) -> str:
        """Write a window, without the zone's name."""
        opens, closes = self.at(opens_at), self.at(closes_at)
        until = f"{closes:%H:%M}" if closes.date() == opens.date() else f"{closes:{MOMENT}}"
        return f"{opens:{MOMENT}}-{until}"

    def instant(self, option: str, text: str) -> datetime:
        """Read an instant: as it says by its offset, or by this clock if it has none.

        Raises
        ------
        InputError
            `bad-option`: none such; or a clock that the zone leaves out or shows twice.
        """
        try:
            found = datetime.fromisoformat(text.strip())
        except ValueError:
            found = None
        if found is None or not 1970 < found.year < 2200:
            expected = f"expected an instant, such as 2026-03-02T14:00 by the clock of {self.zone}, or with its offset"
            raise InputError("bad-option", f"{option} {text!r}: {expected}", (option,))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        first, second = (found.replace(tzinfo=ZoneInfo(self.zone), fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            how = "shows it twice" if first.astimezone(UTC) < second.astimezone(UTC) else "leaves it out"
            expected = f"expected its offset from UTC, too: the clock of {self.zone} {how}"
            raise InputError("bad-option", f"{option} {text!r}: {expected}", (option,))
        return first.astimezone(UTC)

    def day(self, option: str, text: str | None, default: date) -> date:
        """Read a local day.

        Raises
        ------
        InputError
            `bad-option`.
        """
        if text is None:
            return default
        try:
            found = date.fromisoformat(text.strip())
        except ValueError:
            found = None
        if found is None or not 1970 < found.year < 2200:
            raise InputError("bad-option", f"{option} {text!r}: expected a day such as 2026-03-02", (option,))
        return found


def the_port(ledger: Ledger, who: Principal, border: str) -> BorderPort:
    """Find the port that is meant: the one named, or the only one.

    Raises
    ------
    NotFound
        `unknown-border`.
    InputError
        `bad-option`: there are several.
    """
    from landport.app.ledger import reads
    from landport.app.ledger.border import reading

    if not border:
        known = ledger.store.read(who.tenant_id, lambda view: sorted(reads.everything(view, "border")))
        if not known:
            raise NotFound("unknown-border", "no border port is published yet: landport border publish", ())
        if len(known) > 1:
            raise InputError("bad-option", f"--border: expected one of {', '.join(known)}", ("--border",))
        border = known[0]
    return ledger.store.read(who.tenant_id, lambda view: reading.port(view, border))


def clock_of(port: BorderPort) -> Clock:
    """Take the clock of a port's own side."""
    return Clock(port.sides[0].zone)


def visit_fields(
    *,
    tractor: str | None,
    trailer: str | None,
    driver: str | None,
    permit: str | None,
    document: str | None,
    application: str | None,
    container: list[str] | None,
    aeo: bool | None,
    enterprise: str = "",
) -> dict[str, Any]:
    """Collect what is said of a visit; what is not said is left out.

    Raises
    ------
    InputError
        `bad-option`: a document without its kind.
    """
    kind, colon, number = (document or "").partition(":")
    if document and not (kind and colon):
        raise InputError("bad-option", f"--document {document!r}: expected KIND:NUMBER, such as TIR:XN123", ())
    said = {
        "enterprise_id": enterprise or None,
        "tractor": tractor,
        "trailer": trailer,
        "driver_id": driver,
        "permit": permit,
        "document_kind": None if document is None else kind,
        "document": None if document is None else number,
        "application_id": application,
        "container_ids": container,
        "is_aeo": aeo,
    }
    return {name: value for name, value in said.items() if value is not None}


def tell(ledger: Ledger, who: Principal, command: Any, *, json: bool, quiet: bool) -> None:
    """Do a command about one appointment, and print what became of it."""
    state = people.done(ledger, who, command)
    if json:
        common.print_json(state)
    elif not quiet:
        typer.echo(truck_line(state, clock_of(the_port(ledger, who, state["border_id"]))))


def truck_line(state: Mapping[str, Any], clock: Clock) -> str:
    """Say in a line how an appointment is."""
    form = f" ({state['form']})" if state["status"] == "requested" else ""
    parts = [f"{state['appointment_id']} is {state['status']}{form}: {state['channel']}"]
    parts += [plates(state["visit"])] if "visit" in state and plates(state["visit"]) else []
    if "opens_at" in state:
        parts.append(f"{clock.span(state['opens_at'], state['closes_at'])} {clock.zone}")
    if state.get("form") == "hold" and state["status"] == "requested":
        parts.append(f"held until {clock.at(state['held_until_at']):%H:%M:%S} {clock.zone}")
    if state.get("flags"):
        parts.append(f"flagged: {'; '.join(state['flags'])}")
    return ", ".join(parts)


def plates(visit: Mapping[str, Any]) -> str:
    """Write the plates of a visit, or the containers that it is for as long as nobody named its truck."""
    named = [visit.get("tractor", ""), visit.get("trailer", "")]
    return " + ".join(filter(None, named)) or ", ".join(visit.get("container_ids", ()))


def long(minutes: int) -> str:
    """Say how long that is.

    Examples
    --------
    >>> long(0), long(65), long(3000)
    ('0 min', '1 h 05', '2 d 2 h')
    """
    hours, rest = divmod(minutes, 60)
    if hours < 1:
        return f"{minutes} min"
    return f"{hours} h {rest:02}" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table whose cells are never cut, so that ids can be copied; heads that begin with `#`: to the right."""
    from rich.cells import cell_len

    lines = [[head.removeprefix("#") for head in heads], *rows]
    wide = [max(cell_len(line[n]) for line in lines) for n in range(len(heads))]
    for line in lines:
        gaps = [" " * (wide[n] - cell_len(cell)) for n, cell in enumerate(line)]
        cells = [
            gap + cell if head.startswith("#") else cell + gap
            for head, cell, gap in zip(heads, line, gaps, strict=True)
        ]
        typer.echo("  ".join(cells).rstrip())


def plain(records: Any) -> Any:
    """Turn records of msgspec into what JSON has."""
    import msgspec

    return msgspec.to_builtins(records)


def show_windows(rows: Sequence[WindowRow], clock: Clock) -> None:
    """Print windows as a table, times by the port's clock."""
    heads = ("window", clock.zone, "channel", "#places", "#free", "#list", "#wait", "#opens in")
    cells = [
        (
            row.window_id,
            clock.span(row.opens_at, row.closes_at),
            row.channel,
            str(row.capacity),
            str(row.n_free),
            str(row.n_waiting or ""),
            long(row.wait_minutes),
            long(row.ahead_minutes) if row.ahead_minutes else "open",
        )
        for row in rows
    ]
    show_table(heads, cells)
