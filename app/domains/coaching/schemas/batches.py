"""The wire shape of a batch of invitations: as JSON, or as a table."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.domains.coaching.schemas.invitations import InvitationCreate
from app.domains.coaching.terms import MAX_INVITATIONS_AT_ONCE
from app.kit.schemas import Examples, Request
from app.kit.sheets import Sheet


class InvitationBatchCreate(Request):
    """People to invite, each as in a single invitation."""

    examples: ClassVar[Examples] = {
        "Two students": {
            "invitations": [
                {
                    "email": "sam@example.com",
                    "kind": "client",
                    "external_id": "s-1001",
                    "cohort": "Spring 2026",
                },
                {
                    "email": "kim@example.com",
                    "kind": "client",
                    "external_id": "s-1002",
                    "cohort": "Spring 2026",
                    "name": "Kim",
                    "locale": "de",
                },
            ]
        }
    }

    invitations: Annotated[
        list[InvitationCreate], Field(min_length=1, max_length=MAX_INVITATIONS_AT_ONCE)
    ]


ROSTER = Sheet(
    rows="invitations",
    defaults={"kind": "client"},
    aliases={"e_mail": "email", "email_address": "email", "e_mail_address": "email"},
    example=(
        "email,external_id,cohort,name,locale\r\n"
        "sam@example.com,s-1001,Spring 2026,,\r\n"
        'kim@example.com,s-1002,Spring 2026,"Kim, the second",de\r\n'
    ),
)
"""A class list as spreadsheets export it; its rows are clients unless a column `kind` says else."""
