"""When a place that has opening hours begins to work, derived again from their rows, one local day after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from landport.model.network import Transfer
from landport.model.places import OpeningHours
from landport.model.scenario import Scenario, World

DAYS = 9
"""Whoever opens on any weekday does so within so many days."""


class Hours:
    """Tells when work on a load may begin.

    Parameters
    ----------
    scenario, world
        Whose rows stand beside each other.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self._start_at = scenario.start_at
        self._places = world.network.places
        self._rows: dict[str, list[OpeningHours]] = {}
        for row in (*world.network.hours, *scenario.hours):
            self._rows.setdefault(row.place_id, []).append(row)

    def begins(self, place_id: str, minute: int) -> int | None:
        """First minute from `minute` on at which a place is open; None: it never opens again."""
        rows = self._rows.get(place_id)
        if not rows or abs(minute) > 7320 * 1440:
            return minute
        place = self._places.get(place_id)
        zone = ZoneInfo("UTC" if place is None else place.timezone)
        first: int | None = None
        for opens, closes in self._around(rows, zone, minute):
            if opens <= minute < closes:
                return minute
            if minute < opens < closes and (first is None or opens < first):
                first = opens
        return first

    def breach(self, transfer: Transfer, reached: int, leaves: int) -> str:
        """Say why a load that reaches a place cannot leave it again by then; empty: it can."""
        begins = self.begins(transfer.place_id, reached)
        takes = f"{transfer.transfer_id} takes {transfer.minutes:,} minutes"
        if begins is None:
            return f"{takes}, and {transfer.place_id} does not open again after minute {reached:,}"
        if leaves >= begins + transfer.minutes:
            return ""
        if begins == reached:
            return f"{takes} from {reached:,}"
        return f"{takes} from {begins:,}, when {transfer.place_id} opens; it is closed at {reached:,}"

    def _around(self, rows: list[OpeningHours], zone: ZoneInfo, minute: int) -> Iterator[tuple[int, int]]:
        """List when rows open and close on the local days around a minute."""
        today = (self._start_at + timedelta(minutes=minute)).astimezone(zone).date()
        for days in range(-2, DAYS):
            day = today + timedelta(days=days)
            for row in rows:
                if day.isoweekday() in row.weekdays:
                    until = day + timedelta(days=1) if row.closes_minute <= row.opens_minute else day
                    yield self._at(day, row.opens_minute, zone), self._at(until, row.closes_minute, zone)

    def _at(self, day: date, minute: int, zone: ZoneInfo) -> int:
        """Minute at which a place's clock says so many minutes of a day."""
        later, minute = divmod(minute, 1440)
        local = datetime.combine(day + timedelta(days=later), time(minute // 60, minute % 60), tzinfo=zone)
        return int((local.astimezone(UTC) - self._start_at).total_seconds()) // 60
