"""The wire shapes of organisations and their members."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StrictBool

from app.auth.terms import OrganizationRole
from app.domains.accounts.rules.emails import EmailAddress
from app.domains.coaching.schemas.fields import GrantDays, Name
from app.domains.coaching.terms import MAX_AFFILIATIONS, MembershipStatus
from app.kit.fields import Id
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

GRANT_DAYS = "For how many days consent is asked for, unless a request says otherwise."
MEMBER_NAME = "What clients read in their access log, and colleagues in the list of members."


class OrganizationCreate(Request):
    """What the operator says of a new organisation."""

    name: Name
    is_test: StrictBool
    admin_email: EmailAddress


class Organization(Record):
    """A coaching platform or a career service."""

    name: Name = Field(examples=["Example Career Service"])
    is_test: StrictBool = Field(
        description="Whether it is for trying out: nothing is mailed, and only accounts with an "
        "address in a reserved domain such as example.com can join."
    )
    default_grant_days: GrantDays = Field(description=GRANT_DAYS)


class OrganizationPatch(Patch):
    """Changes to an organisation."""

    examples: ClassVar[Examples] = {
        "Another name": {"name": "Example Career Service"},
        "Ask for half a year": {"default_grant_days": 180},
    }

    name: Name = OMITTABLE
    default_grant_days: GrantDays = OMITTABLE


class Affiliation(BaseModel):
    """How you belong to an organisation."""

    organization_id: Id
    name: Name = Field(examples=["Example Career Service"])
    is_test: StrictBool = Field(description="Whether it is for trying out.")
    role: OrganizationRole | None = Field(
        description="As what you work for it; null if you do not."
    )
    is_client: StrictBool = Field(
        description="Whether it accompanies you. What it sees of you then, your grants say."
    )


class AffiliationPage(BaseModel):
    """The organisations you belong to."""

    items: Annotated[list[Affiliation], Field(max_length=MAX_AFFILIATIONS)]
    next_cursor: NextCursor


class MembershipCreate(Request):
    """A known account that is to work for the organisation."""

    examples: ClassVar[Examples] = {
        "A client becomes a coach": {
            "account_id": "019437c0-0000-7000-8000-000000000001",
            "role": "coach",
            "name": "Kim Sample",
            "email": "kim@example.com",
        },
    }

    account_id: Id
    role: OrganizationRole
    name: Name = Field(description=MEMBER_NAME)
    email: EmailAddress = Field(description="Where colleagues reach them.")


class MembershipPatch(Patch):
    """Changes to a membership. Set `status` to let somebody rest or come back."""

    examples: ClassVar[Examples] = {
        "Another role": {"role": "admin"},
        "They no longer act for the organisation": {"status": "deactivated"},
    }

    role: OrganizationRole = OMITTABLE
    status: MembershipStatus = OMITTABLE
    name: Name = OMITTABLE


class Membership(Record):
    """Somebody works for an organisation."""

    account_id: Id
    name: Name = Field(description=MEMBER_NAME)
    email: EmailAddress = Field(description="Where colleagues reach them.")
    role: OrganizationRole
    status: MembershipStatus


class MembershipPage(BaseModel):
    """Some members, in the order asked for."""

    items: Annotated[list[Membership], Field(max_length=100)]
    next_cursor: NextCursor


class MembershipSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"


class MembershipQuery(ListQuery):
    """Which members, in which order."""

    sort: MembershipSort = MembershipSort.CREATED_AT
    role: OrganizationRole | None = None
    status: MembershipStatus | None = None
