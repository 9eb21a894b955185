"""The authorisation matrix: each caller's request to an operation, on records of a victim.

All callers send the very request that the victim (or an admin of the organisation) succeeds with.
Who is refused must learn nothing: the answer is the same for ids and people that never were, holds
nothing of the victim's, and nothing is stored. Who is let in gets what the owner gets.
"""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import update

from app.auth import tokens
from app.auth.models import AccessToken
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess
from app.db.base import table_of
from app.web.markers import ON_BEHALF_OF
from app.web.routing import Route
from tests.contract.answers import check_problem, check_success, seen
from tests.contract.callers import ALIKE, CALLERS, GRANTED, NOTHING, Caller, Case, Kind, Try, tries
from tests.contract.cast import Cast, Headers, bearer
from tests.contract.document import Operation, collections, creator
from tests.contract.requests import Request, good_request
from tests.contract.scene import Person
from tests.contract.twins import IDS, about, absent, categories_of, without_secret

HIDDEN = frozenset({"email", "phone", "linkedin_url"})
"""How to reach a contact is for the person alone."""

ONES_OWN = HIDDEN | {"is_own", "current"}
"""Fields of an answer that differ with the caller."""

OF_THE_CAST = frozenset(
    {"access_log", "api_keys", "grants", "sessions", "access_tokens", "refresh_tokens"}
)
"""Tables of the victim to which the matrix itself adds."""

_access_tokens = table_of(AccessToken)


async def examine(operation: Operation, cast: Cast) -> list[str]:
    """What is wrong with an operation, in sentences that name it and the caller."""
    stage = await Stage.of(operation, cast)
    granted = [one for one in CALLERS if stage.lets_in(one)]
    before = await stage.rows()
    remarks = [
        remark for caller in CALLERS if caller not in granted for remark in await stage.play(caller)
    ]
    after = await stage.rows()
    if changed := [name for name, rows in after.items() if rows != before[name]]:
        remarks.append(f"{operation}: refused requests changed the victim's {changed}")
    remarks += await stage.succeed()
    if stage.case.kind is Kind.PERSON and stage.case.needs is None:
        # Who has just signed out, or is deleted, lets nobody in.
        stage = await Stage.of(operation, cast)
    remarks += [remark for caller in granted for remark in await stage.play(caller)]
    return remarks


