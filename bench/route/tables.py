"""What was measured as tables: figures beside their goals, peers beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a peer answered.

    Parameters
    ----------
    seconds, minutes
        By question: CPU seconds, and minutes until it arrives, -1 where there is no way.
    """

    name: str
    version: str
    seconds: tuple[float, ...]
    minutes: tuple[int, ...]


def middle(values: Sequence[float], part: float = 0.5) -> float:
    """Take the value that so large a part of all does not exceed.

    Examples
    --------
    >>> middle([3.0, 1.0, 2.0]), middle([3.0, 1.0, 2.0], 0.95)
    (2.0, 3.0)
    """
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def ms(seconds: Sequence[float], part: float = 0.5) -> str:
    """Write the middle in milliseconds."""
    return f"{1000 * middle(seconds, part):.2f}"


SMALL_ROWS = {
    "earliest": ("earliest arrival, with the way", "0.4 ms"),
    "everywhere": ("earliest arrival at all stops", "0.7 ms"),
    "three_eps": ("front of 3 criteria and ways, 12 h, $100", ""),
    "three_exact": ("front of 3 criteria and ways, exact", ""),
    "four_eps": ("front of 4 criteria, 12 h, $100, 80 kg", "10 ms, 95 %: 30 ms"),
    "four_exact": ("front of 4 criteria, exact", "60 ms"),
}


def ours(found: Mapping[str, Any]) -> list[Row]:
    """Milliseconds of each question to the small timetable."""
    rows: list[Row] = [("landport, small", "median ms", "95 % ms", "most ms", "ways, median", "most", "goal")]
    for key, (name, goal) in SMALL_ROWS.items():
        seconds, ways = found["seconds"][key], found["ways"].get(key)
        sizes = (f"{middle(ways)}", f"{max(ways)}") if ways else ("", "")
        rows.append((name, ms(seconds), ms(seconds, 0.95), ms(seconds, 1.0), *sizes, goal))
    return rows


def checks(found: Mapping[str, Any]) -> str:
    """Say how many questions have a way, and what did not agree."""
    n, ways = len(found["arrivals"]), sum(minutes >= 0 for minutes in found["arrivals"])
    short = sum(found[f"{name}_incomplete"] for name in ("three_exact", "four_eps", "four_exact"))
    differ = found["firsts_differ"]
    return f"{n} questions, {ways} with a way; {short} fronts without room; {differ} fronts miss the earliest arrival"


def peers(found: Mapping[str, Any], answered: Sequence[Answers]) -> list[Row]:
    """Milliseconds of the earliest arrival, and how many answers differ from ours."""
    mine = found["seconds"]["earliest"]
    rows: list[Row] = [("earliest arrival", "questions", "median ms", "95 % ms", "times ours", "answers differ")]
    rows.append(("landport", f"{len(mine)}", ms(mine), ms(mine, 0.95), "1", ""))
    for peer in answered:
        n = len(peer.seconds)
        ratio = middle(peer.seconds) / middle(mine[:n])
        differ = sum(a != b for a, b in zip(peer.minutes, found["arrivals"], strict=False))
        name = f"{peer.name} {peer.version}"
        rows.append((name, f"{n}", ms(peer.seconds), ms(peer.seconds, 0.95), f"{ratio:.0f}", f"{differ}"))
    return rows


def large(found: Mapping[str, Any]) -> list[Row]:
    """What the large timetable takes."""
    earliest, everywhere, front = (found["seconds"][name] for name in ("earliest", "everywhere", "three_eps"))
    n, ways = len(earliest), sum(minutes >= 0 for minutes in found["arrivals"])
    return [
        ("landport, large", "measured", "goal"),
        ("read from CSV and checked", f"{found['read_s']:.2f} CPU s", "10 CPU s"),
        ("laid out", f"{found['layout_s']:.2f} CPU s", "3 CPU s"),
        ("peak memory", f"{found['peak_mb']:.0f} MB", "1,024 MB"),
        (f"earliest arrival, median ({ways} of {n} with a way)", f"{ms(earliest)} ms", "15 ms"),
        ("earliest arrival, 95 %", f"{ms(earliest, 0.95)} ms", ""),
        ("earliest arrival at all stops, median", f"{ms(everywhere)} ms", ""),
        (f"front of 3 criteria and ways, 12 h, $100, median of {len(front)}", f"{ms(front)} ms", ""),
        ("the same, 95 %", f"{ms(front, 0.95)} ms", ""),
    ]
