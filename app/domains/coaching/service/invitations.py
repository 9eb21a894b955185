"""Inviting people to an organisation."""

import math
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from app.auth import tokens
from app.auth.caller import Caller, Service
from app.auth.errors import RoleMissing
from app.auth.terms import OrganizationRole
from app.db.paging import Page
from app.db.transaction import Database, Transaction
from app.domains.accounts.rules.emails import key_of
from app.domains.coaching.errors import AlreadyInvited, ExternalIdTaken, not_synthetic
from app.domains.coaching.repository.clients import ClientRepository
from app.domains.coaching.repository.invitations import InvitationRepository, purge_before
from app.domains.coaching.repository.organizations import OrganizationRepository
from app.domains.coaching.rules import invitations as rules
from app.domains.coaching.rules.mails import write_invitation
from app.domains.coaching.schemas.invitations import (
    InvitationCreate,
    InvitationPatch,
    InvitationQuery,
)
from app.domains.coaching.terms import (
    FLOOD_WINDOW,
    INVITATION_LIFETIME,
    INVITATIONS_KEPT,
    MAX_INVITATIONS_A_DAY,
    MAX_INVITATIONS_TO_ONE_ADDRESS_A_DAY,
    InvitationKind,
    InvitationStatus,
)
from app.kit.preconditions import Precondition
from app.kit.problems import TooManyRequests
from app.mail import Mailer
from app.settings import Settings


class InvitationService(Service):
    """The invitations of the organisation for which the caller acts."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.invitations = InvitationRepository(transaction, caller)

    async def list(self, query: InvitationQuery) -> Page:
        """One page of the invitations."""
        return await self.invitations.page(query)

    async def get(self, invitation_id: UUID) -> Any:
        """One invitation; raises NotFound."""
        return await self.invitations.get(invitation_id)

    async def send(self, body: InvitationCreate) -> dict[str, Any]:
        """Invite somebody as `invite` does; in a test organisation hand out the `token`."""
        record, token = await self._invite(body)
        return {**record._mapping, "token": token}  # noqa: SLF001 -- SQLAlchemy's public name

    async def invite(self, body: InvitationCreate) -> Any:
        """Invite somebody: store the invitation and mail its token once it is stored.

        At most 2,000 invitations leave an organisation within 24 hours, and 5 to one address.

        Raises:
            RoleMissing: only admins, in person, invite members.
            Invalid: something is said that is not of this kind, or missing; no such coach; in a
                test organisation, the address may be somebody's.
            AlreadyInvited: one of the same kind waits for an answer from this address.
            ExternalIdTaken: an active client or an open invitation has it.
            TooManyRequests: too many were sent within 24 hours.
        """
        record, _ = await self._invite(body)
        return record

    async def update(
        self, invitation_id: UUID, patch: InvitationPatch, precondition: Precondition
    ) -> Any:
        """Withdraw an invitation.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            RoleMissing: only admins, in person, withdraw those of members.
        """
        before, changes = await self.invitations.change(invitation_id, patch, precondition)
        self._check_may(before.kind)
        if not changes:
            return before
        rules.check_transition(before.status, changes["status"])
        return await self.invitations.update(invitation_id, changes)

    async def _invite(self, body: InvitationCreate) -> tuple[Any, str | None]:
        """The stored invitation, and its token where nothing is mailed."""
        self._check_may(body.kind)
        values = body.model_dump()
        rules.check_invitation(body.kind, values)
        organization = await OrganizationRepository(self.transaction, self.caller).lock()
        if organization.is_test and not rules.is_synthetic(body.email):
            raise not_synthetic()
        await self.invitations.check_references(values)
        key, now = key_of(body.email), self.clock.now()
        if await self.invitations.waits_for(key, body.kind):
            raise AlreadyInvited
        await self._check_external_id(body.external_id)
        await self._check_flood(key, now)
        token = tokens.new_token(tokens.INVITATION)
        language = body.locale or self.caller.language
        record = await self.invitations.insert(
            {
                **values,
                "locale": language,
                "token_hash": token.digest,
                "email_key": key,
                "status": InvitationStatus.PENDING,
                "expires_at": now + INVITATION_LIFETIME,
                "account_id": None,
                "grant_id": None,
            }
        )
        if organization.is_test:
            return record, token.text
        mail = write_invitation(
            body.kind,
            language,
            to=body.email,
            organization=organization.name,
            base_url=self.transaction.shared(Settings).base_url.rstrip("/"),
            token=token.text,
        )
        self.transaction.after_commit(partial(self.transaction.shared(Mailer).post, mail))
        return record, None

    def _check_may(self, kind: InvitationKind) -> None:
        capacity = self.caller.capacity
        is_admin = capacity is not None and capacity.role is OrganizationRole.ADMIN
        if kind is InvitationKind.MEMBER and (self.caller.is_program or not is_admin):
            raise RoleMissing

    async def _check_external_id(self, external_id: str | None) -> None:
        if external_id is None:
            return
        clients = ClientRepository(self.transaction, self.caller)
        if await clients.holds(external_id) or await self.invitations.holds(external_id):
            raise ExternalIdTaken

    async def _check_flood(self, email_key: str, now: datetime) -> None:
        after = now - FLOOD_WINDOW
        for most, sent in (
            (MAX_INVITATIONS_A_DAY, await self.invitations.sent(after)),
            (
                MAX_INVITATIONS_TO_ONE_ADDRESS_A_DAY,
                await self.invitations.sent(after, email_key),
            ),
        ):
            if sent.number >= most:
                wait = (sent.since + FLOOD_WINDOW - now).total_seconds()
                raise TooManyRequests(headers={"Retry-After": str(max(1, math.ceil(wait)))})


async def purge_invitations(database: Database) -> None:
    """Delete invitations that nobody accepted, 30 days after they expired."""
    async with database.write() as transaction:
        await purge_before(transaction, transaction.clock.now() - INVITATIONS_KEPT)
