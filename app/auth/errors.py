"""Problems of authentication."""

from app.kit.problems import (
    ConsentMissing,
    Invalid,
    MissingScope,
    Problem,
    Unauthenticated,
    invalid,
)

__all__ = [
    "AccountNotNamed",
    "ConsentMissing",
    "MissingScope",
    "OwnerOnly",
    "RecentSignInRequired",
    "RefreshRefused",
    "RoleMissing",
    "SessionNeeded",
    "Unauthenticated",
]


class RecentSignInRequired(Problem):
    status, code, title = 403, "recent-sign-in-required", "Sign in again for this"
    explanation = (
        "Deleting the account and changing the e-mail address or password need a session that "
        "signed in within the last ten minutes. Call `POST /v1/sessions` again and use the new "
        "token."
    )


class RefreshRefused(Problem):
    """Kept: a token that is used twice ends its session, although the request is refused."""

    status, code, title = 401, "refresh-refused", "This refresh token is no longer good"
    explanation = (
        "The refresh token is unknown, expired or was used before. A refresh token is good once; "
        "when one that was already replaced comes back, somebody may have copied it, so the whole "
        "session is ended. Sign in again."
    )
    keeps_changes = True


class AccountNotNamed(Problem):
    status, code, title = 403, "account-not-named", "Say for whom"
    explanation = (
        "This key belongs to an organisation, and the operation is about one person. Name the "
        "person's account in the header `Rebound-Account`."
    )


class OwnerOnly(Problem):
    status, code, title = 403, "owner-only", "Only the person can do this"
    explanation = (
        "You act for a person by `Rebound-Account`, and no consent covers this operation: it "
        "concerns their account itself, or is not about a person at all. Leave the header out to "
        "do it for yourself. Or you speak for an organisation: it can ask for a grant, withdraw "
        "that, and give a grant up; agreeing to one and changing it is up to the person."
    )


class RoleMissing(Problem):
    status, code, title = 403, "role-missing", "Your role in the organisation does not allow this"
    explanation = (
        "You belong to the organisation, but this needs another role. Its admins can give it to "
        "you: `GET /v1/organizations/{organization_id}/memberships` shows who they are."
    )


class SessionNeeded(Problem):
    status, code, title = 403, "session-needed", "Sign in for this"
    explanation = (
        "You came with an API key, which a program may hold. Agreeing to a grant, widening one, "
        "and managing the keys of an organisation as one of its admins need an access token from "
        "`POST /v1/sessions`."
    )


def expires_in_the_past() -> Invalid:
    """The refusal of an end that has come already."""
    return invalid("/expires_at", "in_the_past", "must lie ahead")


def expires_too_late(days: int) -> Invalid:
    """The refusal of something that would last for too long."""
    return invalid("/expires_at", "too_late", f"must lie at most {days} days ahead")


def not_in_force(pointer: str) -> Invalid:
    """The refusal to change what a grant allows that allows nothing."""
    return invalid(pointer, "not_active", "can only change while the grant is active, or with that")


def account_missing() -> Invalid:
    """The refusal of an organisation's question to nobody."""
    return invalid("/account_id", "missing", "is required when an organisation asks")
