"""`ETag`, `If-Match` and `If-None-Match`: who changes what they have not read is told so."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.conftest import Person


async def patch(person: Person, at: str, body: Any, tag: str | None) -> httpx.Response:
    headers = {} if tag is None else {"If-Match": tag}
    return await person.http.patch(at, json=body, headers=headers)


async def test_of_twenty_patches_on_one_etag_exactly_one_wins(person: Person) -> None:
    rejection = await person.record_rejection()
    at, tag = f"/v1/rejections/{rejection['id']}", f'"{rejection["revision"]}"'
    answers = await asyncio.gather(
        *(patch(person, at, {"notes": f"note {n}"}, tag) for n in range(20))
    )
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, *[412] * 19]
    winner = statuses.index(200)
    now = await person.http.get(at)
    assert now.json() == answers[winner].json()
    assert now.json()["notes"] == f"note {winner}"
    loser = next(answer for answer in answers if answer.status_code == 412)
    assert loser.json()["type"] == "/problems/precondition-failed"


async def test_a_patch_whose_answer_was_lost_can_be_sent_again(person: Person) -> None:
    rejection = await person.record_rejection()
    at, tag = f"/v1/rejections/{rejection['id']}", f'"{rejection["revision"]}"'
    reasons = [{"code": "skills_gap", "basis": "stated"}]
    body = {"notes": "twice", "tags": ["a"], "reasons": reasons}
    first = await patch(person, at, body, tag)
    again = await patch(person, at, body, tag)
    assert [first.status_code, again.status_code] == [200, 200], again.text
    assert again.json() == first.json()
    assert again.headers["ETag"] == first.headers["ETag"] != tag
    assert (await patch(person, at, {**body, "notes": "other"}, tag)).status_code == 412


async def test_which_tags_match(person: Person) -> None:
    rejection = await person.record_rejection()
    at, revision = f"/v1/rejections/{rejection['id']}", rejection["revision"]
    missing = await patch(person, at, {"notes": "x"}, None)
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/precondition-missing")
    for tag in (f'W/"{revision}"', f'"{revision - 1}"', '"other"', '""'):
        refused = await patch(person, at, {"notes": "x"}, tag)
        assert refused.status_code == 412, tag
    for odd in (f"{revision}", "W/*", f'"{revision}', f'"{revision}" "1"'):
        refused = await patch(person, at, {"notes": "x"}, odd)
        assert refused.status_code == 422, odd
        assert refused.json()["errors"][0]["pointer"] == "header.If-Match"
    one_of_them = await patch(person, at, {"notes": "x"}, f'"1", W/"2", "{revision}"')
    assert one_of_them.status_code == 200
    assert (await patch(person, at, {"notes": "y"}, "*")).status_code == 200
    assert (await patch(person, at, {"notes": "z"}, " * ")).status_code == 200


async def test_deleting_asks_for_the_revision_too(person: Person) -> None:
    rejection = await person.record_rejection()
    at, tag = f"/v1/rejections/{rejection['id']}", f'"{rejection["revision"]}"'
    assert (await person.http.delete(at)).status_code == 428
    assert (await person.http.delete(at, headers={"If-Match": '"1"'})).status_code == 412
    weak = {"If-Match": f"W/{tag}"}
    assert (await person.http.delete(at, headers=weak)).status_code == 412
    gone = await person.http.delete(at, headers={"If-Match": tag})
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await person.http.delete(at, headers={"If-Match": tag})).status_code == 404


async def test_what_the_caller_holds_is_not_sent_again(person: Person) -> None:
    rejection = await person.record_rejection()
    at = f"/v1/rejections/{rejection['id']}"
    for path in (at, "/v1/rejections", "/v1/next-actions", "/v1/me", f"{at}/timeline"):
        full = await person.http.get(path)
        tag = full.headers["ETag"]
        assert tag.startswith("W/") == (path not in {at, "/v1/me"}), path
        for held in (tag, f'"nothing", {tag}', f"W/{tag.removeprefix('W/')}", "*"):
            held_back = await person.http.get(path, headers={"If-None-Match": held})
            assert (held_back.status_code, held_back.content) == (304, b""), (path, held)
            assert held_back.headers["ETag"] == tag
            assert held_back.headers["Vary"] == full.headers["Vary"]
            assert held_back.headers["Cache-Control"] == "private, no-cache"
        other = await person.http.get(path, headers={"If-None-Match": '"other"'})
        assert (other.status_code, other.content) == (200, full.content)


async def test_a_change_changes_the_tags_of_the_record_and_of_its_lists(person: Person) -> None:
    rejection = await person.record_rejection()
    at = f"/v1/rejections/{rejection['id']}"
    before = [(await person.http.get(path)).headers["ETag"] for path in (at, "/v1/rejections")]
    await patch(person, at, {"notes": "new"}, "*")
    for path, tag in zip((at, "/v1/rejections"), before, strict=True):
        answer = await person.http.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer.headers["ETag"] != tag


async def test_a_tag_of_a_list_never_passes_for_a_revision(person: Person) -> None:
    rejection = await person.record_rejection()
    tag = (await person.http.get("/v1/rejections")).headers["ETag"]
    at = f"/v1/rejections/{rejection['id']}"
    assert (await patch(person, at, {"notes": "x"}, tag)).status_code == 412


@pytest.mark.parametrize("media", ["application/json", "application/merge-patch+json"])
async def test_a_merge_patch_replaces_what_is_sent_and_keeps_the_rest(
    person: Person, media: str
) -> None:
    rejection = await person.record_rejection(tags=["a", "b"], notes="kept", location="Berlin")
    changed = await person.http.patch(
        f"/v1/rejections/{rejection['id']}",
        content=b'{"tags": ["c"], "location": null}',
        headers={"If-Match": "*", "Content-Type": media},
    )
    assert changed.status_code == 200
    moved = {"updated_at", "revision", "tags", "location"}
    unmoved = {name: value for name, value in rejection.items() if name not in moved}
    assert {**changed.json(), **unmoved} == changed.json()
    assert (changed.json()["tags"], changed.json()["location"]) == (["c"], None)


async def test_null_does_not_clear_what_must_be_there(person: Person) -> None:
    rejection = await person.record_rejection()
    at = f"/v1/rejections/{rejection['id']}"
    refused = await patch(person, at, {"company_name": None, "stage": None}, "*")
    assert refused.status_code == 422
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert pointers == {"/company_name", "/stage"}
