"""The page behind a one-time link: it chooses a password. The token stands behind `#`, so no log ever has it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(default_response_class=Response, include_in_schema=False)

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:10vh auto;padding:0 1rem;
color:#1d2733;background:#f4f6f8}
main{background:#fff;border:1px solid #d5dce3;border-radius:8px;padding:1.5rem 2rem 1rem}
header{font-weight:600;letter-spacing:.04em;color:#14532d;margin:0 0 .75rem .25rem}
h1{font-size:1.5rem;margin:0 0 .25rem}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
label{font-weight:600;margin-top:1rem}
input{padding:.5rem;margin-top:.25rem;border:1px solid #6b7a8a;border-radius:4px}
button{padding:.6rem;margin-top:1.5rem;border:0;border-radius:4px;background:#14532d;color:#fff;cursor:pointer}
button:disabled{opacity:.6}
input:focus-visible,button:focus-visible{outline:3px solid #7fb69a;outline-offset:1px}
p{margin:.25rem 0}
p[role=status]{min-height:3rem;margin-top:1rem}
p.wrong{color:#a11717}
@media(prefers-color-scheme:dark){
body{background:#12181f;color:#e6ebf0}main{background:#1b232c;border-color:#34404c}header{color:#7fb69a}
input{background:#12181f;color:inherit}p.wrong{color:#ff9a9a}button{background:#2b7a4b}}
"""
_SCRIPT: Final = """
const form = document.querySelector("form"), said = document.querySelector("[role=status]");
const button = form.querySelector("button"), link = location.hash.slice(1);
const tell = (text, isWrong) => { said.textContent = text; said.className = isWrong ? "wrong" : ""; };
const close = (title, text, isWrong) => { form.remove(); document.querySelector("h1").textContent = title;
  document.querySelector("h1 + p").remove(); tell(text, isWrong); };
if (!link) close("This link is not whole", "Open it as it was given to you, with all that stands behind #.", true);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [one, other] = form.querySelectorAll("input");
  if (one.value !== other.value) { tell("The two are not the same.", true); other.focus(); return; }
  button.disabled = true;
  tell("");
  try {
    const answer = await fetch("/api/v1/links", {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify({link, password: one.value}),
    });
    const found = await answer.json();
    const why = (found.problems || []).map((p) => `${p.key}: ${p.expected}`).join("; ");
    if (answer.ok) {
      close("Your password is set", `Log in as ${found.login} from here on. The link opens nothing any more.`);
      history.replaceState(null, "", location.pathname);
    } else if (answer.status === 404) close("This link opens nothing", found.detail, true);
    else tell(why || found.detail, true);
  } catch { tell("The server did not answer: try again in a moment.", true); }
  button.disabled = false;
});
"""
_PAGE: Final = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>landport: choose a password</title><style>{_STYLE}</style></head>
<body><header>landport</header><main><h1>Choose a password</h1>
<p>A few words that nobody else would put together do well.</p><form>
<label for="one">Password, 12 characters or more</label>
<input id="one" type="password" autocomplete="new-password" minlength="12" maxlength="200" required autofocus>
<label for="other">Once more</label>
<input id="other" type="password" autocomplete="new-password" required>
<button>Set the password</button></form><p role="status"></p></main>
<noscript><p>This page needs JavaScript, or ask POST /api/v1/links: see docs/api.md.</p></noscript>
<script>{_SCRIPT}</script></body></html>
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
