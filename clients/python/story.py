"""What all chapters use: a strict reading of answers, and a report of what surprised."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from uuid import UUID

from rebound_client.models.problem import Problem
from rebound_client.types import UNSET, Response, Unset


class AnyRecord(Protocol):
    """What every record has."""

    id: UUID
    revision: int


class Page(Protocol):
    """What every page of a list has."""

    next_cursor: str | None


Answer = TypeVar("Answer")
SomePage = TypeVar("SomePage", bound=Page)


class SurpriseError(Exception):
    """Something was answered that the story does not expect."""


def expect(response: Response[Any], status: int, kind: type[Answer]) -> Answer:
    """The parsed answer, which has this status and is of this kind.

    The generated functions return a union of everything that the contract lists for an operation;
    this narrows it to the one that the caller expects.

    Raises:
        SurpriseError: another status or kind of answer came.
    """
    if response.status_code != status or not isinstance(response.parsed, kind):
        raise SurpriseError(
            f"expected {status} {kind.__name__}, got {int(response.status_code)}:"
            f" {response.content.decode()}"
        )
    return response.parsed


def refused(response: Response[Any], status: int, code: str) -> Problem:
    """The problem document of a refusal; `code` is the last part of its `type`.

    Raises:
        SurpriseError: it was not refused, or for another reason.
    """
    problem = expect(response, status, Problem)
    check(problem.type_ == f"/problems/{code}", f"{problem.type_} instead of {code}")
    return problem


def findings_of(problem: Problem) -> list[str]:
    """Where the problem lies: the pointer and the code of each finding."""
    return [f"{finding.pointer} {finding.code}" for finding in problem.errors or ()]


def etag_of(record: AnyRecord) -> str:
    """The ETag of a record as it was read, for `If-Match`: its revision in quotes."""
    return f'"{record.revision}"'


def every_page(ask: Callable[[str | Unset], Response[Any]], kind: type[SomePage]) -> list[SomePage]:
    """Ask for the first page, and then with each `next_cursor` until there is none."""
    pages = [expect(ask(UNSET), 200, kind)]
    while (cursor := pages[-1].next_cursor) is not None:
        pages.append(expect(ask(cursor), 200, kind))
    return pages


def check(holds: bool, otherwise: str) -> None:  # noqa: FBT001 -- it reads like an assertion.
    """Stop the story where something does not hold.

    Raises:
        SurpriseError: it does not; `otherwise` tells what is the matter.
    """
    if not holds:
        raise SurpriseError(otherwise)
