"""JSON out: rows go through the fields of the response schema straight to bytes.

The schema says which columns leave the house and in what order; nothing is validated again on the
way out, which costs a tenth of doing so. Tests validate the answers instead.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

import msgspec
from pydantic import BaseModel
from sqlalchemy import Row

from app.db.references import collections_by_name

Convert = Callable[[Any], Any]


def _fallback(value: Any) -> Any:
    if isinstance(value, UUID):  # asyncpg returns a subclass that msgspec does not know.
        return str(value)
    raise TypeError(f"cannot render {type(value).__name__}")


_encode = msgspec.json.Encoder(enc_hook=_fallback).encode


def encode(value: Any) -> bytes:
    """Plain data as JSON."""
    return _encode(value)


def render(schema: Any, value: Any) -> bytes:
    """`value` as JSON, reduced to the fields of `schema`.

    A value may be a row, a mapping, or any object with the fields as attributes; a field that the
    value lacks is an error, so that an answer never loses a promised field in silence.
    """
    return _encode(converter(schema)(value))


@cache
def converter(schema: Any) -> Convert:
    """How values are reduced to a schema: built once for each schema."""
    schema, optional = _unwrap(schema)
    whole: Convert = _identity
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        whole = _record(schema)
    elif get_origin(schema) is list:
        item = converter(get_args(schema)[0])
        whole = _identity if item is _identity else _each(item)
    if optional and whole is not _identity:
        return lambda value: None if value is None else whole(value)
    return whole


def veil(content: Any, hidden: Collection[str]) -> None:
    """Empty each reference in an answer that names a record of a hidden collection.

    A reference that can not be empty stays: an id alone says nothing of what it names.
    """
    if isinstance(content, list):
        for one in content:
            veil(one, hidden)
    elif isinstance(content, msgspec.Struct):
        for name, collection, empty in type(content).veils:  # type: ignore[attr-defined]  # see _record
            value = getattr(content, name)
            named = value.collection if collection is None and value is not None else collection
            if named in hidden:
                setattr(content, name, empty)
        for name in content.__struct_fields__:
            veil(getattr(content, name), hidden)


def _veils(schema: type[BaseModel]) -> Iterator[tuple[str, str | None, Any]]:
    """The fields of a schema that can do without the record they name, and what they are then.

    With each its collection, as the tables say it, or None where the value itself does.
    """
    known = collections_by_name()
    for name, field in schema.model_fields.items():
        inner, optional = _unwrap(Annotated[field.annotation, None])
        if optional and name in known:
            yield name, known[name], None
        elif get_origin(inner) is list and name.removesuffix("s") in known:
            yield name, known[name.removesuffix("s")], []
        elif optional and getattr(inner, "model_fields", {}).keys() == {"collection", "id"}:
            yield name, None, None


def _each(item: Convert) -> Convert:
    return lambda values: [item(value) for value in values]


def _identity(value: Any) -> Any:
    return value


def _unwrap(schema: Any) -> tuple[Any, bool]:
    """The schema without `Annotated` and `| None`, and whether None was allowed."""
    if get_origin(schema) is Annotated:
        return _unwrap(get_args(schema)[0])
    if get_origin(schema) in (Union, UnionType):
        rest = [part for part in get_args(schema) if part is not NoneType]
        if len(rest) == 1:
            return _unwrap(rest[0])[0], True
    return schema, False


def _record(schema: type[BaseModel]) -> Convert:
    names = tuple(field.alias or name for name, field in schema.model_fields.items())
    sources = tuple(schema.model_fields)
    struct = msgspec.defstruct(
        schema.__name__,
        [(source, Any) for source in sources],
        rename=dict(zip(sources, names, strict=True)),
        namespace={"veils": tuple(_veils(schema))},
        gc=False,
    )
    nested = [
        (place, inner)
        for place, field in enumerate(schema.model_fields.values())
        if (inner := converter(Annotated[field.annotation, None])) is not _identity
    ]
    positions: dict[tuple[str, ...], tuple[int, ...]] = {}

    def values_of(value: Any) -> Sequence[Any]:
        if isinstance(value, Row):
            keys = value._fields
            at = positions.get(keys)
            if at is None:
                at = positions[keys] = tuple(keys.index(source) for source in sources)
            return [value[i] for i in at]
        if isinstance(value, Mapping):
            return [value[source] for source in sources]
        return [getattr(value, source) for source in sources]

    def convert(value: Any) -> Any:
        found = values_of(value)
        for place, inner in nested:
            found[place] = inner(found[place])  # type: ignore[index]  # a list on every path
        return struct(*found)

    return convert
