"""Edits of a network, as data: a what-if is a named list of them."""

from __future__ import annotations

from dataclasses import dataclass

from landport.model.services import Service

ACTIONS = ("open", "close", "gauge", "slow", "capacity")
"""What an edit does."""

OF_PLACES = ("close", "slow", "capacity")
"""Actions whose subject may be a place; that of others is always a line."""

GAUGES_MM = (1435, 1520, 1668)
"""Gauges that a line of rails may be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEdit:
    """One change of a network.

    Parameters
    ----------
    action
        open, close, gauge, slow or capacity.
    subject_id
        A line; for close, slow and capacity a place as well.
    value
        gauge: the new gauge in mm. slow: running, transfer and dwell times in thousandths of the old (1500: half
        as long again). capacity: TEU that a departure takes over the line, or that a place transfers a day. Else 0.
    """

    action: str
    subject_id: str
    value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A named list of edits, applied in order.

    Parameters
    ----------
    name
        Empty: the network as it is.
    services
        Services that are assumed to run because lines opened that nobody runs on; see `apply`.
    """

    name: str = ""
    edits: tuple[NetworkEdit, ...] = ()
    services: tuple[Service, ...] = ()
