"""The page of a way in a real browser: it fits, follows one choice, speaks three languages and prints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report import routed
from tests.report.test_route_page import page_of

ON = "() => [...document.querySelectorAll('[data-choice].on')].map((e) => e.dataset.choice)"
SEEN = "() => [...document.querySelectorAll('.one')].filter((e) => e.offsetParent).map((e) => e.dataset.choice)"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("route") / "route.html"
    named = replace(routed.TUNNEL, name="close DOS, slow R-URC-SHZ-1435, gauge R-HRG-ALT-1435, capacity MAL")
    path.write_text(page_of(routed.answer(what_if=named)), "utf-8")
    return path


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    path = tmp_path_factory.mktemp("route") / "refused.html"
    path.write_text(page_of(routed.refused()), "utf-8")
    return path


def opened(page, file, at: str = ""):
    page.goto(file.as_uri() + at)
    page.locator("body[data-ready]").wait_for(state="attached")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (900, 900), (390, 844)])
@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_it_fits_every_screen_in_every_language(page, file, refused, scheme, size, language):
    """Nothing sticks out sideways, not even when all is unfolded; the ground follows the scheme."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    for one in (refused, file):
        opened(page, one)
        page.click(f"[data-language={language}]")
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.evaluate("document.documentElement.lang") == language
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == {"light": "rgb(238, 241, 243)", "dark": "rgb(11, 16, 21)"}[scheme]


def test_one_choice_is_followed_everywhere(page, file):
    """A click on its row, its bar or its way, a digit, or arrows: row, way, bar, rides and sums go with it."""
    opened(page, file)
    assert (set(page.evaluate(ON)), page.evaluate(SEEN)) == ({"1"}, ["1", "1"])
    page.click("tr[data-choice='3'] .at")
    assert (page.evaluate(ON), page.evaluate(SEEN)) == (["3"] * 6, ["3", "3"])
    assert page.evaluate("document.querySelector('.ways').lastElementChild.dataset.choice") == "3"
    page.locator(".times.wide g[data-choice='5'] .hit").click(position={"x": 400, "y": 5})
    assert page.evaluate(SEEN) == ["5", "5"]
    page.locator("[data-pick='5']").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SEEN) == ["1", "1"]
    page.keyboard.press("4")
    assert page.evaluate(SEEN) == ["4", "4"]
    assert page.locator("[data-pick='4']").get_attribute("aria-pressed") == "true"
    opened(page, file, "#2").reload()
    assert page.evaluate(SEEN) == ["2", "2"]


def test_it_speaks_three_languages(page, file):
    """Words, names, dates and durations; and back to what the server wrote."""
    opened(page, file, "#en")
    first = page.locator("main").inner_html()
    page.click("[data-language=zh]")
    assert page.locator("h1").inner_text() == "奎屯 → 杜伊斯堡"
    assert "8月1日 周一 16:16" in page.locator(".kpis time").first.inner_text()
    assert "12 小时" in page.locator(".one.on .wait").first.inner_text()
    assert page.locator(".names.wide.in-zh").is_visible()
    assert not page.locator(".names.wide.in-en").is_visible()
    page.click("[data-language=ru]")
    assert "Пн 1 авг 16:16" in page.locator(".kpis time").first.inner_text()
    assert page.locator("[data-pick='2']").get_attribute("aria-label") == "Вариант 2"
    page.click("[data-language=en]")
    assert page.locator("main").inner_html() == first


def test_paper_shows_every_choice(page, file):
    """All rides one after the other, without buttons."""
    opened(page, file)
    page.emulate_media(media="print")
    rides = "() => [...document.querySelectorAll('.one:not(.explain)')].map((e) => getComputedStyle(e).display)"
    assert page.evaluate(rides) == ["flex"] * 5
    assert not page.locator(".bar").is_visible()
    page.evaluate("document.querySelector('.explain details').open = true")
    assert page.locator(".explain").first.is_visible()
    assert not page.locator(".explain").nth(1).is_visible()


def test_without_its_script_all_is_there(browser, file):
    """Every choice is shown; nothing is hidden that only a script could show."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert [page.locator(".one:not(.explain)").nth(n).is_visible() for n in range(5)] == [True] * 5
    context.close()
