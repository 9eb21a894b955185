"""Letters built from what is known: they hold their own rules and leave nothing to fill in."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.feedback.rules.data import WORDS
from app.domains.feedback.rules.drafting import Draft, Known, draft, human_contact, usual_questions
from app.domains.feedback.rules.letters import LetterContext, check_letter, language_of
from app.domains.feedback.terms import CheckOutcome, CheckSeverity, MessageKind, MessageTone
from app.domains.rejections.terms import RejectionChannel, RejectionStage
from app.kit.terms import Language

MEMORY = {
    Language.EN: "how your team reviews its own forecasts.",
    Language.DE: "wie Ihr Team die eigenen Prognosen prüft",
}
QUESTIONS = {
    Language.EN: ("Which part of my case study convinced you least?", "How clear was my example"),
    Language.DE: ("Welcher Teil meiner Fallstudie hat Sie am wenigsten überzeugt?",),
}
ROLE = {Language.EN: "Data analyst", Language.DE: "Datenanalystin"}

MISSING = {
    "addressed_to_person": "contact_name",
    "one_concrete_thing": "memory",
}
"""Rules that a draft cannot hold while something is unknown; their hint asks for it."""


def whole(kind: MessageKind, tone: MessageTone, language: Language) -> dict[str, object]:
    return {
        "role_title": ROLE[language],
        "company_name": "Example GmbH",
        "contact_name": "Mara Winter",
        "sender_name": "Tom Sample",
        "memory": MEMORY[language],
        "questions": QUESTIONS[language],
    }


FIELDS = ("role_title", "company_name", "contact_name", "sender_name", "memory", "questions")
every_letter = pytest.mark.parametrize(
    ("kind", "tone", "language"), list(product(MessageKind, MessageTone, Language))
)


@every_letter
def test_a_draft_holds_its_own_rules_whatever_is_known(
    kind: MessageKind, tone: MessageTone, language: Language
) -> None:
    everything = whole(kind, tone, language)
    for kept in product((True, False), repeat=len(FIELDS)):
        given = {name: everything[name] for name, keep in zip(FIELDS, kept, strict=True) if keep}
        asked = given.pop("questions", usual_questions(None, language))
        known = Known(**given, questions=asked)  # type: ignore[arg-type]  # Each is its field's.
        written = draft(kind, tone, language, known)
        context = LetterContext(
            role_title=known.role_title,
            company_name=known.company_name,
            contact_name=known.contact_name,
            had_human_contact=True,
            days_since_rejection=2,
        )
        findings = check_letter(kind, written.subject, written.body, context, WORDS[language])
        failed = {str(one.rule) for one in findings if one.outcome is CheckOutcome.FAILED}
        unknown = {rule for rule, name in MISSING.items() if name not in given}
        assert failed == unknown & {str(one.rule) for one in findings}, written
        assert all(
            one.severity is CheckSeverity.HINT
            for one in findings
            if one.outcome is CheckOutcome.FAILED
        )


@every_letter
def test_what_is_known_is_said_and_nothing_is_left_open(
    kind: MessageKind, tone: MessageTone, language: Language
) -> None:
    known = Known(**whole(kind, tone, language))  # type: ignore[arg-type]  # Each is its field's.
    for written in (draft(kind, tone, language, known), draft(kind, tone, language, Known())):
        assert "{" not in written.subject + written.body
        assert ".." not in written.body
        assert "  " not in written.body
        assert written.body == written.body.strip()
        assert all(written.body.split("\n\n"))
        assert written.subject
        assert language_of(written.body, Language.EN) is language
        assert language_of(written.body, Language.DE) is language
    written = draft(kind, tone, language, known)
    assert "Mara Winter" in written.body.split("\n")[0]
    if kind is not MessageKind.CONNECTION_REQUEST:
        assert written.body.endswith("Tom Sample")
        assert MEMORY[language].rstrip(".") in written.body
    if kind is MessageKind.FEEDBACK_REQUEST:
        assert all(one.rstrip("?") + "?" in written.body for one in QUESTIONS[language])


@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("language", list(Language))
def test_the_tones_differ_and_brief_is_the_shortest(kind: MessageKind, language: Language) -> None:
    bodies = {
        tone: draft(kind, tone, language, Known(questions=QUESTIONS[language])).body
        for tone in MessageTone
    }
    assert len(set(bodies.values())) == len(MessageTone)
    assert min(bodies.values(), key=len) == bodies[MessageTone.BRIEF]


def test_questions_are_numbered_when_there_are_several() -> None:
    def body(*questions: str) -> str:
        known = Known(questions=questions)
        return draft(MessageKind.FEEDBACK_REQUEST, MessageTone.BRIEF, Language.EN, known).body

    assert "\n\nWas I clear?\n\n" in body("Was I clear")
    assert "\n\n1. Was I clear?\n2. Was I quick?\n\n" in body("Was I clear?", "Was I quick.")


def test_an_invitation_gives_up_details_until_it_fits() -> None:
    def invited(**known: str) -> Draft:
        return draft(MessageKind.CONNECTION_REQUEST, MessageTone.WARM, Language.EN, Known(**known))

    short = invited(contact_name="Mara", role_title="Chef", memory="the soup")
    assert "the soup" in short.body
    assert len(short.body) <= 200
    crowded = invited(
        contact_name="Mara",
        role_title="Senior consultant for public transport",
        company_name="Example Transport and Logistics Services",
        memory="the way you drew the whole network on one napkin",
    )
    assert len(crowded.body) <= 200
    assert "napkin" in crowded.body
    assert "Logistics" not in crowded.body
    long = invited(contact_name="Mara", role_title="Chef", memory="x" * 300)
    assert "x" * 10 not in long.body
    assert "Mara" in long.body
    assert len(invited(contact_name="M" * 200, role_title="R" * 200).body) <= 300


def test_a_subject_that_would_be_too_long_is_said_more_shortly() -> None:
    known = Known(role_title="R" * 200, company_name="C" * 200)
    for kind, tone, language in product(MessageKind, MessageTone, Language):
        assert 0 < len(draft(kind, tone, language, known).subject) <= 200


USER_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("{}%$[]<>\\'\"*|. "),
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    ),
    min_size=1,
    max_size=80,
).filter(lambda text: bool(text.strip(" .?!")) and text.strip() == text)


@given(text=USER_TEXT, kind=st.sampled_from(MessageKind), tone=st.sampled_from(MessageTone))
def test_what_a_person_writes_is_put_in_as_it_stands(
    text: str, kind: MessageKind, tone: MessageTone
) -> None:
    known = Known(role_title=text, contact_name=text, sender_name="{role}", memory="{contact}")
    written = draft(kind, tone, Language.EN, known)
    assert text in written.body
    if kind is not MessageKind.CONNECTION_REQUEST:
        assert written.body.endswith("\n{role}")
        assert "{contact}" in written.body


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("stage", [None, *RejectionStage])
def test_somebody_without_questions_gets_two_that_fit_the_stage(
    stage: RejectionStage | None, language: Language
) -> None:
    asked = usual_questions(stage, language)
    assert len(set(asked)) == 2
    if stage is None:
        assert asked == usual_questions(RejectionStage.INTERVIEW, language)


def test_after_an_application_nobody_asks_about_an_interview() -> None:
    asked = " ".join(usual_questions(RejectionStage.APPLICATION, Language.EN))
    assert "answer" not in asked
    assert "documents" in asked


@pytest.mark.parametrize(
    ("stage", "channel", "named", "met"),
    [
        (None, None, True, True),
        (None, None, False, None),
        ("application", "portal", True, True),
        ("application", "email", False, False),
        ("screening", None, False, None),
        ("screening", "portal", False, False),
        ("assessment", "silence", False, False),
        ("screening", "phone", False, True),
        ("interview", "portal", False, True),
        ("final_round", None, False, True),
        ("offer", "silence", False, True),
    ],
)
def test_whether_somebody_there_has_met_the_person(
    stage: str | None, channel: str | None, named: bool, met: bool | None
) -> None:
    found = human_contact(
        RejectionStage(stage) if stage else None,
        RejectionChannel(channel) if channel else None,
        contact_named=named,
    )
    assert found is met
