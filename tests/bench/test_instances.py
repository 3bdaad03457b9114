"""The instances of the benchmark are the published ones, and stay what they are."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from bench.loading.instances import HC_SEEDS, bischoff_ratcliff, consignments, mixed_cartons, named, published, sample

ROOT = Path(__file__).parents[2]
BR = (
    "6bfee0a8e7fbfef2",
    "3402b5d3a368237b",
    "5fa115a276177077",
    "60d288cf13106bfe",
    "dd67976104e47588",
    "40ddb495192f93be",
    "adb445c06351e3fb",
    "84dcc594e87e288a",
    "1c40465282070864",
    "50051c187490db2b",
    "f133627a2d30ab68",
    "e18d76f6528670f4",
    "0c3e783ef53c14f2",
    "158a23ccab7d32a3",
    "b9c78534202ad1f6",
    "ddd2d6a8272f59d6",
)
"""Digests of all classes; 1 to 7 were compared with the published files when they were taken."""


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("family", range(16))
def test_classes_stay_what_they_are(family):
    """All 100 instances of each class have the digest that the published ones had."""
    assert digest(published(family)) == BR[family]


@pytest.mark.parametrize("family", range(1, 8))
def test_classes_are_the_published_ones(family):
    """The generator writes the files of the OR-Library, number by number."""
    folder = Path(os.environ.get("LANDPORT_INSTANCES", ROOT.parent / "shared" / "instances"))
    path = folder / "br" / f"BR{family}.txt"
    if not path.exists():
        pytest.skip(f"no {path.name}: set LANDPORT_INSTANCES to a folder with br/{path.name}")
    assert published(family) == " ".join(path.read_text().split())


def test_the_first_instance_is_known():
    """BR1-1: three types, as printed."""
    rows = [(r.length, r.width, r.height, r.vertical, r.count) for r in bischoff_ratcliff(1, 1).rows]
    assert rows == [(108, 76, 30, "h", 40), (110, 43, 25, "wh", 33), (92, 81, 55, "lwh", 39)]


@pytest.mark.parametrize(("make", "known"), [(mixed_cartons, "6f52257333cc3f61"), (consignments, "355481f371a2752e")])
def test_seeds_stay_what_they_are(make, known):
    """Loads and groupage of all published seeds have the digests of the first measurement."""
    assert digest(repr([make(seed) for seed in HC_SEEDS])) == known


@pytest.mark.parametrize("seed", HC_SEEDS)
def test_mixed_cartons_are_as_described(seed):
    """About a thousand cartons of 15 to 40 types, 115 % of the volume and not much more, some upright only."""
    load = mixed_cartons(seed)
    assert 15 <= len(load.rows) <= 40
    assert 900 <= sum(row.count for row in load.rows) <= 1500
    assert 1.15 <= load.cargo_volume / load.volume < 1.16
    assert {row.vertical for row in load.rows} == {"h", "lwh"}
    assert all(row.width <= row.length for row in load.rows)


@pytest.mark.parametrize("seed", HC_SEEDS)
def test_consignments_are_as_described(seed):
    """Each of 1 to 3 types and at most 15 m3; the whole fills one to nine containers."""
    groupage = consignments(seed)
    assert 1 < groupage.cargo_volume / groupage.volume < 9
    for n in {row.consignee for row in groupage.rows}:
        rows = [row for row in groupage.rows if row.consignee == n]
        assert len(rows) <= 3
        assert 1.5e9 < sum(row.count * row.volume for row in rows) <= 15e9


def test_instances_have_names():
    """A name leads back to its instance; every tenth of a class comes first, and no name comes twice."""
    assert named("BR7-11") == bischoff_ratcliff(7, 11)
    assert named("40HC-3") == mixed_cartons(3)
    assert named("fleet-3") == consignments(3)
    assert sample("BR0", 11)[8:] == ["BR0-81", "BR0-91", "BR0-2"]
    assert len(set(sample("BR0", 100))) == 100
    assert sample("40HC", 99) == [f"40HC-{n}" for n in range(1, 21)]
