"""HTTP words for accounts and sessions."""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from app.auth.errors import RefreshRefused, RoleMissing, SessionNeeded
from app.auth.guards import Guard, OwnerGuard
from app.auth.scopes import Scope
from app.db.transaction import Transaction
from app.domains.accounts.errors import (
    EmailTaken,
    MailedTokenRefused,
    SignInFailed,
    SignUpClosed,
    TooManyApiKeys,
    TooManySignIns,
    WrongPassword,
)
from app.domains.accounts.schemas import (
    AccountCreate,
    ApiKeyCreate,
    ApiKeyPage,
    ApiKeyQuery,
    EmailChangeCreate,
    EmailVerified,
    EmailVerify,
    IssuedApiKey,
    Me,
    MePatch,
    PasswordChange,
    PasswordResetConfirm,
    PasswordResetCreate,
    SessionCreate,
    SessionPage,
    SessionRefresh,
    SessionTokens,
    VerificationSent,
)
from app.domains.accounts.service import (
    AccountService,
    ApiKeyService,
    MailedTokenService,
    SignInService,
    SignUpService,
)
from app.kit.fields import Id
from app.web.conditional import IfMatch
from app.web.markers import OPEN_TRANSACTION, Caching, Provided, manners, public
from app.web.rendering import render
from app.web.routing import Router

router = Router(prefix="/v1", tags=["Account"])

AccountReader = Annotated[AccountService, Guard(AccountService, Scope.PROFILE_READ)]
AccountWriter = Annotated[AccountService, Guard(AccountService, Scope.PROFILE_WRITE)]
AccountOwner = Annotated[
    AccountService, Guard(AccountService, Scope.PROFILE_WRITE, recent_sign_in=True)
]
KeyManager = Annotated[ApiKeyService, OwnerGuard(ApiKeyService, Scope.KEYS_MANAGE)]
Address = Annotated[
    str | None, Provided(provide=lambda request, _: request.client.host if request.client else None)
]
Client = Annotated[
    str | None, Provided(provide=lambda request, _: request.headers.get("user-agent"))
]
OpenTransaction = Annotated[Transaction, OPEN_TRANSACTION]

SENT: Any = {"status": "verification_sent"}


@router.post(
    "/accounts",
    status_code=201,
    summary="Sign up",
    responses={
        202: {
            "model": VerificationSent,
            "description": "With `REBOUND_SIGN_UP=verified`, always: the token in the mail opens "
            "the account.",
        }
    },
)
@manners(location="/v1/me", caching=Caching.SECRET, problems=(EmailTaken, SignUpClosed))
@public(reason="Whoever signs up has no account yet.")
async def create_account(body: AccountCreate, transaction: OpenTransaction) -> Me:
    """Open an account with an e-mail address and a password of 15 to 128 characters.

    How the service answers is its operator's choice (`REBOUND_SIGN_UP`). `open`: 201 with the
    account, which can sign in at once, or 409 `email-taken`. `verified`: always 202, and a mail
    whose token opens the account (`POST /v1/email-verifications`). `closed`: 403.
    """
    account = await SignUpService(transaction).sign_up(body)
    return account if account is not None else _accepted()


@router.post("/sessions", status_code=201, summary="Sign in")
@manners(location="/v1/sessions", caching=Caching.SECRET, problems=(SignInFailed, TooManySignIns))
@public(reason="Whoever signs in has no token yet.")
async def create_session(
    body: SessionCreate, transaction: OpenTransaction, address: Address, client: Client
) -> SessionTokens:
    """Exchange an e-mail address and a password for tokens.

    The access token goes into `Authorization: Bearer` and lasts `expires_in` seconds; the refresh
    token buys the next pair. A wrong password and an unknown address get the same answer; after
    too many of them from one network, or for one address, every attempt has to wait (429).
    """
    return await SignInService(transaction).sign_in(
        body.email, body.password, address=address, client=client
    )


@router.post("/sessions/refresh", summary="Get the next pair of tokens")
@manners(caching=Caching.SECRET, problems=(RefreshRefused,))
@public(reason="The refresh token is the credential.")
async def refresh_session(body: SessionRefresh, transaction: OpenTransaction) -> SessionTokens:
    """Exchange a refresh token, which is good once, for the next pair of tokens.

    If the answer gets lost, the same refresh token works again for 60 seconds, until one of the
    new tokens is refreshed. A used one that comes back later ends the whole session.
    """
    return await SignInService(transaction).refresh(body.refresh_token)


@router.get("/sessions", summary="List where you are signed in")
async def list_sessions(account: AccountReader) -> SessionPage:
    """List the devices and browsers that are signed in, the last used first, at most a hundred."""
    return await account.list_sessions()


@router.delete("/sessions/current", status_code=204, summary="Sign out")
async def delete_current_session(account: AccountWriter) -> None:
    """End the session this request belongs to; its tokens are refused from the next request on.

    No `If-Match` is asked for: signing out must always work.
    """
    await account.end_current_session()


@router.delete("/sessions/{session_id}", status_code=204, summary="Sign a device out")
async def delete_session(session_id: Id, account: AccountWriter) -> None:
    """End one of your sessions; its tokens are refused from the next request on.

    No `If-Match` is asked for: signing out must always work.
    """
    await account.end_session(session_id)


@router.get("/me", summary="Read your account and profile")
async def get_me(account: AccountReader) -> Me:
    """Read the account and profile of the signed-in person."""
    return await account.get()


