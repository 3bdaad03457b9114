"""Places of the network and the names people call them by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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


_SIDED = re.compile(r"^(?P<name>.*?)\s*\((?P<side>[A-Za-z]{2})?\s*,?\s*(?P<mode>rail|road|ferry)?\)$")


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
        for place in self._by_id.values():
            names = {place.name, place.name_zh, place.name_ru, place.unlocode, place.osjd_code, *place.aliases}
            for name in sorted(names - {""}):
                self._named.setdefault(_folded(name), []).append(place)

    def __getitem__(self, place_id: str) -> Place:
        return self._by_id[place_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def resolve(self, text: str, *, side: str = "", mode: str = "") -> Place:
        """Find the one place that `text` means.

        Parameters
        ----------
        text
            An id, name, alias, UN/LOCODE or OSJD code; `Khorgos (KZ, rail)` states side and mode inline.
        side, mode
            Country (ISO alpha-2) and mode that settle a name used on both sides of a border.

        Raises
        ------
        NotFound
            `unknown-place`: nobody is called that.
        InputError
            `ambiguous-place`: several are; the message lists them with side and modes.
        """
        text = text.strip()
        if text in self._by_id and not (side or mode):
            return self._by_id[text]
        if (match := _SIDED.match(text)) and (match["side"] or match["mode"]):
            return self.resolve(match["name"], side=(match["side"] or side).upper(), mode=match["mode"] or mode)
        named = [self._by_id[text]] if text in self._by_id else self._named.get(_folded(text), [])
        found = [p for p in named if side in ("", p.country) and (not mode or mode in p.modes)]
        if not named:
            raise NotFound("unknown-place", f"no place is called {text!r}", (text,))
        if len(found) == 1:
            return found[0]
        choices = "; ".join(f"{p.place_id} = {p.name} ({p.country}, {'/'.join(p.modes)})" for p in found or named)
        raise InputError(
            "ambiguous-place",
            f"{text!r} is the name of {len(found) or 'no such side of'} places: write the id, or side and mode "
            f"such as '{text} ({named[0].country}, {(named[0].modes or ('rail',))[0]})'. Choices: {choices}",
            tuple(p.place_id for p in found or named),
        )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
