"""Why a box stays or a train is cancelled, in words with figures."""

from __future__ import annotations

from landport.assemble.batches import Option
from landport.assemble.state import Box, State
from landport.model.itinerary import Refusal

NAMES = {"teu": "TEU", "cargo_kg": "kg of boxes", "gross_kg": "kg of train", "wagons": "TEU of wagons"}


def cancelled_why(state: State, departure_id: str) -> str:
    """Say why a hub train does not run."""
    least = state.problem.min_teu(departure_id)
    wanted = sum(
        len(batch.containers) * batch.teu
        for batch in state.problem.batches
        if any(departure_id in option.trains for option in batch.options)
    )
    if wanted < least:
        return f"{wanted} TEU could ride it, {least - wanted} below the minimum of {least}"
    for cap in state.problem.caps:
        if departure_id in cap.departure_ids and sum(d in state.running for d in cap.departure_ids) >= cap.most:
            return cap.why
    return "what could ride it travels cheaper, with its share of the fixed cost, on other departures"


def left_why(state: State, box: Box) -> Refusal:
    """Find what binds a box that has ways but none was taken: the reason of its cheapest way first."""
    options = sorted(box.batch.options, key=lambda o: o.usd_cents)
    reasons = [_binding(state, box, option) for option in options]
    codes = {code for code, _ in reasons}
    code, why = reasons[0]
    if codes == {"full"}:
        why += f"; all {len(reasons)} ways that arrive in time are full"
    elif len(reasons) > 1:
        why += f"; the {len(reasons) - 1} other ways in time are {_others(codes)}"
    return Refusal(state="waiting", code=code, why=why)


def _others(codes: set[str]) -> str:
    words = {"full": "full", "cancelled": "cancelled", "no-wagon": "without a wagon for it", "dear": "too dear"}
    return " or ".join(words[c] for c in sorted(codes))


def _binding(state: State, box: Box, option: Option) -> tuple[str, str]:
    container_id = box.container.container_id
    for departure_id in option.trains:
        if departure_id not in state.running:
            return "cancelled", f"{departure_id} is cancelled: {cancelled_why(state, departure_id)}"
        if (container_id, departure_id) in state.banned:
            return "no-wagon", state.rejections[container_id]
    for row, amount in sorted(option.uses.items()):
        if state.room[row] < amount:
            limit = state.problem.resources.rows[row]
            where = f"leg {limit.seq} of {limit.departure_id}" if limit.seq else f"the yard on {limit.departure_id}"
            return "full", f"{where} is full: {limit.room - state.room[row]} of {limit.room} {NAMES[limit.what]}"
    dollars, weight = option.usd_cents // 100, box.batch.left_cents // 100
    return "dear", f"its cheapest way costs {dollars} USD with time and lateness, leaving it weighs {weight} USD"
