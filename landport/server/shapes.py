"""What answers look like, for the OpenAPI document; states and events have their own classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from landport.track.deviations import Deviation


class SessionShown(msgspec.Struct):
    """A session. `token`: show it as `Authorization: Bearer ...`; a browser gets it as a cookie, too."""

    token: str
    expires_at: datetime
    account_id: str
    login: str
    role: str
    party_id: str


class Me(msgspec.Struct):
    """Who asks. `may`: what the role, or the key's scopes, allow."""

    tenant_id: str
    actor: str
    role: str
    party_id: str
    may: list[str]


class LinkUsed(msgspec.Struct):
    """Whose password was set."""

    login: str
    role: str


class AccountMade(msgspec.Struct):
    """An account and its one-time link, shown this once."""

    account_id: str
    link: str


class AccountShown(msgspec.Struct):
    """An account."""

    account_id: str
    login: str
    role: str
    party_id: str
    is_active: bool
    has_password: bool
    created_at: datetime


class Accounts(msgspec.Struct):
    """Every account of the tenant."""

    items: list[AccountShown]


class KeyShown(msgspec.Struct):
    """A key."""

    key_id: str
    name: str
    role: str
    scopes: list[str]
    party_id: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyMade(KeyShown):
    """A key and its token, shown this once."""

    token: str


class Keys(msgspec.Struct):
    """Every key of the tenant."""

    items: list[KeyShown]


class KeyNamed(msgspec.Struct):
    """The id of a key."""

    key_id: str


class PartyNamed(msgspec.Struct):
    """The id of a party."""

    party_id: str


class PartyShown(msgspec.Struct):
    """A party; an erased one has neither name nor contact."""

    party_id: str
    kind: str
    name: str
    contact: str
    is_erased: bool
    created_at: datetime


class Parties(msgspec.Struct):
    """A page of parties."""

    items: list[PartyShown]
    next: str | None


class EventShown(msgspec.Struct):
    """An event: what happened, never changed."""

    position: int
    event_id: str
    tenant_id: str
    stream: str
    version: int
    type: str
    type_version: int
    happened_at: datetime
    recorded_at: datetime
    actor: str
    cause: str
    about: list[str]
    payload: dict[str, Any]
    hash: str


class Events(msgspec.Struct):
    """A page of events, oldest first; `next`: ask for those after it, now or later."""

    items: list[EventShown]
    next: int


class JobShown(msgspec.Struct):
    """A job. `status`: queued, running, done, failed, cancelled or interrupted; `result`: what came of it."""

    job_id: str
    kind: str
    status: str
    progress: str
    request: dict[str, Any]
    result: dict[str, Any] | None
    actor: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Jobs(msgspec.Struct):
    """Jobs, the newest first."""

    items: list[JobShown]


class Reference(msgspec.Struct):
    """A booking of a packing list, and the consignment that it became."""

    reference: str
    consignment_id: str


class Said(msgspec.Struct):
    """A remark: what is odd but stops nothing."""

    code: str
    message: str


class Imported(msgspec.Struct):
    """What came of a packing list."""

    items: list[Reference]
    remarks: list[Said]


class Deviations(msgspec.Struct):
    """How a train deviates from its plan."""

    items: list[Deviation]


class Health(msgspec.Struct):
    """How the server is."""

    status: str
    position: int = 0
