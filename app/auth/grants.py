"""Asking a person for their consent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.events import GrantRequested
from app.auth.repository.grants import GrantRepository
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus
from app.db.transaction import Transaction


@dataclass(frozen=True)
class _Asked:
    """The person whose consent is asked for."""

    owner_id: UUID

    def sees(self, _: str) -> bool:
        return True


class GrantRequests:
    """Requests for consent, which only the person can activate."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def request(  # noqa: PLR0913, PLR0917 -- what a grant consists of.
        self,
        person_id: UUID,
        organization_id: UUID,
        membership_id: UUID | None,
        categories: Collection[ConsentCategory],
        access: ConsentAccess,
        purpose: str,
        expires_at: datetime,
    ) -> Any:
        """Store a request for consent among the person's records."""
        asked = _Asked(person_id)
        grant = await GrantRepository(self.transaction, asked).insert(
            {
                "organization_id": organization_id,
                "membership_id": membership_id,
                "categories": list(categories),
                "access": access,
                "purpose": purpose,
                "status": GrantStatus.REQUESTED,
                "expires_at": expires_at,
                "activated_at": None,
                "ended_at": None,
                "expiry_noticed_at": None,
            }
        )
        await self.transaction.state(asked, GrantRequested(record_id=grant.id))
        return grant
