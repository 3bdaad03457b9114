"""Bodies of movements and planning. What they mean is checked by the use cases."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from landport.server.inputs import Asked, Count, Instant, Line, NoId, Text, Whole, Word

Fields = Annotated[dict[Word, Any], Field(max_length=40)]


class Reported(Asked):
    """What happened. `fields`: those of its type, see docs/track.md; `happened_at`: nothing means now."""

    type: Word
    fields: Fields = {}  # noqa: RUF012 -- pydantic copies it
    happened_at: Instant | None = None
    cause: NoId = ""


class Question(Asked):
    """What a price is asked for. `cargo_kg`: over all boxes."""

    origin_id: Line
    destination_id: Line
    container_type: Word = "40HC"
    n_containers: Annotated[int, Field(ge=1, le=5_000)] = 1
    cargo_kg: Whole | None = None
    ready_at: Instant | None = None
    due_at: Instant | None = None
    hs: Word = ""
    un_class: Word = ""
    forwarder_id: NoId = ""


class NewOrder(Asked):
    """A restriction order of a railway or authority."""

    number: Word
    issuer: Word
    place_id: Line
    towards_id: Line = ""
    from_at: Instant
    until_at: Instant
    hs_prefixes: Annotated[list[Word], Field(max_length=200, default_factory=list)]
    un_classes: Annotated[list[Word], Field(max_length=20, default_factory=list)]
    container_types: Annotated[list[Word], Field(max_length=50, default_factory=list)]
    max_trains_per_day: Count | None = None
    max_teu_per_day: Count | None = None
    usd_cents_per_teu: Whole = 0
    text: Text = ""


class NewPlan(Asked):
    """A plan to be made of what is now. `seconds`: nothing better is looked for after them."""

    effort: Literal["quick", "normal", "full"] = "quick"
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
    commits: bool = False


class NewRepair(Asked):
    """A repair to be looked for by planning again."""

    effort: Literal["quick", "normal", "full"] = "quick"
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
