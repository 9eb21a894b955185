"""The statements on invitations.

`organization_of` is among the few without a caller: whoever has a token finds out by it who
invites.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    select,
)
from typing_extensions import override

from app.db.base import table_of
from app.db.paging import Filter, Listing, Page, Query, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.domains.coaching.models import Invitation
from app.domains.coaching.terms import InvitationKind, InvitationStatus

_t = table_of(Invitation)

_now = bindparam("now", type_=_t.c.expires_at.type)
_pending = literal(InvitationStatus.PENDING, _t.c.status.type)
_status = case(
    (
        and_(_t.c.status == _pending, _t.c.expires_at <= _now),
        literal(InvitationStatus.EXPIRED, _t.c.status.type),
    ),
    else_=_t.c.status,
)
"""The status as it is shown: a pending one whose time is over has expired."""
_COLUMNS = (*(c for c in _t.c if c is not _t.c.status), _status.label("status"))
_IS_OPEN = and_(_t.c.status == _pending, _t.c.expires_at > _now)

_ORGANIZATION_OF = select(_t.c.owner_id).where(_t.c.token_hash == bindparam("digest"))
_PURGE = delete(_t).where(
    _t.c.status != literal(InvitationStatus.ACCEPTED, _t.c.status.type),
    _t.c.expires_at < bindparam("before", type_=_t.c.expires_at.type),
)


class InvitationRepository(Repository):
    """The invitations of one organisation; those that are read show `expired` as their status."""

    table = _t
    listing = Listing(
        table=_t,
        columns=_COLUMNS,
        sorts={"created_at": _t.c.created_at, "-created_at": _t.c.created_at},
        filters={
            "kind": equals(_t.c.kind),
            "role": equals(_t.c.role),
            "status": Filter(lambda value: _status == value),
        },
    )

    _FIND = select(*_COLUMNS).where(
        _t.c.owner_id == bindparam("owner"), _t.c.id == bindparam("record")
    )
    _FIND_BY_TOKEN = select(*_COLUMNS).where(
        _t.c.owner_id == bindparam("owner"), _t.c.token_hash == bindparam("digest")
    )
    _IS_INVITED = select(
        exists().where(
            _t.c.owner_id == bindparam("owner"),
            _t.c.email_key == bindparam("key"),
            _t.c.kind == bindparam("of_kind", type_=_t.c.kind.type),
            _IS_OPEN,
        )
    )
    _HOLDS = select(
        exists().where(
            _t.c.owner_id == bindparam("owner"),
            _t.c.external_id == bindparam("external"),
            _IS_OPEN,
        )
    )
    _SENT = select(func.count().label("number"), func.min(_t.c.created_at).label("since")).where(
        _t.c.owner_id == bindparam("owner"),
        _t.c.created_at > bindparam("after", type_=_t.c.created_at.type),
    )
    _SENT_TO = _SENT.where(_t.c.email_key == bindparam("key"))

    @override
    async def find(self, record_id: UUID) -> Row[Any] | None:
        return (await self._ask(self._FIND, {"record": record_id})).one_or_none()

    @override
    async def page(self, query: Query) -> Page:
        cursors = self.transaction.database.cursors
        statement, parameters, binding = self.listing.prepare(self.owner_id, query, cursors)
        rows = (await self._ask(statement, parameters)).all()
        return self.listing.page(rows, query, binding, cursors)

    async def of_token(self, digest: bytes) -> Row[Any] | None:
        """The invitation with a token."""
        return (await self._ask(self._FIND_BY_TOKEN, {"digest": digest})).one_or_none()

    async def waits_for(self, email_key: str, kind: InvitationKind) -> bool:
        """Whether an address was invited as this and may still accept."""
        found = await self._ask(self._IS_INVITED, {"key": email_key, "of_kind": kind})
        return bool(found.scalar_one())

    async def holds(self, external_id: str) -> bool:
        """Whether somebody was invited with an external id and may still accept."""
        return bool((await self._ask(self._HOLDS, {"external": external_id})).scalar_one())

    async def sent(self, after: datetime, email_key: str | None = None) -> Row[Any]:
        """The `number` of invitations made after an instant, or only those to one address.

        `since` is when the first of them was made, None without any.
        """
        if email_key is None:
            return (await self._ask(self._SENT, {"after": after})).one()
        return (await self._ask(self._SENT_TO, {"after": after, "key": email_key})).one()

    async def _ask(self, statement: Any, parameters: Mapping[str, Any]) -> CursorResult[Any]:
        now = self.transaction.clock.now()
        return await self.transaction.execute(
            statement, {"owner": self.owner_id, **parameters, "now": now}
        )


async def organization_of(transaction: Transaction, digest: bytes) -> UUID | None:
    """The organisation that mailed a token."""
    with transaction.everyone():
        found = await transaction.execute(_ORGANIZATION_OF, {"digest": digest})
        return found.scalar_one_or_none()


async def purge_before(transaction: Transaction, before: datetime) -> None:
    """Delete invitations that nobody accepted and that expired before an instant."""
    with transaction.everyone():
        await transaction.execute(_PURGE, {"before": before})
