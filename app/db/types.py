"""Column types that mean the same on SQLite and PostgreSQL.

Alembic needs to be told how to write them: `env.py` passes `render_item=types.render_item` to
`context.configure`, and migrations then say `types.Id()` with their import in place.
"""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Enum,
    LargeBinary,
    String,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.types import TypeEngine

ENUM_LENGTH: Final = 40
_UTC_TEXT_LENGTH: Final = len("2026-01-31T12:00:00.000000Z")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, to the microsecond, in every year from 1 to 9999.

    PostgreSQL has `timestamptz`. SQLite has text of one fixed width, so that comparing text is
    comparing time; its own CURRENT_TIMESTAMP writes another form and must not be mixed in.

    Raises ValueError for a datetime without a time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    @override
    def python_type(self) -> type[datetime]:
        """What a value is in Python: list cursors are read back by it."""
        return datetime

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(_UTC_TEXT_LENGTH))
        return dialect.type_descriptor(DateTime(timezone=True))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware datetime into what the database stores."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "a datetime without a time zone can't be stored: it isn't an instant"
            raise ValueError(message)
        value = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        return value

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what the database stores into an aware UTC datetime."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        return value  # type: ignore[no-any-return]  # asyncpg gives aware UTC datetimes.

    @override
    def __repr__(self) -> str:
        return "UtcDateTime()"


class Id(TypeDecorator[uuid.UUID]):
    """A UUID: native on PostgreSQL, 16 bytes on SQLite, `uuid.UUID` in Python.

    Raises TypeError for anything else, text included, on both databases alike.
    """

    impl = Uuid
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary(16))
        return dialect.type_descriptor(Uuid())

    @override
    def process_bind_param(self, value: object, dialect: Dialect) -> Any:
        """Turn a UUID into what the database stores."""
        if value is None:
            return None
        if not isinstance(value, uuid.UUID):
            message = f"an id must be a UUID, not {type(value).__name__}"
            raise TypeError(message)
        return value.bytes if dialect.name == "sqlite" else value

    @override
    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], uuid.UUID | None] | None:
        """Turn what the database stores into a UUID; asyncpg already has."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return _id_from_bytes

    @override
    def literal_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """Write a UUID into the text of a statement."""
        if dialect.name == "sqlite":
            return lambda value: f"X'{value.hex}'"
        return lambda value: f"'{value}'::uuid"

    @override
    def __repr__(self) -> str:
        return "Id()"


def json_type() -> TypeEngine[Any]:
    """Return the type of a JSON column: JSONB on PostgreSQL, JSON text on SQLite.

    None is SQL NULL, never JSON's `null`. JSONB reorders keys and drops duplicates.
    """
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def enum_type(enum_class: type[enum.StrEnum], name: str) -> Enum:
    """Return the type of an enum column: text of at most 40 characters with a CHECK called `name`.

    The members' values are stored, not their Python names. Other text is refused before it is
    sent (LookupError inside `sqlalchemy.exc.StatementError`) and by the database. Make one for
    each column: the CHECK belongs to the table.
    """
    return Enum(
        enum_class,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=ENUM_LENGTH,
        values_callable=_values,
    )


def render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write this module's types into a migration as `types.X()`; leave the rest to Alembic."""
    if kind == "type" and isinstance(item, UtcDateTime | Id):
        autogen_context.imports.add("from app.db import types")
        return f"types.{item!r}"
    if kind == "type" and isinstance(item, JSON):
        autogen_context.imports.add("from app.db import types")
        return "types.json_type()"
    return False


def _values(enum_class: type[enum.StrEnum]) -> list[str]:
    return [member.value for member in enum_class]


def _id_from_bytes(value: bytes | None) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(bytes=value)
