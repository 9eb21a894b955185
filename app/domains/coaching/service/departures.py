"""Leaving every organisation at once, because the account is being deleted."""

from uuid import UUID

from app.auth.caller import Service
from app.auth.grants import end_grants_to
from app.domains.coaching.events import ClientAccountDeleted
from app.domains.coaching.repository.people import MembershipRepository, ties_of


class DepartureService(Service):
    """What organisations lose with a person's account."""

    async def leave_all(self) -> None:
        """End the caller's memberships, and tell the organisations that accompany them.

        The last admin of an organisation may go as well: nobody can be held in an account. The
        operator then makes somebody else an admin.
        """
        ties = await ties_of(self.transaction, self.caller.owner_id)
        for organization_id in sorted({tie.owner_id for tie in ties}):
            with self.transaction.reaching(organization_id):
                await self.transaction.revise(organization_id)
        for tie in ties:
            with self.transaction.reaching(tie.owner_id):
                await self._leave(tie.owner_id, tie.membership_id)

    async def _leave(self, organization_id: UUID, membership_id: UUID | None) -> None:
        here = self.caller.at(organization_id)
        if membership_id is None:
            await self.transaction.state(here, ClientAccountDeleted(record_id=self.caller.owner_id))
            return
        await end_grants_to(self.transaction, organization_id, [membership_id])
        await MembershipRepository(self.transaction, here).delete(membership_id)
