"""Pure decisions: addresses, attempts, countries and the texts of mails."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.domains.accounts.rules.attempts import (
    ATTACK_WINDOW,
    FAILURES_OF_AN_ATTACK,
    MAX_FAILURES_OF_ADDRESS,
    MAX_FAILURES_OF_PAIR,
    WINDOW,
    History,
    Subject,
    wait_before,
)
from app.domains.accounts.rules.emails import EmailAddress, key_of, mailbox_of
from app.domains.accounts.rules.mails import MailKind, write
from app.domains.accounts.terms import Value
from app.kit.addresses import network_of
from app.kit.terms import Language

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
EMAIL: TypeAdapter[str] = TypeAdapter(EmailAddress)


def ago(*minutes: float) -> list[datetime]:
    return sorted((NOW - timedelta(minutes=m) for m in minutes), reverse=True)


# Addresses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sam@Example.COM", "sam@example.com"),
        ("a\u030angstrom@example.com", "ångstrom@example.com"),
        ("sam@münchen.example.com", "sam@xn--mnchen-3ya.example.com"),
        ("STRASSE@example.com", "straße@example.com"),
    ],
)
def test_two_spellings_of_an_address_are_one(one: str, other: str) -> None:
    assert key_of(EMAIL.validate_python(one)) == key_of(EMAIL.validate_python(other))


@pytest.mark.parametrize("other", ["s.am@example.com", "sam+jobs@example.com", "sam@example.org"])
def test_what_may_be_another_person_is_another_address(other: str) -> None:
    assert key_of("sam@example.com") != key_of(other)


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "sam",
        "sam@",
        "@example.com",
        "sam@localhost",
        "sam@example.com\n",
        "sam@example.com, kim@example.com",
        "Sam <sam@example.com>",
        "sam@ex\0ample.com",
        "sam\ud800@example.com",
        "sam@example..com",
        f"{'x' * 244}@example.com",
        None,
        7,
    ],
)
def test_other_texts_are_no_addresses_and_are_not_repeated(odd: object) -> None:
    with pytest.raises(ValidationError) as refused:
        EMAIL.validate_python(odd)
    (error,) = refused.value.errors(include_input=False)
    assert (error["type"], error["msg"]) == (
        "rule",
        "must be an e-mail address like name@example.com",
    )


@given(st.emails())
def test_the_stored_form_is_stable(email: str) -> None:
    try:
        stored = EMAIL.validate_python(email)
    except ValidationError:
        return
    assert EMAIL.validate_python(stored) == stored
    assert key_of(stored) == key_of(email)
    assert len(key_of(stored)) <= 1_000


def test_mail_goes_to_an_ascii_domain() -> None:
    assert mailbox_of("Sam@münchen.example.com") == "Sam@xn--mnchen-3ya.example.com"


# Attempts


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a unix socket", "unknown"),
        (None, "unknown"),
    ],
)
def test_what_counts_as_one_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_digests_depend_on_the_key_and_tell_their_purposes_apart() -> None:
    one = Subject.of(b"k" * 32, "sam@example.com", "198.51.100.7")
    assert one == Subject.of(b"k" * 32, "sam@example.com", "198.51.100.7")
    other = Subject.of(b"K" * 32, "sam@example.com", "198.51.100.7")
    assert one.email_digest != other.email_digest
    assert one.address_digest != other.address_digest
    same_text = Subject.of(b"k" * 32, "unknown", None)
    assert same_text.email_digest != same_text.address_digest


def test_a_first_attempt_is_let_through() -> None:
    assert wait_before(History((), (), (), is_known=False), NOW) is None


def test_the_sixth_attempt_of_a_pair_waits_until_the_first_is_a_quarter_of_an_hour_old() -> None:
    five = ago(1, 2, 3, 4, 14)
    assert wait_before(History(five, five, five, is_known=True), NOW) == timedelta(minutes=1)
    four = five[:-1]
    assert wait_before(History(four, four, four, is_known=True), NOW) is None


def test_an_address_that_fails_everywhere_waits_everywhere() -> None:
    twenty = ago(*(n / 2 for n in range(1, 21)))
    assert wait_before(History((), twenty, (), is_known=True), NOW) == timedelta(minutes=5)


def test_under_attack_a_stranger_has_one_attempt_and_a_known_address_five() -> None:
    attack = ago(*range(1, FAILURES_OF_AN_ATTACK + 1))
    once, four = ago(5), ago(1, 2, 3, 4)
    assert wait_before(History((), (), attack, is_known=False), NOW) is None
    assert wait_before(History(once, once, attack, is_known=False), NOW) == timedelta(minutes=10)
    assert wait_before(History(four, four, attack, is_known=True), NOW) is None


moments = st.lists(
    st.timedeltas(min_value=timedelta(), max_value=WINDOW - timedelta(microseconds=1)), max_size=25
).map(lambda ages: sorted((NOW - age for age in ages), reverse=True))


@given(moments, moments, st.booleans(), st.integers(0, FAILURES_OF_AN_ATTACK))
def test_who_waited_as_long_as_told_is_let_through(
    pair: list[datetime], address: list[datetime], is_known: bool, of_account: int
) -> None:
    account = [NOW - ATTACK_WINDOW / 2] * of_account
    history = History(pair, address, account, is_known)
    wait = wait_before(history, NOW)
    if wait is None:
        assert len(pair) < MAX_FAILURES_OF_PAIR
        assert len(address) < MAX_FAILURES_OF_ADDRESS
        return
    assert timedelta() < wait <= WINDOW
    then = NOW + wait
    later = History(
        [t for t in pair if t > then - WINDOW],
        [t for t in address if t > then - WINDOW],
        account,
        is_known,
    )
    assert wait_before(later, then) is None


# Words


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize(("locale", "greeting"), [("en", "Hello,"), ("de-AT", "Hallo,")])
def test_every_mail_exists_in_every_language(kind: MailKind, locale: str, greeting: str) -> None:
    token = "rbm_sample"
    mail = write(
        kind, to="sam@example.com", locale=locale, base_url="https://rebound.example/", token=token
    )
    assert mail.text.startswith(greeting)
    assert "{" not in mail.text.replace('{"token"', "")
    assert "example//" not in mail.text
    carries = kind.value in ("verify_email", "sign_up", "reset_password", "change_email")
    assert (f"\n\n{token}\n" in mail.text) == carries
    # A token in a query string would end up in logs.
    assert f"={token}" not in mail.text


def test_no_mail_text_is_left_over() -> None:
    texts = json.loads(files("app.domains.accounts").joinpath("mails.json").read_text("utf-8"))
    assert set(texts) == {kind.value for kind in MailKind}
    assert all(set(words) == set(Language) for words in texts.values())


def test_values_are_about_twenty_with_a_label_each() -> None:
    assert 18 <= len(Value) <= 24
    for language in Language:
        labels = [value.label(language) for value in Value]
        assert len(set(labels)) == len(labels)
