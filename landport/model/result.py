"""What every planner is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from landport.errors import Remark

T = TypeVar("T", covariant=True)

Stopped = Literal["optimal", "bound", "effort", "time", "infeasible"]


def why_stopped(cost: int, bound: int, *, gap: float = 0.0, is_over: bool = False) -> Stopped:
    """Say why a planner stopped that has a plan.

    Parameters
    ----------
    gap
        Share of the bound by which a plan that is close enough may cost more.
    is_over
        Its seconds ended before it was done.

    Examples
    --------
    >>> why_stopped(7, 7), why_stopped(101, 100, gap=0.01), why_stopped(9, 7, is_over=True), why_stopped(9, 7)
    ('optimal', 'bound', 'time', 'effort')
    """
    if cost == bound:
        return "optimal"
    if bound < cost <= bound * (1 + gap):
        return "bound"
    return "time" if is_over else "effort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long a planner may try.

    Parameters
    ----------
    effort
        Units of work each planner documents; the same effort gives the same plan.
    seconds
        Wall seconds, or None: effort alone decides.
    stopwatch
        Gives seconds since planning began; injected, so that planners read no clock.
    """

    effort: int = 1
    seconds: float | None = None
    stopwatch: Callable[[], float] | None = None

    def remaining(self) -> float | None:
        """Seconds that are left, 0 or more; None: no limit."""
        if self.seconds is None or self.stopwatch is None:
            return None
        return max(0.0, self.seconds - self.stopwatch())

    def share(self, of: float) -> Limit:
        """Make a limit that ends when this share of the seconds that are left is used; without seconds it is the same.

        Examples
        --------
        >>> half = Limit(seconds=10, stopwatch=lambda: 4).share(0.5)
        >>> half.seconds, half.remaining()
        (7.0, 3.0)
        """
        return self.less((self.remaining() or 0.0) * (1 - of))

    def is_over(self) -> bool:
        """Tell whether the seconds are used up."""
        return self.remaining() == 0

    def less(self, seconds: float) -> Limit:
        """Answer a limit that is over so many seconds earlier.

        Examples
        --------
        >>> Limit(seconds=5.0).less(2.0).seconds, Limit(effort=3).less(2.0).seconds
        (3.0, None)
        """
        return self if self.seconds is None else replace(self, seconds=max(0.0, self.seconds - seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[T]):
    """A plan with its price and its proof.

    Parameters
    ----------
    cost, bound
        Same unit (the stage says which); no plan costs less than `bound`.
    stopped
        Why the planner stopped.
    """

    plan: T
    cost: int
    bound: int
    stopped: Stopped
    seed: int
    remarks: tuple[Remark, ...] = ()

    @property
    def gap(self) -> float:
        """(cost - bound) / cost, 0 when both are 0."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0
