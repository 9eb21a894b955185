"""The problems of this room; impossible transitions are `app.kit.problems.InvalidTransition`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.kit.ids import example_id
from app.kit.problems import Invalid, Problem, invalid


class SkillGapExists(Problem):
    """A second gap of the same name was asked for; say `skill_gap_id=` of the first."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "skill-gap-exists"
    title: ClassVar[str] = "You have a skill gap of this name"
    explanation: ClassVar[str] = (
        "A skill gap is named once, whatever its capital letters. The member `skill_gap_id` names "
        "the one you have: PATCH it, for instance to add a rejection that names it too."
    )
    extra_members: ClassVar[Mapping[str, Any]] = {
        "skill_gap_id": {
            "type": "string",
            "format": "uuid",
            "maxLength": 36,
            "description": "The skill gap that has this name already.",
            "examples": [str(example_id("skill_gap_id"))],
        }
    }


def in_the_future(field: str) -> Invalid:
    """The refusal of a day that nobody can have lived through yet."""
    return invalid(f"/{field}", "in_the_future", "must not lie more than one day ahead")


def only_when_applied(field: str) -> Invalid:
    """The refusal of a word on how a lesson was applied while it is not."""
    return invalid(f"/{field}", "not_applied", "can only be set while the status is applied")


def about_nothing() -> Invalid:
    """The refusal of an assessment that is about neither a rejection nor a company."""
    return invalid("/rejection_id", "missing", "is required unless there is a company_id")


def conclusion_required() -> Invalid:
    """The refusal of an assessment from which no conclusion follows."""
    return invalid("/conclusion", "missing", "is required where no value is rated")
