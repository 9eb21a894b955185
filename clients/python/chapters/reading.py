"""Page through a list, read only what is new, and ask for another language."""

from http import HTTPStatus
from types import NoneType
from uuid import UUID

from rebound_client import AuthenticatedClient
from rebound_client.api.rejections import get_rejection, list_rejections, record_rejection
from rebound_client.api.service import list_vocabularies
from rebound_client.models import (
    Language,
    Rejection,
    RejectionCreate,
    RejectionPage,
    RejectionStage,
    Vocabularies,
)
from rebound_client.types import UNSET
from story import check, expect


def page_through(client: AuthenticatedClient, again: AuthenticatedClient) -> int:
    """Follow `next_cursor` to the end; `again` is the app after a restart, with a kept cursor."""
    for stage in (RejectionStage.APPLICATION, RejectionStage.SCREENING):
        said = RejectionCreate(company_name=f"Sample {stage} Ltd", stage=stage, start_plan=False)
        expect(record_rejection.sync_detailed(client=client, body=said), 201, Rejection)

    whole = expect(list_rejections.sync_detailed(client=client), 200, RejectionPage)
    check(whole.next_cursor is None, "all of them fit on one page")

    walked: list[UUID] = []
    cursor: str | None = None
    kept: str | None = None
    while True:
        answer = list_rejections.sync_detailed(client=client, limit=1, cursor=cursor or UNSET)
        page = expect(answer, 200, RejectionPage)
        walked += [rejection.id for rejection in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        kept = kept or cursor
    check(walked == [rejection.id for rejection in whole.items], "the pages differ from the list")

    check(kept is not None, "the first page was the last")
    answer = list_rejections.sync_detailed(client=again, cursor=kept or UNSET)
    rest = [rejection.id for rejection in expect(answer, 200, RejectionPage).items]
    check(rest == walked[1:], "a kept cursor goes on where it was")
    return len(walked)


def read_what_is_new(client: AuthenticatedClient, rejection_id: UUID) -> None:
    """Ask with the ETag one holds: an unchanged record answers 304, without a body."""
    first = get_rejection.sync_detailed(rejection_id, client=client)
    expect(first, 200, Rejection)
    second = get_rejection.sync_detailed(
        rejection_id, client=client, if_none_match=first.headers["ETag"]
    )
    expect(second, HTTPStatus.NOT_MODIFIED, NoneType)
    check(second.content == b"", "304 has no body")


def read_german(client: AuthenticatedClient) -> str:
    """Labels come in the language one asks for; the codes stay the same. Returns a label."""
    labels: dict[Language, str] = {}
    for language in Language:
        answer = list_vocabularies.sync_detailed(client=client, accept_language=language)
        found = expect(answer, 200, Vocabularies)
        check(found.language is language, f"asked for {language}, got {found.language}")
        [stages] = [one for one in found.items if one.name == "rejection_stage"]
        [interview] = [one for one in stages.terms if one.code == RejectionStage.INTERVIEW]
        labels[language] = interview.label
    check(labels[Language.DE] != labels[Language.EN], f"the labels are {labels}")
    return labels[Language.DE]
