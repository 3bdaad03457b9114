"""Consolidation: LCL bookings into groups that may share containers, groups into loaded containers."""

from landport.consolidate.grouping import group
from landport.consolidate.plan import plan
from landport.consolidate.warming import warm

__all__ = ["group", "plan", "warm"]
