"""Who works for an organisation, and what happens when somebody leaves it."""

from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.errors import RoleMissing
from app.auth.grants import end_grants_to
from app.auth.terms import OrganizationRole
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.coaching.errors import AlreadyMember, LastAdmin, unknown_account
from app.domains.coaching.repository.people import MembershipRepository
from app.domains.coaching.schemas.organizations import (
    MembershipCreate,
    MembershipPatch,
    MembershipQuery,
)
from app.domains.coaching.terms import MembershipStatus
from app.kit.preconditions import Precondition


class MembershipService(Service):
    """The members of the organisation for which the caller acts.

    A program changes none of them: whoever holds its key could make an admin who outlives it.
    """

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.memberships = MembershipRepository(transaction, caller)

    async def list(self, query: MembershipQuery) -> Page:
        """One page of the members."""
        return await self.memberships.page(query)

    async def get(self, membership_id: UUID) -> Any:
        """One member; raises NotFound."""
        return await self.memberships.get(membership_id)

    async def add(self, body: MembershipCreate) -> Any:
        """Let an account that the organisation knows work for it.

        Raises:
            RoleMissing: a program asks.
            AlreadyMember: the account is a member, active or not.
            Invalid: the account was never a client, nor accepted an invitation.
        """
        self._refuse_programs()
        await self.transaction.revise(self.caller.owner_id)
        if present := await self.memberships.of_account(body.account_id):
            raise AlreadyMember(membership_id=str(present.id))
        if not await self.memberships.knows(body.account_id):
            raise unknown_account()
        return await self.memberships.insert(
            {**body.model_dump(), "status": MembershipStatus.ACTIVE}
        )

    async def update(
        self, membership_id: UUID, patch: MembershipPatch, precondition: Precondition
    ) -> Any:
        """Change the role, the name, or whether the member may act.

        Raises:
            NotFound, PreconditionFailed.
            RoleMissing: a program asks.
            LastAdmin: nobody would be left to run the organisation.
        """
        self._refuse_programs()
        before, changes = await self.memberships.change(membership_id, patch, precondition)
        if not changes:
            return before
        role, status = (changes.get(name, getattr(before, name)) for name in ("role", "status"))
        if not _runs_it(role, status):
            await self._keep_an_admin(before)
        after = await self.memberships.update(membership_id, changes)
        if changes.get("status") is MembershipStatus.DEACTIVATED:
            await self._end_grants(membership_id)
        return after

    async def delete(self, membership_id: UUID, precondition: Precondition) -> None:
        """Let a member go, or leave oneself.

        Raises:
            NotFound, PreconditionFailed.
            RoleMissing: neither an admin asks nor the member.
            LastAdmin: nobody would be left to run the organisation.
        """
        self._refuse_programs()
        member = await self.memberships.lock(membership_id)
        if not self._is_admin and member.account_id != self.caller.actor_id:
            raise RoleMissing
        precondition.check(member.revision)
        await self._keep_an_admin(member)
        await self._end_grants(membership_id)
        await self.memberships.delete(membership_id)

    @property
    def _is_admin(self) -> bool:
        capacity = self.caller.capacity
        return capacity is not None and capacity.role is OrganizationRole.ADMIN

    def _refuse_programs(self) -> None:
        if self.caller.is_program:
            raise RoleMissing

    async def _keep_an_admin(self, member: Any) -> None:
        """Refuse to lose a member without whom nobody runs the organisation."""
        if _runs_it(member.role, member.status) and not await self.memberships.has_other_admin(
            member.id
        ):
            raise LastAdmin

    async def _end_grants(self, membership_id: UUID) -> None:
        await end_grants_to(self.transaction, self.caller.owner_id, [membership_id])


def _runs_it(role: OrganizationRole, status: MembershipStatus) -> bool:
    return role is OrganizationRole.ADMIN and status is MembershipStatus.ACTIVE
