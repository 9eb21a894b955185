"""Finding records by their words, over HTTP."""

import random
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.base import table_of
from app.db.transaction import Database
from app.db.words import MAX_WORDS, SearchWord, searched
from app.domains.search.rules import sought_words
from app.domains.search.terms import MAX_HITS, SearchCollection
from app.kit.words import forms_of, words_in
from tests.conftest import MakePerson, Person
from tests.domains.acting import GERMAN, change, delete, expect, finding_of, get, post

_words = table_of(SearchWord)


async def found(person: Person, q: str, **params: Any) -> list[tuple[str, str]]:
    """What a query finds, in its order, each as collection and id."""
    body = await get(person, "/v1/search", q=q, **params)
    return [(item["collection"], item["id"]) for item in body["items"]]


async def lesson(person: Person, text: str) -> tuple[str, str]:
    return "lessons", (await post(person, "/v1/lessons", text=text))["id"]


async def entries(database: Database, person: Person) -> set[tuple[Any, ...]]:
    """All that is kept of a person's words."""
    statement = select(_words).where(_words.c.owner_id == person.id)
    async with database.read(everyone=True) as transaction:
        return {tuple(row) for row in await transaction.execute(statement)}


TEXTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "companies": ("/v1/companies", {"name": "Aaname", "notes": "Aanotes"}, ["Aaname", "Aanotes"]),
    "contacts": (
        "/v1/contacts",
        {
            "name": "Bbname",
            "relationship": "peer",
            "company_name": "Bbcompany",
            "role": "Bbrole",
            "email": "bbmail@example.com",
            "phone": "+43 1 5550099",
            "how_met": "Bbmet",
            "notes": "Bbnotes",
            "tags": ["Bbtag"],
        },
        ["Bbname", "Bbcompany", "Bbrole", "bbmail", "5550099", "Bbmet", "Bbnotes", "Bbtag"],
    ),
    "interactions": (
        "/v1/interactions",
        {"contact_id": "$contact", "kind": "message", "subject": "Ccsubject", "body": "Ccbody"},
        ["Ccsubject", "Ccbody"],
    ),
    "networking_events": (
        "/v1/networking-events",
        {"name": "Ddname", "kind": "meetup", "location": "Ddplace"},
        ["Ddname", "Ddplace"],
    ),
    "opportunities": (
        "/v1/opportunities",
        {"company_name": "Eecompany", "role_title": "Eerole", "notes": "Eenotes"},
        ["Eecompany", "Eerole", "Eenotes"],
    ),
    "rejections": (
        "/v1/rejections",
        {
            "company_name": "Ffcompany",
            "stage": "application",
            "role_title": "Ffrole",
            "location": "Ffplace",
            "stated_reason": "Ffreason",
            "notes": "Ffnotes",
            "tags": ["Fftag"],
        },
        ["Ffcompany", "Ffrole", "Ffplace", "Ffreason", "Ffnotes", "Fftag"],
    ),
    "feedback_requests": (
        "/v1/feedback-requests",
        {
            "rejection_id": "$rejection",
            "channel": "email",
            "subject": "Ggsubject",
            "message": "Ggmessage",
            "questions": ["Ggquestion?"],
        },
        ["Ggsubject", "Ggmessage", "Ggquestion"],
    ),
    "feedback": (
        "/v1/feedback",
        {
            "rejection_id": "$rejection",
            "source": "reply",
            "verbatim": "Hhverbatim",
            "restated": "Hhrestated",
            "points": [
                {
                    "competency": "analysis",
                    "direction": "improvement",
                    "statement": "Hhstatement",
                    "quote": "Hhquote",
                    "actionable": True,
                }
            ],
        },
        ["Hhverbatim", "Hhrestated", "Hhstatement", "Hhquote"],
    ),
    "reflections": (
        "/v1/reflections",
        {
            "kind": "interview",
            "strengths": ["Iistrength"],
            "weaknesses": ["Iiweakness"],
            "answers": [
                {"question": "Iiask", "answer_given": "Iigiven", "stronger_answer": "Iistronger"}
            ],
            "red_flags": ["Iiflag"],
            "mismatches": ["Iimismatch"],
            "would_change": "Iichange",
            "next_time": {"cue": "Iicue", "action": "Iiaction"},
        },
        [
            *["Iistrength", "Iiweakness", "Iiask", "Iigiven", "Iistronger", "Iiflag"],
            *["Iimismatch", "Iichange", "Iicue", "Iiaction"],
        ],
    ),
    "lessons": ("/v1/lessons", {"text": "Jjtext"}, ["Jjtext"]),
    "skill_gaps": (
        "/v1/skill-gaps",
        {
            "name": "Kkname",
            "kind": "skill",
            "severity": "low",
            "plan": "Kkplan",
            "resources": [{"title": "Kkresource", "url": "https://example.com/kkaddress"}],
        },
        ["Kkname", "Kkplan", "Kkresource"],
    ),
    "culture_fit_assessments": (
        "/v1/culture-fit-assessments",
        {
            "rejection_id": "$rejection",
            "ratings": [],
            "red_flags": ["Llflag"],
            "conclusion": "mixed",
        },
        ["Llflag"],
    ),
    "comments": ("/v1/comments", {"about": "$rejection", "text": "Mmtext"}, ["Mmtext"]),
}


