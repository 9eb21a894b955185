"""Records of other rooms that this one refers to."""

from uuid import UUID

from app.auth.caller import Service
from app.domains.contacts.service import ContactService
from app.domains.feedback.errors import unknown_contact, unknown_rejection
from app.domains.rejections.service import RejectionService
from app.kit.problems import NotFound


class Neighbours(Service):
    """Finds out whether a reference leads to a record of the person's own."""

    async def check_rejection(self, rejection_id: UUID) -> None:
        """Let a rejection through that is theirs; it stays until this transaction ends.

        Raises:
            Invalid: it is another person's or does not exist.
        """
        await self.transaction.revise(self.caller.owner_id)
        try:
            await RejectionService(self.transaction, self.caller).get(rejection_id)
        except NotFound:
            raise unknown_rejection() from None

    async def check_contact(self, contact_id: UUID | None) -> None:
        """Let a contact through that is theirs, or none; it stays until this transaction ends.

        Raises:
            Invalid: it is another person's or does not exist.
        """
        if contact_id is None:
            return
        await self.transaction.revise(self.caller.owner_id)
        try:
            await ContactService(self.transaction, self.caller).get(contact_id)
        except NotFound:
            raise unknown_contact() from None
