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
from story import check, every_page, expect


def record_two_more(client: AuthenticatedClient) -> list[Rejection]:
    """Two rejections without a plan: what one only wants to remember."""
    said = [
        RejectionCreate(company_name=f"Sample {stage} Ltd", stage=stage, start_plan=False)
        for stage in (RejectionStage.APPLICATION, RejectionStage.SCREENING)
    ]
    return [
        expect(record_rejection.sync_detailed(client=client, body=one), 201, Rejection)
        for one in said
    ]


def page_through(client: AuthenticatedClient, again: AuthenticatedClient) -> int:
    """Follow `next_cursor` to the end; `again` is the app after a restart, with a kept cursor."""
    whole = expect(list_rejections.sync_detailed(client=client), 200, RejectionPage)
    check(whole.next_cursor is None, "all of them fit on one page")

    pages = every_page(
        lambda cursor: list_rejections.sync_detailed(client=client, limit=1, cursor=cursor),
        RejectionPage,
    )
    walked = [rejection for page in pages for rejection in page.items]
    check(walked == whole.items, "the pages differ from the list")

    kept = pages[0].next_cursor
    check(kept is not None, "the first page was the last")
    answer = list_rejections.sync_detailed(client=again, cursor=kept or UNSET)
    rest = expect(answer, 200, RejectionPage).items
    check(rest == walked[1:], "a kept cursor goes on where it was")
    return len(pages)


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
    english = read_label(client, Language.EN)
    german = read_label(client, Language.DE)
    check(german != english, f"both are '{german}'")
    return german


def read_label(client: AuthenticatedClient, language: Language) -> str:
    """The label of one word in one language."""
    answer = list_vocabularies.sync_detailed(client=client, accept_language=language)
    found = expect(answer, 200, Vocabularies)
    check(found.language is language, f"asked for {language}, got {found.language}")
    [stages] = [one for one in found.items if one.name == "rejection_stage"]
    [interview] = [one for one in stages.terms if one.code == RejectionStage.INTERVIEW]
    return interview.label
