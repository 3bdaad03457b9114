"""Law 13 for border ports: every event and every status stands in docs/track.md."""

from __future__ import annotations

import re
from pathlib import Path

from landport.appointments.states import STATUSES
from landport.model.gate_facts import GATE_FACTS

PAGE = (Path(__file__).parents[2] / "docs" / "track.md").read_text("utf-8").partition("## Border ports")[2]


def test_every_event_and_status_is_documented():
    """One row each, and none that there is not."""
    events = re.findall(r"^\| \w+ \| `(\w+)` \|", PAGE.partition("## Readiness")[0], re.MULTILINE)
    assert sorted(events) == sorted(fact.__name__ for fact in GATE_FACTS)
    statuses = re.findall(r"^\| (\w+) \| (\w+) \| \w", PAGE.partition("## Readiness")[0], re.MULTILINE)
    wanted = [(kind, status) for kind, known in STATUSES.items() for status in known]
    assert sorted(s for s in statuses if s[0] in STATUSES) == sorted(wanted)
