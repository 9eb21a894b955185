"""The problems of this room; impossible transitions are `app.kit.problems.InvalidTransition`."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from app.kit.ids import example_id
from app.kit.problems import Invalid, Problem, invalid


class CompanyExists(Problem):
    """A second company of the same name was asked for; say `company_id=` of the first."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "company-exists"
    title: ClassVar[str] = "You have a company of this name already"
    explanation: ClassVar[str] = (
        "The name of a company is unique among yours, whatever its case and spaces. The member "
        "`company_id` names the one that you have. Go on with it, or choose another name."
    )
    extra_members: ClassVar[Mapping[str, Any]] = {
        "company_id": {
            "type": "string",
            "format": "uuid",
            "maxLength": 36,
            "description": "The company that has the name already.",
            "examples": [str(example_id("company_id"))],
        }
    }


def details_are_private(names: Iterable[str]) -> Invalid:
    """The refusal of a contact's details from somebody who acts for the person."""
    message = "is for the person alone to write"
    return Invalid(
        errors=[{"pointer": f"/{one}", "code": "owner_only", "message": message} for one in names]
    )


def nobody_named() -> Invalid:
    """The refusal of an interaction with neither a contact nor a company."""
    return invalid("/contact_id", "missing", "is required where no company_id is given")


def occurred_in_the_future() -> Invalid:
    """The refusal of a done interaction at a time that nobody can have lived through yet."""
    return invalid("/occurred_at", "in_the_future", "must not lie more than a day ahead")


def occurred_but_not_done() -> Invalid:
    """The refusal of the time of an interaction that is not done."""
    return invalid("/occurred_at", "not_done", "can only be set while the status is done")
