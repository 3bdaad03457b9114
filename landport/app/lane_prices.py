"""Prices of services taken apart: what a train costs as a whole, and what a position on it costs."""

from __future__ import annotations

from landport.model.network import Network
from landport.model.rules import Rules
from landport.model.services import Service
from landport.model.tariff import fixed_share_cents, road_rate, rounded


class Prices:
    """Prices by the leg, numbered from 1, for one TEU."""

    def __init__(self, network: Network, rules: Rules) -> None:
        self._places = network.places
        self.rules = rules
        self._full = rules.milli("bought_load_share")
        self._fixed = rules.milli("rail_fixed_cost_share")
        self._value = rules.milli("value_of_time_usd_per_feu_day")
        self.cut_off_minutes = rules.milli("hub_cutoff_h") * 60 // 1000

    def fair(self, service: Service, leg: int) -> int:
        """Price a position on a fairly full train, with its share of what the train costs as a whole."""
        one = service.legs[leg - 1]
        share = fixed_share_cents(service, one, self.rules) if service.operation == "hub" else 0
        return one.usd_cents_per_teu + share

    def whole(self, service: Service) -> int:
        """Share one run of a hub train among the positions that a fairly full one sells, however far they go."""
        capacity = min(leg.capacity_teu for leg in service.legs)
        return rounded(service.fixed_usd_cents * 1000, max(1, self._full * capacity))

    def position(self, service: Service, leg: int) -> int:
        """Price a position alone, on a train whose fixed cost is paid apart."""
        one = service.legs[leg - 1]
        if service.operation == "hub":
            return one.usd_cents_per_teu
        return one.usd_cents_per_teu - rounded(one.usd_cents_per_teu * self._fixed, 1000)

    def fixed(self, service: Service, leg: int) -> int:
        """Price running one train over a leg, whoever rides it.

        Notes
        -----
        Of a train of the hub's by its length; of a bought one the share `rail_fixed_cost_share` of all positions that
        a fairly full one sells.
        """
        one = service.legs[leg - 1]
        if service.operation == "hub":
            km = max(1, sum(other.length_km for other in service.legs))
            return rounded(service.fixed_usd_cents * one.length_km, km)
        return rounded(one.usd_cents_per_teu * self._fixed * self._full * one.capacity_teu, 1_000_000)

    def truck(self, from_id: str, length_km: int) -> tuple[str, int]:
        """Price a truck on demand, which takes two TEU: rate, cents a TEU."""
        rate_id = road_rate(from_id, self._places)
        return rate_id, rounded(length_km * self.rules.milli(rate_id), 20)

    def weight(self, minutes: int) -> int:
        """Weigh the time of one TEU, in cents."""
        return rounded(minutes * self._value, 10 * 2 * 1440)
