"""Why a box stays or a train is cancelled, in words with figures."""

from __future__ import annotations

from landport.assemble.batches import Option
from landport.assemble.resources import Row
from landport.assemble.state import Box, State
from landport.model.itinerary import Refusal

NAMES = {
    "teu": "TEU",
    "cargo_kg": "kg of boxes",
    "gross_kg": "kg of train",
    "plugs": "plugs",
    "wagons": "TEU of wagons",
    "lift": "lifts",
    "gauge-change": "TEU changing gauge",
    "transfer": "TEU",
}


class Reasons:
    """Reasons of a finished plan.

    Parameters
    ----------
    state
        The plan; it must not change any more.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._cancelled: dict[str, str] = {}
        self._quotas = {order.order_id: order for order in state.problem.resources.pricing.quotas}
        self._under = _under_quotas(state)
        self._could: dict[str, tuple[int, int]] = {}
        for batch in state.problem.batches:
            riding = batch.teu * sum(c.container_id in state.chosen for c in batch.containers)
            waiting = batch.teu * len(batch.containers) - riding
            for departure_id in {d for option in batch.options for d in option.trains}:
                others, left = self._could.get(departure_id, (0, 0))
                self._could[departure_id] = (others + riding, left + waiting)

    def cancelled(self, departure_id: str) -> str:
        """Say why a hub train does not run."""
        if departure_id not in self._cancelled:
            self._cancelled[departure_id] = self._why_cancelled(departure_id)
        return self._cancelled[departure_id]

    def _why_cancelled(self, departure_id: str) -> str:
        state = self._state
        least, (riding, waiting) = state.problem.min_teu(departure_id), self._could.get(departure_id, (0, 0))
        if riding + waiting == 0:
            return "no freight: nothing could ride it"
        if riding + waiting < least:
            return f"too little freight: {riding + waiting:,} TEU could ride it, it needs {least:,}"
        for cap in state.problem.caps:
            if departure_id in cap.departure_ids and sum(d in state.running for d in cap.departure_ids) >= cap.most:
                return f"limit on trains: {cap.why}"
        for row, could in self._under.get(departure_id, {}).items():
            if could < max(1, least):
                needs = f", it needs {least:,}" if least else ""
                return f"too small a quota: room for {could:,} TEU is left{needs}; {self._quota(row)}"
        if departure_id in state.thin:
            return f"too little on board: {state.thin[departure_id]:,} TEU found room and wagons, it needs {least:,}"
        dollars = state.problem.fixed_cents(departure_id) // 100
        dear = f"too dear: {dollars:,} USD to run" if dollars else "not needed"
        return f"{dear}{';' if dollars else ':'} {_elsewhere(riding, waiting, least)}"

    def left(self, box: Box) -> Refusal:
        """Find what binds a box that has ways but none was taken: the reason of its cheapest way first."""
        options = sorted(box.batch.options, key=lambda o: o.usd_cents)
        codes = [self._code(box, option) for option in options]
        why = self._words(codes[0], box, options[0])
        if len(codes) == 1:
            why += "; no other way was found"
        elif set(codes) in ({"full"}, {"quota"}):
            why += f"; all {len(codes)} ways looked at are {_others(set(codes))}"
        else:
            others = "other way looked at is" if len(codes) == 2 else f"{len(codes) - 1} other ways looked at are"
            why += f"; the {others} {_others(set(codes))}"
        return Refusal(state="waiting", code=codes[0], why=why)

    def _code(self, box: Box, option: Option) -> str:
        """Name what binds first along a way; a full quota binds whatever trains run."""
        state = self._state
        rows = state.problem.resources.rows
        lacking = [rows[row] for row, amount in option.uses.items() if state.room[row] < amount]
        if any(row.what == "quota" for row in lacking):
            return "quota"
        for departure_id in option.trains:
            if departure_id not in state.running:
                return "cancelled"
            if (box.container.container_id, departure_id) in state.banned:
                return "no-wagon"
        return "full" if lacking else "dear"

    def _words(self, code: str, box: Box, option: Option) -> str:
        state, container_id = self._state, box.container.container_id
        if code == "cancelled":
            departure_id = next(d for d in option.trains if d not in state.running)
            return f"{departure_id} is cancelled: {self.cancelled(departure_id)}"
        if code == "no-wagon":
            return state.rejections[container_id]
        rows = state.problem.resources.rows
        lacking = sorted(row for row, amount in option.uses.items() if state.room[row] < amount)
        if code == "quota":
            return self._quota(next(row for row in lacking if rows[row].what == "quota"))
        if code == "full":
            row = lacking[0]
            limit = rows[row]
            taken = f"{limit.room - state.room[row]:,} of {limit.room:,} {NAMES[limit.what]}"
            return f"{_where(limit)} is full: {taken}"
        dollars, weight = option.usd_cents // 100, box.batch.left_cents // 100
        return f"its cheapest way costs {dollars:,} USD with time and lateness, leaving it weighs {weight:,} USD"

    def _quota(self, row: int) -> str:
        """Quote the order of a quota, with what is taken of it."""
        limit, left = self._state.problem.resources.rows[row], self._state.room[row]
        order = self._quotas[limit.order_id]
        where = f"{order.place_id}-{order.towards_id}" if order.towards_id else order.place_id
        allows = f"allows {limit.room:,} TEU at {where} on {limit.departure_id}, {limit.room - left:,} are taken"
        return f"order {order.number} of {order.issuer} {allows}" + (f": {order.text}" if order.text else "")


def _where(limit: Row) -> str:
    """Name what a full row is of."""
    if limit.seq:
        return f"leg {limit.seq} of {limit.departure_id}"
    return f"{limit.at_id or 'the yard'} on {limit.departure_id}"


def _under_quotas(state: State) -> dict[str, dict[int, int]]:
    """Count the TEU that what is left of each quota lets ride a hub train: by train, then by row of the quota.

    Boxes that could ride the train without the quota are all among them.
    """
    is_quota = {i for i, row in enumerate(state.problem.resources.rows) if row.what == "quota"}
    could: dict[str, int] = {}
    bound: dict[str, dict[int, int]] = {}
    for batch in state.problem.batches if is_quota else ():
        teu = batch.teu * len(batch.containers)
        for departure_id in {d for option in batch.options for d in option.trains}:
            onto = [is_quota & option.uses.keys() for option in batch.options if departure_id in option.trains]
            could[departure_id] = could.get(departure_id, 0) + teu
            rows = bound.setdefault(departure_id, {})
            for row in sorted(set.intersection(*onto)):
                rows[row] = rows.get(row, 0) + teu
    return {
        d: {row: could[d] - teu + min(teu, state.room[row]) for row, teu in rows.items()} for d, rows in bound.items()
    }


def _elsewhere(riding: int, waiting: int, least: int) -> str:
    """Say what becomes of the TEU that could ride a train; its minimum counts where some of them wait."""
    total = f"{riding + waiting:,} TEU that could ride it"
    if not waiting:
        return f"the {total} go by other departures"
    needs = f", it needs {least:,} TEU" if least else ""
    if not riding:
        return f"the {total} wait{needs}"
    return f"of {total} {riding:,} go by other departures and {waiting:,} wait{needs}"


def _others(codes: set[str]) -> str:
    words = {
        "full": "full",
        "quota": "under a full quota",
        "cancelled": "cancelled",
        "no-wagon": "without a wagon for it",
        "dear": "too dear",
    }
    return " or ".join(words[c] for c in sorted(codes))
