"""The base of all facts that rooms state to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact that happened to one record of one person.

    Reactions in the same process see all fields; what is stored in the outbox is only `type`,
    `collection` and `record_id`, never a word of what the person wrote.
    """

    type: ClassVar[str]
    collection: ClassVar[str]
    record_id: UUID
    was: Mapping[str, Any] | None = None
    """Fields of this fact as they stood before a change; None if nothing stood before."""

    def before(self) -> Self | None:
        """The same fact, told of the record as it stood before."""
        return None if self.was is None else replace(self, **self.was, was=None)
