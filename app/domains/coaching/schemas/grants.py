"""The wire shapes of grants."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, Field

from app.auth.terms import MAX_PURPOSE_CHARACTERS, ConsentAccess, ConsentCategory, GrantStatus
from app.domains.coaching.terms import MAX_NAME_CHARACTERS
from app.kit.fields import Distinct, Id, Instant, Line, Text
from app.kit.ids import example_id
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


def _in_order(categories: list[ConsentCategory]) -> list[ConsentCategory]:
    """Equal choices are equal lists."""
    return [one for one in ConsentCategory if one in categories]


Name = Annotated[str, Line(MAX_NAME_CHARACTERS)]
Purpose = Annotated[str, Text(MAX_PURPOSE_CHARACTERS)]
Categories = Annotated[
    list[ConsentCategory],
    Field(min_length=1, max_length=len(ConsentCategory)),
    Distinct(),
    AfterValidator(_in_order),
]

CATEGORIES = "Which data; name each. What is not named stays hidden."
ACCESS = "`write` includes reading."
MEMBERSHIP_ID = "The one member it is for; null for everybody there who accompanies people."
EXPIRES_AT = "When it ends by itself, at most 365 days ahead."


class GrantCreate(Request):
    """What a person lets an organisation do, or what an organisation asks a person for."""

    examples: ClassVar[Examples] = {
        "You let your career service follow your plans": {
            "organization_id": str(example_id("organization_id")),
            "categories": ["plans", "rejections"],
            "access": "read",
            "purpose": "So that we can talk about my next steps.",
        },
        "An organisation asks one of its clients": {
            "account_id": str(example_id("account_id")),
            "organization_id": str(example_id("organization_id")),
            "membership_id": str(example_id("membership_id")),
            "categories": ["plans", "feedback"],
            "access": "write",
            "purpose": "To add steps to your plan after our meetings, and to prepare them.",
            "expires_at": "2026-06-30T12:00:00Z",
        },
    }

    account_id: Id = omittable(
        "The person who is asked, when an organisation asks. Leave it out to give a grant yourself."
    )
    organization_id: Id = Field(description="Whom it is for.")
    membership_id: Id | None = Field(default=None, description=MEMBERSHIP_ID)
    categories: Categories = Field(description=CATEGORIES)
    access: ConsentAccess = Field(description=ACCESS)
    purpose: Purpose = Field(description="What it is for, in words that the person reads.")
    expires_at: Instant = omittable(
        f"{EXPIRES_AT} After the organisation's usual number of days unless you say so, mostly 90."
    )


class GrantPatch(Patch):
    """A decision on a grant. All but `status: revoked` is up to the person."""

    examples: ClassVar[Examples] = {
        "Agree to what was asked": {"status": "active"},
        "Agree to less": {
            "status": "active",
            "categories": ["plans"],
            "access": "read",
            "expires_at": "2026-06-30T12:00:00Z",
        },
        "Say no": {"status": "declined"},
        "Take it back, give it up, or withdraw a request": {"status": "revoked"},
    }

    status: GrantStatus = OMITTABLE
    categories: Categories = omittable(CATEGORIES)
    access: ConsentAccess = omittable(ACCESS)
    expires_at: Instant = omittable(EXPIRES_AT)


class Grant(Record):
    """What a person was asked for or agreed to."""

    account_id: Id = Field(description="The person.")
    organization_id: Id
    organization_name: Name = Field(examples=["Example Career Service"])
    membership_id: Id | None = Field(description=MEMBERSHIP_ID)
    membership_name: Name | None = Field(
        description="What that member is called; null once the membership is gone."
    )
    categories: Categories = Field(description=CATEGORIES)
    access: ConsentAccess = Field(description=ACCESS)
    purpose: Purpose
    status: GrantStatus
    expires_at: Instant = Field(description="When it ends by itself.")
    activated_at: Instant | None = Field(description="When the person agreed.")
    ended_at: Instant | None = Field(
        description="When it was declined, revoked or withdrawn, or its time was over."
    )


class GrantPage(BaseModel):
    """Some grants, in the order asked for."""

    items: Annotated[list[Grant], Field(max_length=100)]
    next_cursor: NextCursor


class GrantSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class GrantQuery(ListQuery):
    """Which grants, in which order."""

    reserved: ClassVar[frozenset[str]] = ListQuery.reserved | {"organization_id"}

    sort: GrantSort = GrantSort.CREATED_AT_DESC
    organization_id: Id | None = Field(
        default=None,
        description="Speak for this organisation, as one of its admins or coaches, and list what "
        "people gave it. Leave it out for your own; an organisation's key needs no word.",
    )
    account_id: Id | None = Field(default=None, description="Given by this person.")
    status: GrantStatus | None = None
