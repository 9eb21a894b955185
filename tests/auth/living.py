"""A person with records in every category that are told apart by their words, and a coach.

The records are those that the contract makes, one or two of each kind, so that a new room is
covered as it comes, and a few more for what has to be due. Then every free text of a record gets
a word that names the record's table. Wherever this word turns up, that table was read.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from sqlalchemy import JSON, Column, Enum, String, Table, select, update

from app.auth.consent import COLLECTIONS, OPERATIONS
from app.auth.terms import ConsentAccess, ConsentCategory
from app.db import words
from app.db.base import Base
from app.db.transaction import Database
from app.domains.comments.rules import COLUMNS
from app.kit.clock import SetClock
from tests.conftest import Person
from tests.contract.document import Operation, operations
from tests.contract.requests import Request, good_request
from tests.contract.scene import Person as InContract
from tests.contract.scene import Scene
from tests.domains.acting import change, check_in, plan_of, post, step_of
from tests.domains.organizing import add_member, give_grant, make_organization, on_behalf

SAMPLE = "Sample text"
DETAIL = "zzdetail"
TODAY = "2026-03-18"


def word_of(table: str) -> str:
    """The word that the texts of a table's records hold."""
    return f"zz{table.replace('_', '')}"


@dataclass
class Living:
    """The person, the coach, and what is known of the person's records."""

    person: Person
    coach: Person
    database: Database
    organization: Any
    in_contract: InContract
    named: dict[str, str] = field(default_factory=dict)
    """Records that answers are asked about, by the parameters that name them."""
    categories_of: dict[str, set[ConsentCategory]] = field(default_factory=lambda: defaultdict(set))
    """The categories that each record, and each word, asks for."""
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """All records by their tables."""

    async def agree(
        self, *categories: ConsentCategory, access: ConsentAccess = ConsentAccess.READ
    ) -> None:
        """One more grant of these categories, or of all."""
        await give_grant(self.database, self.organization, self.person, *categories, access=access)

    async def as_coach(self, path: str) -> httpx.Response:
        """What the coach gets for the person."""
        return await self.coach.http.get(path, headers=on_behalf(self.person))

    def found_in(self, text: str) -> set[str]:
        """The records and words that an answer holds."""
        return {one for one in self.categories_of if one in text}

    def of(self, category: ConsentCategory) -> set[str]:
        """The records and words of a category."""
        return {one for one, of in self.categories_of.items() if category in of}

    async def reading(self) -> dict[str, str]:
        """The path of every operation that reads what others may read, by its name."""
        found = {}
        for one in operations():
            if one.method == "GET" and OPERATIONS.get(one.id) is not None:
                found[one.id] = await self._path_of(one)
        for table in words.searched():
            found[f"search_records {table}"] = f"/v1/search?limit=50&q={word_of(table)}"
        return found

    async def _path_of(self, operation: Operation) -> str:
        made: Request = (await good_request(operation, self.in_contract)).unfiltered()
        path = operation.path
        for name, value in {**made.path, **self.named}.items():
            path = path.replace(f"{{{name}}}", value)
        query = dict(made.query)
        if "limit" in operation.parameters("query"):
            query["limit"] = "50"
        if operation.id == "list_next_actions":
            query["include"] = "all"
        return f"{path}?{'&'.join(f'{name}={quote(value)}' for name, value in query.items())}"


async def live(
    app: FastAPI, database: Database, clock: SetClock, person: Person, coach: Person
) -> Living:
    """Let a week pass in which everything happens."""
    http: Any = person.http
    scene = Scene("either", app, clock, mails=None, anyone=http)  # type: ignore[arg-type]  # no mail
    in_contract = InContract(scene, "nobody@example.com")
    in_contract.tokens = {
        "access_token": person.token,
        "account_id": str(person.id),
        "session_id": str(person.id),
    }
    organization = await make_organization(database)
    await add_member(database, organization, coach)
    living = Living(person, coach, database, organization, in_contract)
    await change(
        person,
        "/v1/me",
        display_name=SAMPLE,
        pause_hours=0,
        values=[{"value": "learning", "importance": 5}],
    )
    await in_contract.stock()
    await _have_a_week(living, clock)
    await _comment(living)
    await _plant(living)
    async for _ in words.rebuild(database):
        pass
    return living


