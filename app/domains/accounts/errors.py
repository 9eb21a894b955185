"""The problems of this room."""

from app.kit.problems import Invalid, Problem, invalid


class EmailTaken(Problem):
    status, code, title = 409, "email-taken", "This e-mail address already has an account"
    explanation = (
        "An e-mail address belongs to one account, whatever its capital letters. Sign in with "
        "`POST /v1/sessions`, or set a new password with `POST /v1/password-resets`. A request to "
        "sign up that was repeated because its answer got lost gets this too: the account is there."
    )


class SignUpClosed(Problem):
    status, code, title = 403, "sign-up-closed", "This service takes no new accounts"
    explanation = (
        "Whoever runs this service has closed it for new accounts (`REBOUND_SIGN_UP=closed`). "
        "Existing accounts work as before."
    )


class SignInFailed(Problem):
    """Kept: the failed attempt is counted although its request is refused."""

    status, code, title = 401, "sign-in-failed", "E-mail address or password is wrong"
    explanation = (
        "No account has this e-mail address together with this password. Which of the two is "
        "wrong, and whether the address is known, is not told. `POST /v1/password-resets` mails a "
        "token to set a new password."
    )
    keeps_changes = True

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="rebound"'})


class WrongPassword(Problem):
    """Kept: somebody who found an open session must not try passwords without end."""

    status, code, title = 403, "wrong-password", "The present password is wrong"
    explanation = (
        "You are signed in, but this operation asks for the present password as well, and it was "
        "another one. Wrong passwords count as failed attempts to sign in."
    )
    keeps_changes = True


class TooManySignIns(Problem):
    status, code, title = 429, "too-many-sign-ins", "Too many wrong passwords"
    explanation = (
        "Too many attempts to sign in have failed, for this e-mail address or from this network. "
        "Until the seconds in `Retry-After` have passed, every attempt is refused, the right "
        "password included, and does not count. The answer is the same whether the address has an "
        "account or not."
    )


class MailedTokenRefused(Problem):
    status, code, title = 422, "mailed-token-refused", "This token is not good (any more)"
    explanation = (
        "A mailed token is good once, for one purpose, and for a limited time: 60 minutes to set "
        "a password, 24 hours to confirm an e-mail address. A newer password or address voids it "
        "as well. Ask for a new mail and use its token unchanged."
    )


class TooManyApiKeys(Problem):
    status, code, title = 409, "too-many-api-keys", "There are too many API keys"
    explanation = (
        "A person or an organisation can have 20 keys at a time. Delete one that is no longer "
        "needed; `GET /v1/api-keys` shows when each was used last."
    )


def weak_password(pointer: str, weakness: str) -> Invalid:
    """The refusal of a new password that is easy to guess; `weakness` says why."""
    return invalid(pointer, "weak_password", f"{weakness}; choose another one")


def same_email(pointer: str) -> Invalid:
    """The refusal to change an address to itself."""
    return invalid(pointer, "unchanged", "is your e-mail address already")


def scope_beyond_own(number: int) -> Invalid:
    """The refusal to give a key what the caller's own credential lacks."""
    return invalid(f"/scopes/{number}", "beyond_own", "must be a scope that you hold yourself")


def scope_of_others(number: int) -> Invalid:
    """The refusal of a scope that makes no sense for such an owner."""
    return invalid(f"/scopes/{number}", "not_for_owner", "cannot be held by a key of this owner")