async def make(person: Person, collection: str) -> tuple[str, str]:
    """A record of a collection with all its texts, beside what it has to name."""
    path, fields, _ = TEXTS[collection]
    body = dict(fields)
    if body.get("rejection_id"):
        body["rejection_id"] = (await person.record_rejection(start_plan=False))["id"]
    if body.get("about"):
        rejection = await person.record_rejection(start_plan=False)
        body["about"] = {"collection": "rejections", "id": rejection["id"]}
    if body.get("contact_id"):
        named = await post(person, "/v1/contacts", name="Sam Sample", relationship="peer")
        body["contact_id"] = named["id"]
    return collection, (await post(person, path, **body))["id"]


def test_every_searched_table_is_a_word_of_the_contract() -> None:
    assert {one.value for one in SearchCollection} == set(searched()) == set(TEXTS)


@pytest.mark.parametrize("collection", TEXTS)
async def test_a_record_is_found_by_each_of_its_texts(person: Person, collection: str) -> None:
    made = await make(person, collection)
    for word in TEXTS[collection][2]:
        hits = (await get(person, "/v1/search", q=word, collection=collection))["items"]
        assert [(hit["collection"], hit["id"]) for hit in hits] == [made], word
        marks = [part["text"] for part in hits[0]["snippet"] if part["hit"]]
        assert marks == [word]
        record = await get(person, f"{TEXTS[collection][0]}/{made[1]}")
        assert hits[0]["updated_at"] == record["updated_at"]
    assert await found(person, f"{TEXTS[collection][2][0]} nowhere") == []


@pytest.mark.parametrize("word", ["improvement", "analysis", "application", "kkaddress", "email"])
async def test_codes_and_addresses_are_no_words(person: Person, word: str) -> None:
    for collection in ("feedback", "rejections", "skill_gaps", "feedback_requests"):
        await make(person, collection)
    assert await found(person, word) == []


async def test_what_a_check_in_says_is_not_searched(person: Person) -> None:
    await post(person, "/v1/check-ins", mood=2, energy=2, note="a word for nobody else")
    assert await found(person, "nobody") == []


@pytest.mark.parametrize(
    ("text", "query", "hit"),
    [
        ("Practise the case study aloud", "case study", True),
        ("Practise the case study aloud", "study ALOUD practise", True),
        ("Practise the case study aloud", "case interview", False),
        ("Practise the case study aloud", "pract", True),
        ("Practise the case study aloud", "ractise", False),
        ("Three interviews went well", "interviewing", True),
        ("They applied", "apply", True),
        ("Zwei Absagen", "absage", True),
        ("Ein gutes Gespräch", "gespräche", True),
        ("Meine Bewerbungen", "Bewerbung", True),
        ("Gehaltsverhandlung", "gehalt", True),
        ("Frau Müller", "Mueller", True),
        ("Frau Müller", "muller", True),
        ("Frau Müller", "MÜLLER", True),
        ("In der Hauptstraße", "HAUPTSTRASSE", True),
        ("In der Hauptstrasse", "hauptstraße", True),
        ("Salary: 42 000", "42", True),
        ("100% sure", "%", False),
        ("snake_case", "snake_", True),
        ("snake case", "snake_", False),
    ],
)
async def test_words_are_found_whatever_their_form(
    person: Person, text: str, query: str, hit: bool
) -> None:
    made = await lesson(person, text)
    assert await found(person, query) == ([made] if hit else [])


