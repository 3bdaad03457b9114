"""What a way costs and emits, line by line: quantity times rate, with the parameter and who published it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from landport.model import tariff
from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choice, Choices
from landport.model.itinerary import Trip
from landport.model.network import Network, Transfer
from landport.model.plans import Charge
from landport.model.rules import Rate, Rules
from landport.model.services import Service
from landport.reference import table
from landport.report.route_facts import Move, TimedLeg, take_apart
from landport.report.route_tolls import Toll

METHOD = "ISO 14083 / GLEC"
"""How emissions are counted: mass times distance times factor, leg by leg."""

OWN = "the scenario's own table"
ASSUMED = "assumed by the what-if"
SHARE, TARE = "bought_load_share", "wagon_tare_t_per_feu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the explanation: quantity times rate gives money or emissions.

    Parameters
    ----------
    ride
        Number of the ride, from 1; of a transfer that of the ride before it.
    kind
        Of money: price, share (of a hub train's fixed cost), road, transfer or quota. Of emissions: emission (of a leg)
        or terminal (of a transfer).
    subject_id
        Service leg (`SERVICE/leg`), transfer, road rate or order that is spoken of.
    mass_kg, length_km
        Of one box over one leg, for emissions; else 0.
    n_boxes
        Boxes it is for; each is rounded alone.
    quantity_milli, unit, rate_milli, rate_unit
        In thousandths; of all boxes.
    rate_id
        Where the rate stands: a parameter, or a row of a table.
    also_ids
        Further parameters that are in the figure.
    source, confidence
        Who published the rate, and how sure it is.
    """

    ride: int
    kind: str
    from_id: str
    to_id: str
    subject_id: str
    mass_kg: int
    length_km: int
    n_boxes: int
    quantity_milli: int
    unit: str
    rate_milli: int
    rate_unit: str
    rate_id: str
    also_ids: tuple[str, ...]
    source: str
    confidence: str
    usd_cents: int
    gco2e: int

    @property
    def is_emission(self) -> bool:
        """Tell whether it counts grams, not cents."""
        return self.kind in ("emission", "terminal")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What prices depend on: the trip, the size of a box, rules, and which services a what-if assumed."""

    trip: Trip
    teu: int
    rules: Rules
    assumed: frozenset[str]


def lines(
    choice: Choice, choices: Choices, network: Network, rules: Rules, orders: Sequence[RestrictionOrder] = ()
) -> tuple[Line, ...]:
    """Explain every charge of a choice, in the order in which the load meets them.

    Parameters
    ----------
    network
        Under the edits of the what-if.
    orders
        Restriction orders in force: they say what passing under their quotas costs.

    Returns
    -------
    tuple[Line, ...]
        Its cents and grams add up to those of the choice.

    Notes
    -----
    Counted from service legs, transfers, road lines and rules as `model.tariff` does; of the charges only the rate id
    is read, which says whether a train's fixed cost is shared and which quota is paid, and the TEU.
    """
    trip = choices.trip
    assumed = frozenset(s.service_id for s in choices.what_if.services)
    asked = _Asked(trip, _teu(choice, trip), rules, assumed)
    way = take_apart(choice, choices, network, orders)
    transfers = {t.transfer_id: t for t in network.transfers}
    found: list[Line] = []
    for move in way.moves:
        row = transfers.get(choice.itinerary.transfer_ids[move.number - 2]) if move.number > 1 else None
        if row is not None:
            found += (_transfer(move.number - 1, row, asked), _hub(move.number - 1, row, asked))
        if move.service is not None:
            found += _train(move, move.service, asked)
        elif not move.stretch.departure_id:
            found += _truck(move, network, asked)
        found += [_quota(toll, asked) for toll in move.tolls]
    return tuple(found)


def parameters(found: Iterable[Line], rules: Rules) -> tuple[Rate, ...]:
    """List the parameters that lines use, each once, in order."""
    known = {rate.rate_id: rate for rate in rules.rates}
    ids = dict.fromkeys(i for line in found for i in (line.rate_id, *line.also_ids) if i in known)
    return tuple(known[i] for i in ids)


def _teu(choice: Choice, trip: Trip) -> int:
    """Read the TEU of one box from a charge by TEU; on a way of trucks alone, from the type."""
    for charge in choice.charges:
        if charge.kind in ("freight", "handling"):
            return charge.quantity // max(1, trip.n_boxes)
    return next((r["teu"] for r in table.records("containers") if r["container_type"] == trip.container_type), 2)


def _train(move: Move, service: Service, asked: _Asked) -> Iterator[Line]:
    shared = _is_shared(move.charge)
    for timed in move.legs:
        leg = timed.leg
        if leg is None:
            continue
        leg_id = f"{service.service_id}/{leg.seq}"
        source, confidence = _sourced("service_legs", "leg_id", leg_id, "usd_per_teu", leg.usd_cents_per_teu)
        if service.service_id in asked.assumed:
            source, confidence = ASSUMED, "assumed"
        yield _per_teu(move.number, "price", timed, leg_id, leg.usd_cents_per_teu, (source, confidence), (), asked)
        if shared:
            cents = tariff.fixed_share_cents(service, leg, asked.rules)
            sourced = _sourced("services", "service_id", service.service_id, "fixed_usd", service.fixed_usd_cents)
            yield _per_teu(move.number, "share", timed, leg_id, cents, sourced, (SHARE,), asked)
        yield _emission(move.number, timed, leg_id, leg.co2_rate, asked)


def _is_shared(charge: Charge | None) -> bool:
    """Tell whether the fixed cost of a later plan's hub train is shared: see `tariff.ride`."""
    return charge is not None and charge.rate_id.endswith("+share")


