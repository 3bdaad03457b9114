"""What tests share: a steady Hypothesis, the reference world, an example week, databases, and a real browser."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from landport import exchange
from landport.model.scenario import World
from landport.reference import load
from tests import postgres

# Steady: the same examples every time. `make test-slow` explores others.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("LANDPORT_HYPOTHESIS", "steady"))

# --no-sandbox: Chromium refuses its sandbox to root.  The rest: no graphics card, no phoning home.
CHROMIUM_FLAGS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
AT_HOME = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses the browser or PostgreSQL."""
    for item in items:
        for fixture, marker in (("browser", "browser"), ("postgres_server", "postgres")):
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


def missing(what: str, advice: str) -> None:
    """Skip, or fail where LANDPORT_REQUIRE names `what`: CI must not pass by skipping."""
    required = what in os.environ.get("LANDPORT_REQUIRE", "").split(",")
    (pytest.fail if required else pytest.skip)(f"no {what}: {advice}")


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped reference tables."""
    return load.world()


@pytest.fixture
def week(tmp_path: Path, world: World) -> Path:
    """The example week, to spoil."""
    exchange.init(tmp_path / "week", world)
    return tmp_path / "week"


def _programs() -> Path:
    found = postgres.binaries()
    if found is None:
        missing("postgres", "set LANDPORT_PG_BIN to a folder that holds initdb")
    return found


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL that lives as long as the tests; fast, since it forgets when the machine stops."""
    server = postgres.Server(_programs(), postgres.FAST)
    yield server
    server.close()


@pytest.fixture
def postgres_safe() -> Iterator[postgres.Server]:
    """A PostgreSQL of one test alone, to stop and kill; what it acknowledges is on the disk."""
    server = postgres.Server(_programs(), postgres.SAFE)
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty database of one test alone, owned by a plain role."""
    name = f"t{uuid.uuid4().hex[:12]}"
    postgres_server.ask(f"create database {name} owner {postgres.ROLE}")
    yield postgres_server.url(name)
    postgres_server.ask(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    """Name of a database that has its tables, to copy."""
    postgres_server.ask(f"create database made owner {postgres.ROLE}")
    _make(postgres_server.url("made"))
    return "made"


@pytest.fixture
def postgres_made(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    """URL of a database of one test alone that has its tables and nothing in them."""
    name = f"t{uuid.uuid4().hex[:12]}"
    postgres_server.ask(f"create database {name} template {postgres_template} owner {postgres.ROLE}")
    yield postgres_server.url(name)
    postgres_server.ask(f"drop database {name} with (force)")


ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it, on each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "landport.db")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has its tables and nothing in them, on each engine."""
    if request.param == "sqlite":
        _make(str(tmp_path / "landport.db"))
        return str(tmp_path / "landport.db")
    return str(request.getfixturevalue("postgres_made"))


def _make(url: str) -> None:
    from landport.store import engines, schema

    address = engines.address_of(url)
    engine = engines.writing(address)
    schema.upgrade(engine, address)
    engine.dispose()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("LANDPORT_BROWSER") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A Chromium that lives as long as the tests."""
    executable = _chromium()
    if executable is None:
        missing("browser", "apt-get install chromium, or set LANDPORT_BROWSER")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A page that fails its test on script errors, console errors and requests that leave this machine.

    Open a report with `page.goto(path.as_uri())` or a text with `page.set_content(html)`.
    """
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    page, faults = context.new_page(), []
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

    def stop(route):
        faults.append(f"left the machine: {route.request.url}")
        route.abort()

    page.route(lambda url: not url.startswith(AT_HOME), stop)
    page.faults = faults
    yield page
    context.close()
    assert not faults, faults
