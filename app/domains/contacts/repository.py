"""The statements on contacts, companies, interactions and networking events.

Those of `DueContacts` are among the few without a caller: they find out whose turn it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, or_, select, update
from typing_extensions import override

from app.db.base import table_of
from app.db.links import Links
from app.db.outlines import Outline
from app.db.paging import (
    Filter,
    Listing,
    contains,
    equals,
    fold,
    has_item,
    on_or_after,
    on_or_before,
)
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.domains.contacts.models import (
    Company,
    Contact,
    EventContact,
    Interaction,
    NetworkingEvent,
)
from app.domains.contacts.terms import (
    CONTACT_DETAILS,
    MAX_FOLLOW_UPS,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
    NetworkingEventStatus,
)

_companies = table_of(Company)
_contacts = table_of(Contact)
_interactions = table_of(Interaction)
_events = table_of(NetworkingEvent)

_met = Links(table_of(EventContact), "contact_ids", holder="event_id", target="contact_id")

_DONE = _interactions.c.status == InteractionStatus.DONE
_DAY = _contacts.c.next_follow_up_on
_UNTOLD = (
    bindparam("since", type_=_DAY.type) <= _DAY,
    bindparam("today", type_=_DAY.type) >= _DAY,
    or_(_contacts.c.follow_up_told_for.is_(None), _contacts.c.follow_up_told_for != _DAY),
)


class _Named(Repository):
    """Records that are found by their name, whatever its case."""

    table = _contacts  # Statements are prepared for each subclass of Repository, this one too.

    @override
    async def insert(self, values: Mapping[str, Any]) -> Row[Any]:
        return await super().insert(_with_folded_name(values))

    @override
    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        return await super().update(record_id, _with_folded_name(changes))


def _with_folded_name(values: Mapping[str, Any]) -> Mapping[str, Any]:
    name = values.get("name")
    return values if name is None else {**values, "name_folded": folded_name(name)}


def folded_name(name: str) -> str:
    """A name without regard to case, and to spaces that a keyboard adds by itself."""
    return fold(" ".join(name.split()))


class CompanyRepository(_Named):
    """The companies of one person."""

    table = _companies
    listing = Listing(
        table=_companies,
        sorts={
            "name": _companies.c.name_folded,
            "-name": _companies.c.name_folded,
            "created_at": _companies.c.created_at,
            "-created_at": _companies.c.created_at,
            "updated_at": _companies.c.updated_at,
            "-updated_at": _companies.c.updated_at,
        },
        filters={
            "name": contains(_companies.c.name_folded),
            "following": equals(_companies.c.following),
        },
    )
    outlined = Outline(_companies, "id following")
    _NAMED = select(_companies).where(
        _companies.c.owner_id == bindparam("owner"), _companies.c.name_folded == bindparam("name")
    )
    _LAST = select(func.max(_interactions.c.occurred_at)).where(
        _interactions.c.owner_id == bindparam("owner"),
        _interactions.c.company_id == bindparam("record"),
        _DONE,
    )
    _LAST_OF_EACH = (
        select(func.max(_interactions.c.occurred_at))
        .where(
            _interactions.c.owner_id == _companies.c.owner_id,
            _interactions.c.company_id == _companies.c.id,
            _DONE,
        )
        .scalar_subquery()
        .label("last_interaction_at")
    )
    _DUE = (
        select(_companies, _LAST_OF_EACH)
        .where(
            _companies.c.owner_id == bindparam("owner"),
            _companies.c.next_engagement_on
            <= bindparam("on", type_=_companies.c.next_engagement_on.type),
            _companies.c.following,
        )
        .order_by(_companies.c.next_engagement_on, _companies.c.id)
        .limit(MAX_FOLLOW_UPS)
    )

    async def named(self, name: str) -> Row[Any] | None:
        """The company of this name, whatever its case."""
        found = await self.transaction.execute(
            self._NAMED, {"owner": self.owner_id, "name": folded_name(name)}
        )
        return found.one_or_none()

    async def last_interaction_at(self, company_id: UUID) -> datetime | None:
        """When the latest interaction with a company was done."""
        found = await self.transaction.execute(
            self._LAST, {"owner": self.owner_id, "record": company_id}
        )
        last_at: datetime | None = found.scalar_one()
        return last_at

    async def due(self, on: date) -> Sequence[Row[Any]]:
        """Followed companies whose day has come, the longest due first, with their latest."""
        found = await self.transaction.execute(self._DUE, {"owner": self.owner_id, "on": on})
        return found.all()


class ContactRepository(_Named):
    """The contacts of one person."""

    table = _contacts
    private = CONTACT_DETAILS
    listing = Listing(
        table=_contacts,
        sorts={
            "name": _contacts.c.name_folded,
            "-name": _contacts.c.name_folded,
            "created_at": _contacts.c.created_at,
            "-created_at": _contacts.c.created_at,
            "updated_at": _contacts.c.updated_at,
            "-updated_at": _contacts.c.updated_at,
        },
        filters={
            "name": contains(_contacts.c.name_folded),
            "company_id": equals(_contacts.c.company_id),
            "relationship": equals(_contacts.c.relationship),
            "connection_status": equals(_contacts.c.connection_status),
            "tag": has_item(_contacts.c.tags),
        },
    )
    outlined = Outline(
        _contacts,
        "id created_at company_id name role relationship connection_status"
        " cadence_days last_interaction_at",
        days="created_at",
    )
    _LAST = select(func.max(_interactions.c.occurred_at)).where(
        _interactions.c.owner_id == bindparam("owner"),
        _interactions.c.contact_id == bindparam("record"),
        _DONE,
    )
    _INVITATIONS = select(func.count()).where(
        _interactions.c.owner_id == bindparam("owner"),
        _interactions.c.contact_id == bindparam("record"),
        _DONE,
        _interactions.c.kind == InteractionKind.CONNECTION_REQUEST,
        _interactions.c.direction == InteractionDirection.OUTGOING,
    )
    _DUE = (
        select(_contacts)
        .where(
            _contacts.c.owner_id == bindparam("owner"),
            _contacts.c.next_follow_up_on
            <= bindparam("on", type_=_contacts.c.next_follow_up_on.type),
        )
        .order_by(_contacts.c.next_follow_up_on, _contacts.c.id)
        .limit(MAX_FOLLOW_UPS)
    )
    _TO_TELL_OF = (
        select(_contacts)
        .where(_contacts.c.owner_id == bindparam("owner"), *_UNTOLD)
        .order_by(_contacts.c.next_follow_up_on, _contacts.c.id)
        .limit(MAX_FOLLOW_UPS)
    )
    _TOLD = (
        update(_contacts)
        .where(
            _contacts.c.owner_id == bindparam("owner"),
            _contacts.c.id.in_(bindparam("ids", expanding=True)),
        )
        .values(follow_up_told_for=_contacts.c.next_follow_up_on)
    )

    async def to_tell_of(self, since: date, today: date) -> Sequence[Row[Any]]:
        """Contacts whose day came between two days of which it is untold; both count."""
        values = {"owner": self.owner_id, "since": since, "today": today}
        return (await self.transaction.execute(self._TO_TELL_OF, values)).all()

    async def told_of(self, contact_ids: Iterable[UUID]) -> None:
        """Remember that it was told of contacts; nobody sees a difference, so they stay as is."""
        values = {"owner": self.owner_id, "ids": list(contact_ids)}
        await self.transaction.execute(self._TOLD, values)

    async def last_interaction_at(self, contact_id: UUID) -> datetime | None:
        """When the latest interaction with a contact was done."""
        found = await self.transaction.execute(
            self._LAST, {"owner": self.owner_id, "record": contact_id}
        )
        last_at: datetime | None = found.scalar_one()
        return last_at

    async def is_invited(self, contact_id: UUID) -> bool:
        """Whether an invitation to connect was sent to a contact."""
        found = await self.transaction.execute(
            self._INVITATIONS, {"owner": self.owner_id, "record": contact_id}
        )
        return bool(found.scalar_one())

    async def due(self, on: date) -> Sequence[Row[Any]]:
        """Contacts whose day has come, the longest due first."""
        found = await self.transaction.execute(self._DUE, {"owner": self.owner_id, "on": on})
        return found.all()


class DueContacts:
    """Whose day has come to get in touch with somebody."""

    _OWNERS = (
        select(_contacts.c.owner_id)
        .where(*_UNTOLD, _contacts.c.owner_id > bindparam("after", type_=_contacts.c.owner_id.type))
        .distinct()
        .order_by(_contacts.c.owner_id)
        .limit(bindparam("most", type_=_contacts.c.revision.type))
    )

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def owners(self, since: date, today: date, *, after: UUID, most: int) -> Sequence[UUID]:
        """People with a contact whose day came between two days of which it is untold."""
        values = {"since": since, "today": today, "after": after, "most": most}
        return (await self.transaction.execute(self._OWNERS, values)).scalars().all()


class InteractionRepository(Repository):
    """The interactions of one person."""

    table = _interactions
    listing = Listing(
        table=_interactions,
        sorts={
            "created_at": _interactions.c.created_at,
            "-created_at": _interactions.c.created_at,
            "updated_at": _interactions.c.updated_at,
            "-updated_at": _interactions.c.updated_at,
        },
        filters={
            "contact_id": equals(_interactions.c.contact_id),
            "company_id": equals(_interactions.c.company_id),
            "rejection_id": equals(_interactions.c.rejection_id),
            "kind": equals(_interactions.c.kind),
            "direction": equals(_interactions.c.direction),
            "status": equals(_interactions.c.status),
            "occurred_after": on_or_after(_interactions.c.occurred_at),
            "occurred_before": on_or_before(_interactions.c.occurred_at),
        },
    )
    outlined = Outline(
        _interactions, "id contact_id kind direction occurred_at", days="occurred_at", when=_DONE
    )
    _WITH = (
        select(_interactions.c.id)
        .where(
            _interactions.c.owner_id == bindparam("owner"),
            _interactions.c.contact_id == bindparam("contact"),
        )
        .order_by(_interactions.c.id)
    )

    async def rename(self, contact_id: UUID, name: str) -> None:
        """Keep a contact's new name with all interactions with them."""
        found = await self.transaction.execute(
            self._WITH, {"owner": self.owner_id, "contact": contact_id}
        )
        for interaction_id in found.scalars().all():
            await self.update(interaction_id, {"contact_name": name})


class NetworkingEventRepository(Repository):
    """The networking events of one person; `contact_ids` are whom they met there."""

    table = _events
    lists = (_met,)
    listing = Listing(
        table=_events,
        sorts={
            "created_at": _events.c.created_at,
            "-created_at": _events.c.created_at,
            "updated_at": _events.c.updated_at,
            "-updated_at": _events.c.updated_at,
        },
        filters={
            "contact_id": Filter(_met.holds, about=_met.target),
            "kind": equals(_events.c.kind),
            "status": equals(_events.c.status),
            "starts_after": on_or_after(_events.c.starts_at),
            "starts_before": on_or_before(_events.c.starts_at),
        },
        columns=(*_events.c, _met.ids),
    )
    outlined = Outline(
        _events,
        "id created_at starts_at",
        days="starts_at created_at",
        when=_events.c.status == NetworkingEventStatus.ATTENDED,
    )
