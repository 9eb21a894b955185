"""The table of comments."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, column
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.terms import ActorKind
from app.db import words
from app.db.base import Base, Owned, at_most_one, reference, table_of
from app.db.timeline import Moment, register
from app.db.types import enum_type
from app.db.veils import reserve_with
from app.domains.comments.rules import COLUMNS
from app.domains.comments.terms import MAX_AUTHOR_CHARACTERS, MAX_COMMENT_CHARACTERS


def _about() -> Iterator[ForeignKeyConstraint | Index]:
    """References to what a comment can be about, and indexes that hold only those about it."""
    for collection, name in COLUMNS.items():
        # The conventional names would be too long for PostgreSQL.
        yield reference(collection, name, on_delete="cascade", name=f"fk_comments_{name}")
        about = column(name).is_not(None)
        yield Index(
            f"ix_comments_{name}",
            "owner_id",
            name,
            sqlite_where=about,
            postgresql_where=about,
        )


class Comment(Owned, Base):
    """Something said about a record, which is one column for each collection.

    `author_kind` and `author_name`, as it was then, tell of an author who acted for the person.
    """

    __tablename__ = "comments"
    constraints: ClassVar[tuple[Any, ...]] = (
        *_about(),
        at_most_one("about", *COLUMNS.values()),
        Index(None, "owner_id", "created_at", "id"),
    )

    rejection_id: Mapped[UUID | None]
    plan_id: Mapped[UUID | None]
    step_id: Mapped[UUID | None]
    check_in_id: Mapped[UUID | None]
    feedback_request_id: Mapped[UUID | None]
    feedback_id: Mapped[UUID | None]
    reflection_id: Mapped[UUID | None]
    lesson_id: Mapped[UUID | None]
    skill_gap_id: Mapped[UUID | None]
    culture_fit_assessment_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    interaction_id: Mapped[UUID | None]
    networking_event_id: Mapped[UUID | None]
    opportunity_id: Mapped[UUID | None]
    goal_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(String(MAX_COMMENT_CHARACTERS))
    author_id: Mapped[UUID]
    author_kind: Mapped[ActorKind | None] = mapped_column(enum_type(ActorKind, "author_kind"))
    author_name: Mapped[str | None] = mapped_column(String(MAX_AUTHOR_CHARACTERS))


_comments = table_of(Comment)
reserve_with(_comments, {str(collection): name for collection, name in COLUMNS.items()})
# What was said stays in the comment.
register(Moment("comment.added", _comments, at=_comments.c.created_at))
words.register(words.Searched(_comments, texts=(_comments.c.text,)))
