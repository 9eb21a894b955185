"""The use cases of accounts: signing up and in, the profile, mailed tokens, API keys, and purging.

The worker acts for a person as `caller_for` tells of them, or `for_everybody` in turn;
`account_with` is for the operator.
"""

from app.domains.accounts.service.api_keys import ApiKeyService
from app.domains.accounts.service.mailed_tokens import MailedTokenService
from app.domains.accounts.service.profile import AccountService
from app.domains.accounts.service.purges import (
    purge_expired,
    purge_mailed_tokens,
    purge_pending_sign_ups,
    purge_sign_in_attempts,
)
from app.domains.accounts.service.sign_in import SignInService
from app.domains.accounts.service.sign_up import SignUpService
from app.domains.accounts.service.standing_in import account_with, caller_for, for_everybody

__all__ = [
    "AccountService",
    "ApiKeyService",
    "MailedTokenService",
    "SignInService",
    "SignUpService",
    "account_with",
    "caller_for",
    "for_everybody",
    "purge_expired",
    "purge_mailed_tokens",
    "purge_pending_sign_ups",
    "purge_sign_in_attempts",
]
