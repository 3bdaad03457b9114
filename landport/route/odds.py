"""How sure a way is: its arrival sampled over random transfer and border times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from zlib import crc32

import numpy as np

from landport.model.changes import Changes, End
from landport.model.choices import Odds, Risk
from landport.model.itinerary import Itinerary, Stretch
from landport.model.network import Network, Transfer
from landport.model.services import ServiceLeg
from landport.route.arrays import Ints, Space
from landport.route.opening import begun

STRANDED = 1 << 60
"""Minute at which a sample arrives that misses the last departure; none that arrives is so late."""

ROOM = 1 << 22
"""Numbers kept in each of three memories: 32 MB."""

FEWEST_KEPT = 32
"""Vectors kept in each of them, however many samples."""

OFFERS_KEPT = 1 << 13
"""Boardings whose departures are remembered."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Departures for one boarding, k of them ranked by (arrival, departure, leg) as planned.

    Parameters
    ----------
    departs
        By rank; last, rank k, `STRANDED`; shape (k + 1,).
    pattern
        Index into `patterns` by rank; last, rank k, -1; shape (k + 1,).
    patterns
        Service id, first and last leg.
    by_cut_off
        For each cut-off: it, its departure minutes in order, and the best rank from each of them on, k after the last.
    """

    departs: Ints
    pattern: Ints
    patterns: tuple[tuple[str, int, int], ...]
    by_cut_off: tuple[tuple[int, Ints, Ints], ...]

    def ranks(self, at: Ints, ready: Ints) -> Ints:
        """Choose the earliest arrival among what can be boarded; k: nothing."""
        best = np.full(len(at), len(self.departs) - 1, np.int64)
        for cut_off, departs, ranks in self.by_cut_off:
            best = np.minimum(best, ranks[np.searchsorted(departs, np.maximum(ready, at + cut_off))])
        return best


class Sampler:
    """Samples itineraries of one space.

    Parameters
    ----------
    space, network
        The dated legs, and the network they were laid out from.
    n_samples, seed
        Draws, common to all itineraries asked for.

    Notes
    -----
    The time of a transfer is lognormal about its row's minutes, from the first minute of the sample at which the place
    is open, and so is the dwell of a ride at a border that it
    passes, about the planned dwell with the sigma of the row passed. A load leaves by the departure planned, or, if it
    is not there in time (row or cut-off), by the one that can be boarded by the same transfer, leads on one train to
    the same place and arrives first as planned. Departures leave where they are boarded, and run, as planned. Trucks on
    demand leave when the load is ready.

    Common random numbers: a sample is one state of the network, in which each row is as much slower or faster than
    usual for every load at any time. No way passes a row twice, so its times are independent; and no sample gains by
    arriving later. The draws of a row depend on seed and id alone, not on what is asked or in what order. Without
    kernels: some 0.1 ms a stretch of 10,000 samples, and 0.2 ms a row first seen.
    """

    def __init__(self, space: Space, network: Network, *, n_samples: int = 10_000, seed: int = 0) -> None:
        self.n_samples = n_samples
        self.seed = seed
        self._space = space
        self._services = network.services
        self._rows = {t.transfer_id: t for t in network.transfers}
        self._changes = Changes(network.transfers)
        self._classes = _classes_by_row(space, self._rows)
        ids = sorted({h.service.service_id for h in space.hops})
        number = {service_id: i for i, service_id in enumerate(ids)}
        self._ids = tuple(ids)
        self._service = np.array([number[h.service.service_id] for h in space.hops], np.int64)
        self._seq = np.array([h.leg.seq for h in space.hops], np.int64)
        self._service_of = {h.departure.departure_id: h.service.service_id for h in space.hops}
        self._masks = [np.zeros(len(space.hops), np.int64)]
        self._mask_ids = {self._masks[0].tobytes(): 0}
        self._last_mask, self._last_mask_id = self._masks[0], 0
        kept = max(FEWEST_KEPT, ROOM // n_samples)
        self._draws = lru_cache(kept)(self._drawn)
        self._rides = lru_cache(kept)(self._ridden)
        self._reached = lru_cache(kept)(self._reach)
        self._offers = lru_cache(OFFERS_KEPT)(self._offer)

    def odds(self, itinerary: Itinerary, *, due_at: int | None, blocked: Ints | None = None) -> Odds:
        """Tell when an itinerary arrives, and which boardings put that at risk.

        Parameters
        ----------
        itinerary
            Its departures are of the space.
        blocked
            1 where the load may not ride, by leg of the space, shape (n,); None: it may ride any.
        """
        ends, risks = self._reached(itinerary.stretches, itinerary.transfer_ids, self._mask_id(blocked))
        n = self.n_samples
        ordered = np.sort(ends)
        p50, p90 = (int(ordered[-(-n * tenths // 10) - 1]) for tenths in (5, 9))
        in_time = None if due_at is None else int(np.searchsorted(ordered, due_at, side="right"))
        return Odds(
            n_samples=n,
            seed=self.seed,
            by_due=None if in_time is None else round(in_time / n, 6),
            by_due_error=None if in_time is None else round(_error(in_time, n), 6),
            p50_at=p50 if p50 < STRANDED else None,
            p90_at=p90 if p90 < STRANDED else None,
            stranded=round((n - int(np.searchsorted(ordered, STRANDED))) / n, 6),
            risks=risks,
        )

    def arrivals(self, itinerary: Itinerary, *, blocked: Ints | None = None) -> Ints:
        """Sample the minute of arrival, `STRANDED` for never, shape (n_samples,)."""
        ends, _ = self._reached(itinerary.stretches, itinerary.transfer_ids, self._mask_id(blocked))
        return np.minimum(ends, STRANDED)

    def _mask_id(self, blocked: Ints | None) -> int:
        """Find the number of a mask's content; one array object is looked at once."""
        if blocked is None:
            return 0
        if self._last_mask is not blocked:
            self._last_mask = blocked
            self._last_mask_id = self._mask_ids.setdefault(blocked.tobytes(), len(self._masks))
            if self._last_mask_id == len(self._masks):
                self._masks.append(blocked)
        return self._last_mask_id

    def _reach(
        self, stretches: tuple[Stretch, ...], transfer_ids: tuple[str, ...], mask: int
    ) -> tuple[Ints, tuple[Risk, ...]]:
        """Sample the minute at which the last of some stretches ends, and the risks of all of them."""
        stretch = stretches[-1]
        if not transfer_ids:
            risk = Risk(stretch=1, place_id=stretch.from_id, missed=0.0, delay_minutes=0)
            if stretch.departure_id:
                return _kept(stretch.departs_at + self._ride(stretch)), (risk,)
            return _kept(np.full(self.n_samples, stretch.arrives_at, np.int64)), ()
        at, risks = self._reached(stretches[:-1], transfer_ids[:-1], mask)
        row = self._rows[transfer_ids[-1]]
        ready = begun(at, self._space.spans(row.place_id)) + self._draws(row.transfer_id, row.minutes)
        if not stretch.departure_id:
            return _kept(ready + (stretch.arrives_at - stretch.departs_at)), risks
        ends, missed, delay = self._board(stretch, at, ready, row.transfer_id, mask)
        risk = Risk(
            stretch=len(stretches),
            place_id=stretch.from_id,
            missed=round(missed / self.n_samples, 6),
            delay_minutes=delay,
        )
        return _kept(ends), (*risks, risk)

    def _board(self, stretch: Stretch, at: Ints, ready: Ints, transfer_id: str, mask: int) -> tuple[Ints, int, int]:
        """Ride a departure or a later one: minute of its end, how many miss it, mean delay of the boarding."""
        cut_off = self._services[self._service_of[stretch.departure_id]].cut_off_minutes
        ends = stretch.departs_at + self._ride(stretch)
        late = np.flatnonzero(np.maximum(ready, at + cut_off) > stretch.departs_at)
        if not len(late):
            return ends, 0, 0
        offer = self._offers(transfer_id, stretch.to_id, mask)
        ranks = offer.ranks(at[late], ready[late])
        departs, patterns = offer.departs[ranks], offer.pattern[ranks]
        ends[late] = departs
        for i in np.flatnonzero(np.bincount(patterns + 1)[1:]).tolist():
            on_it = late[patterns == i]
            ends[on_it] += self._rides(*offer.patterns[i])[on_it]
        gets_on = departs < STRANDED
        n_on = self.n_samples - len(late) + int(gets_on.sum())
        delay = int((departs[gets_on] - stretch.departs_at).sum())
        return ends, int((at[late] < STRANDED).sum()), round(delay / max(1, n_on))

    def _ride(self, stretch: Stretch) -> Ints:
        return self._rides(self._service_of[stretch.departure_id], stretch.first_leg, stretch.last_leg)

    def _ridden(self, service_id: str, first: int, last: int) -> Ints:
        """Sample the minutes from leaving on leg `first` to the end of leg `last`, shape (n_samples,)."""
        legs = self._services[service_id].legs[first - 1 : last]
        minutes = np.full(self.n_samples, sum(leg.running_minutes for leg in legs), np.int64)
        for before, leg in pairwise(legs):
            minutes += self._dwell(before, leg)
        return _kept(minutes)

    def _dwell(self, before: ServiceLeg, leg: ServiceLeg) -> Ints | int:
        """Sample the stop between two legs: random at a border, elsewhere as planned."""
        arrive = End(before.mode, before.gauge_mm, before.from_id)
        row = self._changes.passed(leg.from_id, arrive, End(leg.mode, leg.gauge_mm, leg.to_id))
        return self._draws(row.transfer_id, leg.dwell_minutes) if row else leg.dwell_minutes

    def _drawn(self, transfer_id: str, mean: int) -> Ints:
        """Draw times of a row: whole minutes, lognormal with a mean, shape (n_samples,)."""
        sigma = self._rows[transfer_id].sigma_milli / 1000
        key = crc32(f"transfer/{transfer_id}".encode())
        normal = np.random.default_rng((self.seed, key)).standard_normal(self.n_samples)
        return _kept(np.rint(mean * np.exp(sigma * normal - sigma * sigma / 2)).astype(np.int64))

    def _offer(self, transfer_id: str, to_id: str, mask: int) -> Offer:
        """Gather the departures that a load boards by a transfer and that lead on one train to a place."""
        s, target = self._space, self._space.place_of[to_id]
        firsts, lasts = _through(s, self._classes[transfer_id], self._masks[mask], target)
        order = np.lexsort((firsts, s.legs[firsts, 1], s.legs[lasts, 2]))
        firsts, lasts = firsts[order], lasts[order]
        rows = np.stack((self._service[firsts], self._seq[firsts], self._seq[lasts]), axis=1)
        patterns, pattern = np.unique(rows, axis=0, return_inverse=True)
        return Offer(
            departs=np.append(s.legs[firsts, 1], STRANDED),
            pattern=np.append(pattern.reshape(-1), -1).astype(np.int64),
            patterns=tuple((self._ids[i], first, last) for i, first, last in patterns.tolist()),
            by_cut_off=_by_cut_off(s.legs[firsts, 1], s.legs[firsts, 7]),
        )


