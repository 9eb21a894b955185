"""What happened to accounts. Other rooms react in the same transaction."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _AccountEvent(Event):
    collection: ClassVar[str] = "accounts"


@dataclass(frozen=True, kw_only=True)
class ProfileUpdated(_AccountEvent):
    """A person changed their profile; `fields` names what."""

    type: ClassVar[str] = "profile.updated"
    fields: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class WellbeingTrackingSwitchedOff(_AccountEvent):
    """A person wants no further check-ins. Those that exist stay until the person deletes them."""

    type: ClassVar[str] = "profile.wellbeing_tracking_switched_off"


@dataclass(frozen=True, kw_only=True)
class AccountDeleted(_AccountEvent):
    """A person is about to delete their account. It is told and not stored: nothing stays."""

    type: ClassVar[str] = "account.deleted"
