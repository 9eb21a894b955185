"""Inviting people."""

from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from app.auth.caller import Service
from app.db.transaction import Database
from app.domains.coaching.errors import AlreadyInvited
from app.domains.coaching.schemas.invitations import InvitationCreate
from app.kit.ids import new_id

INVITED: WeakKeyDictionary[Database, set[tuple[UUID, str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Invitation:
    """An invitation."""

    id: UUID


class InvitationService(Service):
    """Invites people."""

    async def invite(self, body: InvitationCreate) -> Invitation:
        """Invite somebody; raises AlreadyInvited."""
        await self.transaction.revise(self.caller.owner_id)
        invited = INVITED.setdefault(self.transaction.database, set())
        this = (self.caller.owner_id, body.email.casefold())
        if this in invited:
            raise AlreadyInvited
        invited.add(this)
        return Invitation(new_id())
