"""The wire shapes of reflections."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from app.domains.reflections.schemas.fields import Item, Items, Rating
from app.domains.reflections.terms import (
    MAX_ACTION_CHARACTERS,
    MAX_ANSWERS,
    MAX_CUE_CHARACTERS,
    MAX_MINUTES,
    MAX_TEXT_CHARACTERS,
    ReflectionKind,
)
from app.kit.competencies import Competency
from app.kit.fields import Day, Id, Text, whole
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

LongText = Annotated[str, Text(MAX_TEXT_CHARACTERS)]
Minutes = Annotated[int, whole(1, MAX_MINUTES)]


class GivenRatings(BaseModel):
    """How it went, each from 1 poor to 5 very good, as you see it. Rate what you like."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    preparation: Rating | None = None
    communication: Rating | None = None
    technical: Rating | None = None
    rapport: Rating | None = None
    questions_asked: Rating | None = None


class SelfRatings(BaseModel):
    """How it went, each from 1 poor to 5 very good; null where it was not rated."""

    preparation: Rating | None
    communication: Rating | None
    technical: Rating | None
    rapport: Rating | None
    questions_asked: Rating | None


class GivenAnswer(BaseModel):
    """A question that was asked, and the answer you would give now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Item
    competency: Competency | None = Field(default=None, description="What it was about.")
    answer_given: LongText | None = None
    stronger_answer: LongText | None = Field(
        default=None, description="It comes back when you prepare for the next interview."
    )


class InterviewAnswer(BaseModel):
    """A question that was asked, and the answer you would give now."""

    question: Item
    competency: Competency | None
    answer_given: LongText | None
    stronger_answer: LongText | None


class IfThenPlan(BaseModel):
    """An if-then plan: when the cue comes, then the action."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cue: Annotated[str, Text(MAX_CUE_CHARACTERS)]
    action: Annotated[str, Text(MAX_ACTION_CHARACTERS)]


GivenAnswers = Annotated[list[GivenAnswer], Field(max_length=MAX_ANSWERS)]


class ReflectionCreate(Request):
    """A look back. Its kind is enough; every list may stay empty."""

    examples: ClassVar[Examples] = {
        "A few words after an application": {
            "kind": "application",
            "would_change": "Put the two matching projects first.",
        },
        "After an interview, with everything": {
            "rejection_id": str(example_id("rejection_id")),
            "opportunity_id": None,
            "kind": "interview",
            "occurred_on": "2026-03-06",
            "ratings": {
                "preparation": 4,
                "communication": 3,
                "technical": 4,
                "rapport": 5,
                "questions_asked": 2,
            },
            "strengths": ["I stayed calm when the task changed."],
            "weaknesses": ["My examples were long."],
            "answers": [
                {
                    "question": "Tell us about a conflict in a team.",
                    "competency": "teamwork",
                    "answer_given": "A story without its end.",
                    "stronger_answer": "The release argument: what I said, and what we agreed on.",
                }
            ],
            "red_flags": ["Nobody could say who would lead the team."],
            "mismatches": ["They wanted three days on site."],
            "would_change": "Ask about the team earlier.",
            "next_time": {
                "cue": "When they ask whether I have questions,",
                "action": "I ask how the team decides.",
            },
            "time_spent_minutes": 30,
        },
    }

    id: Id = OMITTABLE
    rejection_id: Id | None = None
    opportunity_id: Id | None = None
    kind: ReflectionKind = Field(description="What you look back on.")
    occurred_on: Day = omittable("Today in your time zone unless you say so.")
    ratings: GivenRatings = Field(default_factory=GivenRatings)
    strengths: Items = Field(default_factory=list)
    weaknesses: Items = Field(default_factory=list)
    answers: GivenAnswers = Field(default_factory=list)
    red_flags: Items = Field(default_factory=list, description="What you would watch for again.")
    mismatches: Items = Field(default_factory=list, description="What did not fit, on either side.")
    would_change: LongText | None = None
    next_time: IfThenPlan | None = None
    time_spent_minutes: Minutes | None = None


class ReflectionPatch(Patch):
    """Changes to a reflection. In `ratings` only those you send change."""

    examples: ClassVar[Examples] = {
        "Change one rating, take one back": {"ratings": {"rapport": 4, "technical": None}},
        "End it with an if-then plan": {
            "next_time": {
                "cue": "When I open the invitation,",
                "action": "I block an hour to prepare two stories.",
            }
        },
    }

    rejection_id: Id | None = None
    opportunity_id: Id | None = None
    kind: ReflectionKind = OMITTABLE
    occurred_on: Day = OMITTABLE
    ratings: GivenRatings = OMITTABLE
    strengths: Items = OMITTABLE
    weaknesses: Items = OMITTABLE
    answers: GivenAnswers = OMITTABLE
    red_flags: Items = OMITTABLE
    mismatches: Items = OMITTABLE
    would_change: LongText | None = None
    next_time: IfThenPlan | None = None
    time_spent_minutes: Minutes | None = None

    @override
    def changes(self, record: Any) -> dict[str, Any]:
        """As every PATCH; an object inside is merged too (RFC 7396, section 2)."""
        found = super().changes(record)
        if "ratings" in found:
            sent = self.ratings.model_dump(exclude_unset=True)
            found["ratings"] = {**record.ratings, **sent}
            if found["ratings"] == record.ratings:
                del found["ratings"]
        return found


class Reflection(Record):
    """A structured look back."""

    rejection_id: Id | None
    opportunity_id: Id | None
    kind: ReflectionKind
    occurred_on: Day
    ratings: SelfRatings
    strengths: Items
    weaknesses: Items
    answers: Annotated[list[InterviewAnswer], Field(max_length=MAX_ANSWERS)]
    red_flags: Items
    mismatches: Items
    would_change: LongText | None
    next_time: IfThenPlan | None
    time_spent_minutes: Minutes | None


class ReflectionPage(BaseModel):
    """Some reflections, in the order asked for."""

    items: Annotated[list[Reflection], Field(max_length=100)]
    next_cursor: NextCursor


class ReflectionSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    OCCURRED_ON_DESC = "-occurred_on"
    OCCURRED_ON = "occurred_on"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class ReflectionQuery(ListQuery):
    """Which reflections, in which order."""

    sort: ReflectionSort = ReflectionSort.OCCURRED_ON_DESC
    rejection_id: Id | None = None
    opportunity_id: Id | None = None
    kind: ReflectionKind | None = None
    occurred_on_after: Day | None = Field(default=None, description="On this day or later.")
    occurred_on_before: Day | None = Field(default=None, description="On this day or earlier.")