@router.patch("/me", summary="Change your profile")
async def update_me(body: MePatch, if_match: IfMatch, account: AccountWriter) -> Me:
    """Change how you want to be addressed and treated.

    `wellbeing_tracking` is your consent to keeping check-ins; the moment it is given or withdrawn
    is recorded. Withdrawing it stops new check-ins and deletes nothing: those that exist stay
    yours until you delete them with `DELETE /v1/check-ins`, so offer that next.
    """
    return await account.update(body, if_match)


@router.delete("/me", status_code=204, summary="Delete your account")
async def delete_me(if_match: IfMatch, account: AccountOwner) -> None:
    """Delete the account and everything in it, at once and for good; a mail confirms it.

    Organisations that accompany you are told that the account is gone. Needs a sign-in within the
    last ten minutes.
    """
    await account.delete(if_match)


@router.post("/me/password", status_code=204, summary="Change your password")
@manners(problems=(TooManySignIns, WrongPassword))
async def change_password(body: PasswordChange, account: AccountOwner, address: Address) -> None:
    """Set a new password. Every session ends, this one too: sign in again with the new password.

    Your API keys are revoked; those of an organisation stay. Needs a sign-in within the last ten
    minutes. A mail tells you of the change.
    """
    await account.change_password(body.current_password, body.new_password, address=address)


@router.post("/me/email-changes", status_code=202, summary="Change your e-mail address")
@manners(caching=Caching.SECRET, problems=(TooManySignIns, WrongPassword))
async def create_email_change(
    body: EmailChangeCreate, account: AccountOwner, address: Address
) -> VerificationSent:
    """Mail a token to the new address and a notice to the old one.

    The address changes when the token comes back by `POST /v1/email-verifications`, within 24
    hours. Naming the present address, while it is unverified, mails its token once more. Needs a
    sign-in within the last ten minutes. `Idempotency-Key` is ignored.
    """
    await account.request_email_change(body.new_email, body.password, address=address)
    return SENT


@router.get("/api-keys", summary="List API keys")
@manners(caching=Caching.SECRET, problems=(RoleMissing, SessionNeeded))
async def list_api_keys(query: Annotated[ApiKeyQuery, Query()], keys: KeyManager) -> ApiKeyPage:
    """Your keys that have not expired, the latest first, without their secrets.

    With `organization_id`, or with an organisation's key: those of that organisation.
    """
    return await keys.list(query)


@router.post("/api-keys", status_code=201, summary="Make an API key")
@manners(
    location="/v1/api-keys",
    caching=Caching.SECRET,
    problems=(RoleMissing, SessionNeeded, TooManyApiKeys),
)
async def create_api_key(body: ApiKeyCreate, keys: KeyManager) -> IssuedApiKey:
    """Make a key for a program, with no more scopes than you hold yourself; `key` is shown once.

    A person's key acts for that person; it cannot hold `org:*`, nor agree to grants. With
    `organization_id`, or with an organisation's key, it belongs to the organisation, begins with
    `rbk_test_` if that is there for trying things out, and reaches people who gave it a grant; it
    cannot hold `profile:write` or `access_log:read`. There are 20 keys at most. `Idempotency-Key`
    is ignored: when an answer got lost, delete the key that you never saw, and make another.
    """
    return await keys.issue(body)


@router.delete("/api-keys/{key_id}", status_code=204, summary="Revoke an API key")
async def delete_api_key(key_id: Id, keys: KeyManager) -> None:
    """Delete one of your keys, or of an organisation whose admin you are.

    It is refused from the next request on. No `If-Match` is asked for: revoking must always work.
    """
    await keys.revoke(key_id)


@router.post("/email-verifications", summary="Hand in a token that proves an address")
@manners(caching=Caching.SECRET, problems=(EmailTaken, MailedTokenRefused))
@public(reason="The mailed token is the credential.")
async def verify_email(body: EmailVerify, transaction: OpenTransaction) -> EmailVerified:
    """Take back a mailed token: open the account, verify its address, or change it.

    `status` says which. A token is good once, for 24 hours. The old address is told of a change.
    When an answer got lost and the token is then refused, let the person sign in: it has worked.
    """
    return await MailedTokenService(transaction).verify_email(body.token)


@router.post("/password-resets", status_code=202, summary="Ask for a new password")
@manners(caching=Caching.SECRET)
@public(reason="Whoever forgot the password cannot sign in.")
async def create_password_reset(
    body: PasswordResetCreate, transaction: OpenTransaction
) -> VerificationSent:
    """Mail a token with which a new password can be set within 60 minutes.

    The answer is the same whether the address has an account or not.
    """
    MailedTokenService(transaction).request_password_reset(body.email)
    return SENT


@router.post("/password-reset-confirmations", status_code=204, summary="Set a new password")
@manners(problems=(MailedTokenRefused,))
@public(reason="The mailed token is the credential.")
async def confirm_password_reset(body: PasswordResetConfirm, transaction: OpenTransaction) -> None:
    """Set a new password with the mailed token, which is good once.

    Every session ends, and your API keys are revoked; those of an organisation stay.
    When an answer got lost and the token is then refused, let the person sign in with the new
    password: it has worked.
    """
    await MailedTokenService(transaction).confirm_password_reset(body.token, body.new_password)


def _accepted() -> Any:
    headers = {"Cache-Control": str(Caching.SECRET)}
    content = render(VerificationSent, SENT)
    return Response(content, 202, headers, media_type="application/json")
