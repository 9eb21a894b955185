"""One person's way through Rebound, with the generated client.

    python journey.py BASE_URL [UNRELIABLE_URL]

`UNRELIABLE_URL` reaches the same server over a line on which answers get lost; without it, nothing
gets lost. Prints a line for each chapter and stops with an exit code of 1 at the first surprise.
"""

import sys

import httpx
from chapters import account, lost_answers, reading, recording, recovering, refusals
from rebound_client import AuthenticatedClient
from rebound_client.errors import UnexpectedStatus
from story import SurpriseError


def signed_in(base_url: str, token: str) -> AuthenticatedClient:
    """A client that sends the access token, and raises on a status the contract does not list."""
    return AuthenticatedClient(base_url, token=token, raise_on_unexpected_status=True)


def main(base_url: str, unreliable_url: str) -> None:
    """Tell the whole story."""
    email = account.sign_up(base_url)
    tokens = account.sign_in(base_url, email)

    with signed_in(base_url, tokens.access_token) as client:
        account.allow_check_ins(client)
        print("account: signed up, signed in, consented to check-ins")

        rejection = recording.record_with_own_id(client)
        plan = recording.find_plan(client, rejection.id)
        print(f"recording: {rejection.company_name}, plan with {len(plan.steps)} steps")

        recovering.check_in(client, rejection.id, plan.id)
        recovering.end_pause(client, plan.id)
        step = recovering.do_next(client)
        print(f"recovering: checked in, did '{step.title}'")

        refusals.change_what_has_changed(client, step)
        refusals.skip_what_is_done(client, step)
        refusals.forget_the_company(client)
        print("refusals: 412, 428, 409 and 422 explained themselves")

        with signed_in(base_url, tokens.access_token) as restarted:
            pages = reading.page_through(client, restarted)
        reading.read_what_is_new(client, rejection.id)
        label = reading.read_german(client)
        print(f"reading: {pages} pages, one 304, '{label}' in German")

    with signed_in(unreliable_url, tokens.access_token) as line:
        kept, recording_attempts = lost_answers.record_once(line)
        changing_attempts = lost_answers.close_and_delete_once(line, kept)
    renewed, refreshing_attempts = lost_answers.refresh_once(unreliable_url, tokens)
    attempts = recording_attempts + changing_attempts + refreshing_attempts
    print(f"lost_answers: 5 requests took {attempts} attempts, each was carried out once")

    with signed_in(base_url, renewed.access_token) as client:
        account.sign_out(client)
    tokens = account.sign_in(base_url, email)
    with signed_in(base_url, tokens.access_token) as client:
        account.delete_account(client, tokens.account_id)
    print("goodbye: signed out, deleted the account")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        main(sys.argv[1], sys.argv[-1])
    except (SurpriseError, UnexpectedStatus, httpx.TransportError) as surprise:
        sys.exit(f"The journey ends early: {surprise}")
