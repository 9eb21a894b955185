"""Where a lesson comes from: `{collection, id}` on the wire, one column per collection in rows."""

from collections.abc import Mapping
from typing import Any

from app.domains.reflections.terms import LessonOrigin

SOURCE_COLUMNS: Mapping[LessonOrigin, str] = {
    LessonOrigin.REJECTIONS: "source_rejection_id",
    LessonOrigin.FEEDBACK: "source_feedback_id",
    LessonOrigin.REFLECTIONS: "source_reflection_id",
}

POINTERS: Mapping[str, str] = dict.fromkeys(SOURCE_COLUMNS.values(), "/source/id")
"""Where each column stands in a request."""


def as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a request with `source`, if it was sent, spread over its columns."""
    if "source" not in values:
        return dict(values)
    source = values["source"]
    rest = {name: value for name, value in values.items() if name != "source"}
    return rest | {
        column: source["id"] if source and source["collection"] == origin else None
        for origin, column in SOURCE_COLUMNS.items()
    }


def source_of(row: Any) -> dict[str, Any] | None:
    """The source of a stored lesson as the wire shows it."""
    for origin, column in SOURCE_COLUMNS.items():
        if (record_id := getattr(row, column)) is not None:
            return {"collection": origin, "id": record_id}
    return None
