"""The page behind a one-time link, as a browser shows it."""

from __future__ import annotations

PASSWORD = "seven grey geese land"


def said(page):
    return page.locator("[role=status]").inner_text()


def test_a_password_is_chosen(served, page):
    """Two that differ, one that is weak, one that is good; afterwards the address holds no secret."""
    page.goto(f"{served.url}/link#{served.link}")
    one, other, button = page.get_by_label("Password"), page.get_by_label("Once more"), page.get_by_role("button")
    one.fill(PASSWORD)
    other.fill(PASSWORD + "s")
    button.click()
    assert said(page) == "The two are not the same."
    other.fill(PASSWORD)
    button.click()
    page.get_by_text("Your password is set").wait_for()
    assert said(page) == "Log in as admin from here on. The link opens nothing any more."
    assert page.url == f"{served.url}/link"
    with served.client() as client:
        log_in = {"login": "admin", "password": PASSWORD}
        assert client.post("/api/v1/session", json=log_in).status_code == 201


def test_links_that_open_nothing(served, page):
    """Half a link is told at once; one that is made up is shown as text, whatever is in it."""
    page.goto(f"{served.url}/link")
    assert page.get_by_role("heading").inner_text() == "This link is not whole"
    page.goto("about:blank")
    page.goto(f"{served.url}/link#<img src=x onerror=alert(1)>")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Once more").fill(PASSWORD)
    page.get_by_role("button").click()
    page.get_by_text("This link opens nothing").wait_for()
    assert page.locator("img").count() == 0
    page.faults[:] = [fault for fault in page.faults if "404" not in fault]
