"""What each rule says of a letter."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.feedback.rules.data import WORDS, LetterWords
from app.domains.feedback.rules.letters import (
    RULES_OF,
    Finding,
    LetterContext,
    check_letter,
    language_of,
)
from app.domains.feedback.terms import (
    MAX_LETTER_CHARACTERS,
    CheckOutcome,
    CheckSeverity,
    LetterPart,
    LetterRule,
    MessageKind,
)
from app.domains.rejections.terms import RejectionStage
from app.kit.terms import Language
from tests.domains.feedback.letters.corpus import Letter, letters

ENGLISH, GERMAN = WORDS[Language.EN], WORDS[Language.DE]
PASSED, FAILED, SKIPPED = CheckOutcome.PASSED, CheckOutcome.FAILED, CheckOutcome.SKIPPED
ERROR, HINT = CheckSeverity.ERROR, CheckSeverity.HINT

RULES_IN_WORDS = {
    "feedback_request": (
        "addressed_to_person expresses_gratitude accepts_decision specific_questions easy_way_out "
        "future_interest max_words subject_names_role no_arguing no_comparison "
        "no_legal_or_salary_complaint no_just_checking_in no_unfilled_placeholder human_contact "
        "asked_in_time"
    ),
    "thank_you_note": (
        "addressed_to_person names_role one_concrete_thing expresses_gratitude open_door max_words "
        "no_unfilled_placeholder"
    ),
    "connection_request": "context_of_meeting no_ask max_characters",
    "follow_up": (
        "addressed_to_person refers_to_earlier_message expresses_gratitude easy_way_out max_words "
        "no_just_checking_in no_unfilled_placeholder"
    ),
    "feedback_thanks": (
        "addressed_to_person expresses_gratitude no_arguing max_words no_unfilled_placeholder"
    ),
    "reapplication": (
        "addressed_to_person names_role refers_to_earlier_message max_words no_unfilled_placeholder"
    ),
}
RULES_IN_WORDS["feedback_nudge"] = RULES_IN_WORDS["follow_up"]


def verdict(  # A test names what its rule reads.
    rule: str,
    body: str = "",
    *,
    kind: str = "feedback_request",
    subject: str | None = None,
    words: LetterWords = ENGLISH,
    **known: object,
) -> Finding:
    context = LetterContext(**known)  # type: ignore[arg-type]  # Each test gives what fits.
    findings = check_letter(MessageKind(kind), subject, body, context, words)
    return next(one for one in findings if one.rule == rule)


def said(rule: str, body: str = "", **given: object) -> tuple[CheckOutcome, CheckSeverity]:
    found = verdict(rule, body, **given)  # type: ignore[arg-type]  # Handed on as given.
    assert (found.hint is not None) == (found.outcome is FAILED)
    return found.outcome, found.severity


@pytest.mark.parametrize("kind", list(MessageKind))
def test_each_kind_has_its_rules_in_this_order(kind: MessageKind) -> None:
    assert [str(rule) for rule in RULES_OF[kind]] == RULES_IN_WORDS[kind].split()
    findings = check_letter(kind, None, "", LetterContext(), ENGLISH)
    assert [one.rule for one in findings] == list(RULES_OF[kind])


@pytest.mark.parametrize("rule", list(LetterRule))
def test_a_rule_without_words_in_a_language_is_skipped(rule: LetterRule) -> None:
    poorer = replace(
        ENGLISH,
        rules={name: one for name, one in ENGLISH.rules.items() if name is not rule},
        hints={name: one for name, one in ENGLISH.hints.items() if name is not rule},
    )
    kind = next(kind for kind, rules in RULES_OF.items() if rule in rules)
    found = verdict(rule, "x " * 400, kind=kind, words=poorer, had_human_contact=False)
    assert found.outcome is SKIPPED


@pytest.mark.parametrize(
    ("body", "name", "wanted"),
    [
        ("Dear Ms Winter,\nthank you", "Mara Winter", (PASSED, ERROR)),
        ("Hi Mara! Thank you", "Mara Winter", (PASSED, ERROR)),
        ("MARA, thank you", "mara winter", (PASSED, ERROR)),
        ("Dear Dr. Winter,", "Dr. Winter", (PASSED, ERROR)),
        ("Dear Dr. Sommer,", "Dr. Winter", (FAILED, ERROR)),
        ("Hello,\nMara asked me to write", "Mara Winter", (FAILED, ERROR)),
        ("", "Mara Winter", (FAILED, ERROR)),
        ("Dear Li,", "Li", (PASSED, ERROR)),
        ("Dear Q,", "Q", (PASSED, ERROR)),
        ("Dear Mara,", None, (PASSED, ERROR)),
        ("Dear Dr. Winter,", None, (PASSED, ERROR)),
        ("Dear Sir or Madam,", None, (FAILED, HINT)),
        ("To whom it may concern:", None, (FAILED, HINT)),
        ("Dear Hiring Team,", None, (FAILED, HINT)),
        ("Hello,", None, (FAILED, HINT)),
        ("Dear [Name],", None, (FAILED, HINT)),
        ("Dear [Ms Winter],", None, (FAILED, HINT)),
        ("", None, (FAILED, HINT)),
    ],
)
def test_a_letter_speaks_to_a_person(
    body: str, name: str | None, wanted: tuple[CheckOutcome, CheckSeverity]
) -> None:
    assert said("addressed_to_person", body, contact_name=name) == wanted


@pytest.mark.parametrize(
    ("subject", "role", "wanted"),
    [
        ("Data analyst", "Data Analyst (f/m/d)", PASSED),
        ("The DATA ANALYSTS at Example", "Data Analyst", PASSED),
        ("Analyst", "Data Analyst", FAILED),
        ("Data", "Data Analyst", FAILED),
        ("Accountant", "Senior Accountant", PASSED),
        ("Backend developer", "Senior Backend Developer Payments", PASSED),
        ("Payments", "Senior Backend Developer Payments", FAILED),
        ("Stelle als Datenanalystin", "Datenanalyst:in", PASSED),
        ("Stelle als Datenanalyst", "Datenanalyst*in (m/w/d)", PASSED),
        ("Ihre Analystenstelle", "Analyst", PASSED),
        ("My art", "Artist", FAILED),
        ("Senior", "Senior", PASSED),
        ("", "Chef", FAILED),
        (None, "Chef", SKIPPED),
        ("Chef", None, SKIPPED),
    ],
)
def test_a_subject_names_the_role(
    subject: str | None, role: str | None, wanted: CheckOutcome
) -> None:
    assert said("subject_names_role", subject=subject, role_title=role) == (wanted, ERROR)


def test_a_note_may_name_the_role_anywhere() -> None:
    note = {"kind": "thank_you_note", "role_title": "Data analyst"}
    assert said("names_role", "about the data analyst role", **note) == (PASSED, ERROR)
    assert said("names_role", "", subject="Data analyst", **note) == (PASSED, ERROR)
    assert said("names_role", "data. An analyst.", **note) == (FAILED, ERROR)
    assert said("names_role", "x", kind="thank_you_note") == (SKIPPED, ERROR)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Dear [Name],", "[Name]"),
        ("at {company}", "{company}"),
        ("at {{ company }}", "{{ company }}"),
        ("at <company name>", "<company name>"),
        ("on ____", "____"),
        ("on %date%", "%date%"),
        # Marks that people leave in a draft, and must not send.
        ("at XXX", "XXX"),
        ("TODO", "TODO"),
        ("a [sic] b [1] c [...]", None),
        ("me <me@example.com> or <https://example.com>", None),
        ("1 < 2 and 3 > 2, 50% of 100%", None),
        ("todo lists", None),
        ("snake_case", None),
        ("I <3 this", None),
    ],
)
def test_what_is_left_to_fill_in_is_shown(text: str, marked: str | None) -> None:
    found = verdict("no_unfilled_placeholder", text)
    assert (found.outcome is FAILED) == (marked is not None)
    assert found.severity is ERROR
    if marked is not None:
        assert found.span is not None
        assert found.span.part is LetterPart.BODY
        assert text[found.span.start : found.span.end] == marked


def test_a_placeholder_counts_in_the_subject_and_not_in_a_name() -> None:
    found = verdict("no_unfilled_placeholder", "fine", subject="At [Company]")
    assert found.span is not None
    assert found.span.part is LetterPart.SUBJECT
    assert said("no_unfilled_placeholder", "at XXX", company_name="XXX AG") == (PASSED, ERROR)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("I would be glad of feedback.", (FAILED, ERROR)),
        ("Do you have any feedback for me?", (FAILED, HINT)),
        ("Why was I rejected?", (FAILED, HINT)),
        ("Which answer was weakest?", (PASSED, ERROR)),
        ("I wonder which answer was weakest.", (PASSED, ERROR)),
        ("May I ask you something? Which answer was weakest?", (PASSED, ERROR)),
        ("Was A clear? Was B clear? Was C clear?", (PASSED, ERROR)),
        ("Was A clear? Was B clear? Was C clear? Was D clear?", (FAILED, ERROR)),
        ("Could you give me feedback on my presentation?", (PASSED, ERROR)),
    ],
)
def test_a_request_asks_one_to_three_questions(
    body: str, wanted: tuple[CheckOutcome, CheckSeverity]
) -> None:
    assert said("specific_questions", body) == wanted


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        *[(kind, 150) for kind in ("feedback_request", "feedback_nudge", "follow_up")],
        *[("reapplication", 150), ("thank_you_note", 120), ("feedback_thanks", 120)],
    ],
)
def test_words_are_counted_over_the_whole_body(kind: str, most: int) -> None:
    words = ["word"] * (most - 4)
    body = "\n\n".join(["Dear Mara,", " ".join(words), "Best -\nTom"])
    assert said("max_words", body, kind=kind) == (PASSED, ERROR)
    assert said("max_words", f"{body} Sample", kind=kind) == (FAILED, ERROR)


@pytest.mark.parametrize(
    ("length", "wanted"),
    [(200, (PASSED, ERROR)), (201, (FAILED, HINT)), (300, (FAILED, HINT)), (301, (FAILED, ERROR))],
)
def test_an_invitation_is_warned_about_from_200_and_ends_at_300_characters(
    length: int, wanted: tuple[CheckOutcome, CheckSeverity]
) -> None:
    assert said("max_characters", "é" * length, kind="connection_request") == wanted


@pytest.mark.parametrize(
    ("stage", "met", "wanted"),
    [
        (None, None, SKIPPED),
        (None, True, PASSED),
        (None, False, FAILED),
        (RejectionStage.APPLICATION, None, FAILED),
        (RejectionStage.APPLICATION, True, PASSED),
        (RejectionStage.SCREENING, None, SKIPPED),
        (RejectionStage.INTERVIEW, False, FAILED),
    ],
)
def test_feedback_is_asked_of_somebody_who_has_met_the_person(
    stage: RejectionStage | None, met: bool | None, wanted: CheckOutcome
) -> None:
    assert said("human_contact", stage=stage, had_human_contact=met) == (wanted, HINT)


@pytest.mark.parametrize(
    ("days", "wanted"), [(None, SKIPPED), (-1, PASSED), (0, PASSED), (7, PASSED), (8, FAILED)]
)
def test_asking_is_warned_about_after_seven_days(days: int | None, wanted: CheckOutcome) -> None:
    assert said("asked_in_time", days_since_rejection=days) == (wanted, HINT)


def test_an_argument_is_shown_where_it_stands_and_names_are_none() -> None:
    body = "Thank you. I do not want to argue. Your decision is wrong."
    found = verdict("no_arguing", body)
    assert (found.outcome, found.severity) == (FAILED, HINT)
    assert found.span is not None
    assert "wrong" in body[found.span.start : found.span.end]
    role = {"role_title": "Lawyer", "company_name": "Court & Press Attorneys"}
    text = "the role of lawyer at Court & Press Attorneys"
    assert said("no_legal_or_salary_complaint", text, **role) == (PASSED, HINT)
    assert said("no_legal_or_salary_complaint", text) == (FAILED, HINT)


def test_interest_in_the_company_by_its_name_counts() -> None:
    text = "I am glad to hear of openings at Example."
    assert said("future_interest", text, company_name="Example GmbH") == (PASSED, HINT)


@pytest.mark.parametrize("letter", letters(), ids=lambda one: one.id)
def test_a_letter_tells_its_language(letter: Letter) -> None:
    for otherwise in Language:
        assert language_of(letter.body, otherwise) is letter.language


@pytest.mark.parametrize("otherwise", list(Language))
def test_a_text_without_common_words_is_in_the_language_of_the_person(otherwise: Language) -> None:
    assert language_of("12345", otherwise) is otherwise
    assert language_of("", otherwise) is otherwise


PIECES = st.sampled_from(
    [
        *(
            "Dear ",
            "Mara",
            ",\n",
            "thank you ",
            "not ",
            "if ",
            "fine",
            "? ",
            ". ",
            "[Name]",
            "{{x}}",
        ),
        *(
            "lawyer ",
            "you ",
            "better than ",
            "you chose ",
            "ich ",
            "nicht ",
            "danke ",
            "____",
            "\U0001f600",
        ),
    ]
)


@given(
    kind=st.sampled_from(MessageKind),
    words=st.sampled_from([ENGLISH, GERMAN]),
    subject=st.none() | st.text(max_size=60),
    body=st.text(max_size=300) | st.lists(PIECES, max_size=60).map("".join),
    name=st.none() | st.text(min_size=1, max_size=30),
)
def test_any_letter_is_checked_and_every_span_lies_in_it(
    kind: MessageKind, words: LetterWords, subject: str | None, body: str, name: str | None
) -> None:
    context = LetterContext(role_title=name, company_name=name, contact_name=name)
    findings = check_letter(kind, subject, body, context, words)
    assert [one.rule for one in findings] == list(RULES_OF[kind])
    for one in findings:
        assert (one.hint is None) == (one.outcome is not FAILED)
        if one.span is not None:
            text = body if one.span.part is LetterPart.BODY else subject or ""
            assert 0 <= one.span.start < one.span.end <= len(text)
    assert findings == check_letter(kind, subject, body, context, words)


def seconds(body: str, words: LetterWords) -> float:
    """The processor time of one check, the best of five."""
    context = LetterContext(role_title="I you", company_name="The you", contact_name="A")
    taken = []
    for _ in range(5):
        before = time.process_time()
        check_letter(MessageKind.FEEDBACK_REQUEST, "s", body, context, words)
        taken.append(time.process_time() - before)
    return min(taken)


def full(text: str) -> str:
    return (text * MAX_LETTER_CHARACTERS)[:MAX_LETTER_CHARACTERS]


@pytest.mark.parametrize("language", list(Language))
def test_the_longest_letter_is_checked_within_50_milliseconds(language: Language) -> None:
    bodies = " ".join(one.body for one in letters() if one.language is language)
    assert len(full(bodies)) == MAX_LETTER_CHARACTERS
    assert seconds(full(bodies), WORDS[language]) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        *("i ", "not ", "no thanks ", "than you ", "if you not fine ", "? ", "a", "_", "[", "{{"),
        *(
            "<a",
            "%a",
            "nicht richtig verstanden ",
            "you chose has than better ",
            "[a",
            "<a ",
            "%aa",
        ),
    ],
)
def test_no_text_makes_the_checks_slow(text: str) -> None:
    # Four times the text takes about four times as long: far from sixteen.
    for words in (ENGLISH, GERMAN):
        short, long = (
            seconds(full(text)[: MAX_LETTER_CHARACTERS // 4], words),
            seconds(full(text), words),
        )
        assert long < 0.2
        assert long < 8 * short + 0.02
