"""Who else sees what: organisations, grants, the access log; comments; webhooks of one's own."""

from types import NoneType
from uuid import uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.comments import add_comment, list_comments
from rebound_client.api.consent import list_access_log, list_grants
from rebound_client.api.organizations import list_organizations
from rebound_client.api.webhooks import (
    add_webhook_endpoint,
    delete_webhook_endpoint,
    list_event_types,
)
from rebound_client.models import (
    AccessEntryPage,
    AffiliationPage,
    Comment,
    CommentCreate,
    CommentedCollection,
    CommentPage,
    CommentSubject,
    EndpointCreate,
    EndpointWithSecret,
    EventType,
    EventTypeList,
    GrantPage,
    GrantStatus,
    Rejection,
)
from story import check, etag_of, expect


def see_who_looks(client: AuthenticatedClient) -> int:
    """Nobody accompanies this person, so nobody was let in and nobody has looked."""
    organizations = expect(list_organizations.sync_detailed(client=client), 200, AffiliationPage)
    active = list_grants.sync_detailed(client=client, status=GrantStatus.ACTIVE)
    looks = list_access_log.sync_detailed(client=client)
    entries = expect(looks, 200, AccessEntryPage).items
    check(organizations.items == [] and expect(active, 200, GrantPage).items == [], "who is that?")
    return len(entries)


def comment(client: AuthenticatedClient, rejection: Rejection) -> Comment:
    """Say something about a record; a coach with a grant would read it, and could answer."""
    about = CommentSubject(collection=CommentedCollection.REJECTIONS, id=rejection.id)
    said = CommentCreate(id=uuid4(), about=about, text="To talk about on Tuesday.")
    comment = expect(add_comment.sync_detailed(client=client, body=said), 201, Comment)
    found = list_comments.sync_detailed(client=client, record_id=rejection.id)
    check(expect(found, 200, CommentPage).items == [comment], "there are other comments")
    return comment


def listen(client: AuthenticatedClient) -> int:
    """Be told of one's own rejections at an address of one's own, and then no longer.

    The secret is in this one answer; over a bad line, delete an endpoint whose secret got lost.
    """
    types = expect(list_event_types.sync_detailed(client=client), 200, EventTypeList).items
    check(EventType.REJECTION_RECORDED in [one.type_ for one in types], "nothing is told of it")
    wanted = EndpointCreate(
        url="https://hooks.example.com/rebound", event_types=[EventType.REJECTION_RECORDED]
    )
    made = add_webhook_endpoint.sync_detailed(client=client, body=wanted)
    endpoint = expect(made, 201, EndpointWithSecret)
    check(endpoint.secret.startswith("whsec_"), "that is no secret of Standard Webhooks")
    gone = delete_webhook_endpoint.sync_detailed(
        endpoint.id, client=client, if_match=etag_of(endpoint)
    )
    expect(gone, 204, NoneType)
    return len(types)
