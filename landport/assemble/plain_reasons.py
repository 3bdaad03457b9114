"""Why containers of a plain case stay, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landport.assemble.hot import Ints
from landport.assemble.plain_ways import FAR, Network, cheapest
from landport.model.plain_assembly import MICROS, LeftBehind

Bools = NDArray[np.bool_]


def left_behind(net: Network, used: Ints, runs: set[int], waiting: Sequence[Sequence[int]]) -> tuple[LeftBehind, ...]:
    """List the containers that stay, with reasons.

    Parameters
    ----------
    used
        Riders of each service.
    runs
        Numbers of the trains that run.
    waiting
        Containers left of each kind and booking.
    """
    if not any(any(counts) for counts in waiting):
        return ()
    is_off = np.array([s.is_decided and i not in runs for i, s in enumerate(net.services)], np.bool_)
    is_full = used >= np.array([s.positions for s in net.services], np.int64)
    ideal, ways = cheapest(net, net.prices)
    with_room, _ = cheapest(net, np.where(is_off | is_full, FAR, net.prices))
    found = []
    for k, counts in enumerate(waiting):
        if any(counts):
            why = _why(net, k, int(ideal[k]), int(with_room[k]), ways[k], is_off, is_full)
            pairs = zip(net.bookings[k], counts, strict=True)
            found += [LeftBehind(booking_id=b.booking_id, containers=n, why=why) for b, n in pairs if n]
    return tuple(found)


def _why(net: Network, k: int, ideal: int, with_room: int, way: Ints, is_off: Bools, is_full: Bools) -> str:
    booking, left = net.bookings[k][0], int(net.left_micros[k])
    latest = int(net.kinds[k, 5])
    if ideal >= FAR:
        return f"no services lead to {booking.to_id} from hour {booking.ready_h} by hour {latest}"
    if ideal >= left:
        return f"its cheapest way costs {_money(ideal)}, leaving it {_money(left)}"
    if with_room < FAR:
        return f"the cheapest way with room costs {_money(with_room)}, leaving it {_money(left)}"
    ids = [net.services[s].service_id for s in way.tolist() if s >= 0]
    off = [net.services[s].service_id for s in way.tolist() if s >= 0 and is_off[s]]
    full = [net.services[s].service_id for s in way.tolist() if s >= 0 and is_full[s] and not is_off[s]]
    blocks = [f"{', '.join(off)} {'is' if len(off) == 1 else 'are'} cancelled"] if off else []
    blocks += [f"{', '.join(full)} {'is' if len(full) == 1 else 'are'} full"] if full else []
    return f"no way with room is left; on its cheapest, {' > '.join(ids)}, {' and '.join(blocks)}"


def _money(micros: int) -> str:
    return f"{micros / MICROS:,.2f}"
