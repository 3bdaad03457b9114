"""Rule of balance: where the mass of a load lies (CTU Code, Annex 7)."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.stow import Stow, Stowage, piece_g
from landport.audit.violation import Finding, Rule

_TOLERANCE_G = 0.001
"""Shares of masses are fractions; sums of them may err by this much."""


def _unbalanced(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        kind, rules = stow.loading.kind, stow.loading.rules
        for axis, side, inside, pct in (
            (0, "length", kind.inside_length_mm, rules.cog_length_pct),
            (1, "width", kind.inside_width_mm, rules.cog_width_pct),
        ):
            if pct is not None:
                yield from _off(stow, axis, side, inside, pct)
        if rules.half_pct is not None:
            yield from _half(stow, rules.half_pct)


def _off(stow: Stow, axis: int, side: str, inside: int, pct: int) -> Iterator[Finding]:
    """Tell where the centre of gravity lies too far from the middle; exact, in whole numbers."""
    grams = moment = 0  # the moment is twice what it is, so that middles of bodies are whole
    for body, mass in _masses(stow):
        grams += mass
        moment += mass * sum(body[axis])
    off = abs(moment - grams * inside)
    if grams > 0 and off * 100 > 2 * pct * inside * grams:
        at, most = f"{moment / grams / 2:,.0f} of {inside:,} mm", f"{off / grams / 2:,.0f} mm off the middle"
        text = f"{stow.label}: the centre of gravity lies at {at} of its {side}, {most}; {pct} % are allowed"
        yield text, (stow.label,)


def _half(stow: Stow, pct: int) -> Iterator[Finding]:
    """Tell where a half of the length bears too much; a piece across the middle is shared by length."""
    length = stow.loading.kind.inside_length_mm
    grams, closed = 0, 0.0
    for ((x0, x1), _), mass in _masses(stow):
        grams += mass
        short = min(2 * x1, length) - 2 * x0
        closed += mass * (min(1.0, short / (2 * (x1 - x0))) if short > 0 else 0.0)
    for half, end in ((closed, "closed end"), (grams - closed, "door")):
        if grams > 0 and half > grams * pct / 100 + _TOLERANCE_G:
            share = f"{half / 1000:,.1f} of its {grams / 1000:,.1f} kg"
            text = f"{stow.label}: {share} lie in the half at the {end}; {pct} % are allowed"
            yield text, (stow.label,)


def _masses(stow: Stow) -> Iterator[tuple[tuple[tuple[int, int], tuple[int, int]], int]]:
    """List bodies of known items: from and to along x and y, and their mass."""
    for body in stow.bodies:
        if body.item is not None:
            b = body.block
            yield ((body.x0, body.x1), (body.y0, body.y1)), piece_g(body.item) * b.nx * b.ny * b.nz


RULES = (
    Rule(
        "BOX_BALANCE",
        "The centre of gravity lies near the middle, lengthwise and across, and no half of the length bears too much.",
        _unbalanced,
    ),
)
