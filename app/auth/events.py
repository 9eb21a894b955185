"""What happened to the consent of people; each fact is the person's."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _GrantEvent(Event):
    collection: ClassVar[str] = "grants"


@dataclass(frozen=True, kw_only=True)
class GrantRequested(_GrantEvent):
    """An organisation asked a person for consent."""

    type: ClassVar[str] = "grant.requested"


@dataclass(frozen=True, kw_only=True)
class GrantActivated(_GrantEvent):
    """A grant is in force with what it says now: newly given, or changed by the person."""

    type: ClassVar[str] = "grant.activated"


@dataclass(frozen=True, kw_only=True)
class GrantDeclined(_GrantEvent):
    """A person said no to a request."""

    type: ClassVar[str] = "grant.declined"


@dataclass(frozen=True, kw_only=True)
class GrantExpiring(_GrantEvent):
    """A grant ends by itself within 14 days."""

    type: ClassVar[str] = "grant.expiring"


@dataclass(frozen=True, kw_only=True)
class GrantRevoked(_GrantEvent):
    """A person took a grant back, or an organisation gave it up or withdrew its request."""

    type: ClassVar[str] = "grant.revoked"


@dataclass(frozen=True, kw_only=True)
class GrantExpired(_GrantEvent):
    """The time of a grant is over."""

    type: ClassVar[str] = "grant.expired"
