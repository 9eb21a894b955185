"""One counter per person: the optimistic lock, the ETag and the sync cursor are this number."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, bindparam, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration, table_of
from app.db.types import Id


class AccountHead(Base):
    """The latest revision of anything a person owns."""

    __tablename__ = "account_heads"
    registration: ClassVar[Registration] = Registration("owner_id", export=False, erasure="cascade")
    __table_args__ = TABLE_OPTIONS

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)


_heads = table_of(AccountHead)

BEGIN_HEAD = insert(_heads)
NEXT_REVISION = (
    update(_heads)
    .where(_heads.c.owner_id == bindparam("owner"))
    .values(revision=_heads.c.revision + 1)
    .returning(_heads.c.revision)
)
"""Takes the person's next number. Its row lock is held to the end of the transaction, so that one
person's writes are strictly one after the other and commit in the order of their numbers."""
