"""The wire shapes of jobs."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.jobs.terms import (
    MAX_CODE_CHARACTERS,
    MAX_MESSAGE_CHARACTERS,
    MAX_ROWS,
    JobKind,
    JobStatus,
    RowOutcome,
)
from app.kit.fields import Id, Instant, Text, whole
from app.kit.schemas import CURSOR, LIMIT, Cursor, Limit, NextCursor, Record, Request

Count = Annotated[int, whole(0, MAX_ROWS)]
ProblemCode = Annotated[str, Field(max_length=MAX_CODE_CHARACTERS, pattern="^[a-z][a-z-]*$")]
Message = Annotated[str, Text(MAX_MESSAGE_CHARACTERS)]


class JobRowsQuery(Request):
    """Which rows of a job to show."""

    limit: Limit = LIMIT
    cursor: Cursor | None = CURSOR


class JobRow(BaseModel):
    """One row of a job and what became of it."""

    position: Count = Field(description="Its place in what was sent, counted from 0.")
    outcome: RowOutcome
    code: ProblemCode | None = Field(
        description="Why it failed, as the last part of the problem's address `/problems/{code}`."
    )
    message: Message | None = Field(
        description="Why it failed, for people; in English. It never repeats what was sent."
    )
    record_id: Id | None = Field(description="What it made, such as the invitation.")


class Job(Record):
    """Work on many rows, how far it is, and what became of each row."""

    kind: JobKind
    status: JobStatus = Field(
        description="`completed`: every row has its outcome, though some may have failed."
    )
    total: Count = Field(description="How many rows there are.")
    processed: Count = Field(description="How many rows have their outcome: done or failed.")
    succeeded: Count
    failed: Count
    finished_at: Instant | None
    items: Annotated[list[JobRow], Field(max_length=100)] = Field(
        description="Some of the rows, in the order of `position`; `cursor` leads to the others."
    )
    next_cursor: NextCursor
