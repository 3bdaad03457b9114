"""What would happen: a policy played with chance, truck by truck, many days in a moment."""

from landport.simulate.border import Comparison, Measured, Outcome, Spread, compare
from landport.simulate.closure import Return, after_closure
from landport.simulate.gate import Habits

__all__ = ["Comparison", "Habits", "Measured", "Outcome", "Return", "Spread", "after_closure", "compare"]
