"""One counter per owner: the optimistic lock, the ETag and the sync cursor are this number.

An owner is a person or an organisation; what both of them have refers to their row here.
"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, delete, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration, table_of


class Head(Base):
    """An owner, and the latest revision of anything it owns. It goes with whom it stands for."""

    __tablename__ = "heads"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)
    __table_args__ = TABLE_OPTIONS

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)


_heads = table_of(Head)

BEGIN_HEAD = insert(_heads)
END_HEAD = delete(_heads).where(_heads.c.owner_id == bindparam("owner"))
"""Takes with it what every owner has: events, tombstones, stored answers, keys."""
NEXT_REVISION = (
    update(_heads)
    .where(_heads.c.owner_id == bindparam("owner"))
    .values(revision=_heads.c.revision + 1)
    .returning(_heads.c.revision)
)
"""Takes the owner's next number. Its row lock is held to the end of the transaction, so that one
owner's writes are strictly one after the other and commit in the order of their numbers."""
