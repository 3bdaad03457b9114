"""The page in a real browser: quiet console, filter, train and load drawings, both themes, both widths."""

from __future__ import annotations

import pytest

from landport import report
from tests.report.instances import busy


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    case = busy()
    found = report.indicators(case.plan, case.scenario, case.world, violations=0)
    path = tmp_path_factory.mktemp("report") / "page.html"
    path.write_text(report.page(case.plan, case.scenario, case.world, found, ()), "utf-8")
    return path


def opened(page, file):
    page.goto(file.as_uri())
    page.locator("body[data-ready]").wait_for(state="attached")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_it_shows_in_both_themes_and_widths(page, file, tmp_path, scheme, size):
    """Nothing sticks out sideways, the picture is not blank, the ground follows the theme."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    opened(page, file)
    shot = tmp_path / f"{scheme}-{size[0]}.png"
    page.screenshot(path=shot, full_page=True)
    assert shot.stat().st_size > 60_000
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == {"light": "rgb(238, 241, 243)", "dark": "rgb(11, 16, 21)"}[scheme]


def test_the_filter_finds_a_container_and_rows_come_as_needed(page, file):
    """A chunk first, more on scrolling, one row for an id, a sentence for nothing."""
    opened(page, file)
    rows = page.locator("#rows tbody tr")
    assert rows.count() == 120
    page.evaluate("document.querySelector('#rows').scrollTop = 1e6")
    page.locator("#rows tbody tr:nth-child(121)").wait_for(state="attached")
    page.fill("#filter", "c00017")
    assert rows.count() == 1
    assert "C00017" in rows.first.inner_text()
    page.fill("#filter", "no such box")
    assert "Nothing matches" in rows.first.inner_text()
    page.fill("#filter", "late")
    assert rows.count() > 5


def test_sorting_by_cost_puts_the_dearest_first(page, file):
    """Two clicks on a column head turn the order round."""
    opened(page, file)
    head = page.locator("#rows th[data-col='10']")
    head.click()
    head.click()
    costs = page.locator("#rows tbody tr td:last-child").all_inner_texts()
    values = [int("".join(c for c in text if c.isdigit())) for text in costs[:20]]
    assert values == sorted(values, reverse=True)


def test_choosing_a_train_draws_it(page, file):
    """Another train, another consist; a click on a bar explains it and leads to its wagons."""
    opened(page, file)
    before = page.inner_html("#consist")
    options = page.locator("#train-pick option")
    page.select_option("#train-pick", index=options.count() - 1)
    assert page.inner_html("#consist") != before
    assert page.locator("#consist .wag").count() > 0
    page.locator("g.dep.run").first.click()
    answer = page.locator("#answer")
    assert answer.is_visible()
    answer.get_by_role("button").click()
    assert not answer.is_visible()


def test_figures_answer_why(page, file):
    """A click on a figure opens the rows behind it; Escape closes them."""
    opened(page, file)
    page.locator("[popovertarget='why-cost']").click()
    panel = page.locator("#why-cost")
    assert panel.is_visible()
    assert "Handling" in panel.inner_text()
    page.keyboard.press("Escape")
    assert not panel.is_visible()


def test_figures_of_tables_answer_why(page, file):
    """By destination, bounds and cost: the figure's rows and where in the plan they stand."""
    opened(page, file)
    answer = page.locator("#answer")
    for selector, said in (
        ("td[data-why='dest-ALM'] >> nth=0", "plan.charges"),
        ("button[data-why='stage-assemble']", "plan.stages"),
        ("button[data-why='cost-freight']", "plan.charges"),
    ):
        page.locator(selector).click()
        assert said in answer.inner_text()
        page.keyboard.press("Escape")
        assert not answer.is_visible()


def test_a_wagon_opens_by_click_and_by_key(page, file):
    """What a mouse sees as a tooltip, everybody else can open."""
    opened(page, file)
    wagon = page.locator("#consist .wag").nth(2)
    wagon.click()
    answer = page.locator("#answer")
    assert "Wagon 3, NX70A" in answer.inner_text()
    assert "Tare" in answer.inner_text()
    page.keyboard.press("Escape")
    wagon.focus()
    page.keyboard.press("Enter")
    assert answer.is_visible()


def test_a_row_leads_to_its_load(page, file):
    """The id of a packed container opens its load; the heading names it and its place among all."""
    opened(page, file)
    lead = page.locator("#rows [data-load-of]").first
    container = lead.inner_text()
    panel = page.locator("[data-load='full']")
    assert "fullest" in panel.locator(".which").inner_text()
    lead.click()
    assert panel.locator("h2").inner_text() == f"Container {container}"
    assert "fullest" not in panel.locator(".which").inner_text()
    n = page.locator("[data-load='full'] select option").count()
    assert f"of {n} by volume" in panel.locator(".which").inner_text()
    assert n > 24


