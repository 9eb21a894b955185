"""Sign up, sign in, choose how to be treated; at the end sign out and delete the account."""

from types import NoneType
from uuid import UUID, uuid4

from rebound_client import AuthenticatedClient, Client
from rebound_client.api.account import (
    create_account,
    create_session,
    delete_current_session,
    delete_me,
    get_me,
    update_me,
)
from rebound_client.models import AccountCreate, Me, MePatch, SessionCreate, SessionTokens
from story import check, etag_of, expect, refused

PASSWORD = "three boats on a quiet lake"  # noqa: S105 -- a sample.


def sign_up(visitor: Client) -> str:
    """Make an account for a new e-mail address, and return the address."""
    email = f"{uuid4().hex}@example.com"
    wanted = AccountCreate(email=email, password=PASSWORD, time_zone="Europe/Berlin")
    # Where addresses are verified first, the answer is 202 and does not tell who has an account.
    me = expect(create_account.sync_detailed(client=visitor, body=wanted), 201, Me)
    check(me.email == email, "signed up as somebody else")
    return email


def sign_in(visitor: Client, email: str) -> SessionTokens:
    """Exchange the password for tokens. Keep both: the second one renews the first."""
    said = SessionCreate(email=email, password=PASSWORD)
    return expect(create_session.sync_detailed(client=visitor, body=said), 201, SessionTokens)


def allow_check_ins(client: AuthenticatedClient) -> None:
    """Consent to keeping check-ins: nothing about well-being is stored before."""
    found = get_me.sync_detailed(client=client)
    check(not expect(found, 200, Me).wellbeing_tracking, "nobody has consented yet")
    # What changes a record says which revision of it was read: its ETag.
    changed = update_me.sync_detailed(
        client=client,
        body=MePatch(wellbeing_tracking=True, next_actions_per_day=5),
        if_match=found.headers["ETag"],
    )
    check(expect(changed, 200, Me).wellbeing_tracking, "the consent was not kept")


def sign_out(client: AuthenticatedClient) -> None:
    """End the session: its token is worth nothing from then on."""
    expect(delete_current_session.sync_detailed(client=client), 204, NoneType)
    refused(get_me.sync_detailed(client=client), 401, "unauthenticated")


def delete_account(client: AuthenticatedClient, account_id: UUID) -> None:
    """Delete the account and everything in it, at once and for good."""
    me = expect(get_me.sync_detailed(client=client), 200, Me)
    check(me.id == account_id, "that is somebody else")
    # The ETag is the quoted revision, so a record that came in a list needs no second request.
    gone = delete_me.sync_detailed(client=client, if_match=etag_of(me))
    expect(gone, 204, NoneType)
    refused(get_me.sync_detailed(client=client), 401, "unauthenticated")
