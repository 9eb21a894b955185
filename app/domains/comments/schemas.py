"""The wire shapes of comments."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from typing_extensions import override

from app.domains.comments.rules import as_columns
from app.domains.comments.terms import (
    MAX_AUTHOR_CHARACTERS,
    MAX_COMMENT_CHARACTERS,
    CommentedCollection,
)
from app.kit.fields import Id, Line, Text
from app.kit.ids import example_id
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

CommentText = Annotated[str, Text(MAX_COMMENT_CHARACTERS)]


class CommentSubject(BaseModel):
    """The record a comment is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    collection: CommentedCollection
    id: Id


class CommentCreate(Request):
    """Something to say about a record."""

    examples: ClassVar[Examples] = {
        "On a rejection": {
            "about": {"collection": "rejections", "id": str(example_id("rejection_id"))},
            "text": "You have come far with this one. Shall we look at the case study together?",
        },
        "On a lesson": {
            "about": {"collection": "lessons", "id": str(example_id("lesson_id"))},
            "text": "This helped me as well.",
        },
    }

    id: Id = OMITTABLE
    about: CommentSubject
    text: CommentText

    @override
    def given(self) -> dict[str, Any]:
        return as_columns(super().given())


class CommentPatch(Patch):
    """Another wording of a comment."""

    examples: ClassVar[Examples] = {
        "Say it otherwise": {"text": "You have come far. Shall we look at the case together?"}
    }

    text: CommentText = OMITTABLE


class CommentAuthor(BaseModel):
    """Who wrote a comment."""

    account_id: Id | None = Field(description="Null for a program of an organisation.")
    name: Annotated[str, Line(MAX_AUTHOR_CHARACTERS)] | None = Field(
        description=(
            "What an organisation calls its member or program, as it was then; for the person "
            "`display_name`, while the profile is shared."
        ),
        examples=["Sam Sample"],
    )
    is_own: StrictBool = Field(description="Whether you wrote it, and may change it.")


class Comment(Record):
    """Something said about a record."""

    about: CommentSubject
    text: CommentText
    author: CommentAuthor


class CommentPage(BaseModel):
    """Some comments, in the order asked for."""

    items: Annotated[list[Comment], Field(max_length=100)]
    next_cursor: NextCursor


class CommentSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"


class CommentQuery(ListQuery):
    """Which comments, in which order."""

    sort: CommentSort = CommentSort.CREATED_AT
    collection: CommentedCollection | None = Field(
        default=None, description="About records of this kind."
    )
    record_id: Id | None = Field(default=None, description="About this record.")
