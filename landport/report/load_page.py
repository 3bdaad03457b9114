"""The page of a load plan: turn each container, step through its loading, print the list."""

from __future__ import annotations

from markupsafe import Markup

from landport.model.loads import LoadGroup, Loads
from landport.model.result import Result
from landport.report import load_facts, load_words, shell
from landport.report.embed import script_json

SCRIPTS = ("common.js", "turn.js", "loading.js")
STYLES = ("tokens.css", "base.css", "load.css", "loading.css")


def load_page(group: LoadGroup, result: Result[Loads], *, source: str) -> str:
    """Write the load plan of a group as one HTML page.

    Parameters
    ----------
    source
        What the page calls the file that the cargo came from.

    Returns
    -------
    str
        Without any address of another file; its content security policy allows its own script and style by digest,
        nothing else. Its words change between the languages of `load_words.LANGUAGES`.

    Notes
    -----
    Same plan, same bytes. Drawings and lists are made by the page's script, one container at a time.
    """
    words = {language: load_words.words(language) for language in load_words.LANGUAGES}
    style, script = shell.asset(STYLES) + shell.page_foot([source, f"seed {result.seed}"]), shell.asset(SCRIPTS)
    context = {
        "source": source,
        "words": words["en"],
        "languages": load_words.LANGUAGES,
        "data": Markup(script_json({"words": words["en"], "languages": words, **load_facts.data(group, result)})),
        "style": Markup(style),
        "script": Markup(script),
        "csp": shell.policy(style, script),
    }
    return shell.environment().get_template("load.html").render(context)
