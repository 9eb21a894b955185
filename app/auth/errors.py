"""Problems of authentication."""

from app.kit.problems import MissingScope, Problem, Unauthenticated

__all__ = ["MissingScope", "RecentSignInRequired", "RefreshRefused", "Unauthenticated"]


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
