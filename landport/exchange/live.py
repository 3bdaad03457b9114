"""Text that a spreadsheet would take for a formula, disarmed and back."""

from __future__ import annotations

import re
from typing import Final

_LIVE: Final = re.compile("'*[=+\\-@\t\r]")
_DISARMED: Final = re.compile("'+[=+\\-@\t\r]")
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that no text of a table holds."""


def disarm(text: str) -> str:
    """Put one apostrophe before text that starts with = + - @, a tab or a return, or with apostrophes before one.

    Examples
    --------
    >>> disarm("=1+1"), disarm("'=1"), disarm("'tis")
    ("'=1+1", "''=1", "'tis")
    """
    return "'" + text if _LIVE.match(text) else text


def rearm(text: str) -> str:
    """Take away the apostrophe that `disarm` put there, and nothing else.

    Examples
    --------
    >>> rearm("'=1+1"), rearm("''=1"), rearm("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return text[1:] if _DISARMED.match(text) else text
