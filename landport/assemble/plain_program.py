"""The plain case as a program: one column a way of a kind, one for leaving each kind, one a train of the hub."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from landport.assemble.hot import Floats, Ints, Program
from landport.assemble.plain_ways import Network, Ways


@dataclass(frozen=True, slots=True)
class PlainProgram:
    """Columns: ways, then leaving of kinds, then trains. Rows: kinds whole, positions of services, least loads.

    Parameters
    ----------
    trains
        Service number of each train.
    """

    program: Program
    net: Network
    ways: Ways
    trains: Ints

    def nothing(self) -> Ints:
        """Answer the plan that runs no train and leaves everybody."""
        x = np.zeros(len(self.program.cost), np.int64)
        first = len(self.ways.kind)
        x[first : first + len(self.net.count)] = self.net.count
        return x


def lay_out(net: Network, ways: Ways) -> PlainProgram:
    """Lay out costs, rows and links for the ways given."""
    n_ways, n_kinds, n_services = len(ways.kind), len(net.count), len(net.services)
    trains = np.array([i for i, s in enumerate(net.services) if s.is_decided], np.int64)
    train_of = np.full(n_services, -1, np.int64)
    train_of[trains] = np.arange(len(trains))
    first = n_ways + n_kinds
    positions = np.array([s.positions for s in net.services], np.float64)
    way, leg = np.nonzero(ways.legs >= 0)
    service = ways.legs[way, leg]
    on_train = train_of[service] >= 0
    way_on, train_on = way[on_train], train_of[service[on_train]]
    least = np.array([net.services[s].min_containers for s in trains], np.float64)
    parts = (
        (ways.kind, np.arange(n_ways), np.ones(n_ways)),
        (np.arange(n_kinds), n_ways + np.arange(n_kinds), np.ones(n_kinds)),
        (n_kinds + service, way, np.ones(len(way))),
        (n_kinds + trains, first + np.arange(len(trains)), -positions[trains]),
        (n_kinds + n_services + train_on, way_on, np.ones(len(way_on))),
        (n_kinds + n_services + np.arange(len(trains)), first + np.arange(len(trains)), -least),
    )
    rows, columns, values = (np.concatenate([part[i] for part in parts]) for i in range(3))
    shape = (n_kinds + n_services + len(trains), first + len(trains))
    count = net.count.astype(np.float64)
    fixed = np.array([net.services[s].fixed_micros for s in trains], np.float64)
    endless = np.full(len(trains), np.inf)
    program = Program(
        cost=np.concatenate([ways.micros, net.left_micros, fixed]).astype(np.float64),
        upper=np.concatenate([count[ways.kind], count, np.ones(len(trains))]),
        matrix=sparse.csc_matrix((values, (rows, columns)), shape=shape),
        row_lower=np.concatenate([count, np.full(n_services, -np.inf), np.zeros(len(trains))]),
        row_upper=np.concatenate([count, np.where(train_of >= 0, 0.0, positions), endless]),
        links=_links(ways.kind[way_on], way_on, train_on, count, first, len(trains)),
        trains=first + np.arange(len(trains)),
        groups=_groups(net, trains),
    )
    return PlainProgram(program, net, ways, trains)


def _links(kind: Ints, way: Ints, train: Ints, count: Floats, first: int, n_trains: int) -> sparse.csr_matrix:
    """One row a kind and train it may ride: its riders, less their number if the train runs."""
    keys, row = np.unique(kind * max(1, n_trains) + train, return_inverse=True)
    rows = np.concatenate([row, np.arange(len(keys))])
    columns = np.concatenate([way, first + keys % max(1, n_trains)])
    values = np.concatenate([np.ones(len(row)), -count[keys // max(1, n_trains)]])
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(keys), first + n_trains))


def _groups(net: Network, trains: Ints) -> tuple[Ints, ...]:
    """Choose counts worth branching on: all trains, those to each place, those to places from which nothing leaves."""
    to, starts = net.table[trains, 1], set(net.table[:, 0].tolist())
    groups = [np.arange(len(trains))]
    groups += [np.flatnonzero(to == place) for place in np.unique(to)]
    groups.append(np.flatnonzero([place not in starts for place in to.tolist()]))
    found = {group.tobytes(): group for group in groups if len(group) > 1}
    return tuple(sorted(found.values(), key=lambda group: -len(group)))
