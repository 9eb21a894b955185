"""The statements of the search."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)

from app.db.base import table_of
from app.db.transaction import Owner, Transaction
from app.db.veils import PRIVATE, reserved
from app.db.words import AS_WRITTEN, IN_PRIVATE, Record, Searched, SearchWord, searched
from app.domains.search.rules import POINTS_AS_WRITTEN, POINTS_BEGINNING, POINTS_SAME_STEM
from app.domains.search.terms import SearchCollection
from app.kit.words import stems_of

_words = table_of(SearchWord)

Key = tuple[str, UUID]
"""The collection and the id of a record."""

AFTER_ALL_LETTERS = chr(0x10FFFF)
"""The last character there is: with it behind a word, every word that begins so comes before."""


class SearchRepository:
    """Which records of one person hold some words."""

    def __init__(self, transaction: Transaction, caller: Owner) -> None:
        self.transaction = transaction
        self.owner_id = caller.owner_id
        self.is_own = caller.sees(PRIVATE)
        self.collections = [
            name
            for name, one in searched().items()
            if self.is_own or (caller.sees(name) and not reserved(one.table))
        ]
        """Where to look. Records that tell of several collections are found by the person alone."""

    async def best(
        self, sought: Sequence[str], collection: SearchCollection | None, limit: int
    ) -> Sequence[Key]:
        """The records that hold all sought words: by points, then the latest id."""
        parameters = {"owner": self.owner_id, "limit": limit}
        for place, word in enumerate(sought):
            english, german = stems_of(word)
            parameters |= {
                f"word_{place}": word,
                f"end_{place}": word + AFTER_ALL_LETTERS,
                f"english_{place}": english,
                f"german_{place}": german,
            }
        within = self.collections
        if collection is not None:
            within = [name for name in within if name == collection]
        everywhere = self.is_own and collection is None
        if not everywhere:
            parameters["within"] = within
        statement = _ranked(len(sought), everywhere=everywhere, private=self.is_own)
        rows = await self.transaction.execute(statement, parameters)
        return [(row.collection, row.id) for row in rows]

    async def records(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """What is searched in some records: one statement for each collection among them."""
        found: dict[Key, Record] = {}
        for name, one in searched().items():
            if ids := [id_ for collection, id_ in keys if collection == name]:
                rows = await self.transaction.execute(
                    _texts(one), {"owner": self.owner_id, "ids": ids}
                )
                found |= {(name, row["id"]): row for row in rows.mappings()}
        return found


@cache
def _ranked(count: int, *, everywhere: bool, private: bool) -> Select[Any]:
    """The best records for so many words, in all collections or in some, by all texts or some."""
    mine = [_words.c.owner_id == bindparam("owner")]
    if not everywhere:
        mine.append(_words.c.collection.in_(bindparam("within", expanding=True)))
    if not private:
        mine.append(_words.c.weight < IN_PRIVATE)
    hit = union_all(*(one for place in range(count) for one in _hits(place, mine))).subquery()
    best = (
        select(hit.c.collection, hit.c.id, func.max(hit.c.points).label("points"))
        .group_by(hit.c.collection, hit.c.id, hit.c.place)
        .subquery()
    )
    return (
        select(best.c.collection, best.c.id)
        .group_by(best.c.collection, best.c.id)
        .having(func.count() == count)
        .order_by(func.sum(best.c.points).desc(), best.c.id.desc(), best.c.collection)
        .limit(bindparam("limit", type_=Integer()))
    )


def _hits(place: int, mine: Sequence[ColumnElement[bool]]) -> tuple[Select[Any], Select[Any]]:
    """The hits of one sought word: what begins with it, and what has its stem.

    Two statements, because each is one walk along the key of the table.
    """
    word = bindparam(f"word_{place}", type_=_words.c.word.type)
    in_title = _words.c.weight % 2
    kind = case(
        (
            and_(_words.c.word == word, _words.c.weight % IN_PRIVATE >= AS_WRITTEN),
            POINTS_AS_WRITTEN,
        ),
        (_words.c.word == word, POINTS_SAME_STEM),
        else_=POINTS_BEGINNING,
    )
    of = (_words.c.collection, _words.c.id, literal(place, Integer).label("place"))
    beginning = _words.c.word.between(word, bindparam(f"end_{place}"))
    stem = _words.c.word.in_([bindparam(f"english_{place}"), bindparam(f"german_{place}")])
    return (
        select(*of, (kind + in_title).label("points")).where(*mine, beginning),
        select(*of, (POINTS_SAME_STEM + in_title).label("points")).where(*mine, stem),
    )


@cache
def _texts(searched: Searched) -> Select[Any]:
    table = searched.table
    columns = [table.c[name] for name in sorted(searched.columns)]
    return select(table.c.id, table.c.updated_at, *columns).where(
        table.c.owner_id == bindparam("owner"), table.c.id.in_(bindparam("ids", expanding=True))
    )
