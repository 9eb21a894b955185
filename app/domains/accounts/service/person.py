"""The owner of an account that was found by its address or a mailed token."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Person:
    """Somebody who proved who they are in another way than by an access token."""

    owner_id: UUID

    def sees(self, _: str) -> bool:
        """Their own records, all of them."""
        return True
