"""Containers to departures: which hub trains run, who rides where, which wagon."""

from landport.assemble.plan import plan
from landport.assemble.resources import Resources

__all__ = ["Resources", "plan"]
