"""A lane's own train, made of the rails that services run over and of their prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from landport.app.lane_prices import Prices
from landport.model.assumed import STOP_MINUTES
from landport.model.lanes import Course, Cut, GatheredTrain, LaneDemand, LaneRate, Ride
from landport.model.network import Network
from landport.model.services import Service
from landport.model.tariff import rounded

MOST_SERVICES = 4
"""Services whose rails one direct train runs over, one after the other."""

Node = tuple[str, int]
"""A place and the gauge of a train there."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One line of a leg.

    Parameters
    ----------
    origins
        Nodes from which a train goes on over it: at a change of gauge two.
    stop_minutes
        Planned stop before it, if it is the first of its leg.
    """

    service: Service
    seq: int
    origins: tuple[Node, ...]
    to: Node
    length_km: int
    cost: int
    minutes: int
    stop_minutes: int


@dataclass(frozen=True, slots=True)
class _Label:
    """A way to a node: pieces of the last service, behind another label."""

    cost: int
    pieces: tuple[_Piece, ...]
    before: _Label | None


class Directs:
    """Finds the course of a direct train: over the rails of the fewest services, of such ways the cheapest."""

    def __init__(self, network: Network, prices: Prices) -> None:
        self._prices = prices
        self._lines = {line.line_id: line for line in network.lines}
        self._services = network.services
        rail = [s for s in network.services.values() if s.mode == "rail"]
        self._chains = [tuple(self._cut_up(service)) for service in rail]
        own = [s for s in rail if s.group == "assembly" and s.operation == "hub"]
        shares = [1000 * s.min_teu // max(1, min(leg.capacity_teu for leg in s.legs)) for s in own]
        self.least_milli = min(shares, default=0)
        self._reached: dict[str, dict[str, _Label]] = {}

    def made(self, demand: LaneDemand) -> tuple[GatheredTrain, Course] | None:
        """Make the train of a lane and its course, or None: no rails lead there.

        Notes
        -----
        It pays at least for the share of its positions that the hub's own trains need to run.
        """
        if demand.from_id not in self._reached:
            self._reached[demand.from_id] = self._search(demand.from_id)
        label = self._reached[demand.from_id].get(demand.to_id)
        if label is None:
            return None
        pieces, joins = _told(label)
        cuts = tuple(_merged(pieces, demand.from_id))
        rates = tuple(self._rate(cut) for cut in cuts)
        capacity = min(self._services[cut.service_id].legs[cut.seq - 1].capacity_teu for cut in cuts)
        train = GatheredTrain(
            train_id=f"direct/{demand.lane_id}",
            from_id=demand.from_id,
            to_id=demand.to_id,
            capacity_teu=capacity,
            min_teu=-(-capacity * self.least_milli // 1000),
            fixed_usd_cents=sum(self._fixed(cut) for cut in cuts),
            usd_cents_per_teu=sum(rate.usd_cents_per_teu for rate in rates),
            cuts=cuts,
        )
        moving = sum(p.minutes + p.stop_minutes for p in pieces) - pieces[0].stop_minutes
        ride = Ride(
            service_id="",
            from_id=demand.from_id,
            to_id=demand.to_id,
            first_leg=0,
            last_leg=0,
            headway_minutes=0,
            minutes=self._prices.cut_off_minutes + moving + joins * STOP_MINUTES,
        )
        return train, Course(feeder_id="", trunk_id=train.train_id, before=(), after=(ride,), rates=rates)

    def _cut_up(self, service: Service) -> Iterator[_Piece]:
        gauge_before = 0
        for seq, leg in enumerate(service.legs, 1):
            here = leg.from_id
            total = max(1, self._total_km(service, seq))
            for n, line_id in enumerate(leg.line_ids):
                line = self._lines[line_id]
                there = line.to_id if line.from_id == here else line.from_id
                stop = 0 if n or seq == 1 else leg.dwell_minutes
                minutes = rounded(leg.running_minutes * line.length_km, total)
                gauges = {leg.gauge_mm, gauge_before or leg.gauge_mm} if n == 0 else {leg.gauge_mm}
                yield _Piece(
                    service=service,
                    seq=seq,
                    origins=tuple((here, gauge) for gauge in sorted(gauges)),
                    to=(there, leg.gauge_mm),
                    length_km=line.length_km,
                    cost=rounded(self._prices.fair(service, seq) * line.length_km, total)
                    + self._prices.weight(minutes + stop),
                    minutes=minutes,
                    stop_minutes=stop,
                )
                here = there
            gauge_before = leg.gauge_mm

    def _search(self, origin_id: str) -> dict[str, _Label]:
        """Sweep along every service, once for each service on the way; best label by place."""
        start = {
            node: _Label(0, (), None)
            for chain in self._chains
            for piece in chain
            for node in piece.origins
            if node[0] == origin_id
        }
        best: dict[str, _Label] = {}
        reached: dict[Node, _Label] = dict(start)
        last = start
        for _ in range(MOST_SERVICES):
            new: dict[Node, _Label] = {}
            for chain in self._chains:
                _sweep(chain, last, new)
            last = {node: label for node, label in new.items() if node not in reached}
            reached |= last
            for (place_id, _), label in sorted(last.items(), key=lambda pair: (pair[1].cost, pair[0])):
                best.setdefault(place_id, label)
        return best

    def _total_km(self, service: Service, seq: int) -> int:
        return sum(self._lines[i].length_km for i in service.legs[seq - 1].line_ids)

    def _rate(self, cut: Cut) -> LaneRate:
        service = self._services[cut.service_id]
        cents = self._prices.position(service, cut.seq)
        name = f"{cut.service_id}/{cut.seq}@{cut.from_id}-{cut.to_id}"
        return LaneRate(name, rounded(cents * cut.length_km, max(1, self._total_km(service, cut.seq))))

    def _fixed(self, cut: Cut) -> int:
        service = self._services[cut.service_id]
        cents = self._prices.fixed(service, cut.seq)
        return rounded(cents * cut.length_km, max(1, self._total_km(service, cut.seq)))


def _sweep(chain: tuple[_Piece, ...], last: dict[Node, _Label], new: dict[Node, _Label]) -> None:
    """Board a service wherever a label of the round before stands, and lower the labels of all that it reaches."""
    aboard: tuple[int, int, _Label] | None = None
    for n, piece in enumerate(chain):
        here = min((last[node].cost for node in piece.origins if node in last), default=None)
        if here is not None and (aboard is None or here < aboard[0]):
            label = min((last[node] for node in piece.origins if node in last), key=lambda found: found.cost)
            aboard = here, n, label
        if aboard is None:
            continue
        cost, begin, label = aboard
        cost += piece.cost
        aboard = cost, begin, label
        if piece.to not in new or cost < new[piece.to].cost:
            new[piece.to] = _Label(cost, chain[begin : n + 1], label)


def _told(label: _Label) -> tuple[tuple[_Piece, ...], int]:
    """Put the pieces of a way in order; answer how often it goes on as another service."""
    parts = []
    here: _Label | None = label
    while here is not None and here.pieces:
        parts.append(here.pieces)
        here = here.before
    return tuple(piece for part in reversed(parts) for piece in part), len(parts) - 1


def _merged(pieces: tuple[_Piece, ...], origin_id: str) -> Iterator[Cut]:
    """Join pieces of one leg."""
    start = origin_id
    for (service_id, seq), some in groupby(pieces, key=lambda p: (p.service.service_id, p.seq)):
        run = list(some)
        yield Cut(
            service_id=service_id,
            seq=seq,
            from_id=start,
            to_id=run[-1].to[0],
            length_km=sum(p.length_km for p in run),
        )
        start = run[-1].to[0]
