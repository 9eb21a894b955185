"""Those who take part in the authorisation matrix: organisations, and who acts for them.

Everybody here stays the same for a whole run. What a person lets somebody do is said for each
request by `Cast.lets`.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select

from app.auth import tokens
from app.auth.models import AccessEntry, ApiKey, Grant
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess, ConsentCategory, OrganizationRole
from app.db.base import Base, table_of
from app.db.revisions import Head
from app.domains.coaching.terms import MembershipStatus
from tests.contract.document import by_id
from tests.contract.requests import good_request
from tests.contract.scene import Person, Scene
from tests.domains.organizing import add_client, add_member, give_grant, make_key, make_organization

Headers = Mapping[str, str]

_heads = table_of(Head)
_grants = table_of(Grant)
_keys = table_of(ApiKey)
_log = table_of(AccessEntry)


@dataclass(frozen=True)
class Terms:
    """What a person lets the members of an organisation do, or one of them."""

    categories: Sequence[ConsentCategory] = tuple(ConsentCategory)
    access: ConsentAccess = ConsentAccess.WRITE
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_personal: bool = False
    is_past: bool = False


@dataclass
class Cast:
    """The organisations of a scene, and the credentials of those who act for them, by their name.

    Every victim trusts `trusted` and `trial` with everything, is accompanied by `careful`, which
    gets what a cell says, and has nothing to do with `other`.
    """

    scene: Scene
    admin: Person
    trusted: UUID
    trial: UUID
    careful: UUID
    other: UUID
    members: dict[str, UUID] = field(default_factory=dict)
    works_for: dict[str, UUID] = field(default_factory=dict)
    """The organisation of each member, which is no secret to them."""

    credentials: dict[str, Headers] = field(default_factory=dict)
    played: set[str] = field(default_factory=set)
    """The cells so far: engine, operation and caller."""

    _stocked: Person | None = None

    @classmethod
    async def of(cls, scene: Scene) -> "Cast":
        """The cast of a scene."""
        admin = await scene.person()
        trusted = UUID(await admin.organization())
        trial = await make_organization(scene.database, is_test=True)
        careful, other = [await make_organization(scene.database) for _ in range(2)]
        cast = cls(scene, admin, trusted, trial, careful, other)
        await cast._join("coach", trusted)
        await cast._join("analyst", trusted, OrganizationRole.ANALYST)
        await cast._join("deactivated member", trusted, status=MembershipStatus.DEACTIVATED)
        await cast._join("careful coach", careful)
        await cast._join("colleague", careful)
        await cast._join("careful admin", careful, OrganizationRole.ADMIN)
        await cast._join("other coach", other)
        gone = await cast._join("deleted coach", trusted)
        answer = await gone.send(await good_request(by_id("delete_me"), gone))
        assert answer.status_code == 204, answer.text
        for name, owner in (("trusted", trusted), ("careful", careful), ("other", other)):
            cast.credentials[f"key of {name}"] = bearer(await make_key(scene.database, owner))
        for name, owner, kind in (
            ("test key of a live organisation", trusted, tokens.TEST_KEY),
            ("live key of a test organisation", trial, tokens.LIVE_KEY),
        ):
            key = await make_key(scene.database, owner, kind=kind)
            cast.credentials[name] = bearer(key)
        other_client = await scene.person()
        await add_client(scene.database, other, other_client.account)
        await cast._gives(other_client, other, Terms())
        return cast

    async def _join(self, name: str, organization: UUID, *role: Any, **fields: Any) -> Person:
        person = await self.scene.person()
        self.members[name] = await add_member(
            self.scene.database, organization, person.account, *role, **fields
        )
        if fields.get("status") is not MembershipStatus.DEACTIVATED:
            self.works_for[name] = organization
        self.credentials[name] = person.authorization
        return person

    async def victim(self) -> Person:
        """Somebody new who trusts some organisations."""
        person = await self.scene.person()
        for organization in (self.trusted, self.trial, self.careful):
            await add_client(self.scene.database, organization, person.account)
        for organization in (self.trusted, self.trial):
            await self._gives(person, organization, Terms())
        return person

    async def stocked(self) -> Person:
        """A victim with records of every kind, the same for all who ask."""
        if self._stocked is None:
            self._stocked = await self.victim()
            await self._stocked.stock()
        return self._stocked

    async def _gives(self, person: Person, organization: UUID, terms: Terms) -> UUID:
        fields = dict(terms.fields)
        if terms.is_personal:
            fields["membership_id"] = self.members["careful coach"]
        if terms.is_past:
            fields |= self.past()
        return await give_grant(
            self.scene.database,
            organization,
            person.account,
            *terms.categories,
            access=terms.access,
            **fields,
        )

    @asynccontextmanager
    async def lets(self, person: Person, terms: Terms | None) -> AsyncIterator[None]:
        """Meanwhile a person lets the careful organisation do something, or nothing at all."""
        if terms is None:
            yield
            return
        grant = await self._gives(person, self.careful, terms)
        yield
        async with self.scene.database.write() as transaction:
            transaction.enter(person.account.id)
            await transaction.execute(
                delete(_grants).where(
                    _grants.c.owner_id == person.account.id, _grants.c.id == grant
                )
            )

    async def key(self, owner: UUID, scopes: Sequence[Scope], **fields: Any) -> Headers:
        """A fresh key with some scopes."""
        return bearer(await make_key(self.scene.database, owner, *scopes, **fields))

    async def revoked_key(self, owner: UUID) -> Headers:
        """A key that was good once."""
        key = await make_key(self.scene.database, owner)
        async with self.scene.database.write() as transaction:
            transaction.enter(owner)
            await transaction.execute(
                delete(_keys).where(
                    _keys.c.owner_id == owner, _keys.c.key_hash == tokens.digest_of(key)
                )
            )
        return bearer(key)

    async def fingerprint(self, *owners: UUID) -> tuple[Sequence[int], Sequence[int]]:
        """How many rows each table has, and at which revision some owners are.

        The access log is left out: it grows by what others may do.
        """
        async with self.scene.database.read(everyone=True) as transaction:
            counts = (await transaction.execute(_counts())).one()
            heads = await transaction.execute(
                select(_heads.c.revision)
                .where(_heads.c.owner_id.in_(owners))
                .order_by(_heads.c.owner_id)
            )
            return tuple(counts), tuple(heads.scalars())

    async def logged(self, person: Person) -> Counter[tuple[ConsentAccess, ConsentCategory]]:
        """What a person's access log holds."""
        async with self.scene.database.read() as transaction:
            transaction.enter(person.account.id)
            entries = select(_log.c.access, _log.c.category).where(
                _log.c.owner_id == person.account.id
            )
            return Counter(map(tuple, await transaction.execute(entries)))

    def past(self) -> Mapping[str, Any]:
        """The end of a time that is over."""
        return {"expires_at": self.scene.clock.now() - timedelta(seconds=1)}


def bearer(token: str) -> Headers:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


@cache
def _counts() -> Select[Any]:
    """The number of rows of every table, and how often anything was written."""
    return select(
        *(
            select(func.count()).select_from(table).scalar_subquery().label(table.name)
            for table in Base.metadata.sorted_tables
            if table is not _log
        ),
        select(func.sum(_heads.c.revision)).scalar_subquery().label("revisions"),
    )
