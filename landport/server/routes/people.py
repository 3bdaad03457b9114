"""Routes of people: log in and out, one-time links, accounts, keys."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from landport.app.ledger import people, sessions
from landport.app.ledger.desk import MAY, Command, Ledger, Principal
from landport.server import desk, inputs, shapes
from landport.server.documents import spec
from landport.server.inputs import PathId

router = APIRouter(prefix="/api/v1", tags=["people"], default_response_class=Response)

_LOGGED_IN: Final = {
    "token": "4Jx0Gm2yQfC3oQvRk0v7pV6b7s0m1n2o3p4q5r6s7t8",
    "expires_at": "2026-03-02T20:00:00Z",
    "account_id": "A1b2c3d4e5f6",
    "login": "admin",
    "role": "admin",
    "party_id": "",
}
_ACCOUNT: Final = {
    "account_id": "A1b2c3d4e5f6",
    "login": "fred@forwarder.example",
    "role": "forwarder",
    "party_id": "P0a1b2c3d4e5",
    "is_active": True,
    "has_password": True,
    "created_at": "2026-03-02T08:00:00Z",
}
_MADE: Final = {"account_id": "A1b2c3d4e5f6", "link": "vT6b7s0m1n2o3p4q5r6s7t84Jx0Gm2yQfC3oQvRk0v7p"}
_KEY: Final = {
    "key_id": "K1b2c3d4e5f6",
    "name": "gate 2",
    "role": "controller",
    "scopes": ["read", "move"],
    "party_id": "",
    "created_at": "2026-03-02T08:00:00Z",
    "expires_at": None,
    "revoked_at": None,
}
_TOKEN: Final = "lp_K1b2c3d4e5f6_4Jx0Gm2yQfC3oQvRk0v7pV6b7s0m1n2o3p4q5r6s7t8"


@router.post(
    "/session",
    status_code=201,
    **spec(
        answers={201: (shapes.SessionShown, _LOGGED_IN)},
        errors=(401, 403, 429),
        body=(inputs.LogIn, {"login": "admin", "password": "seven grey geese land"}),
        is_open=True,
    ),
)
async def log_in(request: Request) -> Response:
    """Log in: begin a session of twelve hours."""
    desk.expect_own_origin(request, is_needed=False)
    asked = await desk.body_of(request, inputs.LogIn, is_open=True)
    at = desk.desk_of(request)
    address = request.client.host if request.client else ""
    session = await at.in_thread(sessions.log_in, at.ledger, asked.login, asked.password, address)
    request.scope["actor"] = session.account_id
    response = desk.answered(session, status=201)
    response.set_cookie(
        desk.COOKIE,
        session.token,
        max_age=int(sessions.LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.delete("/session", status_code=204, **spec(answers={204: (None, None)}))
async def log_out(request: Request) -> Response:
    """Log out: the session ends at once."""
    await desk.who(request)
    at = desk.desk_of(request)
    await at.in_thread(sessions.log_out, at.ledger, desk.token_of(request))
    response = Response(status_code=204)
    response.delete_cookie(desk.COOKIE)
    return response


@router.get(
    "/me",
    **spec(
        answers={
            200: (
                shapes.Me,
                {"tenant_id": "port", "actor": "A1b2c3d4e5f6", "role": "planner", "party_id": "", "may": ["read"]},
            )
        }
    ),
)
async def me(request: Request) -> Response:
    """Tell who asks, and what they may."""
    asker = await desk.who(request)
    may = [what for what in MAY if asker.may(what)]
    return desk.answered(shapes.Me(asker.tenant_id, asker.actor, asker.role, asker.party_id, may))


@router.post(
    "/links",
    **spec(
        answers={200: (shapes.LinkUsed, {"login": "admin", "role": "admin"})},
        errors=(404,),
        body=(inputs.UseLink, {"link": _MADE["link"], "password": "seven grey geese land"}),
        is_open=True,
    ),
)
async def use_link(request: Request) -> Response:
    """Choose a password by a one-time link."""
    asked = await desk.body_of(request, inputs.UseLink, is_open=True)
    at = desk.desk_of(request)
    return desk.answered(await at.in_thread(people.choose_password, at.ledger, asked.link, asked.password))


# ---- accounts ----------------------------------------------------------------------------------


@router.get("/accounts", **spec(answers={200: (shapes.Accounts, {"items": [_ACCOUNT]})}))
async def list_accounts(request: Request) -> Response:
    """List the accounts of the tenant."""
    return desk.answered({"items": await desk.ask(request, people.accounts)})


@router.post(
    "/accounts",
    status_code=201,
    **spec(
        answers={201: (shapes.AccountMade, _MADE)},
        errors=(404, 409),
        body=(
            inputs.NewAccount,
            {"login": "fred@forwarder.example", "role": "forwarder", "party_id": "P0a1b2c3d4e5"},
        ),
    ),
)
async def add_account(request: Request) -> Response:
    """Make an account; its one-time link is shown this once."""
    asked = await desk.body_of(request, inputs.NewAccount)

    def make(ledger: Ledger, who: Principal) -> Command:
        return people.add_account(ledger, who, asked.login, asked.role, asked.party_id)

    return await desk.write(request, make, status=201, is_once=False)


@router.patch(
    "/accounts/{account_id}",
    **spec(
        answers={200: (shapes.AccountShown, _ACCOUNT)},
        errors=(404, 409),
        body=(inputs.ChangedAccount, {"is_active": False}),
        is_once=True,
    ),
)
async def change_account(request: Request, account_id: PathId) -> Response:
    """Give an account another role or party, close it, or open it again."""
    asked = await desk.body_of(request, inputs.ChangedAccount)

    def make(ledger: Ledger, who: Principal) -> Command:
        return people.change_account(ledger, who, account_id, **asked.model_dump())

    return await desk.write(request, make)


@router.post(
    "/accounts/{account_id}/link", status_code=201, **spec(answers={201: (shapes.AccountMade, _MADE)}, errors=(404,))
)
async def add_link(request: Request, account_id: PathId) -> Response:
    """Make a new one-time link for an account; it is shown this once."""
    return await desk.write(
        request, lambda ledger, who: people.new_link(ledger, who, account_id), status=201, is_once=False
    )


# ---- keys --------------------------------------------------------------------------------------


@router.get("/keys", **spec(answers={200: (shapes.Keys, {"items": [_KEY]})}))
async def list_keys(request: Request) -> Response:
    """List the keys of the tenant."""
    return desk.answered({"items": await desk.ask(request, people.keys)})


@router.post(
    "/keys",
    status_code=201,
    **spec(
        answers={201: (shapes.KeyMade, _KEY | {"token": _TOKEN})},
        errors=(404,),
        body=(inputs.NewKey, {"name": "gate 2", "role": "controller", "scopes": ["read", "move"]}),
    ),
)
async def add_key(request: Request) -> Response:
    """Make a key; its token is shown this once."""
    asked = await desk.body_of(request, inputs.NewKey)
    options: dict[str, Any] = {"scopes": asked.scopes, "party_id": asked.party_id, "expires_at": asked.expires_at}

    def make(ledger: Ledger, who: Principal) -> Command:
        return people.add_key(ledger, who, asked.name, asked.role, **options)

    return await desk.write(request, make, status=201, is_once=False)


@router.delete(
    "/keys/{key_id}",
    **spec(answers={200: (shapes.KeyNamed, {"key_id": "K1b2c3d4e5f6"})}, errors=(404,), is_once=True),
)
async def revoke_key(request: Request, key_id: PathId) -> Response:
    """Revoke a key: it opens nothing from the next request on."""
    return await desk.write(request, lambda ledger, who: people.revoke_key(ledger, who, key_id))
