"""Asking for feedback and getting some, over HTTP and in few words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.contacts.models import Contact
from app.kit.events import Event
from tests.conftest import Person
from tests.db.rows import row_of
from tests.domains.acting import post

REQUESTS = "/v1/feedback-requests"
FEEDBACK = "/v1/feedback"
QUESTION = "Which of the requirements did I meet least?"
VERBATIM = "Another candidate had more experience."
POINT = {
    "competency": "analysis",
    "direction": "improvement",
    "statement": "Show the steps.",
    "quote": None,
    "actionable": True,
}


async def ask(
    person: Person, rejection: Mapping[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    """A request about a rejection, or about a new one."""
    about = rejection or await person.record_rejection(start_plan=False)
    body = {"rejection_id": about["id"], "channel": "email", "questions": [QUESTION], **fields}
    return await post(person, REQUESTS, **body)


def feedback_about(rejection_id: str, **fields: Any) -> dict[str, Any]:
    """A body that records feedback."""
    return {"rejection_id": rejection_id, "source": "reply", "verbatim": VERBATIM, **fields}


async def hear(person: Person, rejection_id: str, **fields: Any) -> dict[str, Any]:
    """Feedback about a rejection."""
    return await post(person, FEEDBACK, **feedback_about(rejection_id, **fields))


async def answer(person: Person, request: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """Feedback that answers a request."""
    return await hear(person, request["rejection_id"], request_id=request["id"], **fields)


async def add_contact(person: Person, database: Database) -> str:
    """The id of a contact of this person."""
    row = row_of(table_of(Contact), person.id, {}) | {"company_id": None}
    async with database.write(everyone=True) as transaction:
        await transaction.execute(insert(table_of(Contact)), row)
    return str(row["id"])


def path_of(record: Mapping[str, Any]) -> str:
    """Where a request or feedback stands."""
    return f"{REQUESTS if 'questions' in record else FEEDBACK}/{record['id']}"


def types(told: list[Event]) -> list[str]:
    """The facts stated so far, which are then forgotten."""
    found = [event.type for event in told]
    told.clear()
    return found


def about(event: Event) -> dict[str, Any]:
    """What a fact tells of its record as it is, with ids as the wire shows them."""
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in vars(event).items()
        if name != "was"
    }
