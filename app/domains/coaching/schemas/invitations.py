"""The wire shapes of invitations."""

from enum import StrEnum
from typing import Annotated, ClassVar

from app.domains.coaching.terms import (
    MAX_COHORT_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_EXTERNAL_ID_CHARACTERS,
    MAX_NAME_CHARACTERS,
)
from app.kit.fields import Line
from app.kit.schemas import Examples, Request


class InvitationKind(StrEnum):
    """As what somebody is invited."""

    MEMBER = "member"
    CLIENT = "client"


class InvitationCreate(Request):
    """Somebody to invite."""

    examples: ClassVar[Examples] = {"A client": {"email": "sam@example.com", "kind": "client"}}

    email: Annotated[str, Line(MAX_EMAIL_CHARACTERS)]
    kind: InvitationKind
    name: Annotated[str, Line(MAX_NAME_CHARACTERS)] | None = None
    external_id: Annotated[str, Line(MAX_EXTERNAL_ID_CHARACTERS)] | None = None
    cohort: Annotated[str, Line(MAX_COHORT_CHARACTERS)] | None = None
    locale: Annotated[str, Line(35)] | None = None
