"""What a comment is about: `{collection, id}` on the wire, one column per collection in rows."""

from collections.abc import Mapping
from typing import Any

from app.domains.comments.terms import CommentedCollection

COLUMNS: Mapping[CommentedCollection, str] = {
    CommentedCollection.REJECTIONS: "rejection_id",
    CommentedCollection.RECOVERY_PLANS: "plan_id",
    CommentedCollection.RECOVERY_STEPS: "step_id",
    CommentedCollection.CHECK_INS: "check_in_id",
    CommentedCollection.FEEDBACK_REQUESTS: "feedback_request_id",
    CommentedCollection.FEEDBACK: "feedback_id",
    CommentedCollection.REFLECTIONS: "reflection_id",
    CommentedCollection.LESSONS: "lesson_id",
    CommentedCollection.SKILL_GAPS: "skill_gap_id",
    CommentedCollection.CULTURE_FIT_ASSESSMENTS: "culture_fit_assessment_id",
    CommentedCollection.COMPANIES: "company_id",
    CommentedCollection.CONTACTS: "contact_id",
    CommentedCollection.INTERACTIONS: "interaction_id",
    CommentedCollection.NETWORKING_EVENTS: "networking_event_id",
    CommentedCollection.OPPORTUNITIES: "opportunity_id",
    CommentedCollection.GOALS: "goal_id",
}

POINTERS: Mapping[str, str] = dict.fromkeys(COLUMNS.values(), "/about/id")
"""Where each column stands in a request."""


def as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a request, with what it is about spread over the columns."""
    about = values["about"]
    rest = {name: value for name, value in values.items() if name != "about"}
    return rest | {
        column: about["id"] if about["collection"] == collection else None
        for collection, column in COLUMNS.items()
    }


def about_of(row: Any) -> dict[str, Any]:
    """What a stored comment is about, as the wire shows it."""
    return next(
        {"collection": collection, "id": record_id}
        for collection, column in COLUMNS.items()
        if (record_id := getattr(row, column)) is not None
    )
