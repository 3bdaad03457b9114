"""What people write of an edit, such as `Hotan - Ruoqiang` or `HRG=1.5`, as edits of lines and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from landport.errors import InputError, LandportError, NotFound
from landport.model.edits import ACTIONS, GAUGES_MM, OF_PLACES, NetworkEdit
from landport.model.network import Line, Network
from landport.model.places import Place

VALUED = ("gauge", "slow", "capacity")
"""Actions written as SUBJECT=VALUE."""

_DASH = re.compile(r"\s*(?:->|[-–—])\s*")
_SHOWN = 6
_MOST = 10**12


def edits_from(action: str, texts: Iterable[str], network: Network) -> tuple[NetworkEdit, ...]:
    """Read edits of one action as people write them, in the order written.

    Parameters
    ----------
    texts
        A line id, two places (`KHG-TOR`, `Hotan - Ruoqiang`: all lines between them, roads too; for gauge all rails),
        or a place where the action takes one; places by id or name in any language. Then for gauge `=1520` (mm), for
        slow `=1.5` (times as long), for capacity `=60` (TEU).
    network
        Whose lines and places are meant, open or not.

    Raises
    ------
    NotFound
        `unknown-line`: nothing has this id, or no line joins the places; the message says what is like it. All such
        texts are named.
    InputError
        `wrong-edit`: no such action, a value is missing, or one cannot be. `ambiguous-place`, of one place.

    Examples
    --------
    >>> from landport.reference import load
    >>> edits_from("gauge", ["Hotan - 若羌=1520"], load.world().network)
    (NetworkEdit(action='gauge', subject_id='R-HTN-RUO-1435', value=1520),)
    """
    if action not in ACTIONS:
        raise InputError("wrong-edit", f"no edit is called {action!r}: use one of {', '.join(ACTIONS)}", (action,))
    found: list[NetworkEdit] = []
    wrong: list[LandportError] = []
    for text in texts:
        try:
            subject, value = _valued(action, text)
            ids = _subjects(action, subject, network)
            found += [NetworkEdit(action=action, subject_id=subject_id, value=value) for subject_id in ids]
        except LandportError as error:
            wrong.append(error)
    if wrong:
        raise _joined(wrong)
    return tuple(found)


def unknown_line(text: str, network: Network, *, is_place_too: bool = False) -> NotFound:
    """Say that no line, or no line or place, has this id, and which ids are like it."""
    ids = [line.line_id for line in network.lines] + (list(network.places) if is_place_too else [])
    near = get_close_matches(text.upper(), ids, n=3, cutoff=0.7)
    advice = f"; did you mean {', '.join(near)}?" if near else network.places.meant(text) if is_place_too else ""
    what = "line or place" if is_place_too else "line"
    return NotFound("unknown-line", f"no {what} is called {text!r}{advice}", (text,))


def _joined(wrong: list[LandportError]) -> LandportError:
    if len(wrong) == 1:
        return wrong[0]
    kind = NotFound if all(isinstance(error, NotFound) for error in wrong) else InputError
    code = wrong[0].code if len({error.code for error in wrong}) == 1 else "wrong-edit"
    return kind(code, "\n".join(error.message for error in wrong), tuple(a for error in wrong for a in error.about))


def _valued(action: str, text: str) -> tuple[str, int]:
    if action not in VALUED:
        return text.strip(), 0
    subject, _, value = (part.strip() for part in text.rpartition("="))
    try:
        number = Decimal(value) * (1000 if action == "slow" else 1)
    except ArithmeticError:  # no number, or one out of all bounds
        raise _wrong_value(action, text) from None
    if not subject or not number.is_finite() or abs(number) > _MOST or number != number.to_integral_value():
        raise _wrong_value(action, text)
    whole = int(number)
    problem = value_problem(action, whole)
    if problem:
        raise InputError("wrong-edit", f"{text!r}: {problem}", (text,))
    return subject, whole


def value_problem(action: str, value: int) -> str:
    """Say what is wrong with the value of an edit, or nothing."""
    if action == "gauge" and value not in GAUGES_MM:
        return f"expected a gauge of {', '.join(map(str, GAUGES_MM))} mm"
    if action == "slow" and not 1 <= value <= 1_000_000:
        return "expected 0.001 to 1000 times the old time"
    if action == "capacity" and not 1 <= value <= 1_000_000:
        return "expected 1 to 1,000,000 TEU; for none, close it"
    return ""


def _wrong_value(action: str, text: str) -> InputError:
    example = {"gauge": "KHG-TOR=1520", "slow": "HRG=1.5", "capacity": "KHG-TOR=60"}[action]
    return InputError("wrong-edit", f"{text!r}: expected a line or place and a value such as {example}", (text,))


def _subjects(action: str, text: str, network: Network) -> tuple[str, ...]:
    by_fold = {line.line_id.casefold(): line.line_id for line in network.lines}
    if text.casefold() in by_fold:
        return (by_fold[text.casefold()],)
    named = _named(text, network)
    if len(named) == 1 and action in OF_PLACES:
        return (named[0].place_id,)
    pairs = list(_pairs(text, network))
    lines = [line for line in network.lines if action != "gauge" or line.mode == "rail"]
    joining = [line.line_id for line in lines if any(pair.is_joined_by(line) for pair in pairs)]
    if not joining:
        raise _meaningless(action, text, pairs, network)
    return tuple(joining)


def _meaningless(action: str, text: str, pairs: list[_Pair], network: Network) -> LandportError:
    """Say what is wrong with a text that is no line, no place where the action takes one, and joins nothing."""
    named = _named(text, network)
    if named and action not in OF_PLACES:
        return _only_lines(action, text, named, network)
    if named or (not pairs and text.endswith(")")):  # several, or a side that is not there: the choices are told
        network.places.resolve(text)
    known = [pair for pair in pairs if pair.from_places and pair.to_places]
    if known:
        return _not_joined(known[0], network)
    half = [pair for pair in pairs if pair.from_places or pair.to_places]
    if half:
        wrong = half[0].to_text if half[0].from_places else half[0].from_text
        advice = network.places.meant(wrong)
        return NotFound("unknown-place", f"no place is called {wrong!r}{advice}, in {text!r}", (wrong,))
    return unknown_line(text, network, is_place_too=action in OF_PLACES)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two parts of a text, and the places that each may mean."""

    from_text: str
    to_text: str
    from_places: tuple[Place, ...]
    to_places: tuple[Place, ...]

    def is_joined_by(self, line: Line) -> bool:
        ones, others = ({p.place_id for p in places} for places in (self.from_places, self.to_places))
        return (line.from_id in ones and line.to_id in others) or (line.from_id in others and line.to_id in ones)


