"""Guards: the capability is the parameter.

    RejectionWriter = Annotated[RejectionService, Guard(RejectionService, Scope.REJECTIONS_WRITE)]

An endpoint that takes a `RejectionWriter` gets a service that acts for the authenticated caller;
without the scope it cannot even hold one. Three kinds of guards say whose records are meant:

    Guard               a person's: the caller's own, or of the one named in `Rebound-Account`
    OrganizationGuard   an organisation's, named by `organization_id` in the path
    OwnerGuard          of whoever the credential belongs to: a person, or an organisation
"""

from abc import abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from app.auth.access_log import witness
from app.auth.caller import Caller, Capacity
from app.auth.consent import OPERATIONS
from app.auth.errors import (
    AccountNotNamed,
    ConsentMissing,
    MissingScope,
    OwnerOnly,
    RecentSignInRequired,
    RoleMissing,
    Unauthenticated,
)
from app.auth.identity import Identity, identify
from app.auth.scopes import Scope
from app.auth.standing_in import capacity_of, stand_in_for
from app.auth.terms import ConsentAccess, OrganizationRole
from app.db.transaction import Transaction
from app.kit.fields import Id
from app.kit.problems import Invalid, NotFound, Problem
from app.kit.terms import negotiate
from app.web.markers import ON_BEHALF_OF, Admission, GuardMarker
from app.web.problems import findings

RECENT = timedelta(minutes=10)

ServiceOf = Callable[[Transaction, Caller], Any]

_ID: TypeAdapter[UUID] = TypeAdapter(Id)


@dataclass(frozen=True, kw_only=True)
class _Guard(GuardMarker):
    service: ServiceOf
    scope_needed: Scope
    recent_sign_in: bool = False

    @property
    def scope_name(self) -> str:
        return str(self.scope_needed)

    @property
    def access(self) -> ConsentAccess:
        """Whether the operation changes something, as its scope says."""
        is_reading = self.scope_needed.endswith(":read")
        return ConsentAccess.READ if is_reading else ConsentAccess.WRITE

    def problems_of(self, operation: str) -> tuple[type[Problem], ...]:  # noqa: ARG002 -- kinds of guards differ
        recent = (RecentSignInRequired,) if self.recent_sign_in else ()
        return Unauthenticated, MissingScope, *recent

    def takes_on_behalf(self, operation: str) -> bool:  # noqa: ARG002 -- as above
        return False

    async def admit(self, request: Request, transaction: Transaction, operation: str) -> Admission:
        identity = await identify(request.headers.get("authorization", ""), transaction)
        if self.scope_needed not in identity.scopes:
            raise MissingScope(required_scope=str(self.scope_needed))
        signed_in_at = identity.signed_in_at
        if self.recent_sign_in and (
            signed_in_at is None or transaction.clock.now() - signed_in_at > RECENT
        ):
            raise RecentSignInRequired
        subject = _subject_of(request, identity)
        if subject is not None:
            return await self._on_behalf(request, transaction, identity, subject, operation)
        caller = await self._caller(request, transaction, identity)
        transaction.enter(caller.owner_id)
        return Admission(caller, self.service(transaction, caller))

    @abstractmethod
    async def _caller(
        self, request: Request, transaction: Transaction, identity: Identity
    ) -> Caller:
        """The caller in their own name, or in that of an organisation."""

    async def _on_behalf(
        self,
        request: Request,
        transaction: Transaction,
        identity: Identity,
        subject: UUID,
        operation: str,
    ) -> Admission:
        """Act for somebody who agreed to it.

        Raises:
            NotFound: no grant is in force; a person who does not exist gets the same answer.
            OwnerOnly: nobody but the person may do this.
            ConsentMissing: a grant is in force, but without a category or without the access.
        """
        caller, consent = await stand_in_for(
            transaction, identity, subject, request.headers.get("accept-language")
        )
        needs = OPERATIONS.get(operation)
        if needs is None:
            raise OwnerOnly
        for category in consent.missing(needs, self.access):
            raise ConsentMissing(consent=str(category))
        if needs.is_mixed and not consent.granted(self.access):
            raise ConsentMissing(consent="any")

        async def record() -> None:
            await witness(transaction, caller, consent, needs, self.access, operation)

        return Admission(caller, self.service(transaction, caller), record)


