"""Places of the network and the names people call them by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from landport.errors import InputError, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A terminal, border station, port or junction; never a city centre.

    Parameters
    ----------
    place_id
        Three to six capital letters, unique.
    country
        ISO 3166 alpha-2.
    lat, lon
        WGS84 degrees.
    kind
        hub, terminal, border, junction, port or city.
    timezone
        IANA zone in which its local times are written.
    modes
        Modes of the lines that meet here: rail, road, ferry.
    aliases
        Other names, in any language; one name may belong to both sides of a border.
    road_rate
        Rate of a truck on demand that starts here: its country's.
    osjd_code
        Six-digit OSJD station code, or empty.
    """

    place_id: str
    name: str
    name_zh: str
    name_ru: str
    country: str
    lat: float
    lon: float
    kind: str
    timezone: str
    road_rate: str
    modes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    unlocode: str = ""
    osjd_code: str = ""


LIKE = 0.65
"""Share of letters in order that a wrong name must have in common with a place's (Ratcliff and Obershelp)."""

_SIDED = re.compile(r"^(?P<name>.*?)\s*\((?P<side>[A-Za-z]{2})?\s*,?\s*(?P<mode>rail|road|ferry)?\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """A stretch of the day in which a place works; it may have several, and without any it never closes.

    Parameters
    ----------
    weekdays
        1 = Monday .. 7 = Sunday, local days on which the stretch begins.
    opens_minute, closes_minute
        Minutes of the local day, from 0 and to 1440; not after it opens: on the next day.
    """

    hours_id: str
    place_id: str
    weekdays: tuple[int, ...]
    opens_minute: int
    closes_minute: int


class Places(Mapping[str, Place]):
    """Places by id, findable by any of their names.

    Parameters
    ----------
    places
        Rows in table order; ids are unique.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_id = {p.place_id: p for p in places}
        self._named: dict[str, list[Place]] = {}
        self._spelled: dict[str, str] = {}
        for place in self._by_id.values():
            names = {place.name, place.name_zh, place.name_ru, place.unlocode, place.osjd_code, *place.aliases}
            for name in sorted(names - {""}):
                self._named.setdefault(_folded(name), []).append(place)
                self._spelled.setdefault(_folded(name), name)

    def __getitem__(self, place_id: str) -> Place:
        return self._by_id[place_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def resolve(self, text: str, *, side: str = "", mode: str = "", is_guessed: bool = True) -> Place:
        """Find the one place that `text` means.

        Parameters
        ----------
        text
            An id, name, alias, UN/LOCODE or OSJD code; `Khorgos (KZ, rail)` states side and mode inline.
        side, mode
            Country (ISO alpha-2) and mode that settle a name used on both sides of a border.
        is_guessed
            Whether a message says who is called nearly that, which takes tens of milliseconds.

        Raises
        ------
        NotFound
            `unknown-place`: nobody is called that; the message says who is called nearly that.
        InputError
            `ambiguous-place`: several are; the message lists them with side and modes.
        """
        text = text.strip()
        if text in self._by_id and not (side or mode):
            return self._by_id[text]
        if (match := _SIDED.match(text)) and (match["side"] or match["mode"]):
            side, mode = (match["side"] or side).upper(), match["mode"] or mode
            return self.resolve(match["name"], side=side, mode=mode, is_guessed=is_guessed)
        named = self.named(text)
        found = [p for p in named if side in ("", p.country) and (not mode or mode in p.modes)]
        if not named:
            guess = self.meant(text) if is_guessed else ""
            raise NotFound("unknown-place", f"no place is called {text!r}{guess}", (text,))
        if len(found) == 1:
            return found[0]
        choices = "; ".join(f"{p.place_id} = {p.name} ({p.country}, {'/'.join(p.modes)})" for p in found or named)
        raise InputError(
            "ambiguous-place",
            f"{text!r} is the name of {len(found) or 'no such side of'} places: write the id, or side and mode "
            f"such as '{text} ({named[0].country}, {(named[0].modes or ('rail',))[0]})'. Choices: {choices}",
            tuple(p.place_id for p in found or named),
        )

    def named(self, text: str) -> tuple[Place, ...]:
        """Find every place of this id, else of this name, in table order, else of this id in small letters."""
        text = text.strip()
        if text in self._by_id:
            return (self._by_id[text],)
        found = self._named.get(_folded(text), [])
        return tuple(found) or ((self._by_id[text.upper()],) if text.upper() in self._by_id else ())

    def meant(self, text: str) -> str:
        """Ask whether up to three places of a similar id or name were meant: "; did you mean ...?", or nothing.

        Notes
        -----
        Names of all languages count, without their accents. The most similar comes first; of equally similar ones
        that with the same first letter, then a place's own name before an alias, then the first id.
        """
        near = self._near(text)
        said = ", ".join(f"{name} ({place_id})" if name else place_id for place_id, name in near)
        return f"; did you mean {said}?" if near else ""

    def _near(self, text: str) -> list[tuple[str, str]]:
        """Pair up to three ids with the name that is like `text`, empty if the id itself is."""
        best: dict[str, tuple[float, bool, bool, str]] = {}
        for key, name, places in self._spellings(len(text)):
            if (far := _unlike(_bare(key), _bare(text))) <= 1 - LIKE:
                for place in places:
                    is_alias = name not in ("", place.name, place.name_zh, place.name_ru)
                    found = (far, _bare(key)[:1] != _bare(text)[:1], is_alias, name)
                    best[place.place_id] = min(found, best.get(place.place_id, found))
        ranked = sorted(best, key=lambda place_id: (*best[place_id][:3], place_id))
        return [(place_id, best[place_id][3]) for place_id in ranked[:3]]

    def _spellings(self, length: int) -> Iterator[tuple[str, str, list[Place]]]:
        """Walk over what places are called: folded, as written (empty: an id), whose; ids only for short texts."""
        yield from ((key, "", [place]) for key, place in self._by_id.items() if length <= len(key) + 1)
        yield from ((key, self._spelled[key], places) for key, places in self._named.items())


def _unlike(one: str, other: str) -> float:
    """Tell how far two texts are from each other, 0 to 1; what is surely farther than `LIKE` allows is 1."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return 1.0
    return 1 - matcher.ratio()


def _bare(name: str) -> str:
    """Fold a name and take off its accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", _folded(name)) if not unicodedata.combining(c))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
