"""Two schemas of one value: what clients of the older one can no longer send, or cannot read.

Both are read as sets of values. What was sent must still be taken, so a set may only grow; what is
answered must be what was read before, so a set may only shrink. Two things are left out on purpose
in answers: bounds, and enums, which may grow (the contract tells its readers so).

A word of JSON Schema that this module does not know counts as a new rule wherever a request gets
it: a false alarm is better than silence.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Any

Json = dict[str, Any]
Above = frozenset[tuple[int, int]]

ANYTHING: Json = {}
NOTHING: Json = {"enum": []}

KINDS = {
    "null": "null",
    "boolean": "a boolean",
    "integer": "a whole number",
    "number": "a fraction",
    "string": "a string",
    "array": "a list",
    "object": "an object",
}
PYTHON_KINDS = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}

BOUNDS = (
    ("minLength", 0, "", "at least {} characters"),
    ("maxLength", inf, "", "at most {} characters"),
    ("minItems", 0, "", "at least {} items"),
    ("maxItems", inf, "", "at most {} items"),
    ("minProperties", 0, "", "at least {} fields"),
    ("maxProperties", inf, "", "at most {} fields"),
    ("minimum", -inf, "exclusiveMinimum", "at least {}"),
    ("maximum", inf, "exclusiveMaximum", "at most {}"),
    ("exclusiveMinimum", -inf, "", "only more than {}"),
    ("exclusiveMaximum", inf, "", "only less than {}"),
)
"""A bound, its value when absent, the word that implies it, and how it is said."""

FITS = {("int32", "int64"), ("float", "double")}
"""Formats of which the first is contained in the second."""

TOLD_DEFAULT = re.compile(r'Default: `"?(.+?)"?`\.$')
"""The contract tells the default of a body's field in words, as JSON, at the end of its text."""

COMPARED = {
    *("$ref", "allOf", "anyOf", "oneOf", "type", "enum", "const", "default", "format"),
    *("properties", "required", "additionalProperties", "items"),
    *(word for word, *_ in BOUNDS),
}
REMARKS = {
    *("title", "description", "example", "examples", "deprecated", "readOnly", "writeOnly"),
    *("$comment", "externalDocs", "discriminator", "xml"),
}


class Direction(Enum):
    """Who makes a value: the client that sends it, or the server whose answer is read."""

    SENT = "sent"
    READ = "read"


@dataclass(frozen=True)
class Finding:
    """One thing that breaks at a place: the field's path, what happened to it, and for whom."""

    where: str
    says: str


def resolved(document: Json, node: Any) -> Json:
    """A node with its references followed; words beside a `$ref` go before those it leads to.

    Raises ValueError for a reference that leads nowhere in this document.
    """
    if isinstance(node, bool):
        return ANYTHING if node else NOTHING
    followed = set()
    found: Json = node
    while "$ref" in found and (ref := found["$ref"]) not in followed:
        followed.add(ref)
        target: Any = document
        for part in ref.removeprefix("#/").split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or name not in target:
                raise ValueError(f"the reference {ref} leads nowhere")
            target = target[name]
        found = {**target, **{word: said for word, said in found.items() if word != "$ref"}}
    return found


