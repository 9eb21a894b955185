"""The wire shapes of invitations, and of accepting one."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.auth import tokens
from app.auth.terms import ConsentAccess, ConsentCategory, OrganizationRole
from app.domains.accounts.rules.emails import EmailAddress
from app.domains.coaching.schemas.fields import Cohort, ExternalId, GrantDays, Name, Purpose
from app.domains.coaching.terms import InvitationKind, InvitationStatus
from app.kit.fields import Distinct, Id, Instant
from app.kit.schemas import (
    OMITTABLE,
    Examples,
    ListQuery,
    NextCursor,
    Patch,
    Record,
    Request,
    omittable,
)
from app.kit.terms import Language

ROLE = "What a member may do; required for one, and not for clients."
EXTERNAL_ID = "What you call the client in your own system; unique in the organisation."
ASK = "The consent that is asked for when the client accepts. Without it, ask later."

Categories = Annotated[
    list[ConsentCategory], Field(min_length=1, max_length=len(ConsentCategory)), Distinct()
]
InvitationToken = Annotated[
    str,
    Field(
        strict=True,
        min_length=1,
        max_length=tokens.MAX_TOKEN_CHARACTERS,
        pattern=r"^[A-Za-z0-9_-]+$",
        examples=[tokens.example_token(tokens.INVITATION)],
    ),
]


class InvitationAsk(Request):
    """The consent that a client is asked for. Nothing is included that is not named."""

    categories: Categories
    access: ConsentAccess
    purpose: Purpose = Field(description="What it is for, as the client reads it.")
    days: GrantDays | None = Field(
        default=None,
        description="How long it is asked for, from the acceptance on; by default the "
        "organisation's `default_grant_days`.",
    )


class AskedConsent(BaseModel):
    """The consent that a client is asked for on accepting."""

    categories: Categories
    access: ConsentAccess
    purpose: Purpose
    days: GrantDays | None


class InvitationCreate(Request):
    """Somebody to invite, as a client or as a member."""

    examples: ClassVar[Examples] = {
        "A client": {"email": "sam@example.com", "kind": "client"},
        "A colleague": {
            "email": "kim@example.com",
            "kind": "member",
            "role": "coach",
            "name": "Kim Sample",
        },
        "A client who is asked for consent": {
            "email": "sam@example.com",
            "kind": "client",
            "name": "Sam Sample",
            "external_id": "S-1042",
            "cohort": "2026 spring",
            "locale": "de",
            "ask": {
                "categories": ["rejections", "plans"],
                "access": "write",
                "purpose": "So that your coach can prepare your meetings.",
                "days": 120,
            },
        },
    }

    email: EmailAddress
    kind: InvitationKind
    name: Name | None = Field(
        default=None,
        description="Of a member, what clients and colleagues read; by default the name in the "
        "profile, or the address. Of a client, a note for yourself.",
    )
    role: OrganizationRole | None = Field(default=None, description=ROLE)
    external_id: ExternalId | None = Field(default=None, description=EXTERNAL_ID)
    cohort: Cohort | None = None
    coach_id: Id | None = Field(default=None, description="The membership of the client's coach.")
    locale: Language = omittable("The language of the mail; by default that of this request.")
    ask: InvitationAsk | None = Field(default=None, description=ASK)


class InvitationPatch(Patch):
    """A change to an invitation: `withdrawn` is the one status you can set."""

    examples: ClassVar[Examples] = {"It went to the wrong address": {"status": "withdrawn"}}

    status: InvitationStatus = OMITTABLE


class Invitation(Record):
    """Somebody was asked by mail to join an organisation."""

    email: EmailAddress
    kind: InvitationKind
    status: InvitationStatus
    expires_at: Instant
    name: Name | None
    role: OrganizationRole | None = Field(description=ROLE)
    external_id: ExternalId | None = Field(description=EXTERNAL_ID)
    cohort: Cohort | None
    coach_id: Id | None
    locale: Language
    ask: AskedConsent | None = Field(description=ASK)
    account_id: Id | None = Field(description="Who accepted it.")


class InvitationSent(Invitation):
    """A new invitation."""

    token: InvitationToken | None = Field(
        description="Only in a test organisation, where nothing is mailed: what the mail would "
        "hold. Otherwise null."
    )


class InvitationPage(BaseModel):
    """Some invitations, in the order asked for."""

    items: Annotated[list[Invitation], Field(max_length=100)]
    next_cursor: NextCursor


class InvitationSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class InvitationQuery(ListQuery):
    """Which invitations, in which order."""

    sort: InvitationSort = InvitationSort.CREATED_AT_DESC
    kind: InvitationKind | None = None
    status: InvitationStatus | None = None
    role: OrganizationRole | None = None


class InvitationAccept(Request):
    """A token from the mail of an invitation."""

    examples: ClassVar[Examples] = {
        "The token from the mail": {"token": tokens.example_token(tokens.INVITATION)}
    }

    token: InvitationToken = Field(description="The token from the mail, unchanged.")


class InvitationAccepted(BaseModel):
    """What you have joined."""

    organization_id: Id
    organization_name: Name = Field(examples=["Example Career Service"])
    kind: InvitationKind
    membership_id: Id | None = Field(description="Your membership, if you work for it now.")
    grant_id: Id | None = Field(
        description="The consent you are asked for, if any: `PATCH /v1/grants/{grant_id}` decides."
    )