def _per_teu(
    ride: int,
    kind: str,
    timed: TimedLeg,
    leg_id: str,
    cents: int,
    sourced: tuple[str, str],
    also: tuple[str, ...],
    asked: _Asked,
) -> Line:
    n_teu = asked.teu * asked.trip.n_boxes
    return Line(
        ride=ride,
        kind=kind,
        from_id=timed.from_id,
        to_id=timed.to_id,
        subject_id=leg_id,
        mass_kg=0,
        length_km=0,
        n_boxes=asked.trip.n_boxes,
        quantity_milli=n_teu * 1000,
        unit="TEU",
        rate_milli=cents * 10,
        rate_unit="USD per TEU",
        rate_id=f"service_legs {leg_id}" if kind == "price" else f"services {leg_id.partition('/')[0]}",
        also_ids=also,
        source=sourced[0],
        confidence=sourced[1],
        usd_cents=cents * n_teu,
        gco2e=0,
    )


def _transfer(ride: int, row: Transfer, asked: _Asked) -> Line:
    n_teu = asked.teu * asked.trip.n_boxes
    # The table has whole FEU; a TEU is half of it, rounded up.
    source, confidence = _sourced("transfers", "transfer_id", row.transfer_id, "usd_per_feu", row.usd_cents_per_teu, 2)
    return Line(
        ride=ride,
        kind="transfer",
        from_id=row.place_id,
        to_id=row.place_id,
        subject_id=row.transfer_id,
        mass_kg=0,
        length_km=0,
        n_boxes=asked.trip.n_boxes,
        quantity_milli=n_teu * 1000,
        unit="TEU",
        rate_milli=row.usd_cents_per_teu * 10,
        rate_unit="USD per TEU",
        rate_id=f"transfers {row.transfer_id}",
        also_ids=(),
        source=source,
        confidence=confidence,
        usd_cents=row.usd_cents_per_teu * n_teu,
        gco2e=0,
    )