def _kept(vector: Ints) -> Ints:
    """Guard what is shared against writing."""
    vector.setflags(write=False)
    return vector


def _error(count: int, n: int) -> float:
    share = (count + 1) / (n + 2)
    return sqrt(share * (1 - share) / (n + 2))


def _classes_by_row(space: Space, rows: Mapping[str, Transfer]) -> dict[str, list[int]]:
    """List the departure classes that each transfer leads to, trucks left out."""
    found: dict[str, set[int]] = {}
    for names in set(space.transfers):
        for k, transfer_id in enumerate(names[:-1]):
            if transfer_id:
                first = space.at_place[space.place_of[rows[transfer_id].place_id], 0]
                found.setdefault(transfer_id, set()).add(int(first) + k)
    return {transfer_id: sorted(classes) for transfer_id, classes in found.items()}


def _through(space: Space, classes: Sequence[int], blocked: Ints, target: int) -> tuple[Ints, Ints]:
    """Find first and last leg of every ride from some departure classes to a place, all of its legs open."""
    here = np.concatenate([space.members[space.classes[c, 0] : space.classes[c, 1], 0] for c in classes])
    starts, firsts, lasts = here, [], []
    while len(here):
        is_open = blocked[here] == 0
        starts, here = starts[is_open], here[is_open]
        ends = space.legs[here, 0] == target
        firsts.append(starts[ends])
        lasts.append(here[ends])
        ahead = space.legs[here, 4]
        goes_on = ~ends & (ahead >= 0)
        starts, here = starts[goes_on], ahead[goes_on]
    return np.concatenate(firsts), np.concatenate(lasts)


def _by_cut_off(departs: Ints, cut_offs: Ints) -> tuple[tuple[int, Ints, Ints], ...]:
    """Sort ranked departures, one list a cut-off, with the best rank from each on."""
    groups = []
    for cut_off in np.unique(cut_offs).tolist():
        ranks = np.flatnonzero(cut_offs == cut_off)
        ranks = ranks[np.argsort(departs[ranks], kind="stable")]
        best = np.minimum.accumulate(np.append(ranks, len(departs))[::-1])[::-1]
        groups.append((cut_off, departs[ranks], best))
    return tuple(groups)
