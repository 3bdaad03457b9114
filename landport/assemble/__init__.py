"""Containers to departures: which hub trains run, who rides where, which wagon."""

from landport.assemble.kept import Kept, rides_before, rides_of
from landport.assemble.moments import moments
from landport.assemble.plan import plan
from landport.assemble.resources import Resources

__all__ = ["Kept", "Resources", "moments", "plan", "rides_before", "rides_of"]