def _quota(toll: Toll, asked: _Asked) -> Line:
    """Explain a passage under a quota: its order is the tariff; without it, what was charged says the price."""
    n_teu, order = asked.teu * asked.trip.n_boxes, toll.order
    cents = toll.charge.usd_cents // max(1, n_teu) if order is None else order.usd_cents_per_teu
    return Line(
        ride=toll.ride,
        kind="quota",
        from_id=toll.place_id,
        to_id=toll.place_id,
        subject_id=toll.charge.rate_id,
        mass_kg=0,
        length_km=0,
        n_boxes=asked.trip.n_boxes,
        quantity_milli=n_teu * 1000,
        unit="TEU",
        rate_milli=cents * 10,
        rate_unit="USD per TEU",
        rate_id=f"orders {toll.number}",
        also_ids=(),
        source=toll.issuer or OWN,
        confidence="given",
        usd_cents=cents * n_teu,
        gco2e=0,
    )


def _hub(ride: int, row: Transfer, asked: _Asked) -> Line:
    """Explain what a terminal emits for a transfer, which `tariff.change` counts."""
    rate, trip = asked.rules.rate(tariff.HUB_CO2), asked.trip
    return Line(
        ride=ride,
        kind="terminal",
        from_id=row.place_id,
        to_id=row.place_id,
        subject_id=row.transfer_id,
        mass_kg=trip.cargo_kg,
        length_km=0,
        n_boxes=trip.n_boxes,
        quantity_milli=trip.cargo_kg * trip.n_boxes,
        unit="t",
        rate_milli=rate.milli,
        rate_unit=rate.unit,
        rate_id=rate.rate_id,
        also_ids=(),
        source=rate.source,
        confidence=rate.confidence,
        usd_cents=0,
        gco2e=tariff.rounded(trip.cargo_kg * rate.milli, 1_000_000) * trip.n_boxes,
    )


def _truck(move: Move, network: Network, asked: _Asked) -> Iterator[Line]:
    timed = move.legs[0]
    rate = asked.rules.rate(tariff.road_rate(move.stretch.from_id, network.places))
    n = asked.trip.n_boxes
    yield Line(
        ride=move.number,
        kind="road",
        from_id=timed.from_id,
        to_id=timed.to_id,
        subject_id=rate.rate_id,
        mass_kg=0,
        length_km=timed.length_km,
        n_boxes=n,
        quantity_milli=timed.length_km * n * 1000,
        unit="truck-km",
        rate_milli=rate.milli,
        rate_unit=rate.unit,
        rate_id=rate.rate_id,
        also_ids=(),
        source=rate.source,
        confidence=rate.confidence,
        usd_cents=tariff.rounded(timed.length_km * rate.milli, 10) * n,
        gco2e=0,
    )
    yield _emission(move.number, timed, rate.rate_id, tariff.TRUCK_CO2, asked)


def _emission(ride: int, timed: TimedLeg, subject_id: str, rate_id: str, asked: _Asked) -> Line:
    rate, trip = asked.rules.rate(rate_id), asked.trip
    is_gross = rate.basis == "gross"
    kg = trip.gross_kg + tariff.rounded(asked.rules.milli(TARE) * asked.teu, 2) if is_gross else trip.cargo_kg
    return Line(
        ride=ride,
        kind="emission",
        from_id=timed.from_id,
        to_id=timed.to_id,
        subject_id=subject_id,
        mass_kg=kg,
        length_km=timed.length_km,
        n_boxes=trip.n_boxes,
        quantity_milli=kg * timed.length_km * trip.n_boxes,
        unit="gross t·km" if is_gross else "t·km",
        rate_milli=rate.milli,
        rate_unit=rate.unit,
        rate_id=rate.rate_id,
        also_ids=(TARE,) if is_gross else (),
        source=rate.source,
        confidence=rate.confidence,
        usd_cents=0,
        gco2e=tariff.rounded(kg * timed.length_km * rate.milli, 1_000_000) * trip.n_boxes,
    )


@cache
def _rows(name: str, key: str) -> Mapping[str, Mapping[str, Any]]:
    return {row[key]: row for row in table.records(name)}


def _sourced(name: str, key: str, row_id: str, column: str, cents: int, share: int = 1) -> tuple[str, str]:
    """Find who published a price, and how sure it is; a row that says another price did not."""
    row = _rows(name, key).get(row_id)
    if row is None or -(-(row[column] or 0) // share) != cents:
        return OWN, "given"
    return row["source"], row["confidence"]
