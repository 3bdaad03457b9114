"""Shipped tables as nouns of `model`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from landport.errors import InputError, Problem
from landport.model.equipment import ContainerType, Good, WagonType
from landport.model.network import Line, Network, Transfer
from landport.model.places import Place, Places
from landport.model.rules import Rate, Rules, TrainRule
from landport.model.scenario import World
from landport.model.services import Service, ServiceLeg
from landport.reference import table
from landport.units import check_country, check_locode, check_station_code

Row = Mapping[str, Any]


@cache
def world() -> World:
    """Read the network, equipment and rules that ship with the package.

    Raises
    ------
    InputError
        A shipped table is broken; every broken row is listed.
    """
    network = Network(
        places=Places(places()),
        lines=tuple(_line(r) for r in table.records("lines")),
        transfers=tuple(_transfer(r) for r in table.records("transfers") if r["status"] == "open"),
        services=services_from(table.records("services"), table.records("service_legs")),
        planned_transfers=tuple(_transfer(r) for r in table.records("transfers") if r["status"] == "planned"),
        holidays=frozenset((r["country"], r["day_on"]) for r in table.records("holidays")),
    )
    return World(
        network=network,
        container_types=container_types(),
        wagon_types=wagon_types(),
        rules=rules(),
        reference_digest=table.digest(),
    )


@cache
def equipment() -> World:
    """Read containers, wagons and rules only: a world without places, for loads that go nowhere yet.

    Raises
    ------
    InputError
        A table that was read is broken; every broken row is listed.
    """
    return World(
        network=Network(places=Places(()), lines=(), transfers=(), services={}),
        container_types=container_types(),
        wagon_types=wagon_types(),
        rules=rules(),
        reference_digest=table.digest(),
    )


@cache
def places() -> tuple[Place, ...]:
    """Read the places, in table order."""
    return places_from(table.records("places"), table.records("countries"))


def places_from(rows: Iterable[Row], countries: Iterable[Row]) -> tuple[Place, ...]:
    """Join places and their countries, as rows of the tables `places` and `countries`.

    Raises
    ------
    InputError
        `input`: countries, UN/LOCODEs or station codes that cannot be; all are listed.
    """
    by_id = {r["country"]: r for r in countries}
    problems: list[Problem] = []
    found = tuple(_place(r, by_id[r["country"]], number, problems) for number, r in enumerate(rows, 2))
    if problems:
        raise InputError.of(problems)
    return found


def services_from(services: Iterable[Row], legs: Iterable[Row]) -> dict[str, Service]:
    """Join services and their legs, as rows of the tables `services` and `service_legs`.

    Returns
    -------
    dict[str, Service]
        By id, in table order; legs by seq.
    """
    by_service: dict[str, list[ServiceLeg]] = {}
    for row in legs:
        by_service.setdefault(row["service_id"], []).append(_leg(row))
    joined = {}
    for row in services:
        found = sorted(by_service.get(row["service_id"], []), key=lambda leg: leg.seq)
        joined[row["service_id"]] = _service(row, tuple(found))
    return joined


@cache
def container_types() -> dict[str, ContainerType]:
    """Read the container types by id."""
    return {r["container_type"]: _container(r) for r in table.records("containers")}


@cache
def wagon_types() -> dict[str, WagonType]:
    """Read the wagon types by id."""
    return {r["wagon_id"]: _wagon(r) for r in table.records("wagons")}


@cache
def goods() -> dict[str, Good]:
    """Read the categories of goods by id."""
    return {r["goods_id"]: _good(r) for r in table.records("goods")}


@cache
def rules() -> Rules:
    """Read rates, dated train rules and the segregation of dangerous goods."""
    pairs = {
        (min(r["class_a"], r["class_b"]), max(r["class_a"], r["class_b"]))
        for r in table.records("segregation")
        if r["same_container"] in ("forbid", "see_class_1_table")
    }
    return Rules(
        rates=tuple(_rate(r) for r in table.records("parameters")),
        train_rules=tuple(_train_rule(r) for r in table.records("train_rules") if r["train_class"]),
        forbidden_pairs=tuple(sorted(pairs)),
        wagons_between=tuple(
            sorted(
                (min(r["class_a"], r["class_b"]), max(r["class_a"], r["class_b"]), r["wagons_between"])
                for r in table.records("wagon_separation")
            )
        ),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _milli(value: float) -> int:
    return round(value * 1000)


def _place(r: Row, country: Row, number: int, problems: list[Problem]) -> Place:
    railway = country["railway"] or "UIC"  # only codes of 1520 mm have a check digit

    def checked(column: str, check: Callable[..., str], *more: object) -> str:
        text = _text(r[column])
        try:
            return check(text, *more) if text else ""
        except ValueError as error:
            problems.append(Problem(file="places.csv", row=number, column=column, value=text, expected=str(error)))
            return ""

    return Place(
        place_id=r["place_id"],
        name=r["name"],
        name_zh=_text(r["name_zh"]),
        name_ru=_text(r["name_ru"]),
        country=checked("country", check_country),
        lat=r["lat"],
        lon=r["lon"],
        kind=r["kind"],
        timezone=r["timezone"],
        road_rate=country["road_rate"],
        modes=tuple(r["modes"] or ()),
        aliases=tuple(r["aliases"] or ()),
        unlocode=checked("unlocode", check_locode),
        osjd_code=checked("osjd_code", check_station_code, railway),
    )


def _line(r: Row) -> Line:
    return Line(
        line_id=r["line_id"],
        from_id=r["from_id"],
        to_id=r["to_id"],
        mode=r["mode"],
        gauge_mm=r["gauge_mm"] or 0,
        length_km=round(r["length_km"]),
        running_minutes=r["running_h"],
        status=r["status"],
        opened_on=r["opened_on"],
    )


def _transfer(r: Row) -> Transfer:
    return Transfer(
        transfer_id=r["transfer_id"],
        place_id=r["place_id"],
        from_mode=r["from_mode"],
        from_gauge_mm=r["from_gauge_mm"] or 0,
        to_mode=r["to_mode"],
        to_gauge_mm=r["to_gauge_mm"] or 0,
        neighbour_id=_text(r["neighbour_id"]),
        direction=_text(r["direction"]),
        kind=r["kind"],
        minutes=r["mean_h"],
        usd_cents_per_teu=-(-r["usd_per_feu"] // 2),
        sigma_milli=_milli(r["sigma_lognormal"] or 0),
        teu_per_day=None if r["capacity_feu_per_day"] is None else round(2 * r["capacity_feu_per_day"]),
        trains_per_day=None if r["trains_per_day"] is None else round(r["trains_per_day"]),
    )


def _leg(r: Row) -> ServiceLeg:
    return ServiceLeg(
        seq=r["seq"],
        from_id=r["from_id"],
        to_id=r["to_id"],
        mode=r["mode"],
        gauge_mm=r["gauge_mm"] or 0,
        train_class=r["train_class"],
        line_ids=tuple(r["line_ids"] or ()),
        length_km=round(r["length_km"]),
        running_minutes=r["running_h"],
        dwell_minutes=r["dwell_h"] or 0,
        capacity_teu=r["capacity_teu"],
        max_length_mm=_milli(r["max_length_m"] or 0),
        max_gross_kg=_milli(r["max_gross_t"] or 0),
        max_cargo_kg=_milli(r["max_cargo_t"] or 0),
        usd_cents_per_teu=r["usd_per_teu"],
        co2_rate=r["co2_factor"],
    )


def _service(r: Row, legs: tuple[ServiceLeg, ...]) -> Service:
    hours, minutes = str(r["depart_local"]).split(":")[:2]
    return Service(
        service_id=r["service_id"],
        name=r["name"],
        mode=r["mode"],
        group=r["group"],
        operation=r["operation"],
        weekdays=tuple(int(d) for d in r["weekdays"]),
        every_n_weeks=r["every_n_weeks"],
        week_offset=r["week_offset"],
        depart_minute=int(hours) * 60 + int(minutes),
        cut_off_minutes=r["cut_off_h"],
        min_teu=2 * (r["min_feu"] or 0),
        fixed_usd_cents=r["fixed_usd"] or 0,
        legs=legs,
        no_run_on=tuple(r["no_run_on"] or ()),
        valid_from=r["valid_from"],
        valid_to=r["valid_to"],
    )


def _container(r: Row) -> ContainerType:
    return ContainerType(
        container_type=r["container_type"],
        name=r["name"],
        length_ft=r["length_ft"],
        teu=r["teu"],
        inside_length_mm=r["inside_length_mm"],
        inside_width_mm=r["inside_width_mm"],
        inside_height_mm=r["inside_height_mm"],
        outside_length_mm=r["outside_length_mm"],
        tare_kg=r["tare_kg"],
        max_gross_kg=r["max_gross_kg"],
        payload_kg=r["payload_kg"],
        equipment=r["equipment"],
    )


def _wagon(r: Row) -> WagonType:
    configurations = (
        tuple(ft for part in text.split("+") for ft in _times(part)) for text in r["configurations"].split("|")
    )
    limits = (part.split(":") for part in (r["position_limit_kg"] or "").split(";") if part)
    return WagonType(
        wagon_type=r["wagon_id"],
        name=r["name"],
        gauge_mm=r["gauge_mm"],
        length_mm=r["length_over_buffers_mm"],
        loading_length_mm=r["loading_length_mm"],
        axles=r["axles"],
        tare_kg=r["tare_kg"],
        payload_kg=r["payload_kg"],
        axle_load_kg=_milli(r["axle_load_t"]),
        configurations=tuple(configurations),
        position_limit_kg=tuple((0 if k == "box" else int(k.removesuffix("ft")), int(v)) for k, v in limits),
    )


def _times(part: str) -> tuple[int, ...]:
    count, _, length = part.partition("x")
    return (int(length),) * int(count)


def _good(r: Row) -> Good:
    return Good(
        goods_id=r["goods_id"],
        hs=r["hs"],
        name=r["name"],
        name_zh=_text(r["name_zh"]),
        name_ru=_text(r["name_ru"]),
        sector=r["sector"],
        packaging=r["packaging"],
        length_mm=r["length_mm"],
        width_mm=r["width_mm"],
        height_mm=r["height_mm"],
        mass_min_g=r["mass_min_kg"],
        mass_typ_g=r["mass_typ_kg"],
        mass_max_g=r["mass_max_kg"],
        density_kg_per_m3=round(r["stow_density_kg_per_m3"]),
        value_usd_cents_per_t=r["value_usd_per_t"],
        temperature_min_c=r["temperature_min_c"],
        temperature_max_c=r["temperature_max_c"],
        un_class=_text(r["un_class"]),
        un_number=_text(r["un_number"]),
        max_layers=r["max_layers"] or 1,
        max_on_top_g=r["max_on_top_kg"] or 0,
        this_way_up=bool(r["this_way_up"]),
        odour=_text(r["odour"]),
        equipment=_text(r["equipment"]),
        season_months=tuple(int(m) for m in r["season_months"] or ()),
        share_export=r["share_export"],
        share_import=r["share_import"],
    )


def _rate(r: Row) -> Rate:
    return Rate(
        rate_id=r["name"],
        milli=_milli(r["value"]),
        unit=r["unit"],
        source=r["source"],
        confidence=r["confidence"],
        basis=_text(r["basis"]),
    )


def _train_rule(r: Row) -> TrainRule:
    day: date | None = r["valid_from"]
    return TrainRule(
        rule_id=r["rule_id"],
        train_class=r["train_class"],
        valid_from=day,
        valid_to=r["valid_to"],
        rule=r["rule"],
        operator=r["operator"],
        milli=_milli(r["value"]),
        unit=r["unit"],
        applies_to=r["applies_to"],
    )
