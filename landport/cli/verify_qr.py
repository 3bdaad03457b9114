"""`landport verify-qr`: is this code an appointment of ours? It needs neither network nor database."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from landport.cli import common
from landport.errors import Conflict, InputError, LandportError

if TYPE_CHECKING:
    from landport.exchange import GateCode, GateKeys

LONGEST = 4000
"""Bytes of stdin that are looked at; no code is so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was made of a code: how it came by its window, or why it is refused."""

    verdict: str
    why: str = ""
    code: GateCode | None = None
    key_id: str = ""

    @property
    def is_valid(self) -> bool:
        """Tell whether it holds."""
        return not self.why


def run(
    code: Annotated[str, typer.Argument(help="What the scanner read; - or nothing: stdin.", metavar="CODE")] = "-",
    *,
    keys: Annotated[Path, typer.Option(readable=False, help="Public keys: landport key gate writes them (JSON).")],
    at: Annotated[str | None, typer.Option(help="Instant of the check-in, with offset. Default: now.")] = None,
    record: Annotated[Path | None, typer.Option(help="Write who is let in down here (CSV); nobody twice.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Verify the code of an appointment at the gate; exit 0 if it holds, 1 if it is refused."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange

    now = common.instant("--at", at) or datetime.now(UTC)
    found = exchange.read_gate_keys(keys)
    zone = zone_of(found)
    seen = judged(code if code != "-" else _scanned(), found, now)
    if seen.is_valid and record is not None:
        seen = recorded(seen, record, now.astimezone(zone))
    if json:
        common.print_json(document(seen, now, zone))
    elif not quiet:
        typer.echo("\n".join(said(seen, now, zone)))
    if not seen.is_valid:
        raise typer.Exit(1)


def judged(text: str, found: GateKeys, now: datetime) -> Seen:
    """Verify a code, and compare its window with the clock."""
    from landport import exchange

    try:
        code = exchange.verify_at_gate(text, found)
    except InputError as error:
        return Seen(verdict=error.code, why=error.message)
    verdict = "early" if now < code.opens_at else "late" if now >= code.closes_at else "on-time"
    return Seen(verdict=verdict, code=code, key_id=text.split(".")[1])


def recorded(seen: Seen, path: Path, at: datetime) -> Seen:
    """Write a check-in down; an appointment that was written down before is refused."""
    from landport import exchange

    assert seen.code is not None
    row = exchange.CheckIn(
        checked_in_at=at,
        appointment_id=seen.code.appointment_id,
        tractor=seen.code.tractor,
        version=seen.code.version,
        key_id=seen.key_id,
        verdict=seen.verdict,
    )
    try:
        exchange.record_check_in(path, row)
    except Conflict as error:
        return Seen(verdict=error.code, why=error.message, code=seen.code, key_id=seen.key_id)
    return seen


def zone_of(found: GateKeys) -> ZoneInfo:
    """Find the zone of the port's clock: as the keys say, else that of its place, else UTC."""
    from landport.reference import load

    if found.zone:
        return ZoneInfo(found.zone)
    try:
        return ZoneInfo(next((p.timezone for p in load.places() if p.place_id == found.border_id), "UTC"))
    except LandportError:
        return ZoneInfo("UTC")


def said(seen: Seen, now: datetime, zone: ZoneInfo) -> list[str]:
    """Write what a controller has to know in a few lines."""
    if seen.code is None:
        return [f"REFUSED ({seen.verdict}): {seen.why}"]
    code, how = seen.code, _how(seen.code, now)
    opens, closes, local = (i.astimezone(zone) for i in (code.opens_at, code.closes_at, now))
    first = f"VALID, {how}" if seen.is_valid else f"REFUSED ({seen.verdict}): {seen.why}"
    until = f"{closes:%H:%M}" if closes.date() == opens.date() else f"{closes:%Y-%m-%d %H:%M}"
    return [
        first,
        f"appointment  {code.appointment_id}, channel {code.channel}, version {code.version}",
        f"window       {opens:%a %Y-%m-%d %H:%M}-{until} {zone.key}",
        f"now          {local:%a %Y-%m-%d %H:%M} {zone.key}",
        f"tractor      {code.tractor or '-'}",
        f"trailer      {code.trailer or '-'}",
        f"signed by    {code.border_id}, key {seen.key_id}",
        "Nobody can see here whether it was moved or cancelled since: merge the check-ins as soon as the port answers.",
    ]


def document(seen: Seen, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Write the same as JSON holds it."""
    found: dict[str, Any] = {"is_valid": seen.is_valid, "verdict": seen.verdict, "why": seen.why}
    found |= {"at": now.astimezone(zone).isoformat(timespec="seconds"), "zone": zone.key, "key_id": seen.key_id}
    if seen.code is None:
        return found
    code = seen.code
    return found | {
        "border_id": code.border_id,
        "appointment_id": code.appointment_id,
        "version": code.version,
        "channel": code.channel,
        "opens_at": code.opens_at.astimezone(zone).isoformat(timespec="minutes"),
        "closes_at": code.closes_at.astimezone(zone).isoformat(timespec="minutes"),
        "tractor": code.tractor,
        "trailer": code.trailer,
    }


def _how(code: GateCode, now: datetime) -> str:
    if now < code.opens_at:
        return f"but {_long(int((code.opens_at - now).total_seconds()))} too early"
    if now >= code.closes_at:
        return f"but {_long(int((now - code.closes_at).total_seconds()))} too late"
    return "and in its window"


def _long(seconds: int) -> str:
    """Say how long that is.

    Examples
    --------
    >>> _long(59), _long(3 * 3600 + 300), _long(50 * 3600)
    ('less than a minute', '3 h 5 min', '2 days 2 h')
    """
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min" if minutes else "less than a minute"
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    return f"{hours} h {rest} min" if hours < 48 else f"{days} days {left} h"


def _scanned() -> str:
    """Read what a scanner typed: a line from a keyboard, all of a pipe; only the end of its line is taken away."""
    source = sys.stdin.buffer
    data = source.readline(LONGEST) if sys.stdin.isatty() else source.read(LONGEST)
    return data.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
