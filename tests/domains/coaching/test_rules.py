"""The pure rules of organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.coaching.rules import invitations as rules
from app.domains.coaching.rules.mails import write_invitation
from app.domains.coaching.terms import InvitationKind, InvitationStatus
from app.kit.problems import Invalid, InvalidTransition
from app.kit.terms import Language

labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=10)
reserved = st.sampled_from([one for one in rules.RESERVED_DOMAINS if one.startswith("example")])


@given(labels, st.lists(labels, max_size=3), reserved)
def test_every_name_below_a_reserved_one_is_reserved(
    local: str, above: list[str], domain: str
) -> None:
    top = domain if "." in domain or above else f"mail.{domain}"
    assert rules.is_synthetic(f"{local}@{'.'.join([*above, top]).upper()}")


@given(labels, labels, reserved)
def test_a_name_that_only_looks_like_a_reserved_one_is_not(
    local: str, more: str, domain: str
) -> None:
    assert not rules.is_synthetic(f"{local}@x{more}{domain}.de")
    assert not rules.is_synthetic(f"{local}@{domain}.{more}x.de")
    if "." in domain:
        assert not rules.is_synthetic(f"{local}@x{more}{domain}")


@given(st.sampled_from(InvitationStatus), st.sampled_from(InvitationStatus))
def test_only_what_waits_can_be_withdrawn(
    before: InvitationStatus, after: InvitationStatus
) -> None:
    is_withdrawn = (before, after) == (InvitationStatus.PENDING, InvitationStatus.WITHDRAWN)
    if before is after or is_withdrawn:
        rules.check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition):
            rules.check_transition(before, after)


OF_CLIENTS = ("external_id", "cohort", "coach_id", "ask")


@given(
    st.sampled_from(InvitationKind),
    st.dictionaries(st.sampled_from(("role", "name", *OF_CLIENTS)), st.none() | st.just("x")),
)
def test_everything_that_is_not_of_its_kind_is_named(
    kind: InvitationKind, said: dict[str, str | None]
) -> None:
    given_names = {name for name, value in said.items() if value is not None}
    wrong = given_names & {"role"}
    if kind is InvitationKind.MEMBER:
        wrong = given_names & set(OF_CLIENTS) | {"role"} - given_names
    found = set()
    try:
        rules.check_invitation(kind, said)
    except Invalid as invalid:
        found = {one["pointer"] for one in invalid.members["errors"]}
    assert found == {f"/{name}" for name in wrong}


@pytest.mark.parametrize("kind", InvitationKind)
@pytest.mark.parametrize("language", Language)
def test_a_mail_names_the_organisation_and_carries_its_token_on_a_line(
    kind: InvitationKind, language: Language
) -> None:
    mail = write_invitation(
        kind,
        language,
        to="sam@exämple.com",
        organization="Example {token} Service",
        base_url="https://api.example.com",
        token="rbi_sample",
    )
    assert mail.to == "sam@xn--exmple-cua.com"
    lines = mail.text.splitlines()
    assert lines.count("Example {token} Service") == 1
    assert lines.count("rbi_sample") == 1
    assert "POST https://api.example.com/v1/invitation-acceptances" in lines
    assert '{"token": "rbi_sample"}' in lines
    assert "Example" not in mail.subject
