"""The wire shapes of accounts, sessions, mailed tokens and API keys."""

from app.domains.accounts.schemas.accounts import (
    AccountCreate,
    EmailChangeCreate,
    EmailVerified,
    EmailVerify,
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
from app.domains.accounts.schemas.api_keys import (
    ApiKeyCreate,
    ApiKeyPage,
    ApiKeyQuery,
    IssuedApiKey,
)

__all__ = [
    "AccountCreate",
    "ApiKeyCreate",
    "ApiKeyPage",
    "ApiKeyQuery",
    "EmailChangeCreate",
    "EmailVerified",
    "EmailVerify",
    "IssuedApiKey",
    "Me",
    "MePatch",
    "PasswordChange",
    "PasswordResetConfirm",
    "PasswordResetCreate",
    "SessionCreate",
    "SessionPage",
    "SessionRefresh",
    "SessionTokens",
    "VerificationSent",
]
