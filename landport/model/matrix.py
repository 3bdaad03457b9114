"""The commodity matrix: choices of a way for every booking of a week at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landport.model.choices import Choices
from landport.model.itinerary import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Answers to all questions of a week.

    Parameters
    ----------
    by_booking
        By booking id, in the week's order, for one box: of an FCL booking one of its containers, of an LCL booking a
        box with its goods alone (the plate's payload, if there are more), from the hub once they are packed there.
    refusals
        Bookings that no way is asked for, and why: what may not travel as it is booked, or does not get to the hub.
    n_asked
        Different questions; equal ones are asked once.
    """

    by_booking: Mapping[str, Choices]
    refusals: Mapping[str, Refusal]
    n_asked: int

    @property
    def n_choices(self) -> int:
        """Count the choices of all bookings."""
        return sum(len(c.choices) for c in self.by_booking.values())

    def refused(self) -> dict[str, Refusal]:
        """Say why a booking has no way, by booking id."""
        found = {b: c.refusal for b, c in self.by_booking.items() if c.refusal is not None}
        return {**self.refusals, **found}
