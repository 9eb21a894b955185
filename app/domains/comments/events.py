"""What happened to comments."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class CommentAdded(Event):
    """Somebody commented on a record."""

    type: ClassVar[str] = "comment.added"
    collection: ClassVar[str] = "comments"
