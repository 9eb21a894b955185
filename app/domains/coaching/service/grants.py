"""What people and organisations do with grants."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Capacity, Service
from app.auth.errors import OwnerOnly, RoleMissing, SessionNeeded, account_missing
from app.auth.grants import (
    GrantRequests,
    Grants,
    find_given,
    page_of_given,
    people_with_due_grants,
)
from app.auth.rules import end_of_grant, widens
from app.auth.standing_in import capacity_of
from app.auth.terms import ROLES_WITH_CLIENTS, GrantStatus
from app.db.paging import Page
from app.db.references import unknown
from app.db.transaction import Database, Transaction
from app.domains.accounts.service import for_everybody
from app.domains.coaching.repository.relations import RelationRepository
from app.domains.coaching.schemas.grants import GrantCreate, GrantPatch, GrantQuery
from app.kit.preconditions import Precondition
from app.kit.problems import NotFound, Unauthenticated


class GrantService(Service):
    """Lists, gives, asks for, changes and ends grants, for either side of them."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.relations = RelationRepository(transaction)

    async def list(self, query: GrantQuery) -> Page:
        """One page of the caller's own grants, or of those given to an organisation.

        Raises:
            NotFound: the caller has nothing to do with the organisation.
            RoleMissing: the caller is a member of it, but accompanies nobody.
        """
        organization_id = query.organization_id
        if organization_id is None and not self.caller.is_program:
            page = await Grants(self.transaction, self.caller.owner_id).page(query)
        else:
            capacity = await self._speak_for(organization_id or self.caller.owner_id)
            page = await page_of_given(self.transaction, capacity.organization_id, query)
        return replace(page, items=await self._shown(page.items))

    async def get(self, grant_id: UUID) -> Any:
        """One grant, of the caller or given to an organisation they act for; raises NotFound."""
        (shown,) = await self._shown([await self._find(grant_id)])
        return shown

    async def create(self, body: GrantCreate) -> Any:
        """Give a grant to an organisation that accompanies the caller, or ask a person for one.

        Raises:
            SessionNeeded: an API key wants to give one.
            RoleMissing: the caller is a member of the organisation, but accompanies nobody.
            Invalid: the organisation does not accompany the person, or has no such coach; or its
                end has come already, or is too far ahead.
        """
        person_id = body.given().get("account_id", self.caller.owner_id)
        if person_id == self.caller.owner_id:
            record = await self._give(body)
        else:
            record = await self._ask(person_id, body)
        (shown,) = await self._shown([record])
        return shown

    async def update(self, grant_id: UUID, patch: GrantPatch, precondition: Precondition) -> Any:
        """Change or end a grant.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            OwnerOnly: the caller acts for the organisation, and wants more than giving it up.
            SessionNeeded: the person came with an API key, and it would allow more than before.
            Invalid: what the grant allows cannot change any more, or its end cannot be this one.
        """
        found = await self._find(grant_id)
        grants = Grants(self.transaction, found.owner_id)
        with self.transaction.reaching(found.owner_id):
            record, changes = await grants.change(grant_id, patch, precondition)
            if changes:
                self._check_may(record, changes)
                record = await grants.apply(record, changes)
        (shown,) = await self._shown([record])
        return shown

    def _check_may(self, grant: Any, changes: Mapping[str, Any]) -> None:
        """Refuse what is up to the person, or to the person in a session."""
        if grant.owner_id != self.caller.owner_id:
            if changes != {"status": GrantStatus.REVOKED}:
                raise OwnerOnly
        elif widens(grant, changes) and self.caller.session_id is None:
            raise SessionNeeded

    async def _give(self, body: GrantCreate) -> Any:
        if self.caller.is_program:
            raise account_missing()
        if self.caller.session_id is None:
            raise SessionNeeded
        terms = await self._terms(body, self.caller.owner_id, "/organization_id")
        return await Grants(self.transaction, self.caller.owner_id).add(GrantStatus.ACTIVE, terms)

    async def _ask(self, person_id: UUID, body: GrantCreate) -> Any:
        try:
            await self._speak_for(body.organization_id)
        except NotFound:
            raise unknown("/organization_id") from None
        terms = await self._terms(body, person_id, "/account_id")
        try:
            with self.transaction.reaching(person_id):
                return await GrantRequests(self.transaction).request(person_id, **terms)
        except Unauthenticated:
            # The account was deleted a moment ago; the caller's own is there.
            raise unknown("/account_id") from None

    async def _terms(self, body: GrantCreate, person_id: UUID, pointer: str) -> dict[str, Any]:
        """What a new grant says, checked; `pointer` names the field that is wrong for strangers."""
        with self.transaction.reaching(body.organization_id):
            days = await self.relations.grant_days(body.organization_id, person_id)
            if days is None:
                raise unknown(pointer)
            if body.membership_id is not None and not await self.relations.has_coach(
                body.organization_id, body.membership_id
            ):
                raise unknown("/membership_id")
        return {
            **body.model_dump(exclude={"account_id"}),
            "expires_at": end_of_grant(body.expires_at, self.clock.now(), days),
        }

    async def _speak_for(self, organization_id: UUID) -> Capacity:
        capacity = await capacity_of(self.transaction, self.caller, organization_id)
        if capacity.role not in ROLES_WITH_CLIENTS:
            raise RoleMissing
        return capacity

    async def _find(self, grant_id: UUID) -> Any:
        found = None
        if not self.caller.is_program:
            found = await Grants(self.transaction, self.caller.owner_id).find(grant_id)
        found = found or await find_given(self.transaction, self.caller, grant_id)
        if found is None:
            raise NotFound
        return found

    async def _shown(self, grants: Sequence[Any]) -> Sequence[Any]:
        """Grants with the names of those they are for."""
        organizations = {grant.organization_id for grant in grants}
        members = {grant.membership_id for grant in grants} - {None}
        with self.transaction.everyone():
            names = await self.relations.names(organizations, members)
        return [
            {
                **grant._mapping,  # noqa: SLF001 -- SQLAlchemy's public name
                "account_id": grant.owner_id,
                "organization_name": names[grant.organization_id],
                "membership_name": names.get(grant.membership_id),
            }
            for grant in grants
        ]


async def run_out_grants(database: Database) -> None:
    """Let everybody's grants run out with time. It is safe to repeat."""
    await for_everybody(database, people_with_due_grants, _run_out)


async def _run_out(transaction: Transaction, caller: Caller) -> None:
    await Grants(transaction, caller.owner_id).run_out()
