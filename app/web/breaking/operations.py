"""Two contracts, operation by operation: what breaks for whom.

Operations are matched by method and path, whatever the names in the path's braces. Requests are
compared as what clients send, answers as what they read; in webhooks it is the other way round.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.web.breaking.schemas import ANYTHING, Direction, Finding, Json, Schemas, resolved

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
BODILESS: Json = {"content": {}}

SCOPES = re.compile(r"Needs the scopes? ([^.]*)")
"""The contract tells the scope of an operation in words, at the end of its description."""


@dataclass(frozen=True)
class Breakage:
    """One change that breaks clients of the older contract.

    `operation` is the operation by its name, method and path of the older contract; `where` is the
    path of the field, parameter or header in it, empty for the operation as a whole; `sentence`
    says what breaks for whom and is complete by itself.
    """

    operation: str
    where: str
    sentence: str


@dataclass(frozen=True)
class _Operation:
    """One operation of a document, with the path item's parameters among its own."""

    document: Json
    method: str
    path: str
    says: Json

    @property
    def id(self) -> str:
        return str(self.says.get("operationId", self.method))

    def __str__(self) -> str:
        return f"{self.id} ({self.method.upper()} {self.path})"

    @property
    def parameters(self) -> dict[tuple[str, str], Json]:
        """Parameters by place and name; those of the path by their number, for names may change."""
        names: list[str] = re.findall(r"\{(.*?)\}", self.path)
        found = {}
        for node in self.says.get("parameters", ()):
            one = resolved(self.document, node)
            place, key = str(one["in"]), str(one["name"])
            if place == "path":
                key = str(names.index(key))
            found[place, key.lower() if place == "header" else key] = one
        return found

    @property
    def body(self) -> Json | None:
        return (
            resolved(self.document, self.says["requestBody"])
            if "requestBody" in self.says
            else None
        )

    @property
    def tag(self) -> str:
        return str(next(iter(self.says.get("tags", ())), ""))

    @property
    def scopes(self) -> set[str]:
        found = SCOPES.search(self.says.get("description", ""))
        return set(re.findall(r"`(.*?)`", found[1])) if found else set()

    @property
    def credentials(self) -> list[set[tuple[str, ...]]]:
        """The sets of credentials of which one is enough; an empty set admits everyone."""
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        choices = self.says.get("security", self.document.get("security")) or [{}]
        return [
            {
                (*_identity(name, resolved(self.document, schemes.get(name, ANYTHING))), role)
                for name, roles in choice.items()
                for role in ("", *roles)
            }
            for choice in choices
        ]

    def answers(self) -> dict[str, Json]:
        """Its answers by status."""
        return {
            str(status): resolved(self.document, answer)
            for status, answer in self.says.get("responses", {}).items()
        }


def parse_contract(raw: bytes) -> Json:
    """Read an OpenAPI 3.1 document in JSON.

    Raises ValueError, which says why, for bytes that are none.
    """
    document: Any = json.loads(raw)
    match document:
        case {"openapi": str(edition), "paths": dict()} if edition.startswith("3.1"):
            return dict(document)
        case _:
            raise ValueError("it is no OpenAPI 3.1 document")


def breaking_changes(released: Json, current: Json) -> list[Breakage]:
    """Every change from one contract to another that breaks clients of the first.

    Takes two OpenAPI 3.1 documents made by this project; the answer is empty if nothing breaks.
    Raises ValueError for a document with a reference that leads nowhere.
    """
    return list(_Comparison(Schemas(released, current)).breakages())


