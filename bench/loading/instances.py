"""The instances: Bischoff-Ratcliff classes 0 to 15, 20 loads of mixed cartons, groupage of several containers.

All are made from seeds. Nothing is read from files: the generators are whole-number and the same everywhere.
`tests/bench` compares them with the published files of BR1 to BR7, and holds digests of all classes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate

N_TYPES = (1, 3, 5, 8, 10, 12, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100)
"""Types of boxes by Bischoff-Ratcliff class."""

BR_INSIDE = (587, 233, 220)
"""A 20-ft container in centimetres, as published."""

HC_INSIDE = (12032, 2352, 2698)
"""A 40-ft high-cube container in millimetres."""

HC_SEEDS = tuple(range(1, 21))
"""Published seeds: of `mixed_cartons` and of `consignments`."""


@dataclass(frozen=True, slots=True)
class Row:
    """Equal boxes: size in the instance's unit, letters of the sides that may stand vertical.

    Parameters
    ----------
    bears_g
        Mass that a top bears, where that rule is on.
    consignee
        1, 2, ..: who gets it, in unloading order where that rule is on.
    """

    length: int
    width: int
    height: int
    vertical: str
    count: int
    mass_g: int = 1
    bears_g: int = 10**9
    consignee: int = 1

    @property
    def volume(self) -> int:
        """Volume of one box."""
        return self.length * self.width * self.height


@dataclass(frozen=True, slots=True)
class Instance:
    """One container and what is to be put in it.

    Parameters
    ----------
    family
        `BR0` .. `BR15`, `40HC`: what means are taken over.
    unit_mm
        Millimetres of one unit of length.
    """

    family: str
    number: int
    inside: tuple[int, int, int]
    unit_mm: int
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Family and number."""
        return f"{self.family}-{self.number}"

    @property
    def volume(self) -> int:
        """Inside volume."""
        return self.inside[0] * self.inside[1] * self.inside[2]

    @property
    def cargo_volume(self) -> int:
        """Volume of all boxes."""
        return sum(row.count * row.volume for row in self.rows)