@pytest.mark.parametrize("name", ["Алматы", "阿拉木图", "almaty", "yiwu hongda"])
def test_the_filter_finds_places_in_any_language_and_shippers(page, file, name):
    """Columns keep their widths whatever is left in them."""
    opened(page, file)
    widths = (
        "() => [...document.querySelectorAll('#rows th')].map((th) => Math.round(th.getBoundingClientRect().width))"
    )
    before, n = page.evaluate(widths), page.locator("#rows-note").inner_text()
    page.fill("#filter", name)
    assert page.locator("#rows tbody tr").count() > 10
    assert page.locator("#rows-note").inner_text() != n
    assert page.evaluate(widths) == before


def test_nothing_is_cut_without_a_sign_on_a_phone(page, file):
    """Bounds, destinations and containers fit in 390 pixels; a cancelled train says why before it is tapped."""
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, file)
    over = page.evaluate(
        """() => ["#proof .scroll-x", ".dest-scroll", "#rows"].map((s) => {
          const e = document.querySelector(s); return e.scrollWidth - e.clientWidth; })"""
    )
    assert max(over) <= 0
    assert "cancelled: too little freight" in page.locator(".deprow.cancel").first.text_content()


def test_paper_shows_the_whole_train_and_says_how_many_rows(page, file):
    """Wagons are scaled to the sheet; the list is not cut in silence; no head lies on a title."""
    page.set_viewport_size({"width": 1047, "height": 700})
    page.emulate_media(media="print")
    opened(page, file)
    width, inside = page.evaluate(
        """() => { const s = document.querySelector("#consist svg").getBoundingClientRect();
          const last = [...document.querySelectorAll("#consist .wag")].map((w) => w.getBoundingClientRect().right);
          return [s.right, Math.max(...last)]; }"""
    )
    assert inside <= width + 1 <= 1048
    assert page.locator("#printed").inner_text().startswith("120 of 2\u202f")
    assert "--csv" in page.locator("#printed").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('#rows th')).position") == "static"


def test_loads_are_drawn_step_by_step(page, file):
    """The slider takes pieces away; nothing loaded is an empty box; a drag turns it."""
    opened(page, file)
    panel = page.locator("[data-load='full']")
    picture = "e => e.querySelector('canvas').toDataURL()"
    full = panel.evaluate(picture)
    panel.locator("input").evaluate("e => { e.value = 0; e.dispatchEvent(new Event('input')); }")
    panel.locator("canvas[data-shown='0']").wait_for()
    assert panel.evaluate(picture) != full
    assert panel.locator(".step").inner_text() == "empty"
    canvas = panel.locator("canvas")
    canvas.scroll_into_view_if_needed()
    before, box = canvas.get_attribute("data-az"), canvas.bounding_box()
    page.mouse.move(box["x"] + 80, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=3)
    page.mouse.up()
    panel.locator(f"canvas:not([data-az='{before}'])").wait_for()


def test_loads_are_printed_light(page, file):
    """Whatever the screen, paper is white: the same drawing as in the light scheme, and the screen's own afterwards."""
    picture = "e => e.querySelector('canvas').toDataURL()"
    page.emulate_media(color_scheme="light")
    panel = opened(page, file).locator("[data-load='full']")
    panel.locator("canvas[data-shown]").wait_for()
    light = panel.evaluate(picture)
    page.emulate_media(color_scheme="dark")
    page.reload()
    panel.locator("canvas[data-shown]").wait_for()
    dark = panel.evaluate(picture)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert panel.evaluate(picture) == light != dark


def test_the_theme_can_be_turned(page, file):
    """The button turns light to dark whatever the system says."""
    opened(page, file)
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_it_prints(page, file):
    """On paper the bar is gone."""
    opened(page, file)
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_piece_stands_out(page, file, scheme):
    """No fill of a piece is the ground's, beyond the sixth consignment, too."""
    page.emulate_media(color_scheme=scheme)
    opened(page, file)
    fills = page.evaluate(
        """() => ["c0", "c1", "c2", "c3", "c4", "c5", "cx"].map((c) => {
          const svg = document.querySelector(".bands");
          svg.insertAdjacentHTML("beforeend", `<rect class="${c}"/>`);
          return getComputedStyle(svg.lastElementChild).fill;
        })"""
    )
    light = [sum(map(int, fill[4:-1].split(","))) / 3 for fill in fills]
    ground = {"light": 250, "dark": 20}[scheme]
    assert min(abs(x - ground) for x in light) > 15
    assert fills[-1] not in fills[:-1]


def test_a_narrow_page_tells_refused_from_waiting(page, file):
    """Where the column of states is hidden, each reason shows its own."""
    page.set_viewport_size({"width": 420, "height": 900})
    opened(page, file)
    rows = page.locator("#waits tbody tr").all_inner_texts()
    assert {"Refused" in row for row in rows} == {True, False}
    assert all(("Refused" in row) != ("Waits" in row) for row in rows)


def test_the_front_half_is_explained(page, file):
    """A share says of what."""
    opened(page, file)
    assert "front half of its wagons" in page.inner_text("#train-note")
    assert "of that mass" in page.inner_text("#train-note")
