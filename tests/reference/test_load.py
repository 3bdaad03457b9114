"""Shipped rows as nouns: what a row says is read from its columns, and what cannot be is said."""

from __future__ import annotations

import pytest

from landport.errors import InputError
from landport.model.scenario import World
from landport.model.services import UNDER_WAY_DAYS
from landport.reference import load, table

COUNTRIES = table.records("countries")


def place(**cells: object) -> dict[str, object]:
    """A row of the table places, changed as said."""
    return {**table.records("places")[0], "country": "KZ", "unlocode": None, "osjd_code": None, **cells}


def test_every_wrong_code_of_a_place_is_said() -> None:
    """A country, UN/LOCODE or station code that cannot be is a problem with its row; all are listed."""
    nowhere = {**COUNTRIES[0], "country": "XX"}
    rows = [
        place(unlocode="CN URC", osjd_code="532909"),
        place(unlocode="XXURC"),
        place(osjd_code="532908"),
        place(country="XX"),
    ]
    with pytest.raises(InputError) as caught:
        load.places_from(rows, [*COUNTRIES, nowhere])
    found = [(p.file, p.row, p.column, p.value) for p in caught.value.problems]
    assert found == [
        ("places.csv", 3, "unlocode", "XXURC"),
        ("places.csv", 4, "osjd_code", "532908"),
        ("places.csv", 5, "country", "XX"),
    ]
    assert "expected 532909" in caught.value.problems[1].expected


def test_codes_of_a_place_are_read_in_one_form() -> None:
    """Spaces in a code go; a station of China has no check digit."""
    (found,) = load.places_from([place(country="CN", unlocode="cn urc", osjd_code="53 29 08")], COUNTRIES)
    assert (found.unlocode, found.osjd_code) == ("CNURC", "532908")


def test_every_place_says_what_its_trucks_cost(world: World) -> None:
    """The rate is the country's, and no country goes without one."""
    rate = {c["country"]: c["road_rate"] for c in COUNTRIES}
    for p in world.network.places.values():
        assert p.road_rate == rate[p.country]
        assert world.rules.milli(p.road_rate) > 0
    used = {p["country"] for p in table.records("places")}
    assert used == set(rate)
    assert {rate[c] for c in ("CN", "DE", "KZ")} == {f"road_{zone}_usd_per_km" for zone in ("cn", "eu", "ca")}


def test_containers_are_what_their_columns_say(world: World) -> None:
    """Equipment and positions come from the table; a reefer is no dry box, whatever its name."""
    for row in table.records("containers"):
        found = world.container_types[row["container_type"]]
        assert (found.equipment, found.teu) == (row["equipment"], row["teu"])
    wanted = {
        "20RF": "reefer",
        "40RH": "reefer",
        "40OT": "open-top",
        "20FR": "flat-rack",
        "20TK": "tank",
        "45HC": "dry",
    }
    assert {name: world.container_types[name].equipment for name in wanted} == wanted
    assert {t.teu for t in world.container_types.values() if t.length_ft == 20} == {1}
    assert {t.teu for t in world.container_types.values() if t.length_ft > 20} == {2}


def test_a_world_of_equipment_is_the_world_without_places(world: World) -> None:
    """What loads go by is the same; nothing can travel in it."""
    of = load.equipment()
    assert (of.container_types, of.wagon_types, of.rules) == (world.container_types, world.wagon_types, world.rules)
    assert of.reference_digest == world.reference_digest
    assert not any((of.network.places, of.network.lines, of.network.transfers, of.network.services))


def test_every_emission_factor_of_a_leg_says_what_it_is_per(world: World) -> None:
    """Gross mass on 1520 mm rails, cargo elsewhere: the basis stands in its own column."""
    basis = {r.rate_id: r.basis for r in world.rules.rates}
    for service in world.network.services.values():
        for leg in service.legs:
            is_gross = leg.mode == "rail" and leg.gauge_mm == 1520
            assert basis[leg.co2_rate] == ("gross" if is_gross else "net"), leg
    assert {r.rate_id for r in world.rules.rates if r.basis} < {r.rate_id for r in world.rules.rates if "CO2" in r.unit}


def test_no_train_is_under_way_longer_than_plans_look_back(world: World) -> None:
    """Whoever can still be boarded, at the latest for the last leg, left its first stop within `UNDER_WAY_DAYS`."""
    for service in world.network.services.values():
        minutes = (
            sum(leg.dwell_minutes + leg.running_minutes for leg in service.legs) - service.legs[-1].running_minutes
        )
        assert minutes <= UNDER_WAY_DAYS * 1440, service.service_id
