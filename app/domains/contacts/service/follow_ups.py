"""Who is due."""

from typing import Any

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.contacts.rules import FollowUpFacts, due_follow_ups
from app.domains.contacts.schemas import FollowUpQuery
from app.domains.contacts.service.companies import CompanyService
from app.domains.contacts.service.contacts import ContactService
from app.kit.clock import local_day

OPERATION = "record_interaction"


class FollowUpService(Service):
    """Tells whom to have a few words with, and why."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.contacts = ContactService(transaction, caller)
        self.companies = CompanyService(transaction, caller)

    async def list(self, query: FollowUpQuery) -> dict[str, Any]:
        """The contacts and followed companies that are due on a day, the longest due first."""
        on = query.on or local_day(self.clock.now(), self.caller.zone)
        facts = [
            *(_facts("contacts", c, c.next_follow_up_on) for c in await self.contacts.due(on)),
            *(_facts("companies", c, c.next_engagement_on) for c in await self.companies.due(on)),
        ]
        return {"on": on, "items": [self._present(one) for one in due_follow_ups(facts, on)]}

    def _present(self, facts: FollowUpFacts) -> dict[str, Any]:
        reason = facts.reason(self.caller.zone)
        return {
            **vars(facts),
            "operation_id": OPERATION,
            "reason": reason,
            "why_now": reason.label(self.caller.language),
        }


def _facts(collection: str, row: Any, due_on: Any) -> FollowUpFacts:
    """What the rules know of a contact or a company."""
    return FollowUpFacts(
        collection=collection,
        record_id=row.id,
        revision=row.revision,
        name=row.name,
        created_at=row.created_at,
        cadence_days=row.cadence_days,
        due_on=due_on,
        last_interaction_at=row.last_interaction_at,
    )