async def _have_a_week(living: Living, clock: SetClock) -> None:
    """Have something due in every room, around one rejection."""
    person = living.person

    async def make(called: str, path: str, /, **fields: Any) -> str:
        living.named[called] = str((await post(person, f"/v1/{path}", **fields))["id"])
        return living.named[called]

    company = await make(
        "company_id",
        "companies",
        name="Sample text of the week",
        following=True,
        next_engagement_on=TODAY,
    )
    contact = await make(
        "contact_id", "contacts", name=SAMPLE, company_id=company, next_follow_up_on=TODAY
    )
    opportunity = await make(
        "opportunity_id",
        "opportunities",
        company_id=company,
        company_name=SAMPLE,
        role_title=SAMPLE,
        status="interviewing",
        next_stage="interview",
        next_event_at="2026-03-19T09:00:00Z",
    )
    about = {"company_id": company, "company_name": SAMPLE, "stage": "interview"}
    rejection = await make(
        "rejection_id", "rejections", **about, contact_id=contact, role_title=SAMPLE
    )
    asked_there = await make("asked", "rejections", **about, start_plan=False, reapply_on=TODAY)
    await make(
        "feedback_request_id",
        "feedback-requests",
        rejection_id=asked_there,
        contact_id=contact,
        channel="email",
        status="sent",
        sent_on="2026-03-10",
        message=SAMPLE,
        questions=[SAMPLE],
    )
    await make("feedback_id", "feedback", rejection_id=rejection, source="reply", verbatim=SAMPLE)
    reflection = await make(
        "reflection_id",
        "reflections",
        kind="interview",
        rejection_id=rejection,
        opportunity_id=opportunity,
        red_flags=[SAMPLE],
        mismatches=[SAMPLE],
        answers=[{"question": SAMPLE, "answer_given": SAMPLE, "stronger_answer": SAMPLE}],
    )
    source = {"collection": "reflections", "id": reflection}
    await make("lesson_id", "lessons", text=SAMPLE, source=source)
    named = [rejection, asked_there]
    await make("skill_gap_id", "skill-gaps", name="Sample text of it", rejection_ids=named)
    await make(
        "culture_fit_assessment_id",
        "culture-fit-assessments",
        company_id=company,
        rejection_id=rejection,
        ratings=[{"value": "learning", "importance": 5, "observed": 1}],
        red_flags=["Sample text at work"],
    )
    await make(
        "interaction_id",
        "interactions",
        contact_id=contact,
        rejection_id=rejection,
        kind="thank_you_note",
        body=SAMPLE,
    )
    plan = await plan_of(person, {"id": rejection})
    living.named["plan_id"] = plan["id"]
    await make(
        "step_id", "recovery-steps", plan_id=plan["id"], title="Sample text to do", due_on=TODAY
    )
    for day in (16, 17, 18):  # Their thoughts keep going back, so that the guard steps in.
        clock.instant = clock.now().replace(day=day)
        check_in_id = (await check_in(person, rejection_id=rejection, dwelling=True, note=SAMPLE))[
            "id"
        ]
        living.named["check_in_id"] = check_in_id
    refocus = step_of(await plan_of(person, {"id": rejection}), "refocus")
    living.named["refocus"] = refocus["id"]
    await change(person, f"/v1/recovery-steps/{refocus['id']}", title="Sample text of rest")
    contacts = Base.metadata.tables["contacts"]
    async with living.database.write(everyone=True) as transaction:
        transaction.enter(person.id)
        await transaction.execute(
            update(contacts)
            .where(contacts.c.owner_id == person.id)
            .values(
                email=f"{DETAIL}@example.com",
                phone=f"{DETAIL} 1",
                linkedin_url=f"https://example.com/{DETAIL}",
            )
        )


async def _comment(living: Living) -> None:
    """A comment on a record of each kind, and on the step of the guard."""
    rows = await rows_of(living)
    for collection in COLUMNS:
        about = {"collection": collection, "id": str(rows[collection][0]["id"])}
        made = await post(living.person, "/v1/comments", about=about, text=SAMPLE)
        living.named["comment_id"] = made["id"]
    about = {"collection": "recovery_steps", "id": living.named["refocus"]}
    await post(living.person, "/v1/comments", about=about, text=SAMPLE)


async def rows_of(living: Living) -> dict[str, list[Mapping[str, Any]]]:
    """The person's rows in every table that belongs to a category, and the comments."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    async with living.database.read(everyone=True) as transaction:
        transaction.enter(living.person.id)
        for name in (*COLLECTIONS, "comments"):
            table = Base.metadata.tables[name]
            owner = table.c.get("owner_id", table.c.id)
            rows = await transaction.execute(select(table).where(owner == living.person.id))
            found[name] = [{**row} for row in rows.mappings()]
    return found


async def _plant(living: Living) -> None:
    """Give every record its word, and remember to which category records and words belong."""
    for name, rows in (await rows_of(living)).items():
        assert rows, f"the person has no {name}"
        for row in rows:
            told_of = _told_of(living, name, row)
            word = word_of(told_of[-1])
            living.categories_of[word].add(COLLECTIONS[told_of[-1]])
            living.ids[name].add(str(row["id"]))
            if name != "accounts":  # Whom they act for is known to the coach.
                living.categories_of[str(row["id"])] |= {COLLECTIONS[one] for one in told_of}
            table = Base.metadata.tables[name]
            planted = {
                column.name: _with_word(row[column.name], f"{word} {row['id'].hex}")
                for column in _texts_of(table)
                if SAMPLE in json.dumps(row[column.name])
            }
            if planted:
                owner = table.c.get("owner_id", table.c.id)
                async with living.database.write(everyone=True) as transaction:
                    transaction.enter(living.person.id)
                    await transaction.execute(
                        update(table)
                        .where(owner == living.person.id, table.c.id == row["id"])
                        .values(planted)
                    )


def _told_of(living: Living, name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The collections whose consent a record asks for; its texts are told by the last."""
    if name == "comments":
        about = next(c for c, column in COLUMNS.items() if row[column] is not None)
        return _told_of(living, about, {"id": row[COLUMNS[about]]})
    return (name, "check_ins") if str(row["id"]) == living.named["refocus"] else (name,)


def _texts_of(table: Table) -> Iterator[Column[Any]]:
    for column in table.c:
        if isinstance(column.type, (String, JSON)) and not isinstance(column.type, Enum):
            yield column


def _with_word(value: Any, word: str) -> Any:
    """A text, or whatever holds texts, with a word in the place of the sample."""
    if isinstance(value, str):
        return value.replace(SAMPLE, word)
    if isinstance(value, list):
        return [_with_word(one, word) for one in value]
    if isinstance(value, dict):
        return {key: _with_word(one, word) for key, one in value.items()}
    return value
