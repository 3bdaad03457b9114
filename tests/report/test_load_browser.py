"""The page of a load plan in a real browser: it turns, steps, switches, prints and speaks; what is painted is true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport.model.loads import Loads
from landport.report import load_page
from tests.report.loaded import planned

DRAWN = "() => { view.draw(); return view.canvas.toDataURL(); }"

# Points of the drawing whose colour is not that of the side where a ray from the eye meets the nearest piece.  A point
# counts when its neighbours are of one colour, too, so that lines and edges do not.
WRONG = """(views) => {
  let wrong = 0, seen = 0;
  view.named = ""; view.mark = null; view.marks = false;
  const fills = palette().fill.map((shades) => shades.map((c) => rgb(c).join()));
  for (const [az, el, flat, shown] of views) {
    view.reset(az, el, flat); view.shown = shown; view.draw();
    const w = view.canvas.clientWidth, h = view.canvas.clientHeight, k = view.canvas.width / w;
    const all = view.canvas.getContext("2d").getImageData(0, 0, view.canvas.width, view.canvas.height).data;
    const at = (x, y) => {
      const i = 4 * (Math.round(y * k) * view.canvas.width + Math.round(x * k));
      return all[i + 3] < 255 ? "none" : [...all.slice(i, i + 3)].join();
    };
    const side = (px, py, [i, ...cell]) => {
      const s = (px - view.cx) / view.scale, t = -(py - view.cy) / view.scale, b = view.blocks[i];
      const meets = [0, 1, 2].map((k) => {
        const on = view.mid[k] + s * view.right[k] + t * view.up[k];
        const from = view.far ? view.eye[k] : on + 1e6 * view.dir[k], way = view.far ? on - view.eye[k] : -view.dir[k];
        const low = b[k] + cell[k] * b[3 + k];
        return Math.abs(way) < 1e-9 ? -Infinity : ((way > 0 ? low : low + b[3 + k]) - from) / way;
      });
      const axis = meets.indexOf(Math.max(...meets));
      return axis === 0 ? 2 : axis === 1 ? 1 : view.eye[2] > b[2] + (cell[2] + 0.5) * b[5] ? 0 : 3;
    };
    for (let x = 7; x < w - 7; x += 11) for (let y = 7; y < h - 7; y += 11) {
      const here = at(x, y);
      if (![[-3, 0], [3, 0], [0, -3], [0, 3]].every(([a, b]) => at(x + a, y + b) === here)) continue;
      const hit = view.pick(x, y), painted = fills.some((shades) => shades.includes(here));
      seen += hit !== null;
      if (hit ? here !== fills[view.blocks[hit[0]][9]][side(x, y, hit)] : painted) wrong++;
    }
  }
  return [wrong, seen];
}"""
FRAGMENTS = (
    "() => { const count = (t) => (t.leaf ? t.leaf.length : count(t.low) + count(t.high)); return count(view.tree); }"
)
EYES = [(az, el) for az in (-0.86, 0.8, 2.3, 3.9) for el in (-0.2, 0.4, 1.2)]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("load") / "load.html"
    path.write_text(load_page(*planned(), source="items.csv"), "utf-8")
    return path


def opened(page, file):
    page.goto(file.as_uri())
    page.locator("body[data-ready]").wait_for(state="attached")
    page.locator("#view[data-shown]").wait_for(state="attached")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_it_fits_every_screen_in_every_language(page, file, scheme, size, language):
    """Nothing sticks out sideways; the ground follows the scheme."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    opened(page, file)
    page.click(f"[data-language={language}]")
    for view in ("top", "side", "list", "3d"):
        page.click(f"[data-view='{view}']")
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.evaluate("document.documentElement.lang") == language
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == {"light": "rgb(238, 241, 243)", "dark": "rgb(11, 16, 21)"}[scheme]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_nearest_piece_is_painted(page, file, scheme):
    """From wherever one looks, however far the loading is: the colour of each point is that of the piece in front."""
    page.emulate_media(color_scheme=scheme)
    opened(page, file)
    total = page.evaluate("view.total")
    views = [[az, el, False, shown] for az, el in EYES for shown in (total, 23, 43)]
    views += [[-1.5707963, 1.5707963, True, total], [-1.5707963, 0, True, total]]
    wrong, seen = page.evaluate(WRONG, views)
    assert wrong == 0
    assert seen > 5_000