class Draws:
    """The minimal standard generator of Park and Miller (1988): s' = 16807 s mod (2^31 - 1)."""

    def __init__(self, seed: int) -> None:
        self.state = seed
        for _ in range(10):
            self.share()

    def share(self) -> float:
        """Draw from the open interval (0, 1)."""
        self.state = 16807 * self.state % (2**31 - 1)
        return self.state / (2**31 - 1)

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, low and high included."""
        return low + int(self.share() * (high - low + 1))


def bischoff_ratcliff(family: int, number: int) -> Instance:
    """Make instance 1 .. 100 of class 0 .. 15, after Bischoff and Ratcliff (1995)."""
    draws = Draws(br_seed(number))
    sizes = [_br_size(draws) for _ in range(N_TYPES[family])]
    volumes = [a * b * c for a, b, c in sizes]
    counts = [1] * len(sizes)
    free = BR_INSIDE[0] * BR_INSIDE[1] * BR_INSIDE[2] - sum(volumes)
    while volumes[k := draws.whole(0, len(sizes) - 1)] <= free:
        counts[k] += 1
        free -= volumes[k]
    kinds = enumerate(zip(sizes, counts, strict=True))
    rows = (Row(size[0], size[1], size[2], _br_vertical(size), n, consignee=1 + k % 4) for k, (size, n) in kinds)
    return Instance(f"BR{family}", number, BR_INSIDE, 10, tuple(rows))


def br_seed(number: int) -> int:
    """Seed of an instance, the same in every class."""
    return 2502505 + 100 * (number - 1)


def _br_size(draws: Draws) -> list[int]:
    return sorted((draws.whole(30, 120), draws.whole(25, 100), draws.whole(20, 80)), reverse=True)


def _br_vertical(size: list[int]) -> str:
    """Name the sides that are less than twice as long as the shorter of the other two."""
    shortest = (min(size[:k] + size[k + 1 :]) for k in range(3))
    return "".join(letter for letter, d, other in zip("lwh", size, shortest, strict=True) if d < 2 * other)


def published(family: int) -> str:
    """Write a class as its file in the OR-Library has it, with one space between numbers."""
    words: list[object] = [100]
    for number in range(1, 101):
        instance = bischoff_ratcliff(family, number)
        words += [number, br_seed(number), *instance.inside, len(instance.rows)]
        for k, row in enumerate(instance.rows, 1):
            flags = [int(letter in row.vertical) for letter in "lwh"]
            words += [k, row.length, flags[0], row.width, flags[1], row.height, flags[2], row.count]
    return " ".join(map(str, words))


def mixed_cartons(seed: int) -> Instance:
    """Make about a thousand cartons of 15 to 40 types in millimetres, at least 115 % of a 40HC by volume.

    Notes
    -----
    Each type: length 300-800, width 200-600 but no more than the length, height 200-600; three in ten must stay
    upright, the others may stand on any side; 100 to 300 kg/m3; a top bears 2 to 10 times the carton's own mass; one
    of four consignees. Types are wanted in shares from 1 to 10; cartons are drawn one by one until the volume is
    reached.
    """
    draws = _draws("40HC", seed)
    kinds = [_carton(draws, k) for k in range(draws.whole(15, 40))]
    edges = list(accumulate(draws.whole(1, 10) for _ in kinds))
    counts = [1] * len(kinds)
    missing = HC_INSIDE[0] * HC_INSIDE[1] * HC_INSIDE[2] * 115 - 100 * sum(row.volume for row in kinds)
    while missing > 0:
        wanted = draws.whole(1, edges[-1])
        k = next(n for n, edge in enumerate(edges) if wanted <= edge)
        counts[k] += 1
        missing -= 100 * kinds[k].volume
    rows = (replace(row, count=n) for row, n in zip(kinds, counts, strict=True))
    return Instance("40HC", seed, HC_INSIDE, 1, tuple(rows))


def consignments(seed: int) -> Instance:
    """Make groupage of 2 to 9 containers: consignments of 2 to 15 m3, each of 1 to 3 types of cartons, each whole.

    Notes
    -----
    Cartons are as `mixed_cartons` has them; `consignee` numbers the consignments, `inside` is a 40HC.
    """
    draws = _draws("fleet", seed)
    volume = HC_INSIDE[0] * HC_INSIDE[1] * HC_INSIDE[2] * draws.whole(120, 850) // 100
    rows: list[Row] = []
    n = 0
    while volume > 0:
        n += 1
        kinds = [_carton(draws, n) for _ in range(draws.whole(1, 3))]
        wanted = draws.whole(2_000, 15_000) * 1_000_000 // len(kinds)
        rows += (replace(row, count=max(1, wanted // row.volume), consignee=n) for row in kinds)
        volume -= sum(row.count * row.volume for row in rows if row.consignee == n)
    return Instance("fleet", seed, HC_INSIDE, 1, tuple(rows))


def _draws(family: str, seed: int) -> Draws:
    """Seeds that are close must not give draws that are close."""
    return Draws(1 + int(sha256(f"{family}-{seed}".encode()).hexdigest(), 16) % (2**31 - 2))


def _carton(draws: Draws, k: int) -> Row:
    length = draws.whole(300, 800)
    width, height = draws.whole(200, min(600, length)), draws.whole(200, 600)
    vertical = "h" if draws.whole(1, 10) <= 3 else "lwh"
    mass_g = length * width * height * draws.whole(100, 300) // 1_000_000
    return Row(length, width, height, vertical, 1, mass_g, mass_g * draws.whole(2, 10), 1 + k % 4)


def named(name: str) -> Instance:
    """Make the instance of that name, such as `BR7-11`, `40HC-3`, `fleet-2`."""
    family, _, number = name.rpartition("-")
    if family.startswith("BR"):
        return bischoff_ratcliff(int(family[2:]), int(number))
    return {"40HC": mixed_cartons, "fleet": consignments}[family](int(number))


def sample(family: str, n: int) -> list[str]:
    """Name n instances of a family: 1, 11, .., 91, 2, 12, .. of a class, the first seeds of others.

    Examples
    --------
    >>> sample("BR7", 3), sample("40HC", 2)
    (['BR7-1', 'BR7-11', 'BR7-21'], ['40HC-1', '40HC-2'])
    """
    numbers = sorted(range(1, 101), key=lambda p: ((p - 1) % 10, p)) if family.startswith("BR") else list(HC_SEEDS)
    return [f"{family}-{p}" for p in numbers[:n]]
