"""The wire shapes of next actions and reminders."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.recovery.schemas.fields import Effort
from app.domains.recovery.terms import MAX_NEXT_ACTIONS, MAX_REMINDERS, WhyNow
from app.kit.fields import CollectionName, Day, Id, Instant, Line
from app.kit.ids import example_id
from app.kit.schemas import Request, Revision


class IncludeActions(StrEnum):
    """`all` lifts the daily cap; what a pause or a mute hides stays hidden."""

    ALL = "all"


class NextActionsQuery(Request):
    """For which day, and whether the cap holds."""

    on: Day | None = Field(default=None, description="Preview this day instead of now.")
    include: IncludeActions | None = Field(
        default=None, description="`all` lifts the daily cap; what a pause hides stays hidden."
    )


class NextAction(BaseModel):
    """One thing to do now: `operation_id` on `record_id` with `revision` settles it."""

    collection: CollectionName = Field(examples=["recovery_steps"])
    record_id: Id = Field(examples=[str(example_id("step_id"))])
    revision: Revision
    operation_id: CollectionName = Field(examples=["update_recovery_step"])
    title: Annotated[str, Line(400)] = Field(examples=["Send a thank-you note"])
    reason: WhyNow
    why_now: Annotated[str, Line(300)] = Field(examples=["It is planned for today."])
    effort_minutes: Effort
    due_on: Day | None


class NextActions(BaseModel):
    """A few things, the most pressing first; an empty list is an answer too."""

    on: Day
    items: Annotated[list[NextAction], Field(max_length=MAX_NEXT_ACTIONS)]


class RemindersQuery(Request):
    """How far ahead."""

    until: Day | None = Field(
        default=None,
        description="The last day in your time zone: 14 days ahead unless you say so, at most 60.",
    )


class Reminder(BaseModel):
    """Something to be reminded of; `id` stays the same, so that a newer `at` replaces an older."""

    id: Id
    at: Instant
    neutral_text: Annotated[str, Line(200)] = Field(
        examples=["Something small is planned for today."],
        description="Tells no name and no employer: it may stand on a locked screen.",
    )
    collection: CollectionName = Field(examples=["recovery_steps"])
    record_id: Id = Field(examples=[str(example_id("step_id"))])


class Reminders(BaseModel):
    """What is to come up to the end of `until`, the soonest first."""

    until: Day
    items: Annotated[list[Reminder], Field(max_length=MAX_REMINDERS)]