def test_boxes_in_a_ring_are_painted_right(page, file):
    """Three bars, each before the next: no order is right, so one is cut; sides are hidden by what stands."""
    opened(page, file)
    bars = [
        [0, 0, 1000, 1000, 1000, 1000, 3, 1, 1, 0],
        [0, 0, 2000, 1000, 1000, 1000, 1, 3, 1, 1],
        [1000, 1000, 0, 1000, 1000, 1000, 1, 1, 3, 2],
        [2000, 2000, 0, 1000, 1000, 1000, 1, 1, 1, 3],
        [2000, 2000, 1000, 1000, 1000, 1000, 1, 1, 1, 4],
    ]
    page.evaluate("(bars) => view.open([3000, 3000, 3000], bars)", bars)
    wrong, seen = page.evaluate(WRONG, [[az, el, False, n] for az, el in EYES for n in (11, 10)])
    assert wrong == 0
    assert seen > 2_000
    assert page.evaluate(FRAGMENTS) > len(bars)


def test_it_turns_by_mouse_and_by_key(page, file):
    """A drag, arrows, zoom, and back; from above a drag moves the sheet."""
    opened(page, file)
    canvas = page.locator("#view")
    first = page.evaluate(DRAWN)
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y + 30, steps=4)
    page.mouse.up()
    turned = page.evaluate("[view.az, view.el]")
    assert turned[0] < -1.5
    assert turned[1] > 0.5
    assert page.evaluate(DRAWN) != first
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    az, el, zoom = page.evaluate("[view.az, view.el, view.zoom]")
    assert (az > turned[0], el < turned[1], zoom) == (True, True, 1.2)
    page.keyboard.press("0")
    assert page.evaluate(DRAWN) == first
    page.click("[data-view=top]")
    assert page.evaluate("[view.flat, view.el > 1.5]") == [True, True]


def test_it_turns_under_a_finger(browser, file):
    """A touch that goes sideways turns the load."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    opened(page, file)
    page.locator("#view").scroll_into_view_if_needed()
    box = page.locator("#view").bounding_box()
    touch = context.new_cdp_session(page)
    at = {"x": box["x"] + 200, "y": box["y"] + 150}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    for by in (20, 50, 80):
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": at["x"] - by, "y": at["y"]}]}
        )
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("view.az") > -0.7
    context.close()


def test_steps_forth_and_back(page, file):
    """Buttons go from block to block, the slider from piece to piece; the sketch weighs what is loaded by then."""
    opened(page, file)
    note, cog = page.locator("#step-note"), page.locator("#cog")
    assert "57 of 57 pieces" in note.inner_text()
    assert "1.06of 21.00 t" in cog.inner_text()
    page.click("[data-by='-1']")
    assert "Step 2 of 3 · 55 of 57 pieces: FLAT" in note.inner_text()
    page.locator(".stepper input").evaluate("e => { e.value = 0; e.dispatchEvent(new Event('input')); }")
    assert note.inner_text() == "The container is empty."
    page.click("[data-by='1']")
    assert "Step 1 of" in note.inner_text()
    assert "CUBE" in note.inner_text()
    page.locator(".stepper input").focus()
    before = page.evaluate("view.shown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("view.shown") == before + 1


def test_it_plays(page, file):
    """From an empty container to the full one, and the button is what it says."""
    opened(page, file)
    page.click("[data-play]")
    assert page.locator("[data-play]").inner_text() == "Pause"
    page.locator("[data-play][aria-pressed=false]").wait_for()
    assert page.locator("[data-play]").inner_text() == "Play"
    assert page.evaluate("view.shown === view.total")


def test_containers_are_switched(page, file):
    """Another container, another drawing, other steps and owners; keys do it, too."""
    opened(page, file)
    before = page.evaluate(DRAWN)
    page.locator("#boxes button").nth(1).click()
    assert page.evaluate(DRAWN) != before
    assert "Container 2 of 2" in page.locator("#chips").inner_text()
    assert "Almaty Textile" not in page.locator("#owners").inner_text()
    assert "Nothing to secure" in page.locator("#remarks").inner_text()
    page.keyboard.press("]")
    assert "Container 1 of 2" in page.locator("#chips").inner_text()
    assert "Gaps along the length gaps of 2400 mm" in page.locator("#remarks").inner_text()


def test_python_and_script_weigh_alike(page, file):
    """The centre of gravity of the sketch is that of the facts."""
    opened(page, file)
    pairs = page.evaluate(
        """() => D.loads.map((l) => { const r = read(l), w = weighed(l.inside, r.blocks, r.masses, 1e9);
          return [[...w.at.map(Math.floor), w.half, w.mass], [...l.balance.slice(0, 3), l.balance[5], l.mass]]; })"""
    )
    for script, facts in pairs:
        assert script == pytest.approx(facts, abs=0.01)


def test_an_owner_stands_out(page, file):
    """A click on a consignee leaves its pieces in colour; another one takes it back."""
    opened(page, file)
    before = page.evaluate(DRAWN)
    owner = page.locator(".pickowner").nth(1)
    owner.click()
    assert page.evaluate(DRAWN) != before
    assert page.locator(".pickowner").nth(1).get_attribute("aria-pressed") == "true"
    page.locator(".pickowner").nth(1).click()
    assert page.evaluate(DRAWN) == before


def test_a_piece_says_what_it_is(page, file):
    """Under the mouse: item, owner, step, place."""
    opened(page, file)
    page.click("[data-view=top]")
    page.evaluate("view.draw()")
    x, y = page.evaluate("view.at(3000, 400, 800)")
    page.locator("#view").hover(position={"x": x, "y": y})
    said = page.locator("#tip").inner_text()
    assert "CRATE Сибирь Свет" in said
    assert "x 2\u202f600 · y 0 · z 0" in said


def test_the_list_has_every_step(page, file):
    """A row a step with its mass and the running one; a click leads to that step."""
    opened(page, file)
    page.click("[data-view=list]")
    rows = page.locator("#list tbody tr")
    assert rows.count() == page.evaluate("view.blocks.length")
    masses = [row.split("\t") for row in rows.all_inner_texts()]
    kilos = [[float(cell.replace("\u202f", "")) for cell in row[-2:]] for row in masses]
    assert sum(mass for mass, _ in kilos) == pytest.approx(kilos[-1][1]) == pytest.approx(1_062.5)
    rows.nth(1).click()
    assert page.locator("#view").is_visible()
    assert "Step 2 of" in page.locator("#step-note").inner_text()


def test_what_was_left_says_why(page, file):
    """Reason, pieces and whose they are."""
    opened(page, file)
    said = page.locator("#left").inner_text()
    assert "Dangerous goods not accepted" in said
    assert "UN 1950 is not taken" in said
    page.click("[data-language=ru]")
    assert "Опасный груз не принимается" in page.locator("#left").inner_text()
    assert "Граница" in page.locator("#proof").inner_text()


def test_it_prints_a_list_of_steps(page, file):
    """Every container on sheets of its own: steps in a table, drawn pictures, fields to sign, what was left."""
    page.set_viewport_size({"width": 1047, "height": 740})
    page.emulate_media(color_scheme="dark")
    opened(page, file)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheets = page.locator("#paper .sheet")
    assert sheets.count() == 3
    assert not page.locator("main").is_visible()
    n = page.evaluate("D.loads.reduce((s, l) => s + l.blocks.length / 7, 0)")
    assert page.locator("#paper tr[data-step]").count() == n
    assert "Container no., seal" in sheets.first.inner_text()
    assert "UN 1950" in sheets.last.inner_text()
    inked = page.evaluate(
        """() => [...document.querySelectorAll("#paper canvas")].map((c) => {
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 200; return n; })"""
    )
    assert len(inked) >= 4
    assert min(inked) > 2_000
    assert page.evaluate("document.documentElement.scrollWidth") <= 1047
    assert page.evaluate("document.documentElement.dataset.theme") is None
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert sheets.count() == 0


def test_it_becomes_a_pdf(page, file, tmp_path):
    """The browser's own print makes one of A4 sheets."""
    opened(page, file)
    page.pdf(path=tmp_path / "list.pdf", prefer_css_page_size=True)
    text = (tmp_path / "list.pdf").read_bytes()
    assert text.count(b"/Type /Page\n") >= 3


