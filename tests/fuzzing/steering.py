"""Bringing requests that the contract allows nearer to what a real client sends.

A fuzzer that knows only the contract asks for records that do not exist, with tokens nobody was
given. So of every four requests that shall be accepted, three take values from the good request
that tests/contract/requests.py has for each operation. The fourth stays as it was generated.
"""

import asyncio
import random
import re
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote
from uuid import UUID

from schemathesis.generation.case import Case

from tests.contract.document import Operation, collections, operations
from tests.contract.requests import Request, good_request
from tests.fuzzing.people import LiveScene, Owner, newcomer, returning, some_address

UNTOUCHED = 0.25
"""The share of requests that stay as they were generated."""

ALL_GOOD = 0.3
"""The share of the others whose body is the good one as a whole; else each field is tossed for."""

GONE = frozenset({404, 409})
"""Statuses after which the records at hand are not used again."""


TOO_OFTEN = 429
CSV = "text/csv"

Found = TypeVar("Found")


class Steering:
    """The people who send the requests, and what they send."""

    def __init__(self, seed: int, scene: LiveScene, tokens: dict[str, str]) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- a run shall be repeatable.
        # The tool calls its hooks from several threads; what they await runs in one of its own.
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.scene = scene
        self.owner = Owner(scene, "", tokens)
        self.passer_by: Owner | None = None
        self.operations = {(one.method, one.path): one for one in operations()}

    def operation(self, case: Case[Any]) -> Operation | None:
        """What a case calls; None where the tool tries a method that the address does not know."""
        if case.method.upper() != case.operation.method.upper():
            return None
        return self.operations[case.method.upper(), case.operation.path]

    def send_as_somebody(self, case: Case[Any], operation: Operation) -> None:
        """Let somebody send a request who may lose their session, account or password by it."""
        if not changes_people(operation):
            return
        case.headers["X-Forwarded-For"] = some_address(self.random)
        if case._has_explicit_auth:
            case.headers.update(self.person(operation).authorization)

    def improve(self, case: Case[Any], operation: Operation) -> None:
        """Give a request that shall be accepted some values that mean something."""
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        self._mend(case, operation)
        phase = case.meta.phase.name
        if phase != "examples" and self.random.random() > UNTOUCHED:
            good = self._good(operation) if phase == "fuzzing" else self._addressed(operation)
            self._improve_headers(case, operation, good)
            if phase != "stateful":
                case.path_parameters.update(good.path)
            self._improve_query(case.query, good)
            if isinstance(case.body, dict) and good.body is not None:
                case.body = self._improved_body(case.body, good.body)

    def person(self, operation: Operation) -> Owner:
        """Who calls an operation."""
        if not changes_people(operation):
            return self.owner
        if self.passer_by is None:
            self.passer_by = self._wait(newcomer(self.scene))
        return self.passer_by

    def note(self, operation: Operation, status: int) -> None:
        """Forget what an answer says is used up: records, or a person."""
        succeeded = status < 300
        if status in GONE or (operation.method == "DELETE" and succeeded):
            self.person(operation).at_hand.clear()
        if status == TOO_OFTEN:
            self.passer_by = None
        if changes_people(operation) and operation.method != "PATCH" and succeeded:
            self.passer_by = self._wait(returning(self.person(operation)))

    def _wait(self, awaited: Coroutine[Any, Any, Found]) -> Found:
        return asyncio.run_coroutine_threadsafe(awaited, self.loop).result()

    def _good(self, operation: Operation) -> Request:
        try:
            return self._wait(good_request(operation, self.person(operation)))
        except TimeoutError:
            # Somebody who has been sent many mails in a short time gets no more.
            self.passer_by = None
        except KeyError:
            # What was to be changed cannot be read any more.
            self.person(operation).forget()
        return self._wait(good_request(operation, self.person(operation)))

    def _addressed(self, operation: Operation) -> Request:
        """A request that is good but for its query and body."""
        person = self.person(operation)
        path = {
            name: self._wait(person.make(collections()[name], name))
            for name in operation.parameters("path")
        }
        key = str(UUID(int=self.random.getrandbits(128)))
        return Request(operation, path, headers={"If-Match": "*", "Idempotency-Key": key})

    def _improve_headers(self, case: Case[Any], operation: Operation, good: Request) -> None:
        tested = case.meta and case.meta.phase.data.parameter
        known = operation.parameters("header").keys() & good.headers.keys() - {tested}
        if "If-Match" in known and "If-Match" not in case.headers:
            case.headers["If-Match"] = self.random.choice([str(good.headers["If-Match"]), "*"])
        if "Idempotency-Key" in known & case.headers.keys():
            case.headers["Idempotency-Key"] = str(good.headers["Idempotency-Key"])

    def _mend(self, case: Case[Any], operation: Operation) -> None:
        """Take out what the tool itself makes wrongly of the contract.

        It sends 0 in a header whose pattern asks for more than letters and digits, and follows a
        link to a record by a field that is null. Of a table it knows only that it is a text.
        """
        if case.media_type == CSV:
            (example,) = operation.says["requestBody"]["content"][CSV]["examples"].values()
            case.body = example["value"]
        for name, schema in operation.parameters("header").items():
            if not re.search(schema.get("pattern", ""), str(case.headers.get(name, ""))):
                case.headers.pop(name, None)
        if None in case.path_parameters.values():
            case.path_parameters.update(self._addressed(operation).path)

    def _improve_query(self, query: dict[str, Any], good: Request) -> None:
        for name, value in good.query:
            if name in query and self.random.random() < 0.5:
                query[name] = unquote(value)

    def _improved_body(self, body: Mapping[str, Any], good: Mapping[str, Any]) -> dict[str, Any]:
        if self.random.random() < ALL_GOOD:
            return dict(good)
        return {
            name: good[name] if name in good and self.random.random() < 0.5 else value
            for name, value in body.items()
        }


def changes_people(operation: Operation) -> bool:
    """Whether an operation is about who one is: an account, a session, a password."""
    return operation.says["tags"] == ["Account"] and operation.method != "GET"
