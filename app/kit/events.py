"""The base of all facts that rooms state to each other."""

from dataclasses import dataclass
from typing import ClassVar
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