def test_thousands_of_pieces_open(page, file):
    """A tree of 16,000 boxes is cut and painted; no plane cuts boxes that stand in rows."""
    opened(page, file)
    page.evaluate(
        """() => { const all = [];
          for (let i = 0; i < 40; i++) for (let j = 0; j < 20; j++) for (let k = 0; k < 20; k++)
          all.push([i * 150, j * 115, k * 120, 149 - (k % 3), 114, 120, 1, 1, 1, k % 6]);
          view.open([6000, 2300, 2400], all); view.draw(); }"""
    )
    assert page.evaluate(FRAGMENTS) == 16_000


def test_the_theme_changes_the_drawing(page, file):
    """Colours of the canvas follow the button."""
    opened(page, file)
    before = page.evaluate(DRAWN)
    page.click("#theme")
    assert page.evaluate(DRAWN) != before
    page.click("#theme")
    assert page.evaluate(DRAWN) == before


def test_a_plan_without_containers_says_so(page, tmp_path):
    """Nothing to turn, nothing to print; what was left is there."""
    of, result = planned()
    empty = replace(result, plan=Loads(boxes=(), left=result.plan.left))
    path = tmp_path / "empty.html"
    path.write_text(load_page(of, empty, source="items.csv"), "utf-8")
    page.goto(path.as_uri())
    page.locator("body[data-ready]").wait_for(state="attached")
    assert page.get_by_text("Nothing could be loaded.").is_visible()
    assert "UN 1950" in page.locator("#left").inner_text()
    assert page.locator("#view").count() == 0
