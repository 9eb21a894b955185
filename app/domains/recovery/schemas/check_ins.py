"""The wire shapes of check-ins."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StrictBool

from app.domains.recovery.schemas.support import RefocusOffer, SupportCard, SupportLink
from app.domains.recovery.terms import (
    LEAST_RATING,
    MAX_EMOTIONS,
    MAX_NOTE_CHARACTERS,
    MOST_RATING,
    Emotion,
)
from app.kit.fields import Distinct, Id, Instant, Text, whole
from app.kit.ids import example_id
from app.kit.schemas import (
    OMITTABLE,
    TRANSIENT,
    Examples,
    ListQuery,
    NextCursor,
    Patch,
    Record,
    Request,
    omittable,
)

Note = Annotated[str, Text(MAX_NOTE_CHARACTERS)]
Rating = Annotated[int, whole(LEAST_RATING, MOST_RATING)]
Emotions = Annotated[list[Emotion], Field(max_length=MAX_EMOTIONS), Distinct()]


class CheckInCreate(Request):
    """How you are. Mood and energy are single items of our own, not a validated scale."""

    examples: ClassVar[Examples] = {
        "Two taps": {"mood": 3, "energy": 2},
        "About a rejection": {
            "rejection_id": str(example_id("rejection_id")),
            "mood": 2,
            "energy": 2,
            "emotions": ["disappointed", "hopeful"],
            "dwelling": False,
            "note": "Slept badly, but the walk helped.",
        },
        "With a wish for support": {"mood": 1, "energy": 1, "support_wanted": True},
    }

    id: Id = OMITTABLE
    rejection_id: Id | None = None
    checked_in_at: Instant = omittable("Now unless you say so.")
    mood: Rating = Field(description="1 very low to 5 very good.")
    energy: Rating = Field(description="1 none to 5 full.")
    emotions: Emotions = Field(default_factory=list)
    dwelling: StrictBool | None = Field(
        default=None, description="Whether your thoughts keep going back to it."
    )
    note: Note | None = None
    support_wanted: StrictBool = Field(
        default=False,
        description=(
            "Adds the support card to the answer. Nobody is alerted, and this wish is not stored."
        ),
        json_schema_extra=TRANSIENT,
    )


class CheckInPatch(Patch):
    """Corrections to a check-in."""

    examples: ClassVar[Examples] = {
        "Correct a value": {"energy": 3},
        "It was about no rejection": {"rejection_id": None},
    }

    rejection_id: Id | None = None
    checked_in_at: Instant = OMITTABLE
    mood: Rating = OMITTABLE
    energy: Rating = OMITTABLE
    emotions: Emotions = OMITTABLE
    dwelling: StrictBool | None = None
    note: Note | None = None


class CheckIn(Record):
    """How you were at a moment."""

    rejection_id: Id | None
    checked_in_at: Instant
    mood: Rating
    energy: Rating
    emotions: Emotions
    dwelling: StrictBool | None
    note: Note | None
    support: SupportLink


class RecordedCheckIn(CheckIn):
    """The check-in you recorded, and what may help now."""

    support_card: SupportCard | None
    refocus: RefocusOffer | None


class CheckInPage(BaseModel):
    """Some check-ins, in the order asked for."""

    items: Annotated[list[CheckIn], Field(max_length=100)]
    next_cursor: NextCursor


class CheckInSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CHECKED_IN_AT_DESC = "-checked_in_at"
    CHECKED_IN_AT = "checked_in_at"


class CheckInQuery(ListQuery):
    """Which check-ins, in which order."""

    sort: CheckInSort = CheckInSort.CHECKED_IN_AT_DESC
    rejection_id: Id | None = None
    checked_in_after: Instant | None = Field(default=None, description="At this time or later.")
    checked_in_before: Instant | None = Field(default=None, description="At this time or earlier.")
