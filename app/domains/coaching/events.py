"""What happened between organisations and people. Other rooms react in the same transaction."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ClientAccountDeleted(Event):
    """A client deleted their account: told to the organisation, as nothing of the person stays."""

    type: ClassVar[str] = "account.deleted"
    collection: ClassVar[str] = "clients"
