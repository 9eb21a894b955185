"""The wire shapes of feedback requests."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.feedback.terms import (
    MAX_MESSAGE_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MAX_QUESTIONS,
    MAX_SUBJECT_CHARACTERS,
    FeedbackRequestStatus,
    RequestChannel,
)
from app.kit.fields import Day, Distinct, Id, Line, Text
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

Question = Annotated[str, Line(MAX_QUESTION_CHARACTERS)]
Questions = Annotated[list[Question], Field(min_length=1, max_length=MAX_QUESTIONS), Distinct()]
Subject = Annotated[str, Line(MAX_SUBJECT_CHARACTERS)]
Message = Annotated[str, Text(MAX_MESSAGE_CHARACTERS)]


class FeedbackRequestCreate(Request):
    """A request for feedback, as a draft or as it stands. Rebound notes it and sends nothing."""

    examples: ClassVar[Examples] = {
        "One question, still a draft": {
            "rejection_id": str(example_id("rejection_id")),
            "channel": "email",
            "questions": ["Which of the requirements did I meet least?"],
        },
        "Sent by yourself, with everything": {
            "rejection_id": str(example_id("rejection_id")),
            "contact_id": str(example_id("contact_id")),
            "channel": "email",
            "questions": [
                "Which of the requirements did I meet least?",
                "What would have made my case study more convincing?",
            ],
            "subject": "Thank you, and a question about the data analyst role",
            "message": (
                "Dear Ms Example,\n\nthank you for your time last week. I accept your decision. "
                "If you have a minute, two things would help me to learn."
            ),
            "status": "sent",
            "sent_on": "2026-03-03",
        },
    }

    id: Id = OMITTABLE
    rejection_id: Id
    contact_id: Id | None = Field(default=None, description="Whom you ask.")
    channel: RequestChannel
    questions: Questions = Field(description="One to three; specific ones are answered more often.")
    subject: Subject | None = None
    message: Message | None = None
    status: FeedbackRequestStatus = Field(
        default=FeedbackRequestStatus.DRAFT,
        description="Where it stands, so that one from the past can be noted as it is.",
    )
    sent_on: Day = omittable(
        "Only on a request that was sent; today in your time zone unless you say so."
    )


class FeedbackRequestPatch(Patch):
    """Changes to a request. Set `status` once you have sent it, or when you know how it ended."""

    examples: ClassVar[Examples] = {
        "You sent it today": {"status": "sent"},
        "You reminded them, once": {"nudged_on": "2026-03-11"},
        "They would rather not say": {"status": "declined"},
        "You did not send it after all": {"status": "draft"},
    }

    contact_id: Id | None = None
    channel: RequestChannel = OMITTABLE
    questions: Questions = OMITTABLE
    subject: Subject | None = None
    message: Message | None = None
    status: FeedbackRequestStatus = OMITTABLE
    sent_on: Day = OMITTABLE
    nudged_on: Day | None = Field(
        default=None, description="When you reminded them; there is one nudge at most."
    )


class FeedbackRequest(Record):
    """Asking an employer what to learn from a "no"."""

    rejection_id: Id
    contact_id: Id | None
    channel: RequestChannel
    questions: Questions
    subject: Subject | None
    message: Message | None
    status: FeedbackRequestStatus
    sent_on: Day | None
    nudge_on: Day | None = Field(
        description="A week after sending: a good day for the one nudge, if nothing came back.",
        examples=["2026-03-10"],
    )
    nudged_on: Day | None
    closes_on: Day | None = Field(
        description=(
            "The last day for an answer, three weeks after sending. Once it has ended where you "
            "live, the status becomes `no_response` by itself; an answer can still be recorded."
        ),
        examples=["2026-03-24"],
    )


class FeedbackRequestPage(BaseModel):
    """Some feedback requests, in the order asked for."""

    items: Annotated[list[FeedbackRequest], Field(max_length=100)]
    next_cursor: NextCursor


class FeedbackRequestSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class FeedbackRequestQuery(ListQuery):
    """Which feedback requests, in which order."""

    sort: FeedbackRequestSort = FeedbackRequestSort.CREATED_AT_DESC
    rejection_id: Id | None = None
    contact_id: Id | None = None
    status: FeedbackRequestStatus | None = None
