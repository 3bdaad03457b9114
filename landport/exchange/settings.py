"""What `scenario.toml` (or the sheet `scenario`) says: the week, its hub, how far to plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from landport.errors import InputError, Problem, Remark, shown
from landport.exchange.live import CONTROL, disarm
from landport.model.plans import SCHEMA
from landport.units import parse_instant

MONDAY: Final = datetime(2001, 1, 1, tzinfo=UTC)
YEARS: Final = range(1900, 2200)
"""Years in which a scenario may lie."""

_MAX_DAYS: Final = 366
MEANINGS: Final = {
    "schema": "version of this format",
    "name": "what you call it",
    "start_at": "a Monday 00:00 UTC",
    "now_at": "nothing earlier can be planned",
    "hub": "the assembly yard: an id or any name of a place",
    "plan_days": "hub trains leaving so many days from start_at are decided",
    "horizon_days": "onward departures are known so many days from start_at",
    "reference": "digest of the reference tables it was written over",
    "note": "whatever you like to say",
    "balance": "1: what the hub packs keeps its centre of gravity near the middle of the container",
}
"""What each setting means, in the order they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSettings:
    """The settings of a scenario as they stand in its file.

    Parameters
    ----------
    start_at, now_at
        Instants; `start_at` a UTC Monday 00:00.
    hub
        Name or id of the assembly yard.
    plan_days, horizon_days
        Days planned, and known ahead, from `start_at`.
    reference
        Digest of the reference tables it was written over; empty: unknown.
    balance
        Containers packed at the hub keep their centre of gravity near the middle.
    """

    name: str = ""
    start_at: datetime = MONDAY
    now_at: datetime = MONDAY
    hub: str = ""
    plan_days: int = 7
    horizon_days: int = 28
    reference: str = ""
    note: str = ""
    balance: bool = False
    schema: int = SCHEMA


def settings_of(
    raw: Mapping[str, object], file: str, problems: list[Problem], remarks: list[Remark]
) -> ScenarioSettings:
    """Check settings and upgrade them from the schema before; what is wrong becomes a problem.

    Raises
    ------
    InputError
        `newer-schema`: written by a newer landport.

    Notes
    -----
    Schema 1 needs `schema`, `name`, `start_at`, `now_at`, `hub`, `plan_days` and `horizon_days`; `reference`, `note`
    and `balance` are optional. Schema 0, the pre-release format, called the hub `hub_id` and had no `plan_days` (always
    7).
    """
    raw = _upgraded(raw, file, problems)
    unknown = sorted(raw.keys() - MEANINGS.keys())
    remarks += [Remark("unknown-setting", f"{file}: the setting {name} is ignored", (name,)) for name in unknown]
    check = _Check(raw, file, problems)
    settings = ScenarioSettings(
        name=check.text("name"),
        start_at=check.instant("start_at").astimezone(UTC),
        now_at=check.instant("now_at").astimezone(UTC),
        hub=check.text("hub"),
        plan_days=check.days("plan_days"),
        horizon_days=check.days("horizon_days"),
        reference=check.text("reference", needed=False),
        note=check.text("note", needed=False),
        balance=check.flag("balance"),
    )
    if not problems:
        _check_times(settings, check)
    return settings


def settings_toml(settings: ScenarioSettings) -> str:
    """Write settings as TOML, each with what it means.

    Examples
    --------
    >>> print(settings_toml(ScenarioSettings(name="demo")).splitlines()[0])
    schema = 1  # version of this format
    """
    lines = []
    for key, value in _pairs(settings):
        text = str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
        lines.append(f"{key} = {text}  # {MEANINGS[key]}\n")
    return "".join(lines)


def setting_cells(settings: ScenarioSettings) -> Iterator[tuple[str, str | int]]:
    """List settings as cells of a sheet, a key and its value a row; texts disarmed."""
    for key, value in _pairs(settings):
        yield key, disarm(value) if isinstance(value, str) else value


