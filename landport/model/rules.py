"""Rules a plan is made under: rates, dated train rules, segregation of dangerous goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A price, time, penalty or factor, in thousandths of its unit.

    Parameters
    ----------
    milli
        The value times 1000, so that 7.7 g is 7700.
    unit
        As published, e.g. `USD per FEU-day`.
    basis
        Of an emission factor, the mass it is per: `gross`, box and its share of a wagon, or `net`, cargo. Empty: no
        emission factor of a leg.
    """

    rate_id: str
    milli: int
    unit: str
    source: str
    confidence: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRule:
    """A dated limit that holds on every leg of a train class.

    Parameters
    ----------
    valid_from, valid_to
        First and last day; None: unknown, so it always holds.
    rule
        What is limited, e.g. `max_box_gross_kg`.
    operator
        `<=`, `<` or `==`.
    milli
        The limit times 1000, in `unit`.
    applies_to
        train, wagon, box, 20ft, 40ft, 20ft pair ...
    """

    rule_id: str
    train_class: str
    valid_from: date | None
    valid_to: date | None
    rule: str
    operator: str
    milli: int
    unit: str
    applies_to: str

    def holds(self, on: date) -> bool:
        """Tell whether the rule is in force on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def greatest(self) -> int:
        """Greatest figure it allows, in whole thousandths of its unit, as `milli`: of a limit in t the kg.

        Notes
        -----
        Whole units are `greatest() // 1000`, a limit in FEU as TEU is `2 * greatest() // 1000`.

        Examples
        --------
        >>> from dataclasses import replace
        >>> tons = TrainRule(rule_id="r", train_class="X", valid_from=None, valid_to=None, rule="max_cargo_t",
        ...                  operator="<=", milli=72_000, unit="t", applies_to="train")
        >>> tons.greatest(), replace(tons, operator="<").greatest()
        (72000, 71999)
        """
        return self.milli - (self.operator == "<")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that says what a plan may do and what it costs.

    Parameters
    ----------
    forbidden_pairs
        Pairs of dangerous-goods classes, each sorted, that may not share one container.
    wagons_between
        Pairs of dangerous-goods classes, each sorted, and how many wagons stand at least between them in a train; 0:
        they are not on one wagon.
    """

    rates: tuple[Rate, ...]
    train_rules: tuple[TrainRule, ...]
    forbidden_pairs: tuple[tuple[str, str], ...]
    wagons_between: tuple[tuple[str, str, int], ...] = ()

    def rate(self, rate_id: str) -> Rate:
        """Find a rate.

        Raises
        ------
        KeyError
            No such rate.
        """
        for rate in self.rates:
            if rate.rate_id == rate_id:
                return rate
        raise KeyError(rate_id)

    def milli(self, rate_id: str) -> int:
        """Read a rate, in thousandths of its unit; raises as `rate` does."""
        return self.rate(rate_id).milli

    def limits(self, train_class: str, rule: str, on: date) -> tuple[TrainRule, ...]:
        """Find the train rules of a kind in force for a class on a day."""
        found = (r for r in self.train_rules if r.train_class == train_class and r.rule == rule)
        return tuple(r for r in found if r.holds(on))
