"""What endpoints declare: who may call them, what they take from the request, and their manners."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from fastapi import params
from starlette.requests import Request

from app.db.transaction import Acting, Transaction
from app.kit.problems import Problem
from app.kit.sheets import Sheet
from app.kit.terms import Language, negotiate

F = TypeVar("F", bound=Callable[..., Any])

ON_BEHALF_OF = "Rebound-Account"
"""The header that names the person for whom somebody else acts."""


class Caching(StrEnum):
    """What a cache may do with an answer."""

    PRIVATE = "private, no-cache"
    SECRET = "no-store"  # noqa: S105 -- a caching directive, no secret  # nosec B105
    PUBLIC = "public, max-age=3600"


@dataclass(frozen=True)
class Admission:
    """A guard's decision: who calls, and the capability their endpoint gets.

    `record` notes that somebody else than the owner was let in; the Route calls it once, and what
    it notes stays whatever becomes of the request.
    """

    caller: Acting
    capability: Any
    record: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class GuardMarker(params.Depends):
    """The marker by which the Route knows guards; `app.auth.guards` implements it.

    To FastAPI it is a dependency without parameters, which the Route never asks FastAPI to solve.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "dependency", _solved_by_the_route)

    @property
    @abstractmethod
    def scope_name(self) -> str:
        """The scope this guard asks for, as the contract names it."""

    @abstractmethod
    def problems_of(self, operation: str) -> tuple[type[Problem], ...]:
        """What this guard refuses an operation with, for the contract."""

    @abstractmethod
    def takes_on_behalf(self, operation: str) -> bool:
        """Whether somebody may call an operation for another person, for the contract."""

    @abstractmethod
    async def admit(self, request: Request, transaction: Transaction, operation: str) -> Admission:
        """Authenticate and authorise, raising a problem otherwise."""


@dataclass(frozen=True)
class Provided(params.Depends):
    """Marks a parameter that the Route takes from the request, after the guard has admitted it.

    `header` names the request header it reads, for the contract.
    """

    provide: Callable[[Request, Transaction], Any] = field(kw_only=True)
    header: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dependency", _solved_by_the_route)


async def _solved_by_the_route() -> None:
    raise RuntimeError("this parameter is solved by the Route, not by FastAPI")


OPEN_TRANSACTION = Provided(provide=lambda _, transaction: transaction)
"""Marks the parameter of a public endpoint that gets the transaction, opened at first use."""

RequestLanguage = Annotated[
    Language,
    Provided(
        provide=lambda request, _: negotiate(request.headers.get("accept-language")),
        header="Accept-Language",
    ),
]
"""The language a public endpoint answers in; guarded ones have `caller.language`."""


def public(reason: str) -> Callable[[F], F]:
    """Declare that anyone may call an endpoint, and why."""

    def mark(endpoint: F) -> F:
        endpoint.__public__ = reason  # type: ignore[attr-defined]  # read back by the Route
        return endpoint

    return mark


@dataclass(frozen=True)
class Manners:
    """What an operation says beyond FastAPI's own arguments.

    problems: what the operation can answer with beyond what its form implies, for the contract.
    location: where a created record is found, with names from the path and the answer in braces;
    by default the collection's path and the id.
    caching: PRIVATE for personal data, SECRET where the answer carries a secret, PUBLIC else.
    writes: whether a GET may write, because being read is itself a fact worth keeping.
    finish: turns the stored answer of a POST into the sent one, given the caller, the request's
    body and the answer. It runs on the first answer and on each replay; what it adds is not stored.
    csv: how a table says what the request says in JSON, where `text/csv` is taken as well.
    """

    problems: tuple[type[Problem], ...] = ()
    location: str | None = None
    caching: Caching = Caching.PRIVATE
    writes: bool = False
    finish: Callable[[Any, Any, dict[str, Any]], dict[str, Any]] | None = None
    csv: Sheet | None = None


MANNERS = "__manners__"


def manners(**given: Any) -> Callable[[F], F]:
    """Attach `Manners` to an endpoint."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, MANNERS, Manners(**given))
        return endpoint

    return mark