def _pairs(settings: ScenarioSettings) -> Iterator[tuple[str, str | int]]:
    for key in MEANINGS:
        value = getattr(settings, key)
        if isinstance(value, bool):
            yield from ((key, int(value)),) if value else ()  # unsaid where it says nothing new
            continue
        yield key, value.isoformat(timespec="minutes") if isinstance(value, datetime) else value


def _upgraded(raw: Mapping[str, object], file: str, problems: list[Problem]) -> Mapping[str, object]:
    check = _Check(raw, file, problems)
    schema = check.whole("schema", f"expected the whole number {SCHEMA}")
    if schema is not None and schema > SCHEMA:
        text = f"{file} has schema {shown(schema)}; this landport reads up to {SCHEMA}: update landport"
        raise InputError("newer-schema", text, (file,))
    if schema is not None and schema < 0:
        check.wrong("schema", f"expected a whole number from 0 to {SCHEMA}")
    if schema != 0:
        return raw
    kept = {key: value for key, value in raw.items() if key not in ("hub_id", "plan_days")}
    hub = {"hub": raw["hub_id"]} if "hub_id" in raw else {}
    return {**kept, **hub, "plan_days": 7, "schema": 1}


class _Check:
    def __init__(self, raw: Mapping[str, object], file: str, problems: list[Problem]) -> None:
        self._raw = raw
        self._file = file
        self._problems = problems

    def wrong(self, key: str, expected: str) -> None:
        value = shown(self._raw[key]) if key in self._raw else None
        self._problems.append(Problem(file=self._file, key=key, value=value, expected=expected))

    def text(self, key: str, *, needed: bool = True) -> str:
        value = self._raw.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, 'expected text in quotes, such as "demo"')
            return ""
        if CONTROL.search(value):
            self.wrong(key, "expected text without control characters")
            return ""
        if needed and not value.strip():
            self.wrong(key, "expected a text; it is missing")
        return value.strip()

    def whole(self, key: str, expected: str) -> int | None:
        value = self._raw.get(key)
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, float) and value.is_integer():  # as Excel has it
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(key, expected if key in self._raw else f"{expected}; it is missing")
        return None

    def flag(self, key: str) -> bool:
        value = self._raw.get(key, False)
        if value not in (0, 1, "0", "1"):  # True and 1.0 are 1
            self.wrong(key, "expected 1 (yes) or 0 (no)")
        return value in (1, "1")

    def days(self, key: str) -> int:
        expected = f"expected a whole number of days from 1 to {_MAX_DAYS}"
        value = self.whole(key, expected)
        if value is not None and not 1 <= value <= _MAX_DAYS:
            self.wrong(key, expected)
        return value or 1

    def instant(self, key: str) -> datetime:
        value = self._raw.get(key)
        try:
            if isinstance(value, datetime) and value.tzinfo is not None:
                instant = value
            else:
                instant = parse_instant(value if isinstance(value, str) else "")
            if instant.year not in YEARS:  # at the ends of the calendar no zone can be taken
                raise ValueError(f"expected an instant in the years {YEARS[0]} to {YEARS[-1]}")
            return instant
        except ValueError as error:
            self.wrong(key, str(error) if key in self._raw else f"{error}; it is missing")
            return MONDAY


def _check_times(settings: ScenarioSettings, check: _Check) -> None:
    start, now = settings.start_at, settings.now_at
    if (start - MONDAY) % timedelta(days=7):
        monday = start - (start - MONDAY) % timedelta(days=7)
        check.wrong("start_at", f"expected a Monday 00:00 UTC, such as {monday.isoformat(timespec='minutes')}")
    if now.second or now.microsecond:
        check.wrong("now_at", "expected a whole minute, without seconds")
    first, last = start - timedelta(days=7), start + timedelta(days=settings.plan_days)
    if not first <= now < last:
        span = f"{first.isoformat(timespec='minutes')} .. {last.isoformat(timespec='minutes')}"
        check.wrong("now_at", f"expected an instant in {span}: a week before start_at up to its plan_days")
    if settings.horizon_days < settings.plan_days:
        check.wrong("horizon_days", f"expected at least plan_days, {settings.plan_days}")
