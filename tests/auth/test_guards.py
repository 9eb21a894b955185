"""Guards: who is let in, and what an endpoint must declare to exist at all."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from app.auth import tokens
from app.auth.caller import Service
from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.kit.clock import SetClock
from app.web.routing import Router
from tests.conftest import MakePerson, Person

Reader = Annotated[Service, Guard(Service, Scope.PLANS_READ)]
Careful = Annotated[Service, Guard(Service, Scope.PLANS_WRITE, recent_sign_in=True)]

router = Router(include_in_schema=False)


@router.get("/v1/who")
async def get_who(service: Reader) -> dict[str, str]:
    caller = service.caller
    return {
        "owner": str(caller.owner_id),
        "language": caller.language,
        "time_zone": caller.zone.key,
        "country": str(caller.country),
    }


@router.post("/v1/careful")
async def post_careful(service: Careful) -> Response:
    return Response(status_code=204)


@pytest.fixture(autouse=True)
def more_routes(app: FastAPI) -> None:
    app.router.routes.extend(router.routes)


async def test_a_token_tells_whose_records_are_meant_and_how_to_speak(
    make_person: MakePerson,
) -> None:
    person = await make_person(locale="de-AT", time_zone="Asia/Kathmandu", country="AT")
    expected = {"time_zone": "Asia/Kathmandu", "country": "AT", "owner": str(person.id)}
    assert (await person.http.get("/v1/who")).json() == {**expected, "language": "de"}
    english = await person.http.get("/v1/who", headers={"Accept-Language": "fr, en;q=0.5"})
    assert english.json() == {**expected, "language": "en"}


async def test_who_shows_no_good_token_is_told_how_to_get_one(
    client: httpx.AsyncClient, person: Person
) -> None:
    made_up = tokens.new_token(tokens.ACCESS).text
    for given in (
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {person.token}",
        f"Token {person.token}",
        person.token,
        f"Bearer {person.token}x",
        f"Bearer {person.token[:-1]}",
        f"Bearer {person.token.swapcase()}",
        f"Bearer {made_up}",
        f"Bearer {tokens.new_token(tokens.REFRESH).text}",
        f"Bearer {person.token} {person.token}",
    ):
        headers = {} if given is None else {"Authorization": given}
        refused = await client.get("/v1/who", headers=headers)
        assert refused.status_code == 401, given
        assert refused.json()["type"] == "/problems/unauthenticated"
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="rebound"'
        assert person.token not in refused.text
    for scheme in ("Bearer ", "bearer ", "BEARER   "):
        let_in = await client.get("/v1/who", headers={"Authorization": f"{scheme}{person.token}"})
        assert let_in.status_code == 200


async def test_a_token_is_good_until_it_expires(
    client: httpx.AsyncClient, clock: SetClock, make_person: MakePerson
) -> None:
    person = await make_person()
    clock.advance(timedelta(days=365) - timedelta(microseconds=1))
    assert (await person.http.get("/v1/who")).status_code == 200
    clock.advance(timedelta(microseconds=1))
    assert (await person.http.get("/v1/who")).status_code == 401


async def test_a_stranger_in_the_query_or_body_changes_nothing(
    person: Person, stranger: Person
) -> None:
    for headers in ({"X-User": str(stranger.id)}, {"Rebound-Account": str(person.id)}):
        answer = await person.http.get("/v1/who", headers=headers)
        assert answer.json()["owner"] == str(person.id)
    for account in (str(stranger.id), str(uuid4()), "nobody"):
        refused = await person.http.get("/v1/who", headers={"Rebound-Account": account})
        assert refused.status_code == 404


async def test_what_is_delicate_needs_a_sign_in_of_the_last_ten_minutes(
    person: Person, clock: SetClock
) -> None:
    clock.advance(timedelta(minutes=10))
    assert (await person.http.post("/v1/careful")).status_code == 204
    clock.advance(timedelta(seconds=1))
    refused = await person.http.post("/v1/careful")
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/recent-sign-in-required"


async def test_a_missing_scope_is_named_before_any_id_is_looked_at(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejection = await person.record_rejection()
    reading = frozenset({Scope.PROFILE_READ, Scope.REJECTIONS_READ})
    monkeypatch.setattr("app.auth.identity.SESSION_SCOPES", reading)
    assert (await person.http.get(f"/v1/rejections/{rejection['id']}")).status_code == 200
    for record in (rejection["id"], uuid4(), "no-id-at-all"):
        for refused in (
            await person.http.delete(f"/v1/rejections/{record}"),
            await person.http.patch(f"/v1/rejections/{record}", json={"colour": "red"}),
        ):
            assert refused.status_code == 403
            assert refused.json()["type"] == "/problems/missing-scope"
            assert refused.json()["required_scope"] == "rejections:write"


async def test_what_is_wrong_with_a_request_is_told_only_to_who_is_let_in(
    client: httpx.AsyncClient, person: Person
) -> None:
    given: dict[str, Any] = {"json": {"colour": "red"}}
    assert (await client.post("/v1/rejections", **given)).status_code == 401
    assert (await client.post("/v1/rejections", content=b"{")).status_code == 401
    assert (await person.http.post("/v1/rejections", **given)).status_code == 422