async def test_the_language_of_a_request_changes_no_hit(person: Person) -> None:
    made = await lesson(person, "Zwei Absagen und three interviews")
    for headers in (GERMAN, {"Accept-Language": "en"}):
        for q in ("absage", "interview"):
            answer = await person.http.get("/v1/search", params={"q": q}, headers=headers)
            (item,) = expect(answer, 200)["items"]
            assert item["id"] == made[1]
            assert item["title"] == ("Lehre" if headers is GERMAN else "Lesson")


async def test_better_hits_come_first_then_the_latest(person: Person) -> None:
    async def record(**fields: Any) -> str:
        found = await post(
            person, "/v1/opportunities", **{"company_name": "Elsewhere", "role_title": "R"} | fields
        )
        return str(found["id"])

    begins = await record(notes="offertory")
    stem = await record(notes="offered")
    begins_title = await record(company_name="Offertorium")
    stem_title = await record(company_name="Offered")
    word = await record(notes="an offer")
    word_again = await record(notes="the offer")
    word_title = await record(company_name="Offer")
    ids = [one for _, one in await found(person, "offer", collection="opportunities")]
    assert ids == [word_title, word_again, word, stem_title, stem, begins_title, begins]


async def test_a_collection_and_a_number_narrow_what_is_found(person: Person) -> None:
    texts = [await lesson(person, f"offer {number}") for number in range(4)]
    gap = await post(person, "/v1/skill-gaps", name="Offer", kind="skill", severity="low")
    assert len(await found(person, "offer")) == 5
    assert await found(person, "offer", collection="skill_gaps") == [("skill_gaps", gap["id"])]
    assert await found(person, "offer", collection="contacts") == []
    assert await found(person, "offer", collection="lessons", limit=2) == texts[:1:-1]


@pytest.mark.parametrize("q", ["?!", "...", "%", "\U0001f600"])
async def test_a_query_without_a_word_finds_nothing(person: Person, q: str) -> None:
    await lesson(person, "Anything %")
    assert await found(person, q) == []


@pytest.mark.parametrize(
    ("params", "finding"),
    [
        ({}, ("query.q", "missing")),
        ({"q": "x" * 201}, ("query.q", "string_too_long")),
        ({"q": " "}, ("query.q", "blank")),
        ({"q": "x", "limit": MAX_HITS + 1}, ("query.limit", "less_than_equal")),
        ({"q": "x", "collection": "check_ins"}, ("query.collection", "enum")),
    ],
)
async def test_what_cannot_be_asked(
    person: Person, params: dict[str, Any], finding: tuple[str, str]
) -> None:
    assert finding_of(await person.http.get("/v1/search", params=params)) == finding


async def test_what_others_wrote_is_never_found(person: Person, make_person: MakePerson) -> None:
    other = await make_person()
    theirs = await lesson(other, "supersecretword")
    mine = await lesson(person, "a word of mine")
    assert await found(person, "supersecretword") == []
    assert await found(other, "word") == []
    assert await found(other, "supersecret") == [theirs]
    assert await found(person, "word") == [mine]


async def test_a_change_is_found_at_once_and_what_was_there_before_no_more(
    person: Person, database: Database
) -> None:
    _, one = await lesson(person, "Prepare the numbers")
    before = await entries(database, person)
    await change(person, f"/v1/lessons/{one}", status="retired")
    assert await entries(database, person) == before
    await change(person, f"/v1/lessons/{one}", text="Prepare the stories")
    assert await found(person, "numbers") == []
    assert await found(person, "stories prepare") == [("lessons", one)]
    _, fresh = await lesson(person, "Prepare the stories")
    kept = await entries(database, person)
    changed, new = ({row[1:3] + row[4:] for row in kept if str(row[3]) == i} for i in (one, fresh))
    assert changed == new


async def test_a_taken_back_text_is_found_no_more(person: Person) -> None:
    _, one = await make(person, "rejections")
    await change(person, f"/v1/rejections/{one}", notes=None, tags=[])
    assert await found(person, "Ffnotes") == await found(person, "Fftag") == []
    assert await found(person, "Ffreason") == [("rejections", one)]


