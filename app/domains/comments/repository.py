"""The statements on comments."""

from sqlalchemy import case, func

from app.db.base import table_of
from app.db.paging import Filter, Listing
from app.db.repository import Repository
from app.domains.comments.models import Comment
from app.domains.comments.rules import COLUMNS

_comments = table_of(Comment)
_collection = case(
    *((_comments.c[name].is_not(None), collection.value) for collection, name in COLUMNS.items())
)
_record_id = func.coalesce(*(_comments.c[name] for name in COLUMNS.values()))


class CommentRepository(Repository):
    """The comments on one person's records."""

    table = _comments
    listing = Listing(
        table=_comments,
        sorts={"created_at": _comments.c.created_at, "-created_at": _comments.c.created_at},
        filters={
            "collection": Filter(lambda value: _collection == value, bind=str),
            "record_id": Filter(lambda value: _record_id == value),
        },
    )
