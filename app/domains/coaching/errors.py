"""The problems of organisations."""

from app.kit.problems import Problem


class AlreadyInvited(Problem):
    status, code, title = 409, "already-invited", "This address has an open invitation"
    explanation = (
        "The organisation has invited this address already. Take that invitation back first."
    )
