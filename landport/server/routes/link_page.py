"""The page behind a one-time link: it chooses a password. The token stands behind `#`, so no log ever has it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(default_response_class=Response, include_in_schema=False)

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;color:#1d2733}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
input{padding:.5rem;margin:.25rem 0 1rem;border:1px solid #8593a3;border-radius:4px}
button{padding:.6rem;border:0;border-radius:4px;background:#14532d;color:#fff}
p[role=status]{min-height:3rem}
"""
_SCRIPT: Final = """
const form = document.querySelector("form"), said = document.querySelector("[role=status]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [one, other] = form.querySelectorAll("input");
  if (one.value !== other.value) { said.textContent = "The two are not the same."; return; }
  const answer = await fetch("/api/v1/links", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({link: location.hash.slice(1), password: one.value}),
  });
  const found = await answer.json();
  if (answer.ok) form.remove();
  const why = (found.problems || []).map((p) => `${p.key}: ${p.expected}`).join("; ");
  said.textContent = answer.ok ? `Done: log in as ${found.login}.` : why || found.detail;
});
"""
_PAGE: Final = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>landport: choose a password</title><style>{_STYLE}</style></head>
<body><h1>Choose a password</h1><form>
<label for="one">Password, 12 characters or more</label>
<input id="one" type="password" autocomplete="new-password" minlength="12" maxlength="200" required>
<label for="other">Once more</label>
<input id="other" type="password" autocomplete="new-password" required>
<button>Choose it</button></form><p role="status"></p><script>{_SCRIPT}</script></body></html>
"""


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


_POLICY: Final = (
    f"default-src 'none'; script-src {_hash(_SCRIPT)}; style-src {_hash(_STYLE)}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("/link")
async def link_page() -> Response:
    """Show the page."""
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": _POLICY})
