"""Accepting an invitation, as the person who was given its token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.auth import tokens
from app.auth.caller import Service
from app.auth.grants import GrantRequests
from app.auth.terms import ConsentAccess, ConsentCategory
from app.domains.accounts.service import AccountService
from app.domains.coaching.errors import InvitationRefused, SyntheticOnly
from app.domains.coaching.repository.clients import ClientRepository
from app.domains.coaching.repository.invitations import InvitationRepository, organization_of
from app.domains.coaching.repository.organizations import OrganizationRepository
from app.domains.coaching.repository.people import MembershipRepository
from app.domains.coaching.rules.invitations import is_synthetic
from app.domains.coaching.terms import (
    ClientStatus,
    InvitationKind,
    InvitationStatus,
    MembershipStatus,
)


@dataclass(frozen=True)
class Acceptance:
    """What somebody has joined."""

    organization_id: UUID
    organization_name: str
    kind: InvitationKind
    membership_id: UUID | None
    grant_id: UUID | None


class AcceptanceService(Service):
    """Lets the caller join the organisation that invited them."""

    async def accept(self, token: str) -> Acceptance:
        """Join as a member or as a client; of a client, ask for the consent the invitation names.

        Whoever has accepted it gets the same answer again, so that a lost one does no harm.

        Raises:
            InvitationRefused: the token is unknown, expired, withdrawn, or was somebody else's.
            SyntheticOnly: a test organisation takes only accounts that belong to nobody.
        """
        if not tokens.is_well_formed(token, tokens.INVITATION):
            raise InvitationRefused
        digest = tokens.digest_of(token)
        organization_id = await organization_of(self.transaction, digest)
        if organization_id is None:
            raise InvitationRefused
        account = await AccountService(self.transaction, self.caller).get()
        with self.transaction.reaching(organization_id):
            return await self._join(organization_id, digest, account)

    async def _join(self, organization_id: UUID, digest: bytes, account: Any) -> Acceptance:
        """Carry out what an invitation says, among the organisation's records."""
        here = self.caller.at(organization_id)
        organization = await OrganizationRepository(self.transaction, here).lock()
        invitations = InvitationRepository(self.transaction, here)
        members = MembershipRepository(self.transaction, here)
        invitation = await invitations.of_token(digest)
        if invitation is None:
            raise InvitationRefused
        if invitation.status is InvitationStatus.PENDING:
            if organization.is_test and not is_synthetic(account.email):
                raise SyntheticOnly
            grant_id = await self._ask(organization, invitation)
            if invitation.kind is InvitationKind.MEMBER:
                await _employ(members, invitation, account)
            else:
                await _accompany(ClientRepository(self.transaction, here), invitation, account.id)
            accepted = {"status": InvitationStatus.ACCEPTED, "account_id": account.id}
            invitation = await invitations.update(invitation.id, {**accepted, "grant_id": grant_id})
        elif invitation.account_id != account.id:
            raise InvitationRefused
        member = None
        if invitation.kind is InvitationKind.MEMBER:
            member = await members.of_account(account.id)
        return Acceptance(
            organization_id=organization_id,
            organization_name=organization.name,
            kind=invitation.kind,
            membership_id=member and member.id,
            grant_id=invitation.grant_id,
        )

    async def _ask(self, organization: Any, invitation: Any) -> UUID | None:
        """Ask for the consent that the invitation names, among the person's own records."""
        ask: Mapping[str, Any] | None = invitation.ask
        if ask is None:
            return None
        days = timedelta(days=ask["days"] or organization.default_grant_days)
        with self.transaction.reaching(self.caller.owner_id):
            grant = await GrantRequests(self.transaction).request(
                self.caller.owner_id,
                organization.id,
                None,
                [ConsentCategory(one) for one in ask["categories"]],
                ConsentAccess(ask["access"]),
                ask["purpose"],
                self.clock.now() + days,
            )
        grant_id: UUID = grant.id
        return grant_id


async def _employ(members: MembershipRepository, invitation: Any, account: Any) -> None:
    """Make somebody a member, or active again; an active membership stays as it is."""
    present = await members.of_account(account.id)
    if present is not None and present.status is MembershipStatus.ACTIVE:
        return
    values = {
        "name": invitation.name or account.display_name or invitation.email,
        "email": invitation.email,
        "role": invitation.role,
        "status": MembershipStatus.ACTIVE,
    }
    if present is None:
        await members.insert({**values, "account_id": account.id})
    else:
        await members.update(present.id, values)


async def _accompany(clients: ClientRepository, invitation: Any, account_id: UUID) -> None:
    """Make somebody a client, or active again, with what the invitation says of them.

    An external id that a former client has goes over to the new one; one that an active client got
    meanwhile stays there.
    """
    told = {name: getattr(invitation, name) for name in ("external_id", "cohort", "coach_id")}
    if told["external_id"] is not None:
        holder = await clients.holder_of(told["external_id"])
        if holder is not None and holder.id != account_id:
            if holder.status is ClientStatus.ACTIVE:
                told["external_id"] = None
            else:
                await clients.update(holder.id, {"external_id": None})
    if await clients.find(account_id) is None:
        await clients.insert({**told, "id": account_id, "status": ClientStatus.ACTIVE})
        return
    given = {name: value for name, value in told.items() if value is not None}
    await clients.update(account_id, {**given, "status": ClientStatus.ACTIVE})
