"""Ids are UUIDs of version 7: random enough to be unguessable, ordered enough to index well."""

from typing import TYPE_CHECKING

from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from uuid import UUID


def new_id() -> "UUID":
    """A fresh id, greater than those made in earlier milliseconds (RFC 9562, section 5.7)."""
    return uuid7()
