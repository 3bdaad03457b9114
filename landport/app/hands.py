"""Decisions by hand in a re-plan: pins and bans of containers and departures, and where they clash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from landport.errors import Infeasible
from landport.model.itinerary import Itinerary
from landport.model.journeys import Pricing
from landport.model.plans import Hand


@dataclass(frozen=True, slots=True)
class Hands:
    """Pins and bans, by what they are about.

    Parameters
    ----------
    onto, off
        Departures that a container must ride, or must not.
    stay, wait
        Containers that must ride as before, and those that must not ride at all.
    run, ban
        Departures that must run, and those that nobody rides; of the latter hub trains are cancelled.
    """

    onto: Mapping[str, frozenset[str]] = field(default_factory=dict)
    off: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stay: frozenset[str] = frozenset()
    wait: frozenset[str] = frozenset()
    run: frozenset[str] = frozenset()
    ban: frozenset[str] = frozenset()

    def allows(self, container_id: str, way: Itinerary) -> bool:
        """Tell whether a container may take a way."""
        trains = {s.departure_id for s in way.stretches}
        is_barred = trains & (self.off.get(container_id, frozenset()) | self.ban) or container_id in self.wait
        return not is_barred and self.onto.get(container_id, frozenset()) <= trains

    def is_about(self, container_id: str, trains: Iterable[str]) -> bool:
        """Tell whether a container may have to leave its rides by hand."""
        named = container_id in self.onto or container_id in self.wait
        return named or any(d in self.ban or d in self.off.get(container_id, ()) for d in trains)


def sorted_out(hands: Sequence[Hand], pricing: Pricing) -> Hands:
    """Sort decisions by what they are about.

    Raises
    ------
    Infeasible
        `hands-clash`: two of them cannot both be kept, or a train is to run that the plan does not decide on.
    """
    found: dict[str, set[Hand]] = {}
    for hand in hands:
        found.setdefault(_kind(hand), set()).add(hand)
    sets = {
        kind: frozenset(h.container_id or h.departure_id for h in of)
        for kind, of in found.items()
        if kind not in ("onto", "off")
    }
    made = Hands(
        onto=_by_container(found.get("onto", ())),
        off=_by_container(found.get("off", ())),
        stay=sets.get("stay", frozenset()),
        wait=sets.get("wait", frozenset()),
        run=sets.get("run", frozenset()),
        ban=sets.get("ban", frozenset()),
    )
    _expect_peace(made, pricing)
    return made


def _kind(hand: Hand) -> str:
    if hand.container_id and hand.departure_id:
        return "onto" if hand.what == "pin" else "off"
    if hand.container_id:
        return "stay" if hand.what == "pin" else "wait"
    return "run" if hand.what == "pin" else "ban"


def _by_container(hands: Iterable[Hand]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for hand in hands:
        found.setdefault(hand.container_id, set()).add(hand.departure_id)
    return {c: frozenset(of) for c, of in found.items()}


def _expect_peace(hands: Hands, pricing: Pricing) -> None:
    for container_id, trains in sorted(hands.onto.items()):
        for departure_id in sorted(trains):
            if departure_id in hands.off.get(container_id, ()):
                _clash(f"{container_id} is pinned to {departure_id}, and banned from it", container_id, departure_id)
            if departure_id in hands.ban:
                _clash(f"{container_id} is pinned to {departure_id}, which is banned", container_id, departure_id)
        if container_id in hands.wait:
            _clash(f"{container_id} is pinned to a departure, and banned from all", container_id)
    for container_id in sorted(hands.stay & hands.wait):
        _clash(f"{container_id} is pinned to its rides, and banned from all", container_id)
    for departure_id in sorted(hands.run):
        if departure_id in hands.ban:
            _clash(f"{departure_id} is pinned, and banned", departure_id)
        if not pricing.is_decided(departure_id):
            _clash(f"{departure_id} is pinned, but it is no hub train of the plan's days", departure_id)


def _clash(text: str, *about: str) -> None:
    raise Infeasible("hands-clash", f"decisions by hand clash: {text}", about)
