"""Inviting many people at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.auth.caller import Caller, Service
from app.auth.standing_in import caller_for_organization
from app.auth.terms import ROLES_WITH_CLIENTS
from app.db.transaction import Transaction
from app.domains.coaching.schemas.batches import InvitationBatchCreate
from app.domains.coaching.schemas.invitations import InvitationCreate
from app.domains.coaching.service.invitations import InvitationService
from app.domains.jobs.errors import AccessEnded
from app.domains.jobs.service import JobService, RowWork
from app.domains.jobs.terms import JobKind
from app.kit.problems import NotFound


class InvitationBatchService(Service):
    """Invites a whole class."""

    async def invite_all(self, batch: InvitationBatchCreate) -> Any:
        """A job that invites everybody in the batch, one row for each."""
        inputs = [one.model_dump(mode="json", exclude_unset=True) for one in batch.invitations]
        return await JobService(self.transaction, self.caller).queue(
            JobKind.INVITATION_BATCH, inputs
        )


async def invite_one(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
    """Invite one person of a batch, in the name of whoever sent it; the invitation's id.

    Raises:
        AccessEnded: they may not do it any more.
        AlreadyInvited, and what else a single invitation is refused with.
    """
    caller = await _sender(transaction, job)
    invitation = await InvitationService(transaction, caller).invite(
        InvitationCreate.model_validate(said)
    )
    invitation_id: UUID = invitation.id
    return invitation_id


async def _sender(transaction: Transaction, job: Row[Any]) -> Caller:
    try:
        caller = await caller_for_organization(
            transaction, job.owner_id, job.actor_id, job.language
        )
    except NotFound:
        raise AccessEnded from None
    if caller.capacity is None or caller.capacity.role not in ROLES_WITH_CLIENTS:
        raise AccessEnded
    return caller


INVITING = RowWork(JobKind.INVITATION_BATCH, invite_one)
