"""The wire shapes of feedback that came back."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.domains.feedback.terms import (
    LEAST_USEFULNESS,
    MAX_POINTS,
    MAX_QUOTE_CHARACTERS,
    MAX_RESTATED_CHARACTERS,
    MAX_STATEMENT_CHARACTERS,
    MAX_VERBATIM_CHARACTERS,
    MOST_USEFULNESS,
    FeedbackSource,
    PointDirection,
)
from app.kit.competencies import Competency
from app.kit.fields import Day, Id, Line, Text, whole
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

Verbatim = Annotated[str, Text(MAX_VERBATIM_CHARACTERS)]
Restated = Annotated[str, Text(MAX_RESTATED_CHARACTERS)]
Usefulness = Annotated[int, whole(LEAST_USEFULNESS, MOST_USEFULNESS)]
Statement = Annotated[str, Line(MAX_STATEMENT_CHARACTERS)]
Quote = Annotated[str, Text(MAX_QUOTE_CHARACTERS)]


class FeedbackPoint(BaseModel):
    """One thing you take from feedback."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    competency: Competency
    direction: PointDirection
    statement: Statement = Field(description="The point in your words, in one line.")
    quote: Quote | None = Field(default=None, description="The words it rests on.")
    actionable: StrictBool = Field(description="Whether you can do something about it.")


Points = Annotated[list[FeedbackPoint], Field(max_length=MAX_POINTS)]


class FeedbackCreate(Request):
    """What an employer said, asked for or not. Take it down as it came; judge it later."""

    examples: ClassVar[Examples] = {
        "A sentence in the rejection itself": {
            "rejection_id": str(example_id("rejection_id")),
            "source": "rejection_message",
            "verbatim": "Another candidate had more experience with forecasting.",
        },
        "An answer to your request, worked through": {
            "rejection_id": str(example_id("rejection_id")),
            "request_id": str(example_id("feedback_request_id")),
            "contact_id": str(example_id("contact_id")),
            "source": "reply",
            "received_on": "2026-03-06",
            "verbatim": (
                "You were well prepared. In the case study we missed how you came to your numbers."
            ),
            "restated": "They liked my preparation; I should show the way to a result.",
            "usefulness": 4,
            "points": [
                {
                    "competency": "analysis",
                    "direction": "improvement",
                    "statement": "Show the steps between the data and the result.",
                    "quote": "we missed how you came to your numbers",
                    "actionable": True,
                }
            ],
        },
    }

    id: Id = OMITTABLE
    rejection_id: Id
    request_id: Id | None = Field(
        default=None,
        description="The request it answers, about the same rejection; that becomes `received`.",
    )
    contact_id: Id | None = Field(default=None, description="Who said it.")
    source: FeedbackSource
    received_on: Day = omittable("Today in your time zone unless you say so.")
    verbatim: Verbatim = Field(description="What they said, word for word.")
    restated: Restated | None = Field(
        default=None, description="What you heard, in your own words, before you rate it."
    )
    usefulness: Usefulness | None = Field(
        default=None, description="1 not at all to 5 very; only together with `restated`."
    )
    points: Points = Field(default_factory=list)


class FeedbackPatch(Patch):
    """Changes to feedback: restate it, rate it, take points from it, or correct what you noted."""

    examples: ClassVar[Examples] = {
        "Say it in your own words": {"restated": "I should show the way to a result."},
        "Rate it, now that you have restated it": {"usefulness": 4},
        "It answers no request": {"request_id": None},
    }

    request_id: Id | None = None
    contact_id: Id | None = None
    source: FeedbackSource = OMITTABLE
    received_on: Day = OMITTABLE
    verbatim: Verbatim = OMITTABLE
    restated: Restated | None = None
    usefulness: Usefulness | None = None
    points: Points = OMITTABLE


class Feedback(Record):
    """What an employer said, word for word, and what you make of it."""

    rejection_id: Id
    request_id: Id | None
    contact_id: Id | None
    source: FeedbackSource
    received_on: Day
    verbatim: Verbatim
    restated: Restated | None
    usefulness: Usefulness | None
    points: Points


class FeedbackPage(BaseModel):
    """Some feedback, in the order asked for."""

    items: Annotated[list[Feedback], Field(max_length=100)]
    next_cursor: NextCursor


class FeedbackSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    RECEIVED_ON_DESC = "-received_on"
    RECEIVED_ON = "received_on"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class FeedbackQuery(ListQuery):
    """Which feedback, in which order."""

    sort: FeedbackSort = FeedbackSort.RECEIVED_ON_DESC
    rejection_id: Id | None = None
    request_id: Id | None = None
    contact_id: Id | None = None
