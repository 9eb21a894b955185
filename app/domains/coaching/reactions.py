"""What organisations do when something happens to accounts, in the same transaction."""

from app.auth.caller import Caller
from app.db.events import Reactions
from app.db.transaction import Transaction
from app.domains.accounts.events import AccountDeleted
from app.domains.coaching.service.departures import DepartureService


def wire(reactions: Reactions) -> None:
    """Tell the program which facts this room waits for."""
    reactions.on(AccountDeleted, leave_organizations)


async def leave_organizations(transaction: Transaction, caller: Caller, _: AccountDeleted) -> None:
    """Whoever deletes their account leaves every organisation, which is told."""
    await DepartureService(transaction, caller).leave_all()
