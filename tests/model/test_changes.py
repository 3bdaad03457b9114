"""Transfers between rides, and trucks on demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from landport.model.changes import Changes, End, roads
from landport.reference import load

NETWORK = load.world().network
RULES = load.world().rules
CHANGES = Changes(NETWORK.transfers)


def test_the_border_row_changes_the_gauge_for_what_came_from_china():
    """At Altynkol a box from Khorgos changes to 1520 mm."""
    found = CHANGES.find("ALT", End("rail", 1435, "HRG"), End("rail", 1520, "ALM"))
    assert found is not None
    assert (found.kind, found.minutes) == ("gauge-change", 600)


def test_terminal_work_comes_before_border_rows():
    """From truck to train at the hub is a lift of eight hours."""
    found = CHANGES.find("URC", End("road", 0, ""), End("rail", 1435, "HRG"))
    assert found is not None
    assert (found.kind, found.neighbour_id, found.minutes) == ("lift", "", 480)


def test_what_no_row_allows_cannot_be_done():
    """No train changes to a ferry in Urumqi."""
    assert CHANGES.find("URC", End("rail", 1435, "HRG"), End("ferry", 0, "ALE")) is None


def test_trucks_stay_in_their_country_and_within_reach():
    """Korla to the hub is on; Urumqi to Almaty is a service, not an on-demand truck."""
    ways = roads(NETWORK.lines, NETWORK.places, RULES)
    assert ways["KRL", "URC"].length_km == 460
    assert ("URC", "ALM") not in ways
    assert max(way.length_km for way in ways.values()) <= RULES.milli("truck_reach_km") // 1000 == 1500
    assert all(NETWORK.places[a].country == NETWORK.places[b].country for a, b in ways)


def test_the_reach_of_a_truck_is_a_rate():
    """With a reach of 460 km Korla is on, with one less it is not."""
    for km in (460, 459):
        rates = tuple(replace(r, milli=km * 1000) if r.rate_id == "truck_reach_km" else r for r in RULES.rates)
        ways = roads(NETWORK.lines, NETWORK.places, replace(RULES, rates=rates))
        assert (("KRL", "URC") in ways) == (km == 460)


def test_roads_take_the_quickest_way_through():
    """From Tacheng's neighbour to the hub the legs add up, both ways alike."""
    ways = roads(NETWORK.lines, NETWORK.places, RULES)
    assert ways["KHG", "URC"].running_minutes == ways["URC", "KHG"].running_minutes
    assert ways["AKS", "URC"].running_minutes <= ways["AKS", "KRL"].running_minutes + ways["KRL", "URC"].running_minutes


def test_the_network_of_a_day_has_only_what_was_open():
    """Hotan-Ruoqiang opened on 16 June 2022, and with it the service that runs over it."""
    before, after = NETWORK.as_of(date(2022, 6, 15)), NETWORK.as_of(date(2022, 6, 16))
    opened = {line.line_id for line in after.lines} - {line.line_id for line in before.lines}
    assert opened == {"R-HTN-RUO-1435"}
    assert set(after.services) - set(before.services) == {"O-LZHHTN"}
