"""The tables of feedback requests and of feedback."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import words
from app.db.base import Base, Owned, reference, table_of
from app.db.timeline import Moment, register
from app.db.types import enum_type, json_type
from app.domains.feedback.terms import (
    MAX_MESSAGE_CHARACTERS,
    MAX_RESTATED_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
    MAX_VERBATIM_CHARACTERS,
    FeedbackRequestStatus,
    FeedbackSource,
    RequestChannel,
)


class FeedbackRequest(Owned, Base):
    """Asking an employer what to learn from a "no"."""

    __tablename__ = "feedback_requests"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="cascade"),
        reference("contacts", "contact_id", on_delete="detach"),
        Index(None, "owner_id", "rejection_id"),
        Index(None, "owner_id", "contact_id"),
        Index(None, "owner_id", "created_at", "id"),
        # The worker looks for requests whose time is over, whoever's they are.
        Index(None, "status", "closes_on", info={"across_people": True}),
    )

    rejection_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    channel: Mapped[RequestChannel] = mapped_column(enum_type(RequestChannel, "channel"))
    questions: Mapped[list[str]] = mapped_column(json_type())
    subject: Mapped[str | None] = mapped_column(String(MAX_SUBJECT_CHARACTERS))
    message: Mapped[str | None] = mapped_column(String(MAX_MESSAGE_CHARACTERS))
    status: Mapped[FeedbackRequestStatus] = mapped_column(
        enum_type(FeedbackRequestStatus, "status")
    )
    # Where a received request goes back to when nothing answers it any more; no field of the wire.
    answered_from: Mapped[FeedbackRequestStatus | None] = mapped_column(
        enum_type(FeedbackRequestStatus, "answered_from")
    )
    sent_on: Mapped[date | None]
    nudge_on: Mapped[date | None]
    nudged_on: Mapped[date | None]
    closes_on: Mapped[date | None]


class Feedback(Owned, Base):
    """What an employer said, word for word, and the points a person takes from it."""

    __tablename__ = "feedback"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="cascade"),
        reference("feedback_requests", "request_id", on_delete="detach"),
        reference("contacts", "contact_id", on_delete="detach"),
        Index(None, "owner_id", "rejection_id"),
        Index(None, "owner_id", "request_id"),
        Index(None, "owner_id", "contact_id"),
        Index(None, "owner_id", "received_on", "id"),
        Index(None, "owner_id", "created_at", "id"),
    )

    rejection_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    source: Mapped[FeedbackSource] = mapped_column(enum_type(FeedbackSource, "source"))
    received_on: Mapped[date]
    verbatim: Mapped[str] = mapped_column(String(MAX_VERBATIM_CHARACTERS))
    restated: Mapped[str | None] = mapped_column(String(MAX_RESTATED_CHARACTERS))
    usefulness: Mapped[int | None] = mapped_column(SmallInteger)
    points: Mapped[list[dict[str, Any]]] = mapped_column(json_type())


_requests, _feedback = table_of(FeedbackRequest), table_of(Feedback)
# What was asked and said stays in the records.
register(
    Moment("feedback_request.sent", _requests, at=_requests.c.sent_on),
    Moment("feedback.received", _feedback, at=_feedback.c.received_on),
)
words.register(
    words.Searched(
        _requests,
        title=_requests.c.subject,
        texts=(_requests.c.questions, _requests.c.message),
    ),
    words.Searched(
        _feedback,
        texts=(_feedback.c.verbatim, _feedback.c.restated, _feedback.c.points),
        keys=("statement", "quote"),
    ),
)
