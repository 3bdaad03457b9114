"""Finding the place that somebody means."""

from __future__ import annotations

import pytest

from landport.errors import InputError, NotFound
from landport.reference import load

PLACES = load.world().network.places


@pytest.mark.parametrize(
    "text", ["HRG (CN)", "Horgos (CN)", "Khorgos (cn, rail)", "霍尔果斯 (CN)", "Хоргос (CN, road)"]
)
def test_a_border_name_with_its_side_is_one_place(text):
    """Side, or side and mode, settle a name that two sides share."""
    assert PLACES.resolve(text).place_id == "HRG"


@pytest.mark.parametrize("text", ["Khorgos", "Horgos", "霍尔果斯", "Baketu", "Bakhty"])
def test_a_name_of_both_sides_asks_for_side_and_mode(text):
    """An alias shared by two sides of a border is not guessed."""
    with pytest.raises(InputError, match="side and mode") as caught:
        PLACES.resolve(text)
    assert caught.value.code == "ambiguous-place"
    assert len(caught.value.about) > 1


def test_mode_settles_the_kazakh_side():
    """Khorgos in Kazakhstan is Altynkol by rail and Nur Zholy by road."""
    assert PLACES.resolve("Khorgos (KZ, rail)").place_id == "ALT"
    assert PLACES.resolve("Khorgos", side="KZ", mode="road").place_id == "NUR"


@pytest.mark.parametrize("text", ["ALM", "almaty", "  Алматы ", "阿拉木图", "Alma-Ata"])
def test_names_in_three_languages_and_ids_mean_the_same(text):
    """A planner may write any of them."""
    assert PLACES.resolve(text).place_id == "ALM"


def test_an_unknown_name_is_not_found():
    """Nobody is called that."""
    with pytest.raises(NotFound, match="Atlantis"):
        PLACES.resolve("Atlantis")


def test_a_side_that_does_not_exist_is_said():
    """No Khorgos lies in Germany; the choices are listed."""
    with pytest.raises(InputError, match="HRG"):
        PLACES.resolve("Khorgos (DE)")


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("Khorgoss", "HRG"),
        ("Alamty", "ALM"),
        ("Алматa", "ALM"),
        ("乌鲁木奇", "URC"),
        ("Taskent", "TAS"),
        ("Rottterdam", "RTM"),
        ("алмати", "ALM"),
        ("Khorgoss (CN)", "HRG"),
        ("HRGG", "HRG"),
    ],
)
def test_a_name_with_a_typo_is_told_who_was_meant(typo, meant):
    """In any script, with the last letter of another script, with a side; ids and names."""
    with pytest.raises(NotFound, match=rf"did you mean .*\b{meant}\b.*\?$") as caught:
        PLACES.resolve(typo)
    assert caught.value.code == "unknown-place"
    assert caught.value.message.count("(") <= 3


def test_the_best_guess_comes_first_and_there_are_at_most_three():
    """An own name before an alias, the first id among equals; the same words every time."""
    assert PLACES.meant("Alamty") == "; did you mean Almaty (ALM), Alat (ALE), Altay (ALY)?"
    assert PLACES.meant("  alamty ") == PLACES.meant("Alamty")
    assert PLACES.meant("Khorgoss") == "; did you mean Khorgos (ALT), Khorgos (HRG), Khorgos (NUR)?"
    assert PLACES.meant("URD").startswith("; did you mean URC")


@pytest.mark.parametrize("text", ["", "x", "XQZWK", "鼎", "Timbuktu Central"])
def test_nobody_is_guessed_where_nothing_is_like_it(text):
    """The message ends with the name."""
    assert PLACES.meant(text) == ""


@pytest.mark.parametrize("place", PLACES.values(), ids=lambda p: p.place_id)
def test_every_name_with_a_letter_doubled_leads_back_to_its_place(place):
    """All names and aliases of five letters and more are looked through."""
    for name in (place.name, place.name_zh, place.name_ru, *place.aliases):
        typo = name[:2] + name[1:]
        if len(name) >= 5 and not PLACES.named(typo):
            meant = PLACES.meant(typo)
            assert place.place_id in meant or meant.count("(") == 3, (typo, meant)


def test_all_places_of_a_name_are_found():
    """An id is one place; a name of both sides is several."""
    assert [p.place_id for p in PLACES.named(" ALM ")] == ["ALM"]
    assert {p.place_id for p in PLACES.named("khorgos")} == {"ALT", "HRG", "NUR"}
    assert PLACES.named("Atlantis") == ()


def test_an_id_may_be_in_small_letters():
    """Where nobody is called that; a name comes first."""
    places = load.world().network.places
    assert places.resolve("urc").place_id == "URC"
    assert places.resolve("hrg").place_id == "HRG"
