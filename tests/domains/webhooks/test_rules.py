"""Who is told what, how messages are signed, and when there is another attempt."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from app.auth.consent import COLLECTIONS
from app.auth.terms import ConsentCategory
from app.domains.webhooks.rules import (
    COLLECTION_OF_TYPE,
    MAX_RETRY_AFTER,
    Fact,
    category_of,
    is_success,
    is_told,
    pause_before_next,
    secret_text,
    sign,
    wait_asked_for,
    wants,
)
from app.domains.webhooks.terms import EventType
from app.settings import Settings

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SCHEDULE = Settings(_env_file=None).webhook_retry_seconds
SECRETS = st.binary(min_size=24, max_size=64)


def fact(collection: str, category: ConsentCategory | None, grant_of: UUID | None = None) -> Fact:
    return Fact(
        id=uuid4(),
        type="a.type",
        category=category,
        collection=collection,
        record_id=uuid4(),
        revision=1,
        occurred_at=NOW,
        grant_of=grant_of,
    )


@given(secret=SECRETS, body=st.binary(max_size=300))
def test_what_is_signed_verifies_with_the_reference_library(secret: bytes, body: bytes) -> None:
    message_id, now = str(uuid4()), datetime.now(UTC)
    reference = Webhook(secret_text(secret))
    text = base64.b64encode(body).decode()
    signature = sign([secret], message_id, int(now.timestamp()), text.encode())
    assert signature == reference.sign(message_id, now, text)


def test_a_signature_is_the_one_of_the_specification() -> None:
    # The example of the reference libraries.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signature = sign([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(secrets=st.lists(SECRETS, min_size=1, max_size=3))
def test_there_is_one_signature_for_each_secret(secrets: list[bytes]) -> None:
    both = sign(secrets, "one", 1, b"{}").split(" ")
    assert both == [sign([secret], "one", 1, b"{}") for secret in secrets]


@pytest.mark.parametrize(
    ("status", "good"),
    [(200, True), (204, True), (299, True)]
    + [(status, False) for status in (100, 199, 300, 301, 304, 400, 410, 500)],
)
def test_only_2xx_says_that_a_message_has_arrived(status: int, good: bool) -> None:
    assert is_success(status) is good


@given(
    attempts=st.integers(1, 30),
    asked=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    chance=st.floats(0, 1),
)
def test_pauses_follow_the_schedule_with_some_jitter(
    attempts: int, asked: timedelta | None, chance: float
) -> None:
    pause = pause_before_next(attempts, SCHEDULE, asked, chance)
    if attempts >= len(SCHEDULE):
        assert pause is None
        return
    planned = timedelta(seconds=SCHEDULE[attempts])
    assert pause is not None
    assert planned <= pause <= max(planned * 1.2, min(asked or planned, MAX_RETRY_AFTER))
    assert asked is None or pause >= min(asked, MAX_RETRY_AFTER)


ASKED = [
    (429, "120", timedelta(seconds=120)),
    (503, " 5 ", timedelta(seconds=5)),
    (503, "Wed, 11 Mar 2026 12:00:30 GMT", timedelta(seconds=30)),
    (503, "Wed, 11 Mar 2026 11:00:00 GMT", timedelta(0)),
    (429, "99999999999999999999", MAX_RETRY_AFTER),
    (429, "soon", None),
    (429, "-5", None),
    (429, "", None),
    (429, None, None),
    (500, "120", None),
    (None, None, None),
]


@pytest.mark.parametrize(("status", "text", "wait"), ASKED)
def test_a_busy_receiver_may_ask_for_time(
    status: int | None, text: str | None, wait: timedelta | None
) -> None:
    assert wait_asked_for(status, text, NOW) == wait


@given(st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ .*"))
def test_nothing_that_a_receiver_asks_breaks_anything(text: str) -> None:
    wait = wait_asked_for(429, text, NOW)
    assert wait is None or wait >= timedelta(0)


@pytest.mark.parametrize("kind", EventType)
def test_every_type_has_a_collection_and_a_category_or_needs_none(kind: EventType) -> None:
    collection = COLLECTION_OF_TYPE[kind]
    assert category_of(collection) in {None, COLLECTIONS.get(collection)}
    assert is_told(kind) is (kind is not EventType.PING)


def test_steps_may_be_about_how_a_person_feels() -> None:
    assert category_of("recovery_steps") is ConsentCategory.PLANS
    assert category_of("recovery_steps", is_wellbeing=True) is ConsentCategory.WELLBEING
    assert category_of("rejections", is_wellbeing=True) is ConsentCategory.REJECTIONS


def test_an_organisation_learns_what_it_may() -> None:
    here, there = uuid4(), uuid4()
    rejection = fact("rejections", ConsentCategory.REJECTIONS)
    some = {ConsentCategory.REJECTIONS}
    assert rejection.concerns(here, is_client=True, granted=some)
    assert not rejection.concerns(here, is_client=True, granted={ConsentCategory.PLANS})
    assert not rejection.concerns(here, is_client=False, granted=some)
    assert fact("accounts", None).concerns(here, is_client=True, granted=())
    assert not fact("accounts", None).concerns(here, is_client=False, granted=())
    grant = fact("grants", None, grant_of=here)
    for is_client in (True, False):
        assert grant.concerns(here, is_client=is_client, granted=())
        assert not grant.concerns(there, is_client=is_client, granted=set(ConsentCategory))
    assert not fact("grants", None).concerns(here, is_client=True, granted=())
    endpoint = fact("webhook_endpoints", None)
    assert not endpoint.concerns(here, is_client=True, granted=set(ConsentCategory))


def test_no_list_of_types_means_all_of_them() -> None:
    assert wants(None, "goal.completed")
    assert wants(["goal.completed"], "goal.completed")
    assert not wants([], "goal.completed")
    assert not wants(["ping"], "goal.completed")
