"""What the operator and its members do with an organisation itself."""

from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.terms import OrganizationRole
from app.db.paging import Page
from app.db.transaction import Database, Transaction
from app.domains.accounts.service import account_with, caller_for
from app.domains.coaching.repository.organizations import OrganizationRepository, add_organization
from app.domains.coaching.repository.people import MembershipRepository, affiliations_of
from app.domains.coaching.schemas.organizations import OrganizationCreate, OrganizationPatch
from app.domains.coaching.terms import DEFAULT_GRANT_DAYS, MembershipStatus
from app.kit.ids import new_id
from app.kit.preconditions import Precondition


class OrganizationService(Service):
    """The organisation for which the caller acts."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.organizations = OrganizationRepository(transaction, caller)

    async def get(self) -> Any:
        """The organisation."""
        return await self.organizations.get()

    async def update(self, patch: OrganizationPatch, precondition: Precondition) -> Any:
        """Change what the organisation is called, or how long it asks for consent.

        Raises:
            PreconditionFailed: the organisation has changed since the caller read it.
        """
        before = await self.organizations.lock()
        changes = patch.changes(before)
        if not changes:
            return before
        precondition.check(before.revision)
        return await self.organizations.update(changes)


class AffiliationService(Service):
    """The organisations of the caller, or the one whose program calls."""

    async def list(self) -> Page:
        """Where the caller works, and who accompanies them."""
        if not self.caller.is_program:
            return Page(await affiliations_of(self.transaction, self.caller.owner_id), None)
        own = await OrganizationRepository(self.transaction, self.caller).get()
        shown = {"organization_id": own.id, "name": own.name, "is_test": own.is_test}
        return Page([{**shown, "role": OrganizationRole.ADMIN, "is_client": False}], None)


class NoSuchAccountError(LookupError):
    """No account has the e-mail address of the first admin."""


async def create_organization(database: Database, wanted: OrganizationCreate) -> UUID:
    """Make an organisation with its first admin, as only the operator of the server can.

    Raises:
        NoSuchAccountError: no account has the admin's e-mail address.
    """
    organization_id = new_id()
    async with database.write() as transaction:
        account = await account_with(transaction, wanted.admin_email)
        if account is None:
            raise NoSuchAccountError
        admin = await caller_for(transaction, account.id)
        transaction.enter(organization_id)
        values = {
            "name": wanted.name,
            "is_test": wanted.is_test,
            "default_grant_days": DEFAULT_GRANT_DAYS,
        }
        await add_organization(transaction, organization_id, values)
        await MembershipRepository(transaction, admin.at(organization_id)).insert(
            {
                "account_id": account.id,
                "name": account.display_name or account.email,
                "email": account.email,
                "role": OrganizationRole.ADMIN,
                "status": MembershipStatus.ACTIVE,
            }
        )
    return organization_id
