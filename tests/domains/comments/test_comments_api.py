"""What a person and a coach say to each other on a record, over HTTP."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.auth.terms import ConsentAccess, ConsentCategory
from app.db.transaction import Database
from app.domains.comments import events
from app.domains.comments.rules import COLUMNS, about_of, as_columns
from app.domains.comments.terms import MAX_COMMENT_CHARACTERS, CommentedCollection
from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    change,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    listen,
    pages,
    patch,
    post,
)
from tests.domains.organizing import (
    add_member,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)

COMMENTS = "/v1/comments"
WRITE = ConsentAccess.WRITE


def about(record: Mapping[str, Any], collection: str = "rejections") -> dict[str, Any]:
    return {"collection": collection, "id": record["id"]}


async def say(person: Person, record: Mapping[str, Any], text: str = "Well done.") -> Any:
    """A comment on a rejection."""
    return await post(person, COMMENTS, about=about(record), text=text)


class Coach:
    """Somebody who acts for a person."""

    def __init__(self, coach: Person, person: Person) -> None:
        self.id, self.http, self.headers = coach.id, coach.http, on_behalf(person)

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = (
            {**self.headers, "If-Match": "*"} if method in ("PATCH", "DELETE") else self.headers
        )
        return await self.http.request(method, path, headers=headers, **given)

    async def say(self, record: Mapping[str, Any], **fields: Any) -> httpx.Response:
        body = {"about": about(record), "text": "Shall we talk?", **fields}
        return await self.ask("POST", COMMENTS, json=body)


@pytest.fixture
async def organization(database: Database) -> UUID:
    return await make_organization(database)


@pytest.fixture
async def coach(person: Person, stranger: Person, organization: UUID, database: Database) -> Coach:
    """A coach who may change rejections and reads lessons."""
    await add_member(database, organization, stranger)
    grants = (
        (ConsentCategory.REJECTIONS, WRITE),
        (ConsentCategory.REFLECTIONS, ConsentAccess.READ),
    )
    for category, access in grants:
        await give_grant(database, organization, person, category, access=access)
    return Coach(stranger, person)


async def test_a_comment_is_added_read_changed_and_deleted(
    person: Person, database: Database, clock: SetClock
) -> None:
    stated = listen(database, events)
    await change(person, "/v1/me", display_name="Sam Sample")
    rejection = await person.record_rejection()
    made = await say(person, rejection)
    assert made["about"] == about(rejection)
    assert made["author"] == {
        "account_id": str(person.id),
        "name": "Sam Sample",
        "is_own": True,
    }
    assert [type(one) for one in stated] == [events.CommentAdded]
    path = f"{COMMENTS}/{made['id']}"
    assert await get(person, path) == made
    clock.advance(timedelta(minutes=1))
    changed = await change(person, path, text="Well done indeed.")
    assert changed["text"] == "Well done indeed."
    assert changed["revision"] > made["revision"]
    assert (await change(person, path, text="Well done indeed."))["revision"] == changed["revision"]
    await delete(person, path)
    assert code_of(await person.http.get(path), 404) == "not-found"


async def test_comments_are_listed_by_record_the_earliest_first(
    person: Person, clock: SetClock
) -> None:
    rejection, other = await person.record_rejection(), await person.record_rejection()
    lesson = await post(person, "/v1/lessons", text="Ask first.")
    texts = [f"Number {number}" for number in range(5)]
    for text in texts:
        await say(person, rejection, text)
        clock.advance(timedelta(seconds=1))
    await say(person, other)
    said = await post(person, COMMENTS, about=about(lesson, "lessons"), text="Yes.")
    assert [
        one["text"] for one in await items(person, COMMENTS, record_id=rejection["id"])
    ] == texts
    paged = await pages(person, COMMENTS, record_id=rejection["id"], limit=2, sort="-created_at")
    assert [one["text"] for one in paged] == texts[::-1]
    assert await items(person, COMMENTS, collection="lessons") == [said]
    assert len(await items(person, COMMENTS, collection="rejections")) == 6
    both = {"collection": "lessons", "record_id": rejection["id"]}
    assert await items(person, COMMENTS, **both) == []
    assert await items(person, COMMENTS, record_id=str(uuid4())) == []


async def test_a_comment_is_about_one_record_that_is_there(
    person: Person, stranger: Person
) -> None:
    theirs = await stranger.record_rejection()
    for nothing in (theirs["id"], str(uuid4())):
        body = {"about": {"collection": "rejections", "id": nothing}, "text": "x"}
        answer = await person.http.post(COMMENTS, json=body)
        assert finding_of(answer) == ("/about/id", "unknown")
    rejection = await person.record_rejection()
    elsewhere = {"about": about(rejection, "lessons"), "text": "x"}
    assert finding_of(await person.http.post(COMMENTS, json=elsewhere))[1] == "unknown"
    unheard = {"about": about(rejection, "accounts"), "text": "x"}
    assert finding_of(await person.http.post(COMMENTS, json=unheard))[0] == "/about/collection"
    long = {"about": about(rejection), "text": "x" * (MAX_COMMENT_CHARACTERS + 1)}
    assert finding_of(await person.http.post(COMMENTS, json=long))[0] == "/text"


async def test_a_comment_sent_again_is_the_same_and_its_id_is_taken(person: Person) -> None:
    rejection = await person.record_rejection()
    body = {"id": str(uuid4()), "about": about(rejection), "text": "Well done."}
    first = expect(await person.http.post(COMMENTS, json=body), 201)
    assert expect(await person.http.post(COMMENTS, json=body), 200) == first
    for other in ({"text": "x"}, {"about": about(await person.record_rejection())}):
        answer = await person.http.post(COMMENTS, json={**body, **other})
        assert code_of(answer, 409) == "id-taken"
    await delete(person, f"{COMMENTS}/{body['id']}")
    assert code_of(await person.http.post(COMMENTS, json=body), 409) == "id-deleted"


async def test_comments_go_with_their_record_and_stand_in_timeline_and_search(
    person: Person,
) -> None:
    rejection = await person.record_rejection()
    made = await say(person, rejection, "Remember the zebra.")
    timeline = await items(person, f"/v1/rejections/{rejection['id']}/timeline")
    (told,) = [one for one in timeline if one["collection"] == "comments"]
    assert (told["id"], told["type"], told["title"]) == (made["id"], "comment.added", "Comment")
    (found,) = (await get(person, "/v1/search", q="zebra"))["items"]
    assert (found["collection"], found["id"]) == ("comments", made["id"])
    await delete(person, f"/v1/rejections/{rejection['id']}")
    assert code_of(await person.http.get(f"{COMMENTS}/{made['id']}"), 404) == "not-found"
    assert await items(person, COMMENTS) == []
    assert (await get(person, "/v1/search", q="zebra"))["items"] == []


async def test_a_coach_and_the_person_speak_on_a_record(person: Person, coach: Coach) -> None:
    await change(person, "/v1/me", display_name="Sam Sample")
    rejection = await person.record_rejection()
    mine = await say(person, rejection)
    theirs = expect(await coach.say(rejection), 201)
    assert theirs["author"] == {
        "account_id": str(coach.id),
        "name": "A sample coach",
        "is_own": True,
    }
    read = await items(person, COMMENTS, record_id=rejection["id"])
    assert [(one["id"], one["author"]["is_own"]) for one in read] == [
        (mine["id"], True),
        (theirs["id"], False),
    ]
    seen = expect(await coach.ask("GET", COMMENTS), 200)["items"]
    # The name of the person is their profile's.
    assert [one["author"]["name"] for one in seen] == [None, "A sample coach"]


async def test_only_the_author_changes_a_comment_and_the_person_may_delete_it(
    person: Person, coach: Coach, organization: UUID, make_person: MakePerson, database: Database
) -> None:
    rejection = await person.record_rejection()
    mine = f"{COMMENTS}/{(await say(person, rejection))['id']}"
    said = expect(await coach.say(rejection), 201)
    theirs = f"{COMMENTS}/{said['id']}"
    another = await make_person()
    await add_member(database, organization, another)
    colleague = Coach(another, person)
    assert code_of(await patch(person, theirs, text="x"), 403) == "not-the-author"
    for who, path in ((coach, mine), (colleague, theirs)):
        refused = await who.ask("PATCH", path, json={"text": "x"})
        assert code_of(refused, 403) == "not-the-author"
        assert code_of(await who.ask("DELETE", path), 403) == "not-the-author"
    same = {"id": said["id"], "about": said["about"], "text": said["text"]}
    assert code_of(await colleague.ask("POST", COMMENTS, json=same), 409) == "id-taken"
    assert expect(await coach.ask("POST", COMMENTS, json=same), 200)["id"] == said["id"]
    expect(await coach.ask("PATCH", theirs, json={"text": "Shall we?"}), 200)
    again = expect(await coach.say(rejection), 201)
    expect(await coach.ask("DELETE", f"{COMMENTS}/{again['id']}"), 204)
    await delete(person, theirs)
    assert [one["id"] for one in await items(person, COMMENTS)] == [mine.rpartition("/")[2]]


async def test_a_coach_sees_comments_on_what_is_shared_and_writes_where_they_may_change(
    person: Person, coach: Coach
) -> None:
    lesson = await post(person, "/v1/lessons", text="Ask first.")
    goal = await post(
        person, "/v1/goals", title="Two a week", metric="applications", target=2, period="week"
    )
    on_lesson = await post(person, COMMENTS, about=about(lesson, "lessons"), text="Yes.")
    on_goal = await post(person, COMMENTS, about=about(goal, "goals"), text="Too many.")
    seen = expect(await coach.ask("GET", COMMENTS), 200)["items"]
    assert [one["id"] for one in seen] == [on_lesson["id"]]
    hidden = f"{COMMENTS}/{on_goal['id']}"
    for answer in (
        await coach.ask("GET", hidden),
        await coach.ask("PATCH", hidden, json={"text": "x"}),
        await coach.ask("DELETE", hidden),
    ):
        assert code_of(answer, 404) == "not-found"
    refused = await coach.say(lesson, about=about(lesson, "lessons"))
    assert code_of(refused, 403) == "consent-missing"
    assert refused.json()["consent"] == "reflections"
    unseen = await coach.say(goal, about=about(goal, "goals"))
    assert finding_of(unseen) == ("/about/id", "unknown")
    same = {"id": on_goal["id"], "about": on_goal["about"], "text": on_goal["text"]}
    taken = await coach.ask("POST", COMMENTS, json=same)
    assert code_of(taken, 409) == "id-taken"


async def test_a_program_of_an_organisation_comments_under_its_own_name(
    person: Person, organization: UUID, database: Database
) -> None:
    rejection = await person.record_rejection()
    await give_grant(
        database, organization, person, ConsentCategory.REJECTIONS, access=ConsentAccess.WRITE
    )
    bearer = {"Authorization": f"Bearer {await make_key(database, organization)}"}
    answer = await person.http.post(
        COMMENTS,
        json={"about": about(rejection), "text": "Welcome."},
        headers={**bearer, **on_behalf(person)},
    )
    author = expect(answer, 201)["author"]
    assert author == {"account_id": None, "name": "A sample program", "is_own": True}


@pytest.mark.parametrize("collection", CommentedCollection)
def test_what_a_comment_is_about_has_one_column_for_each_collection(
    collection: CommentedCollection,
) -> None:
    subject = {"collection": collection, "id": uuid4()}
    values = as_columns({"about": subject, "text": "x"})
    assert [name for name, value in values.items() if value is not None] == [
        "text",
        COLUMNS[collection],
    ]
    assert about_of(_Row(values)) == subject


class _Row:
    def __init__(self, values: Mapping[str, Any]) -> None:
        vars(self).update(values)