@dataclass
class Stage:
    """One operation, its victim, and the request with which the owner succeeds."""

    case: Case
    cast: Cast
    victim: Person
    owner: Person
    """The victim, or the admin of the organisation whose records are meant."""

    request: Request
    made: dict[str, Headers] = field(default_factory=dict)

    @classmethod
    async def of(cls, operation: Operation, cast: Cast) -> "Stage":
        """A fresh victim, with the records that a good request needs."""
        routes = cast.scene.app.router.routes
        (guard,) = (
            one.guard
            for one in routes
            if isinstance(one, Route) and one.include_in_schema and one.operation == operation.id
        )
        case = Case(operation, guard)
        shows_all = operation.method == "GET" and not operation.parameters("path")
        victim = await (cast.stocked() if shows_all else cast.victim())
        owner = cast.admin if case.kind is Kind.ORGANIZATION else victim
        request = await good_request(operation, owner)
        if operation.method == "GET":
            request = request.unfiltered()
        extra = categories_of(request)
        if case.needs is not None and case.needs.is_mixed:
            # A record that belongs to another one shares its category.
            for name in operation.parameters("path"):
                making = creator(collections()[name])
                assert making is not None, f"{operation}: nothing makes the record of `{name}`"
                extra |= categories_of(await good_request(making, owner))
        return cls(replace(case, extra=extra), cast, victim, owner, request)

    @property
    def operation(self) -> Operation:
        return self.case.operation

    @property
    def owner_id(self) -> UUID:
        """Whose records are meant."""
        is_organizations = self.case.kind is Kind.ORGANIZATION
        return self.cast.trusted if is_organizations else self.victim.account.id

    def lets_in(self, caller: Caller) -> bool:
        """Whether a caller gets what the owner gets, whatever they do."""
        return any(one.verdict == GRANTED for one in tries(caller, self.case))

    async def rows(self) -> dict[str, list[str]]:
        """All that belongs to the victim."""
        found = await self.cast.scene.rows_of(self.victim)
        return {name: rows for name, rows in found.items() if name not in OF_THE_CAST}

    async def play(self, caller: Caller) -> list[str]:
        """What is wrong with the answers that a caller gets."""
        remarks = []
        credentials = await self._credentials(caller)
        for terms in caller.terms(self.case):
            async with self.cast.lets(self.victim, terms):
                for one in tries(caller, self.case):
                    try:
                        await self._play(caller, one, credentials)
                    except AssertionError as error:
                        remarks.append(f"{self.operation}: {caller.name}: {error}")
        self.cast.played.add(f"{self.cast.scene.engine} {self.operation.id} {caller.name}")
        return remarks

    async def succeed(self) -> list[str]:
        """What is wrong with the answer that the owner gets to the same request."""
        try:
            answer = await self.owner.send(self.request)
            check_success(self.operation, answer)
            assert answer.status_code == self.operation.success
        except AssertionError as error:
            return [f"{self.operation}: the owner: {error}"]
        return []

    async def _play(self, caller: Caller, one: Try, credentials: Headers) -> None:
        headers = dict(credentials)
        if one.names_person:
            headers[ON_BEHALF_OF] = self.victim.id
        if caller.is_key and one.verdict in (GRANTED, NOTHING) and self.operation.method == "GET":
            # The first use of a key is noted, and shown with it from then on.
            await self._send(self.request, headers)
        if one.verdict == GRANTED:
            await self._check_granted(caller, headers)
        elif one.verdict == ALIKE:
            await self._check_alike(headers)
        elif one.verdict == NOTHING:
            await self._check_nothing(caller, headers, speaks_for_many=one.speaks_for_many)
        else:
            await self._check_refused(one, headers)

    async def _check_refused(self, one: Try, headers: Headers) -> None:
        code = one.verdict
        before = await self.cast.fingerprint(self.owner_id)
        answer = await self._send(self.request, headers)
        said = answer.json().get("type") if answer.is_error else answer.text[:300]
        told = f"{answer.status_code} {said}"
        assert told.endswith(f" /problems/{code}"), f"expected {code}, got {told}"
        assert answer.status_code in (401, 403, 404), told
        check_problem(self.operation, answer, "refused")
        self._check_silence(answer, self._secrets())
        keeps = {"organization_id"} if code in ("role-missing", "owner-only") else set()
        for why, twin in (
            ("ids that never were", await self._send(absent(self.request, keeps), headers)),
            ("a person who never was", await self._to_nobody(code, headers)),
        ):
            assert twin is None or one.is_inside or seen(twin) == seen(answer), (
                f"{why}: another answer, {_differences(answer, twin)}"
            )
        assert await self.cast.fingerprint(self.owner_id) == before, "it has left a row"

    async def _to_nobody(self, code: str, headers: Headers) -> httpx.Response | None:
        """The answer for a person who never was; whoever has a grant may know that they are."""
        if code == "unauthenticated":
            return await self._send(self.request, {ON_BEHALF_OF: str(uuid4())})
        if ON_BEHALF_OF not in headers or code in ("consent-missing", "owner-only"):
            return None
        return await self._send(self.request, {**headers, ON_BEHALF_OF: str(uuid4())})

    async def _check_nothing(
        self, caller: Caller, headers: Headers, *, speaks_for_many: bool
    ) -> None:
        """The caller gets an answer of their own, in which the victim does not appear."""
        request, is_read = without_secret(self.request), self.operation.method == "GET"
        if speaks_for_many:
            request = about(request, self.cast.trusted)
        _, before = await self.cast.fingerprint(self.owner_id)
        secrets = self._secrets()
        if is_read:
            secrets |= set(IDS.findall((await self.owner.send(request)).text))
        secrets.discard(str(self.cast.works_for.get(caller.who or caller.name)))
        answer = await self._send(request, headers)
        assert answer.status_code < 500, answer.text
        assert answer.is_error or not speaks_for_many, f"they speak for others: {answer.text[:300]}"
        # What they have said themselves may stand in their record.
        sent = request.text if request.body is not None else ""
        self._check_silence(answer, {one for one in secrets if one not in sent})
        if answer.is_error or is_read:
            twin = await self._send(absent(request), headers)
            assert seen(twin) == seen(answer), (
                f"ids that never were: another answer, {_differences(answer, twin)}"
            )
        _, after = await self.cast.fingerprint(self.owner_id)
        assert after == before, "it has written to the victim's records"

    async def _check_granted(self, caller: Caller, headers: Headers) -> None:
        request, is_read = self.request, self.operation.method == "GET"
        if not is_read:
            request = await good_request(self.operation, self.owner)
        acts_for = ON_BEHALF_OF in headers
        if acts_for and isinstance(request.body, dict) and "linkedin_url" in request.body:
            body = {name: value for name, value in request.body.items() if name not in HIDDEN}
            request = replace(request, body=body)
        noted = await self.cast.logged(self.victim)
        answer = await self._send(request, headers)
        check_success(self.operation, answer)
        assert answer.status_code == self.operation.success, answer.text
        if acts_for:
            await self._check_log(noted)
        # A caseload shows of each client what the scopes of a key reach.
        is_caseload = caller.is_key and self.case.kind is Kind.ORGANIZATION
        if is_read and caller.sees_all and not is_caseload:
            owners = _shown((await self.owner.send(request)).json())
            shown = _shown(answer.json())
            assert shown == owners, f"the owner gets another answer: {shown} / {owners}"

    async def _check_log(self, noted: Counter[Any]) -> None:
        """What was read stands in the access log, and every change by itself."""
        logged = await self.cast.logged(self.victim)
        access = ConsentAccess.WRITE if self.case.is_write else ConsentAccess.READ
        categories = self.case.needs.categories if self.case.needs else ()
        for one in categories:
            wanted = noted[access, one] + 1 if self.case.is_write else 1
            assert logged[access, one] >= wanted, f"the access log does not say so of `{one}`"
        assert logged, "the access log is empty"

    async def _check_alike(self, headers: Headers) -> None:
        """A public operation does not look at who calls."""
        if self.operation.method == "GET":
            answers = [await self._send(self.request, one) for one in (headers, {})]
            assert seen(answers[0]) == seen(answers[1]), "the answer depends on who calls"
            return
        shapes = []
        for one in (headers, {}):
            person = await self.cast.scene.person()
            answer = await self._send(await good_request(self.operation, person), one)
            check_success(self.operation, answer)
            shapes.append((answer.status_code, answer.content and sorted(answer.json())))
        assert shapes[0] == shapes[1], f"the answer depends on who calls: {shapes}"

    def _check_silence(self, answer: httpx.Response, secrets: set[str]) -> None:
        _, headers, body = seen(answer)
        text = f"{headers} {body.decode()}"
        told = sorted(one for one in secrets if one in text)
        assert not told, f"the answer tells {told}: {answer.text[:300]}"

    def _secrets(self) -> set[str]:
        """What nobody may learn: the ids and words of the owner's records."""
        request = self.request
        sent = json.dumps([request.path, request.query, request.body])
        people = (self.victim, self.owner)
        known = {one for person in people for one in (person.id, person.email, person.word)}
        return known | set(IDS.findall(sent))

    async def _send(self, request: Request, headers: Headers) -> httpx.Response:
        return await request.send(self.cast.scene.anyone, headers)

    async def _credentials(self, caller: Caller) -> Headers:  # noqa: C901, PLR0911, PLR0912 -- one case for each caller
        """What a caller shows of themselves."""
        cast, owner = self.cast, self.owner
        token = owner.tokens["access_token"]
        match caller.name:
            case "anonymous":
                return {}
            case "garbage token":
                return bearer("garbage")
            case "token cut short":
                return bearer(token[:-1])
            case "refresh token":
                return bearer(owner.tokens["refresh_token"])
            case "token under another scheme":
                return {"Authorization": f"Basic {token}"}
            case "expired token":
                return await self._expired_token()
            case "signed-out session":
                gone = await Person(cast.scene, owner.email).sign_in()
                await cast.scene.anyone.delete("/v1/sessions/current", headers=gone.authorization)
                return gone.authorization
            case "expired key":
                return await cast.key(self.owner_id, tuple(Scope), **cast.past())
            case "revoked key":
                return await cast.revoked_key(self.owner_id)
            case "stranger" | "stranger in their own name":
                return (await cast.scene.person()).authorization
            case "organisation's key without the scope":
                return await cast.key(cast.trusted, _all_but(self._scope))
            case "organisation's key with the scope alone":
                is_organizations = self.case.kind is Kind.ORGANIZATION
                owner_id = cast.trusted if is_organizations else cast.careful
                return await cast.key(owner_id, [self._scope])
            case "organisation's key that names nobody":
                is_either = self.case.kind is Kind.EITHER
                return cast.credentials["key of other" if is_either else "key of trusted"]
            case "personal key without the scope":
                return await cast.key(owner.account.id, _all_but(self._scope))
            case "personal key with the scope alone":
                return await cast.key(owner.account.id, [self._scope])
            case name:
                return cast.credentials[caller.who or name]

    @property
    def _scope(self) -> Scope:
        """The scope that is needed; any, where none is."""
        return Scope.PROFILE_READ if self.case.kind is Kind.PUBLIC else self.case.scope

    async def _expired_token(self) -> Headers:
        """An access token of the owner whose time is over."""
        person = await Person(self.cast.scene, self.owner.email).sign_in()
        token = person.tokens["access_token"]
        async with self.cast.scene.database.write() as transaction:
            transaction.enter(self.owner.account.id)
            await transaction.execute(
                update(_access_tokens)
                .where(_access_tokens.c.token_hash == tokens.digest_of(token))
                .values(self.cast.past())
            )
        return bearer(token)


def _all_but(scope: Scope) -> tuple[Scope, ...]:
    return tuple(one for one in Scope if one is not scope)


def _shown(value: Any) -> Any:
    """An answer without what differs with the caller."""
    if isinstance(value, dict):
        return {k: _shown(v) for k, v in value.items() if k not in ONES_OWN}
    return [_shown(one) for one in value] if isinstance(value, list) else value


def _differences(one: httpx.Response, other: httpx.Response) -> str:
    """Where two answers differ."""
    parts = zip(("status", "headers", "body"), seen(one), seen(other), strict=True)
    return "; ".join(f"{name} {str(a)[:300]} / {str(b)[:300]}" for name, a, b in parts if a != b)