def text_of(value: Any) -> str:
    """A JSON value as a sentence shows it: strings bare, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Schemas:
    """Compares schemas of a released document with those of the current one."""

    released: Json
    current: Json

    def compare(
        self, old: Any, new: Any, direction: Direction, where: str = "", above: Above = frozenset()
    ) -> Iterator[Finding]:
        """What breaks at `where` and below; a schema that contains itself is entered once."""
        pair = (id(old), id(new))
        if pair in above:
            return
        above |= {pair}
        old, new = _plain(self.released, old), _plain(self.current, new)
        sent = direction is Direction.SENT
        old_kinds, new_kinds = _kinds(self.released, old), _kinds(self.current, new)
        lost = old_kinds - new_kinds if sent else new_kinds - old_kinds
        name = f"`{where}`" if where else "the body"
        if lost:
            yield Finding(where, _lost_kinds(name, lost, sent=sent))
        if not (old_kinds & new_kinds) - {"null"}:
            return  # Of two kinds that share nothing there is no more to tell.
        if sent:
            yield from (Finding(where, says) for says in _narrowed(name, old, new))
        elif not _fits(new.get("format"), old.get("format")):
            said = f"in the format `{new['format']}`" if "format" in new else "in any format"
            yield Finding(
                where, f"{name} comes {said} instead of `{old['format']}`: clients cannot parse it."
            )
        yield from self._choices(old, new, direction, where, above)
        if "array" in old_kinds & new_kinds and ("items" in old or "items" in new):
            items = old.get("items", ANYTHING), new.get("items", ANYTHING)
            yield from self.compare(*items, direction, f"{where}[]", above)
        if "object" in old_kinds & new_kinds:
            yield from self._fields(old, new, direction, where, above)

    def _choices(
        self, old: Json, new: Json, direction: Direction, where: str, above: Above
    ) -> Iterator[Finding]:
        """Compare the members of two unions, which are known by the name of their schema."""
        before, after = _members(self.released, old), _members(self.current, new)
        if not before or not after:
            return  # A union against a plain schema: their kinds have been compared.
        if direction is Direction.SENT:
            for gone in sorted(before.keys() - after.keys()):
                yield Finding(
                    where, f"`{where}` no longer takes `{gone}`: clients that send it are refused."
                )
        else:
            for added in sorted(after.keys() - before.keys()):
                yield Finding(
                    where, f"`{where}` may now be `{added}`: clients do not know how to read it."
                )
        for name in sorted(before.keys() & after.keys()):
            yield from self.compare(before[name], after[name], direction, where, above)

    def _fields(
        self, old: Json, new: Json, direction: Direction, where: str, above: Above
    ) -> Iterator[Finding]:
        before, after = old.get("properties", {}), new.get("properties", {})
        closed = new.get("additionalProperties") is False
        for name in before:
            path = _below(where, name)
            if name in after:
                yield from self.compare(before[name], after[name], direction, path, above)
            elif direction is Direction.READ:
                yield Finding(path, f"`{path}` is gone: clients that read it find nothing.")
            else:
                fate = "are refused" if closed else "are no longer heard"
                yield Finding(path, f"`{path}` is gone: clients that send it {fate}.")
        if direction is Direction.SENT:
            yield from self._sent_fields(old, new, where)
        else:
            optional = set(old.get("required", ())) - set(new.get("required", ()))
            for name in sorted(optional & after.keys()):
                path = _below(where, name)
                yield Finding(
                    path, f"`{path}` may be missing now: clients that read it unasked fail."
                )
        yield from self._further(old, new, direction, where, above)

    def _sent_fields(self, old: Json, new: Json, where: str) -> Iterator[Finding]:
        """Fields that must be sent now, and those that mean something else when left out."""
        before, after = old.get("properties", {}), new.get("properties", {})
        was_required = set(old.get("required", ()))
        for name in sorted(set(new.get("required", ())) - was_required):
            path = _below(where, name)
            how = "is required now" if name in before else "is new and required"
            yield Finding(path, f"`{path}` {how}: clients that leave it out are refused.")
        for name in before:
            if name in after and name not in was_required:
                path = _below(where, name)
                yield from self.default(before[name], after[name], path)

    def default(self, old: Any, new: Any, where: str) -> Iterator[Finding]:
        """What leaving a value out means now, if it meant something else before."""
        before, after = _default(self.released, old), _default(self.current, new)
        if before != after:
            yield Finding(
                where,
                f"`{where}` stands for {after} when left out, {before} before: "
                "clients that leave it out get something else.",
            )

    def _further(
        self, old: Json, new: Json, direction: Direction, where: str, above: Above
    ) -> Iterator[Finding]:
        """Compare fields that the schemas do not name."""
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if direction is Direction.SENT and before is not False and after is False:
            name = f"`{where}`" if where else "the body"
            yield Finding(
                where, f"{name} takes no further fields now: clients that send some are refused."
            )
        elif isinstance(before if direction is Direction.READ else after, dict) and before:
            yield from self.compare(before, after, direction, _below(where, "*"), above)


def _below(where: str, name: str) -> str:
    """The path of a field in the value at `where`."""
    return f"{where}.{name}" if where else name


def _plain(document: Json, node: Any) -> Json:
    """A schema without references, `allOf`, and choices of one; null is one of its types."""
    schema = resolved(document, node)
    for part in schema.get("allOf", ()):
        inner = _plain(document, part)
        schema = {
            **inner,
            **schema,
            "properties": {**inner.get("properties", {}), **schema.get("properties", {})},
            "required": [*inner.get("required", ()), *schema.get("required", ())],
        }
    choices = schema.get("anyOf") or schema.get("oneOf") or ()
    members = [one for one in choices if not _is_null(document, one)]
    if len(members) == 1:
        beside = {word: said for word, said in schema.items() if word not in ("anyOf", "oneOf")}
        schema = {**_plain(document, members[0]), **beside}
        if len(choices) > 1:
            schema["type"] = sorted(_kinds(document, schema) | {"null"})
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
    return schema


def _is_null(document: Json, node: Any) -> bool:
    return resolved(document, node).get("type") == "null"


def _members(document: Json, schema: Json) -> Json:
    """The choices of a union by their name, or by their type where they have none."""
    choices = schema.get("anyOf") or schema.get("oneOf") or ()
    return {
        str(one["$ref"]).rpartition("/")[2] if "$ref" in one else text_of(one.get("type")): one
        for one in choices
        if not _is_null(document, one)
    }


def _default(document: Json, node: Any) -> str:
    """What a value is when it is left out, as a sentence shows it."""
    schema = _plain(document, node)
    if schema.get("default") is not None:
        return f"`{text_of(schema['default'])}`"
    told = TOLD_DEFAULT.search(schema.get("description", ""))
    return f"`{told[1]}`" if told else "nothing"


def _kinds(document: Json, schema: Json) -> set[str]:
    """The JSON types a plain schema allows; whole numbers are numbers too."""
    choices = schema.get("anyOf") or schema.get("oneOf")
    values = _values(schema)
    if "type" in schema:
        kinds = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    elif choices:
        kinds = set().union(*(_kinds(document, _plain(document, one)) for one in choices))
    elif values is not None:
        kinds = {PYTHON_KINDS[type(one)] for one in values}
    else:
        kinds = set(KINDS)
    if values is not None and None not in values:
        kinds.discard("null")
    return kinds | {"integer"} if "number" in kinds else kinds


def _values(schema: Json) -> list[Any] | None:
    """The only values a schema allows, or None if it lists none."""
    if "const" in schema:
        return [schema["const"]]
    found: list[Any] | None = schema.get("enum")
    return found


def _fits(inner: str | None, outer: str | None) -> bool:
    """Whether every value of one format is of the other as well."""
    return outer is None or inner == outer or (inner, outer) in FITS


def _lost_kinds(name: str, lost: set[str], *, sent: bool) -> str:
    said = " or ".join(KINDS[kind] for kind in KINDS if kind in lost)
    if sent:
        return f"{name} no longer takes {said}: clients that send it are refused."
    return f"{name} may now be {said}: clients that read it as before fail."


def _narrowed(name: str, old: Json, new: Json) -> Iterator[str]:
    """What a plain schema no longer takes of the values of a type it still takes."""
    before, after = _values(old), _values(new)
    if after is not None:
        kept = [text_of(one) for one in after if one is not None]
        if before is None:
            said = ", ".join(f"`{one}`" for one in kept)
            yield f"{name} takes only {said} now: clients that send another value are refused."
        for gone in before or ():
            if gone is not None and text_of(gone) not in kept:
                yield f"{name} no longer takes `{text_of(gone)}`: clients that send it are refused."
    for word, absent, implied_by, phrase in BOUNDS:
        bound = new.get(word, absent)
        earlier = old.get(word, old.get(implied_by, absent))
        if (bound < earlier) if absent == inf else (bound > earlier):
            said = phrase.format(earlier) if earlier != absent else "without such a limit"
            yield (
                f"{name} takes {phrase.format(bound)} now, {said} before: "
                "clients that send what fitted before are refused."
            )
    if not _fits(old.get("format"), new.get("format")):
        earlier = f"`{old['format']}`" if "format" in old else "any"
        yield (
            f"{name} has the format `{new['format']}` now, {earlier} before: "
            "clients that send another are refused."
        )
    for word in new:
        known = word in COMPARED | REMARKS or word.startswith("x-")
        if not known and new[word] not in (old.get(word), False):
            rule = f"another `{word}`" if word in old else f"a new `{word}`"
            yield f"{name} has {rule} now: clients that send what fitted before may be refused."