class _Comparison:
    """One comparison of two documents."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.refusals: dict[Finding, list[str]] = {}
        """What breaks in refusals, with the operations: they share schemas, so it is told once."""

    def breakages(self) -> Iterator[Breakage]:
        released, current = self.schemas.released, self.schemas.current
        present = _operations(current, "paths")
        addresses = {address for _, address in present}
        for (method, address), old in _operations(released, "paths").items():
            new = present.get((method, address))
            if new is not None:
                yield from _told(f"{old}", self._operation(old, new))
                yield from self._answers(old, new)
            else:
                status = 405 if address in addresses else 404
                gone = f"is gone: clients that call it get {status}."
                yield Breakage(f"{old}", "", f"{old} {gone}")
        for finding, operations in self.refusals.items():
            first, more = operations[0], len(operations) - 1
            label = f"{first} and {more} more" if more else first
            yield Breakage(first, finding.where, f"{label}, refusals: {finding.says}")
        received = _operations(current, "webhooks")
        for key, old in _operations(released, "webhooks").items():
            if key in received:
                yield from _told(f"webhook {old}", self._webhook(old, received[key]))
            else:
                gone = "is no longer sent: whoever waits for it hears nothing."
                yield Breakage(f"webhook {old}", "", f"webhook {old} {gone}")

    def _operation(self, old: _Operation, new: _Operation) -> Iterator[Finding]:
        if old.id != new.id:
            yield Finding(
                "",
                f"its operationId is `{new.id}` now: generated clients lose the method they call, "
                "and bookmarks into Swagger UI open nothing.",
            )
        if old.tag != new.tag:
            yield Finding(
                "",
                f"it moved from the tag `{old.tag}` to `{new.tag}`: generated clients that group "
                "methods by tag lose it, and bookmarks into Swagger UI open nothing.",
            )
        if not all(any(less <= held for less in new.credentials) for held in old.credentials):
            yield Finding("", "it needs other credentials now: clients as they are get 401.")
        for scope in sorted(new.scopes - old.scopes):
            yield Finding(
                "", f"it needs the scope `{scope}` now: clients whose token lacks it get 403."
            )
        yield from self._parameters(old, new)
        yield from self._sent_body(old, new)

    def _parameters(self, old: _Operation, new: _Operation) -> Iterator[Finding]:
        before, after = old.parameters, new.parameters
        places = {one["name"].lower(): place for (place, _), one in after.items()}
        for (place, key), was in before.items():
            where = f"{place}.{was['name']}"
            now = after.get((place, key))
            if now is None:
                place_now = places.get(was["name"].lower())
                moved = f"moved to the {place_now}" if place_now else "is gone"
                fate = "are no longer heard" if place == "header" else "are refused"
                yield Finding(where, f"`{where}` {moved}: clients that send it there {fate}.")
                continue
            if place == "path" and was["name"] != now["name"]:
                yield Finding(
                    where,
                    f"`{where}` is called `{now['name']}` now: generated clients lose the "
                    "argument they pass.",
                )
            if now.get("required", False) and not was.get("required", False):
                yield Finding(
                    where, f"`{where}` is required now: clients that leave it out are refused."
                )
            schemas = was.get("schema", ANYTHING), now.get("schema", ANYTHING)
            yield from self.schemas.compare(*schemas, Direction.SENT, where)
            if not was.get("required", False):
                yield from self.schemas.default(*schemas, where)
        for (place, key), now in after.items():
            if now.get("required", False) and (place, key) not in before:
                where = f"{place}.{now['name']}"
                yield Finding(
                    where, f"`{where}` is new and required: clients that leave it out are refused."
                )

    def _sent_body(self, old: _Operation, new: _Operation) -> Iterator[Finding]:
        was, now = old.body, new.body
        if was is not None and now is None:
            yield Finding("", "it takes no body any more: clients that send one are refused.")
        elif was is None and now is not None:
            if now.get("required", False):
                yield Finding("", "it needs a body now: clients that send none are refused.")
        elif was is not None and now is not None:
            if now.get("required", False) and not was.get("required", False):
                yield Finding("", "its body is required now: clients that send none are refused.")
            yield from self._contents(was, now, Direction.SENT)

    def _contents(self, was: Json, now: Json, direction: Direction) -> Iterator[Finding]:
        """Compare the schemas of each media type of two bodies."""
        before, after = was.get("content", {}), now.get("content", {})
        for media_type in before:
            if media_type in after:
                yield from self.schemas.compare(
                    before[media_type].get("schema", ANYTHING),
                    after[media_type].get("schema", ANYTHING),
                    direction,
                )
            elif direction is Direction.SENT:
                yield Finding(
                    "", f"it no longer takes `{media_type}`: clients that send it get 415."
                )
            else:
                yield Finding(
                    "", f"it no longer answers in `{media_type}`: clients cannot read the answer."
                )

    def _answers(self, old: _Operation, new: _Operation) -> Iterator[Breakage]:
        """Compare answers by status; what breaks in several successes is told once for them all."""
        before, after = old.answers(), new.answers()
        successes: dict[Finding, list[str]] = {}
        for status, was in before.items():
            refusal = not status.startswith(("1", "2", "3"))
            if status in after:
                for finding in dict.fromkeys(self._answer(was, after[status])):
                    if not refusal:
                        successes.setdefault(finding, []).append(status)
                    elif f"{old}" not in (told := self.refusals.setdefault(finding, [])):
                        told.append(f"{old}")
            elif not refusal:
                gone = f"it no longer answers {status}: clients that wait for it fail."
                yield from _told(f"{old}", [Finding("", gone)])
        for finding, statuses in successes.items():
            label = f"{old}, answer {' and '.join(statuses)}"
            yield Breakage(f"{old}", finding.where, f"{label}: {finding.says}")

    def _answer(self, was: Json, now: Json) -> Iterator[Finding]:
        headers = {name.lower(): node for name, node in now.get("headers", {}).items()}
        for name, node in was.get("headers", {}).items():
            where = f"header.{name}"
            if name.lower() not in headers:
                yield Finding(where, f"`{where}` is gone: clients that read it find nothing.")
                continue
            before = resolved(self.schemas.released, node)
            after = resolved(self.schemas.current, headers[name.lower()])
            if before.get("required", False) and not after.get("required", False):
                yield Finding(
                    where, f"`{where}` may be missing now: clients that read it unasked fail."
                )
            schemas = before.get("schema", ANYTHING), after.get("schema", ANYTHING)
            yield from self.schemas.compare(*schemas, Direction.READ, where)
        yield from self._contents(was, now, Direction.READ)

    def _webhook(self, old: _Operation, new: _Operation) -> Iterator[Finding]:
        yield from self._contents(old.body or BODILESS, new.body or BODILESS, Direction.READ)


def _operations(document: Json, part: str) -> dict[tuple[str, str], _Operation]:
    """The operations under `paths` or `webhooks`, by method and address."""
    found = {}
    for path, node in document.get(part, {}).items():
        item = resolved(document, node)
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", [])
                says = {
                    **item[method],
                    "parameters": [*shared, *item[method].get("parameters", [])],
                }
                address = re.sub(r"\{.*?\}", "{}", path)
                found[method, address] = _Operation(document, method, path, says)
    return found


def _identity(name: str, scheme: Json) -> tuple[str, ...]:
    """What a credential is on the wire; one that the document does not describe is its name."""
    words = ("type", "scheme", "in", "name")
    return tuple(str(scheme.get(word, "")) for word in words) if scheme else (name,)


def _told(label: str, findings: Iterable[Finding]) -> Iterator[Breakage]:
    """Findings as sentences about an operation; two media types tell the same only once."""
    for finding in dict.fromkeys(findings):
        yield Breakage(label, finding.where, f"{label}: {finding.says}")