@dataclass(frozen=True, kw_only=True)
class _PersonGuard(_Guard):
    def problems_of(self, operation: str) -> tuple[type[Problem], ...]:
        on_behalf = (ConsentMissing,) if self.takes_on_behalf(operation) else (OwnerOnly,)
        return *super().problems_of(operation), AccountNotNamed, NotFound, *on_behalf

    def takes_on_behalf(self, operation: str) -> bool:
        return OPERATIONS.get(operation) is not None

    async def _caller(
        self,
        request: Request,
        transaction: Transaction,  # noqa: ARG002 -- kinds of guards differ
        identity: Identity,
    ) -> Caller:
        if identity.organization_id is not None:
            raise AccountNotNamed
        return _own(request, identity)


@dataclass(frozen=True, kw_only=True)
class _OrganizationGuard(_Guard):
    roles: Collection[OrganizationRole]

    def problems_of(self, operation: str) -> tuple[type[Problem], ...]:
        return *super().problems_of(operation), NotFound, OwnerOnly, RoleMissing

    async def _caller(
        self, request: Request, transaction: Transaction, identity: Identity
    ) -> Caller:
        capacity = await capacity_of(transaction, identity, _organization_named(request))
        if capacity.role not in self.roles:
            raise RoleMissing
        return _for_organization(request, identity, capacity)


@dataclass(frozen=True, kw_only=True)
class _OwnerGuard(_Guard):
    def problems_of(self, operation: str) -> tuple[type[Problem], ...]:
        return *super().problems_of(operation), NotFound, OwnerOnly

    async def _caller(
        self,
        request: Request,
        transaction: Transaction,  # noqa: ARG002 -- as above
        identity: Identity,
    ) -> Caller:
        if identity.organization_id is None:
            return _own(request, identity)
        capacity = Capacity(identity.organization_id, OrganizationRole.ADMIN, None)
        return _for_organization(request, identity, capacity)


def Guard(  # noqa: N802 -- reads as the declaration it is.
    service: ServiceOf, scope: Scope, *, recent_sign_in: bool = False
) -> Any:
    """Ask for a caller with a scope, and hand the endpoint that service for a person's records.

    The person is the caller, or the one named in `Rebound-Account` who agreed to what
    `app.auth.consent` says of the operation. `recent_sign_in` asks for a session that signed in
    within the last ten minutes.
    """
    return _PersonGuard(service=service, scope_needed=scope, recent_sign_in=recent_sign_in)


def OrganizationGuard(  # noqa: N802 -- as above.
    service: ServiceOf, scope: Scope, *roles: OrganizationRole
) -> Any:
    """Ask for a member, or a program, of the organisation that the path names.

    `roles` are those that suffice; without any, every member's does.
    """
    return _OrganizationGuard(
        service=service, scope_needed=scope, roles=roles or tuple(OrganizationRole)
    )


def OwnerGuard(service: ServiceOf, scope: Scope) -> Any:  # noqa: N802 -- as above.
    """Ask for a caller with a scope, for the records of the person or organisation who calls."""
    return _OwnerGuard(service=service, scope_needed=scope)


def _own(request: Request, identity: Identity) -> Caller:
    """The caller as the owner of their own records."""
    return Caller(
        owner_id=identity.owner_id,
        actor_id=identity.actor_id,
        session_id=identity.session_id,
        signed_in_at=identity.signed_in_at,
        scopes=identity.scopes,
        language=negotiate(request.headers.get("accept-language"), identity.locale),
        time_zone=identity.time_zone,
        country=identity.country,
    )


def _for_organization(request: Request, identity: Identity, capacity: Capacity) -> Caller:
    """The caller as one who acts for an organisation."""
    return Caller(
        owner_id=capacity.organization_id,
        actor_id=identity.actor_id,
        session_id=identity.session_id,
        signed_in_at=identity.signed_in_at,
        scopes=identity.scopes,
        language=negotiate(request.headers.get("accept-language"), identity.locale),
        time_zone=identity.time_zone,
        country=None,
        capacity=capacity,
        client=identity.client,
    )


def _organization_named(request: Request) -> UUID:
    """The organisation that the path names.

    Raises:
        Invalid: what stands there is no id.
    """
    try:
        return _ID.validate_python(request.path_params["organization_id"])
    except ValidationError as error:
        (wrong,) = error.errors()
        found = findings([{**wrong, "loc": ("path", "organization_id")}])
        raise Invalid(errors=found) from None


def _subject_of(request: Request, identity: Identity) -> UUID | None:
    """The person for whom the caller wants to act; None for the caller's own affairs.

    Raises:
        NotFound: the header is no id; it names nobody.
    """
    header = request.headers.get(ON_BEHALF_OF)
    if header is None:
        return None
    try:
        subject = _ID.validate_python(header.strip())
    except ValidationError:
        raise NotFound from None
    return None if subject == identity.owner_id else subject
