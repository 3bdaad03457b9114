"""What every page is made of: templates, assets that stand inside it, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from landport.report import numbers

if TYPE_CHECKING:
    import jinja2


@cache
def environment() -> jinja2.Environment:
    """Make the templates' environment, once; a program that shows no page does not wait for them."""
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.PackageLoader("landport.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters["number"] = numbers.number
    env.filters["feu"] = numbers.feu
    env.filters["days"] = numbers.days
    env.filters["percent"] = numbers.percent
    env.filters["counted"] = numbers.count
    return env


@cache
def asset(names: tuple[str, ...]) -> str:
    """Join styles or scripts in the order given."""
    folder = files("landport.report").joinpath("assets")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in names)


def page_foot(parts: list[str]) -> str:
    """Write the style that puts a line on the foot of each printed page."""
    said = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in " · ".join(parts))
    return f'\n@page {{ @bottom-left {{ content: "{said}"; }} }}\n'


def policy(style: str, script: str) -> str:
    """Write the content security policy: this style and script by digest, pictures from the page itself, no more."""
    return f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
