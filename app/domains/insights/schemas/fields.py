"""What all insights share on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool

from app.auth.terms import ConsentCategory
from app.domains.insights.terms import (
    CONCLUSIVE_FROM,
    DEFAULT_PERIOD_DAYS,
    MAX_COUNT,
    MAX_MONTHS,
    MAX_PERIOD_DAYS,
)
from app.kit.fields import Day, TimeZone, whole
from app.kit.schemas import Request

Count = Annotated[int, whole(0, MAX_COUNT)]
Percent = Annotated[int, whole(0, 100)]


class InsightQuery(Request):
    """The days to look at, in your time zone."""

    first: Day | None = Field(
        default=None,
        alias="from",
        description=f"The first day; {DEFAULT_PERIOD_DAYS} days up to `to` unless you say so.",
    )
    last: Day | None = Field(
        default=None,
        alias="to",
        description=f"The last day, for {MAX_PERIOD_DAYS} days at most; today unless you say so.",
    )


LeftOut = Annotated[
    list[ConsentCategory],
    Field(
        max_length=len(ConsentCategory),
        description=(
            "What the person does not share with you: it is not part of this answer, and a 0 or an "
            "empty list may come of that. Empty for the person."
        ),
    ),
]


class Insight(BaseModel):
    """Figures of some days."""

    first: Day = Field(alias="from", description="The first day.")
    last: Day = Field(alias="to", description="The last day, which is included.")
    time_zone: TimeZone = Field(description="Where these days begin and end: your profile's zone.")
    sample_size: Count = Field(
        description="How many records the figures rest on; of the overview, the sum of its counts."
    )
    conclusive: StrictBool = Field(
        description=(
            f"False below {CONCLUSIVE_FROM} records: show the figures, and draw nothing from them."
        )
    )
    left_out: LeftOut


class Share(BaseModel):
    """A part of a whole."""

    count: Count
    of: Count
    percent: Percent | None = Field(description="In whole percent; null of nothing.")
    conclusive: StrictBool = Field(description=f"False where `of` is below {CONCLUSIVE_FROM}.")


class MonthCount(BaseModel):
    """How often something happened in a month of yours."""

    month: Day = Field(description="Its first day.")
    count: Count


ByMonth = Annotated[list[MonthCount], Field(max_length=MAX_MONTHS)]
