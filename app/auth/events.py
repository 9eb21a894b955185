"""What happened to a person's consent. Other rooms react in the same transaction."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _GrantEvent(Event):
    collection: ClassVar[str] = "grants"


@dataclass(frozen=True, kw_only=True)
class GrantRequested(_GrantEvent):
    """An organisation asks a person for their consent."""

    type: ClassVar[str] = "grant.requested"


@dataclass(frozen=True, kw_only=True)
class GrantRevoked(_GrantEvent):
    """A consent, or the request for one, was taken back before its time."""

    type: ClassVar[str] = "grant.revoked"