async def test_a_deleted_record_is_found_no_more_nor_what_went_with_it(
    person: Person, database: Database
) -> None:
    await lesson(person, "It stays")
    kept = await entries(database, person)
    for collection in ("feedback", "feedback_requests"):
        await make(person, collection)
    for rejection in (await get(person, "/v1/rejections"))["items"]:
        await delete(person, f"/v1/rejections/{rejection['id']}")
    for company in (await get(person, "/v1/companies"))["items"]:
        await delete(person, f"/v1/companies/{company['id']}")
    assert await entries(database, person) == kept


async def test_an_account_takes_its_words_along(
    person: Person, make_person: MakePerson, database: Database
) -> None:
    other = await make_person()
    await lesson(person, "supersecretword")
    theirs = await lesson(other, "another word")
    await delete(person, "/v1/me")
    assert await entries(database, person) == set()
    assert await found(other, "word") == [theirs]


async def test_a_very_long_text_is_found_by_its_first_words(
    person: Person, database: Database
) -> None:
    rejection = await person.record_rejection(start_plan=False)
    numbers = " ".join(str(number) for number in range(10_000, 10_000 + MAX_WORDS + 50))
    made = await post(
        person,
        "/v1/feedback",
        rejection_id=rejection["id"],
        source="reply",
        verbatim=numbers,
    )
    assert await found(person, str(10_000 + MAX_WORDS - 1)) == [("feedback", made["id"])]
    assert await found(person, str(10_000 + MAX_WORDS)) == []
    count = select(func.count()).where(
        _words.c.owner_id == person.id, _words.c.collection == "feedback"
    )
    async with database.read(everyone=True) as transaction:
        assert (await transaction.execute(count)).scalar_one() == MAX_WORDS
    await change(person, f"/v1/feedback/{made['id']}", verbatim="short")
    assert await found(person, "10000") == []
    assert await found(person, "short") == [("feedback", made["id"])]


async def test_an_endless_word_is_found_by_its_beginning(person: Person) -> None:
    made = await lesson(person, "x" * 500)
    for length in (1, 39, 40, 200):
        (item,) = (await get(person, "/v1/search", q="x" * length))["items"]
        assert item["id"] == made[1]
        assert item["snippet"][0] == {"text": "x" * 40, "hit": True}


VOCABULARY = [
    *["offer", "offers", "offered", "Interview", "interviews", "interviewing", "int", "Absage"],
    *["Absagen", "absag", "Müller", "Mueller", "muller", "Straße", "strasse", "str", "schon"],
    *["schön", "a", "42", "421", "happy", "happily", "case", "Fall", "Fälle"],
]


def naive(records: dict[str, tuple[str, str]], query: str) -> list[str]:
    """The same by reading every text: ids by points, then by id, the latest first."""
    sought = sought_words(query)
    ranked = []
    for id_, (title, body) in records.items():
        named = {one.word for one in words_in(title)}
        written = named | {one.word for one in words_in(body)}
        points = [_points(one, named, written) for one in sought]
        if None not in points:
            ranked.append((sum(one or 0 for one in points), id_))
    return [id_ for _, id_ in sorted(ranked, reverse=True)]


def _points(sought: str, named: set[str], written: set[str]) -> int | None:
    in_title = {form for word in named for form in forms_of(word)}
    best = [
        (4 if form == sought in written else 2 if form in forms_of(sought) else 0)
        + (form in in_title)
        for word in written
        for form in forms_of(word)
        if form.startswith(sought) or form in forms_of(sought)
    ]
    return max(best, default=None)


async def test_it_finds_what_reading_everything_would_find_in_the_same_order(
    person: Person,
) -> None:
    chance = random.Random(7)  # noqa: S311 -- sample texts, no secrets
    records = {}
    for _ in range(40):
        title, body = (
            " ".join(chance.choices(VOCABULARY, k=count)) for count in (1, chance.randint(1, 8))
        )
        made = await post(
            person, "/v1/opportunities", company_name=title, role_title="-", notes=body
        )
        records[made["id"]] = (title, body)
    answered = 0
    for _ in range(80):
        words = chance.choices(VOCABULARY, k=chance.randint(1, 3))
        query = " ".join(word[: chance.randint(1, 9)] for word in words)
        ids = [one for _, one in await found(person, query, collection="opportunities", limit=50)]
        assert ids == naive(records, query), query
        answered += bool(ids)
    assert answered > 40
