"""What happened to feedback requests and feedback. What is stored of it holds no words."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.domains.feedback.terms import FeedbackRequestStatus, FeedbackSource
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _RequestEvent(Event):
    collection: ClassVar[str] = "feedback_requests"


@dataclass(frozen=True, kw_only=True)
class _RequestDescribed(_RequestEvent):
    rejection_id: UUID
    contact_id: UUID | None
    status: FeedbackRequestStatus
    sent_on: date | None


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestRecorded(_RequestDescribed):
    """A request was drafted, or noted in a status other than sent."""

    type: ClassVar[str] = "feedback_request.recorded"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestUpdated(_RequestDescribed):
    """Something about a request was changed; its status was not, or as told here.

    It was cancelled, or stands where it stood before because the feedback that answered it is gone.
    """

    type: ClassVar[str] = "feedback_request.updated"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestSent(_RequestDescribed):
    """A person asked for feedback."""

    type: ClassVar[str] = "feedback_request.sent"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestWithdrawn(_RequestDescribed):
    """A request that counted as sent was not sent after all."""

    type: ClassVar[str] = "feedback_request.withdrawn"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestNudged(_RequestDescribed):
    """A person reminded the employer, once."""

    type: ClassVar[str] = "feedback_request.nudged"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestReceived(_RequestDescribed):
    """A request was answered."""

    type: ClassVar[str] = "feedback_request.received"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestDeclined(_RequestDescribed):
    """The employer will not answer."""

    type: ClassVar[str] = "feedback_request.declined"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestNoResponse(_RequestDescribed):
    """No answer came in time; that is normal."""

    type: ClassVar[str] = "feedback_request.no_response"


@dataclass(frozen=True, kw_only=True)
class FeedbackRequestDeleted(_RequestEvent):
    """A request is gone."""

    type: ClassVar[str] = "feedback_request.deleted"


@dataclass(frozen=True, kw_only=True)
class _FeedbackEvent(Event):
    collection: ClassVar[str] = "feedback"


@dataclass(frozen=True, kw_only=True)
class _FeedbackDescribed(_FeedbackEvent):
    rejection_id: UUID
    request_id: UUID | None
    source: FeedbackSource


@dataclass(frozen=True, kw_only=True)
class FeedbackRecorded(_FeedbackDescribed):
    """Feedback came back, asked for or not."""

    type: ClassVar[str] = "feedback.received"


@dataclass(frozen=True, kw_only=True)
class FeedbackUpdated(_FeedbackDescribed):
    """Something about feedback was changed, such as restating it."""

    type: ClassVar[str] = "feedback.updated"


@dataclass(frozen=True, kw_only=True)
class FeedbackDeleted(_FeedbackEvent):
    """Feedback is gone."""

    type: ClassVar[str] = "feedback.deleted"
