"""Guards: the capability is the parameter.

    RejectionWriter = Annotated[RejectionService, Guard(RejectionService, Scope.REJECTIONS_WRITE)]

An endpoint that takes a `RejectionWriter` gets a service that acts for the authenticated caller;
without the scope it cannot even hold one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request

from app.auth import tokens
from app.auth.caller import Caller
from app.auth.errors import MissingScope, RecentSignInRequired, Unauthenticated
from app.auth.repository import SessionRepository
from app.auth.scopes import SESSION_SCOPES, Scope
from app.db.transaction import Transaction
from app.kit.problems import Problem
from app.kit.terms import negotiate
from app.web.markers import Admission, GuardMarker

RECENT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class _Guard(GuardMarker):
    service: Callable[[Transaction, Caller], Any]
    scope_needed: Scope
    recent_sign_in: bool

    @property
    def scope_name(self) -> str:
        return str(self.scope_needed)

    @property
    def problems(self) -> tuple[type[Problem], ...]:
        recent = (RecentSignInRequired,) if self.recent_sign_in else ()
        return Unauthenticated, MissingScope, *recent

    async def admit(self, request: Request, transaction: Transaction) -> Admission:
        caller = await authenticate(request, transaction)
        if self.scope_needed not in caller.scopes:
            raise MissingScope(required_scope=str(self.scope_needed))
        if self.recent_sign_in and transaction.clock.now() - caller.signed_in_at > RECENT:
            raise RecentSignInRequired
        return Admission(caller, self.service(transaction, caller))


def Guard(  # noqa: N802 -- reads as the declaration it is.
    service: Callable[[Transaction, Caller], Any], scope: Scope, *, recent_sign_in: bool = False
) -> Any:
    """Ask for a signed-in caller with a scope, and hand the endpoint that service.

    `recent_sign_in` asks for a session that signed in within the last ten minutes.
    """
    return _Guard(service=service, scope_needed=scope, recent_sign_in=recent_sign_in)


async def authenticate(request: Request, transaction: Transaction) -> Caller:
    """The caller of a request, by its bearer token.

    Raises:
        Unauthenticated: there is no token, or it is unknown, expired or revoked.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not tokens.is_well_formed(token, tokens.ACCESS):
        raise Unauthenticated
    found = await SessionRepository(transaction).authenticate(
        tokens.digest_of(token), transaction.clock.now()
    )
    if found is None:
        raise Unauthenticated
    return Caller(
        owner_id=found.owner_id,
        actor_id=found.owner_id,
        session_id=found.session_id,
        signed_in_at=found.signed_in_at,
        scopes=SESSION_SCOPES,
        language=negotiate(request.headers.get("accept-language"), found.locale),
        time_zone=found.time_zone,
        country=found.country,
    )
