"""The page fixture sees what it should see."""

from __future__ import annotations


def test_pages_open_from_files(page, tmp_path):
    """A plain page shows, in three scripts, and draws."""
    file = tmp_path / "page.html"
    file.write_text("<!doctype html><meta charset=utf-8><title>report</title><p>Urumqi 乌鲁木齐 Урумчи</p>")
    page.goto(file.as_uri())
    assert page.title() == "report"
    assert page.get_by_text("乌鲁木齐").is_visible()
    page.screenshot(path=tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 1_000


def test_faults_are_noticed(page):
    """A console error, a script error and an outside request would each fail a test."""
    page.set_content(
        "<script>console.error('said')</script><script>throw Error('thrown')</script>"
        "<img src='http://landport.invalid/x.png'>"
    )
    page.wait_for_timeout(100)
    said = "\n".join(page.faults)
    page.faults.clear()
    assert "said" in said
    assert "thrown" in said
    assert "left the machine: http://landport.invalid/x.png" in said
