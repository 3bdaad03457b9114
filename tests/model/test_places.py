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
