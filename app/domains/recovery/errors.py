"""The problems of this room; impossible transitions are `app.kit.problems.InvalidTransition`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.kit.ids import example_id
from app.kit.problems import Invalid, Problem, invalid


class PlanExists(Problem):
    """A second active plan was asked for; say `plan_id=` of the first."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "plan-exists"
    title: ClassVar[str] = "This rejection already has an active plan"
    explanation: ClassVar[str] = (
        "There is at most one active plan for each rejection. The member `plan_id` names it. "
        "Complete or abandon that plan first, or go on with it."
    )
    extra_members: ClassVar[Mapping[str, Any]] = {
        "plan_id": {
            "type": "string",
            "format": "uuid",
            "maxLength": 36,
            "description": "The active plan that the rejection has already.",
            "examples": [str(example_id("plan_id"))],
        }
    }


class TooManySteps(Problem):
    """A plan would pass its limit of steps; say `limit=`."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "too-many-steps"
    title: ClassVar[str] = "This plan is full"
    explanation: ClassVar[str] = (
        "A plan holds a limited number of steps, so that it stays in view; the member `limit` is "
        "that number. Delete a step that no longer matters."
    )
    extra_members: ClassVar[Mapping[str, Any]] = {
        "limit": {
            "type": "integer",
            "format": "int32",
            "minimum": 0,
            "maximum": 1000,
            "description": "How many there can be.",
            "examples": [30],
        }
    }


class RejectionIsClosed(Problem):
    """An active plan was asked for while its rejection is closed."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "rejection-is-closed"
    title: ClassVar[str] = "This rejection is closed"
    explanation: ClassVar[str] = (
        "A closed rejection has no active plan. Set its `status` to `open` first; that also "
        "restores the plan that closing completed."
    )


def checked_in_in_the_future() -> Invalid:
    """The refusal of a check-in at a time that nobody can have lived through yet."""
    return invalid("/checked_in_at", "in_the_future", "must not lie more than a day ahead")


def title_required() -> Invalid:
    """The refusal of a plan that has neither a template nor a title."""
    return invalid("/title", "missing", "is required for a plan without a template")


def unknown_template() -> Invalid:
    """The refusal of a `template_key` that `GET /v1/plan-templates` does not list."""
    return invalid("/template_key", "unknown_template", "must be a key of a plan template")


def skip_reason_without_skipping() -> Invalid:
    """The refusal of a reason on a step that is not being skipped."""
    return invalid("/skip_reason", "not_skipped", "can only be set while the status is skipped")


def skip_reason_of_the_engine() -> Invalid:
    """The refusal of the reason that only closing a rejection may set."""
    return invalid("/skip_reason", "reserved", "is set by closing the rejection only")


def unknown_plan_template(pointer: str = "/plan_template_id") -> Invalid:
    """The refusal of a template that the organisation for which one acts does not have."""
    return invalid(pointer, "unknown", "must be a template of the organisation you act for")


def two_templates() -> Invalid:
    """The refusal of a plan from two templates."""
    return invalid("/plan_template_id", "second_template", "does not go with a template_key")


def one_thing_to_assign() -> Invalid:
    """The refusal of an assignment of nothing, or of a step and a plan at once."""
    return invalid(
        "/step", "one_of_two", "is required where no plan_template_id is given, and only there"
    )