def _pairs(text: str, network: Network) -> Iterator[_Pair]:
    """Cut at every dash: names hold dashes, too."""
    for dash in _DASH.finditer(text):
        one, other = text[: dash.start()].strip(), text[dash.end() :].strip()
        if one and other:
            yield _Pair(one, other, _named(one, network), _named(other, network))


def _named(text: str, network: Network) -> tuple[Place, ...]:
    """Find the places of a name, of one with its side as `Khorgos (CN)`, or of an id in small letters."""
    places = network.places
    found = places.named(text) or places.named(text.upper())
    if not found and text.endswith(")"):
        try:
            return (places.resolve(text),)
        except LandportError:
            return ()
    return found


def _only_lines(action: str, text: str, named: tuple[Place, ...], network: Network) -> InputError:
    ids = {place.place_id for place in named}
    lines = [line.line_id for line in network.lines if line.from_id in ids or line.to_id in ids]
    return InputError("wrong-edit", f"{action} takes a line, not the place {text!r}; {_listed(lines)}", (text,))


def _not_joined(pair: _Pair, network: Network) -> NotFound:
    ids = {place.place_id for place in (*pair.from_places, *pair.to_places)}
    lines = [line.line_id for line in network.lines if line.from_id in ids or line.to_id in ids]
    text = f"no line joins {pair.from_text!r} and {pair.to_text!r}; {_listed(lines)}"
    return NotFound("unknown-line", text, (pair.from_text, pair.to_text))


def _listed(line_ids: list[str]) -> str:
    rest = len(line_ids) - _SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"lines there: {', '.join(line_ids[:_SHOWN])}{more}" if line_ids else "no line goes there"
