"""Lists: every record once, in the order asked for, whatever happens between two pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from app.db.base import table_of
from app.db.paging import fold
from app.db.transaction import Database
from app.domains.rejections.models import Rejection
from app.domains.rejections.repository import RejectionRepository
from app.domains.rejections.schemas import RejectionQuery, RejectionSort
from app.kit.cursors import CursorCodec
from app.kit.problems import InvalidCursor
from tests.conftest import Person
from tests.db.rows import row_of

ROWS = table_of(Rejection)
ACCOUNTS = ROWS.metadata.tables["accounts"]
FEW_DAYS = st.integers(0, 3).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
FEW_INSTANTS = st.integers(0, 3).map(
    lambda n: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(microseconds=n, days=n // 2)
)
NAMES = st.sampled_from(
    [
        "Stra\u00dfe AG",
        "STRASSE",
        "\u0130stanbul",
        "100% Gut",
        "100 Gut",
        "a_b",
        "axb",
        "a\\b",
        "\u00c4PFEL",
        "\u00e4pfel",
    ]
)
TAGS = st.lists(
    st.sampled_from(["a", "A", "a b", "%", '"', "{}", "1", "\u00e9"]), unique=True, max_size=3
)
REASONS = st.lists(st.sampled_from(["skills_gap", "other"]), unique=True, max_size=2).map(
    lambda codes: [{"code": code, "basis": "stated"} for code in codes]
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "rejected_on": FEW_DAYS,
            "created_at": FEW_INSTANTS,
            "updated_at": FEW_INSTANTS,
            "company_name": NAMES,
            "tags": TAGS,
            "reasons": REASONS,
            "stage": st.sampled_from(["offer", "screening"]),
        }
    ),
    max_size=14,
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.just("offer"),
        "tag": st.sampled_from(["a", "a b", "%", '"', "{}", "1", "\u00e9"]),
        "reason": st.sampled_from(["skills_gap", "other"]),
        "company_name": st.sampled_from(
            [
                "strasse",
                "STRASSE",
                "i\u0307stan",
                "%",
                "_",
                "\\",
                "100% g",
                "A_B",
                "\u00e4pf",
                "\u00c4PF",
            ]
        ),
        "rejected_on_after": FEW_DAYS.map(date.isoformat),
        "rejected_on_before": FEW_DAYS.map(date.isoformat),
    },
)


async def store(database: Database, records: list[dict[str, Any]]) -> tuple[UUID, list[Any]]:
    """A person of their own for each example, with those rejections."""
    owner = uuid4()
    rows = []
    for record in records:
        row = row_of(ROWS, owner, {}) | record
        rows.append(row | {"company_folded": fold(row["company_name"])})
    async with database.write(everyone=True) as transaction:
        await transaction.execute(insert(ACCOUNTS), row_of(ACCOUNTS, owner, {}))
        if rows:
            await transaction.execute(insert(ROWS), rows)
    return owner, [SimpleNamespace(**row) for row in rows]


def matches(row: Any, given: dict[str, str]) -> bool:
    """The filters, by brute force."""
    checks: dict[str, Callable[[str], bool]] = {
        "stage": lambda wanted: row.stage == wanted,
        "tag": lambda wanted: wanted in row.tags,
        "reason": lambda wanted: wanted in [reason["code"] for reason in row.reasons],
        "company_name": lambda wanted: fold(wanted) in fold(row.company_name),
        "rejected_on_after": lambda wanted: row.rejected_on >= date.fromisoformat(wanted),
        "rejected_on_before": lambda wanted: row.rejected_on <= date.fromisoformat(wanted),
    }
    return all(checks[name](wanted) for name, wanted in given.items())


async def walk(database: Database, owner: UUID, **query: Any) -> list[list[UUID]]:
    """The ids of all pages."""
    pages: list[list[UUID]] = []
    cursor = None
    async with database.read(everyone=True) as transaction:
        repository = RejectionRepository(transaction, SimpleNamespace(owner_id=owner))
        while cursor is not None or not pages:
            asked = {**query, "cursor": cursor} if cursor else query
            page = await repository.page(RejectionQuery.model_validate(asked))
            pages.append([row.id for row in page.items])
            cursor = page.next_cursor
            assert len(pages) < 30, "a list comes to its end"
    return pages


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=RECORDS,
    given_filters=FILTERS,
    sort=st.sampled_from(RejectionSort),
    limit=st.integers(1, 6),
)
async def test_pages_together_are_the_sorted_and_filtered_list(
    house: Database,
    records: list[dict[str, Any]],
    given_filters: dict[str, str],
    sort: RejectionSort,
    limit: int,
) -> None:
    owner, rows = await store(house, records)
    found = await walk(house, owner, sort=sort, limit=str(limit), **given_filters)
    kept = [row for row in rows if matches(row, given_filters)]
    kept.sort(
        key=attrgetter(sort.value.removeprefix("-"), "id"), reverse=sort.value.startswith("-")
    )
    assert [one for page in found for one in page] == [row.id for row in kept]
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1] or not kept


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("STRASSE", {"Stra\u00dfe AG", "Hauptstrasse"}),
        ("\u00c4PFEL", {"\u00e4pfel & Co"}),
        ("%", {"100% Gut"}),
        ("_", {"a_b"}),
        ("\\", {"a\\b"}),
        ("0% g", {"100% Gut"}),
        ("a_", {"a_b"}),
        ("' OR 1=1 --", set()),
    ],
)
async def test_contains_takes_every_character_literally_and_any_case(
    house: Database, wanted: str, names: set[str]
) -> None:
    every = ["Stra\u00dfe AG", "Hauptstrasse", "\u00e4pfel & Co", "100% Gut", "a_b", "axb", "a\\b"]
    records = [{"company_name": name} for name in every]
    owner, rows = await store(house, records)
    [page] = await walk(house, owner, company_name=wanted)
    assert {row.company_name for row in rows if row.id in page} == names


async def test_a_list_can_be_gone_through_while_others_write(person: Person) -> None:
    """Nothing that stays is lost or repeated, wherever rows come and go meanwhile."""
    days = ["2026-03-01", "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-03", "2026-03-04"]
    stay = [await person.record_rejection(rejected_on=day, start_plan=False) for day in days]
    for path, order in (
        ("/v1/rejections?sort=rejected_on", False),
        ("/v1/rejections?sort=-rejected_on", True),
    ):
        seen: list[str] = []
        cursor: str | None = ""
        passing = await person.record_rejection(rejected_on="2026-03-02", start_plan=False)
        while cursor is not None:
            address = f"{path}&limit=2" + (f"&cursor={cursor}" if cursor else "")
            page = (await person.http.get(address)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            await person.http.delete(f"/v1/rejections/{passing['id']}", headers={"If-Match": "*"})
            passing = await person.record_rejection(rejected_on="2026-03-02", start_plan=False)
            await person.record_rejection(rejected_on="2026-02-01", start_plan=False)
        wanted = sorted(stay, key=lambda one: (one["rejected_on"], one["id"]), reverse=order)
        mine = {one["id"] for one in stay}
        assert [one for one in seen if one in mine] == [one["id"] for one in wanted]
        assert len(seen) == len(set(seen))


async def test_every_list_goes_on_where_it_stopped(person: Person, stranger: Person) -> None:
    """Rejections, plans, steps, check-ins and a timeline, one item at a time."""
    made: dict[str, Any] = {}
    for mood in (1, 2, 3):
        made = await person.record_rejection()
        await person.http.post(
            "/v1/check-ins", json={"mood": mood, "energy": 3, "rejection_id": made["id"]}
        )
    await stranger.record_rejection()
    lists = [
        *(f"/v1/rejections?sort={sort}" for sort in RejectionSort),
        "/v1/recovery-plans?sort=created_at",
        "/v1/recovery-plans?sort=-created_at",
        "/v1/recovery-steps?sort=position",
        "/v1/recovery-steps?sort=-created_at",
        "/v1/recovery-steps?sort=created_at&status=pending",
        "/v1/check-ins?sort=checked_in_at",
        "/v1/check-ins?sort=-checked_in_at",
        f"/v1/rejections/{made['id']}/timeline?",
    ]
    for path in lists:
        whole = (await person.http.get(f"{path}&limit=100")).json()
        assert whole["next_cursor"] is None
        assert len(whole["items"]) >= 3, path
        size = max(1, len(whole["items"]) // 4)
        items: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            address = f"{path}&limit={size}" + (f"&cursor={cursor}" if cursor else "")
            page = (await person.http.get(address)).json()
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is not None:
                assert len(page["items"]) == size
                foreign = await stranger.http.get(f"{path}&limit={size}&cursor={cursor}")
                assert foreign.status_code in {400, 404}, path
        assert items == whole["items"], path


async def test_a_cursor_is_good_for_its_own_list_only(person: Person) -> None:
    for _ in range(3):
        await person.record_rejection()
    page = (await person.http.get("/v1/rejections?limit=1")).json()
    cursor = page["next_cursor"]
    flipped = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for path in (
        f"/v1/rejections?cursor={flipped}",
        f"/v1/rejections?cursor={cursor[:-4]}",
        f"/v1/rejections?cursor={cursor}AAAA",
        f"/v1/rejections?sort=rejected_on&cursor={cursor}",
        f"/v1/rejections?stage=interview&cursor={cursor}",
        f"/v1/recovery-plans?cursor={cursor}",
        f"/v1/recovery-steps?sort=created_at&cursor={cursor}",
        f"/v1/check-ins?cursor={cursor}",
    ):
        refused = await person.http.get(path)
        assert refused.status_code == 400, path
        assert refused.json()["type"] == "/problems/invalid-cursor"
    # The size of the page may change on the way.
    rest = (await person.http.get(f"/v1/rejections?limit=50&cursor={cursor}")).json()
    assert len(rest["items"]) == 2


@given(st.lists(st.text() | st.integers(), max_size=4), st.text(), st.binary(max_size=90))
def test_only_what_was_signed_is_read_back(position: list[Any], binding: str, junk: bytes) -> None:
    codec, other = CursorCodec(b"one"), CursorCodec(b"two")
    cursor = codec.encode(binding, position)
    assert codec.decode(binding, cursor) == position
    for reader, bound, given_cursor in (
        (other, binding, cursor),
        (codec, f"{binding}.", cursor),
        (codec, binding, junk.hex()),
        (codec, binding, cursor[1:]),
        (codec, binding, "\u00e4"),
    ):
        with pytest.raises(InvalidCursor):
            reader.decode(bound, given_cursor)
