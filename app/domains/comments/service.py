"""What is said about records."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.consent import COLLECTIONS
from app.auth.terms import ActorKind, ConsentAccess, ConsentCategory
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.accounts.service import AccountService
from app.domains.comments.errors import NotTheAuthor
from app.domains.comments.events import CommentAdded
from app.domains.comments.repository import CommentRepository
from app.domains.comments.rules import POINTERS, about_of, as_columns
from app.domains.comments.schemas import CommentCreate, CommentPatch, CommentQuery
from app.kit.preconditions import Precondition
from app.kit.problems import ConsentMissing, IdTaken
from app.kit.schemas import Existing


class CommentService(Service):
    """Adds, lists, changes and deletes comments on a person's records.

    Whoever acts for the person sees the comments on records that they see, and writes where they
    may change the record itself.
    """

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.comments = CommentRepository(transaction, caller)

    async def list(self, query: CommentQuery) -> Page:
        """One page of the comments."""
        page = await self.comments.page(query)
        return Page(await self._present(page.items), page.next_cursor)

    async def get(self, comment_id: UUID) -> Any:
        """One comment; raises NotFound."""
        return await self._present_one(await self.comments.get(comment_id))

    async def add(self, body: CommentCreate) -> Any:
        """Say something about a record.

        Raises:
            Invalid: there is no such record to be seen.
            ConsentMissing: the record may be seen, but not changed.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.comments.find_repeat(body):
            if not self._is_own(repeated):
                raise IdTaken
            return Existing(await self._present_one(repeated))
        values = as_columns(body.model_dump())
        await self.comments.check_references(values, POINTERS)
        self._check_may_write(body.about.collection)
        actor = self.caller.consent.actor if self.caller.consent else None
        row = await self.comments.insert(
            {
                **values,
                "author_id": self.caller.actor_id,
                "author_name": actor.name if actor else None,
                "author_kind": actor.kind if actor else None,
            }
        )
        await self.state(CommentAdded(record_id=row.id))
        return await self._present_one(row)

    async def update(
        self, comment_id: UUID, patch: CommentPatch, precondition: Precondition
    ) -> Any:
        """Say it otherwise.

        Raises:
            NotFound, PreconditionFailed.
            NotTheAuthor: somebody else said it.
            ConsentMissing: the record may be seen, but not changed.
        """
        before, changes = await self.comments.change(comment_id, patch, precondition)
        if not self._is_own(before):
            raise NotTheAuthor
        self._check_may_write(about_of(before)["collection"])
        row = await self.comments.update(comment_id, changes) if changes else before
        return await self._present_one(row)

    async def delete(self, comment_id: UUID, precondition: Precondition) -> None:
        """Take a comment back, or, as the person, away.

        Raises:
            NotFound, PreconditionFailed.
            NotTheAuthor: neither author nor person asks for it.
            ConsentMissing: the record may be seen, but not changed.
        """
        row = await self.comments.lock(comment_id)
        precondition.check(row.revision)
        if self.caller.consent is not None and not self._is_own(row):
            raise NotTheAuthor
        self._check_may_write(about_of(row)["collection"])
        await self.comments.delete(comment_id)

    def _is_own(self, row: Any) -> bool:
        return bool(row.author_id == self.caller.actor_id)

    def _check_may_write(self, collection: str) -> None:
        category = COLLECTIONS[collection]
        if not self.caller.may(category, ConsentAccess.WRITE):
            raise ConsentMissing(consent=str(category))

    async def _present_one(self, row: Any) -> dict[str, Any]:
        [shown] = await self._present([row])
        return shown

    async def _present(self, rows: Sequence[Any]) -> Sequence[dict[str, Any]]:
        name = None
        if any(row.author_kind is None for row in rows) and self.caller.may(
            ConsentCategory.PROFILE
        ):
            name = (await AccountService(self.transaction, self.caller).get()).display_name
        return [
            {
                **row._mapping,  # noqa: SLF001 -- SQLAlchemy's public name
                "about": about_of(row),
                "author": {
                    "account_id": _account_of(row),
                    "name": name if row.author_kind is None else row.author_name,
                    "is_own": self._is_own(row),
                },
            }
            for row in rows
        ]


def _account_of(row: Any) -> UUID | None:
    """The account that wrote a comment; a program has none."""
    if row.author_kind is ActorKind.ORGANIZATION_KEY:
        return None
    account_id: UUID = row.author_id
    return account_id
