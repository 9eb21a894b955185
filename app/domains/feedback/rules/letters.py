"""What each kind of letter is checked for, and the checks.

What can be decided (names, counts, length, what is left to fill in) fails as an error. Tone and
content are read by phrases, and phrases can be mistaken: what they find fails as a hint.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from app.domains.feedback.rules import facts
from app.domains.feedback.rules.data import WORDS, LetterWords
from app.domains.feedback.rules.phrases import Reading, Span
from app.domains.feedback.terms import (
    FEWEST_QUESTIONS,
    MAX_INVITATION_CHARACTERS,
    MAX_QUESTIONS,
    SAFE_INVITATION_CHARACTERS,
    WARN_AFTER_DAYS,
    CheckOutcome,
    CheckSeverity,
    LetterPart,
    LetterRule,
    MessageKind,
)
from app.domains.rejections.terms import RejectionStage
from app.kit.terms import Language

RULES_OF: Mapping[MessageKind, tuple[LetterRule, ...]] = {
    MessageKind.FEEDBACK_REQUEST: (
        LetterRule.ADDRESSED_TO_PERSON,
        LetterRule.EXPRESSES_GRATITUDE,
        LetterRule.ACCEPTS_DECISION,
        LetterRule.SPECIFIC_QUESTIONS,
        LetterRule.EASY_WAY_OUT,
        LetterRule.FUTURE_INTEREST,
        LetterRule.MAX_WORDS,
        LetterRule.SUBJECT_NAMES_ROLE,
        LetterRule.NO_ARGUING,
        LetterRule.NO_COMPARISON,
        LetterRule.NO_LEGAL_OR_SALARY_COMPLAINT,
        LetterRule.NO_JUST_CHECKING_IN,
        LetterRule.NO_UNFILLED_PLACEHOLDER,
        LetterRule.HUMAN_CONTACT,
        LetterRule.ASKED_IN_TIME,
    ),
    MessageKind.THANK_YOU_NOTE: (
        LetterRule.ADDRESSED_TO_PERSON,
        LetterRule.NAMES_ROLE,
        LetterRule.ONE_CONCRETE_THING,
        LetterRule.EXPRESSES_GRATITUDE,
        LetterRule.OPEN_DOOR,
        LetterRule.MAX_WORDS,
        LetterRule.NO_UNFILLED_PLACEHOLDER,
    ),
    MessageKind.CONNECTION_REQUEST: (
        LetterRule.CONTEXT_OF_MEETING,
        LetterRule.NO_ASK,
        LetterRule.MAX_CHARACTERS,
    ),
    **dict.fromkeys(
        (MessageKind.FOLLOW_UP, MessageKind.FEEDBACK_NUDGE),
        (
            LetterRule.ADDRESSED_TO_PERSON,
            LetterRule.REFERS_TO_EARLIER_MESSAGE,
            LetterRule.EXPRESSES_GRATITUDE,
            LetterRule.EASY_WAY_OUT,
            LetterRule.MAX_WORDS,
            LetterRule.NO_JUST_CHECKING_IN,
            LetterRule.NO_UNFILLED_PLACEHOLDER,
        ),
    ),
    MessageKind.FEEDBACK_THANKS: (
        LetterRule.ADDRESSED_TO_PERSON,
        LetterRule.EXPRESSES_GRATITUDE,
        LetterRule.NO_ARGUING,
        LetterRule.MAX_WORDS,
        LetterRule.NO_UNFILLED_PLACEHOLDER,
    ),
    MessageKind.REAPPLICATION: (
        LetterRule.ADDRESSED_TO_PERSON,
        LetterRule.NAMES_ROLE,
        LetterRule.REFERS_TO_EARLIER_MESSAGE,
        LetterRule.MAX_WORDS,
        LetterRule.NO_UNFILLED_PLACEHOLDER,
    ),
}
"""The rules of each kind, in the order in which they are shown."""

MAX_WORDS_OF: Mapping[MessageKind, int] = {
    MessageKind.FEEDBACK_REQUEST: 150,
    MessageKind.FEEDBACK_NUDGE: 150,
    MessageKind.FOLLOW_UP: 150,
    MessageKind.REAPPLICATION: 150,
    MessageKind.THANK_YOU_NOTE: 120,
    MessageKind.FEEDBACK_THANKS: 120,
}

CERTAIN = frozenset(
    {
        LetterRule.ADDRESSED_TO_PERSON,
        LetterRule.SPECIFIC_QUESTIONS,
        LetterRule.MAX_WORDS,
        LetterRule.SUBJECT_NAMES_ROLE,
        LetterRule.NO_UNFILLED_PLACEHOLDER,
        LetterRule.NAMES_ROLE,
        LetterRule.MAX_CHARACTERS,
    }
)
"""The rules that can fail as an error."""


@dataclass(frozen=True, kw_only=True)
class LetterContext:
    """What is known beside the letter. What is not known is not checked."""

    role_title: str | None = None
    company_name: str | None = None
    contact_name: str | None = None
    stage: RejectionStage | None = None
    had_human_contact: bool | None = None
    days_since_rejection: int | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """From where to where in a part of the letter, in Unicode code points."""

    part: LetterPart
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one rule says of a letter; the hint says what to do where it failed."""

    rule: LetterRule
    outcome: CheckOutcome
    severity: CheckSeverity
    hint: str | None = None
    span: Place | None = None


@dataclass(frozen=True)
class _Verdict:
    outcome: CheckOutcome
    severity: CheckSeverity | None = None
    span: Place | None = None


_PASSED = _Verdict(CheckOutcome.PASSED)
_SKIPPED = _Verdict(CheckOutcome.SKIPPED)
_WRONG = _Verdict(CheckOutcome.FAILED, CheckSeverity.ERROR)
_DOUBTFUL = _Verdict(CheckOutcome.FAILED, CheckSeverity.HINT)


@dataclass(frozen=True)
class _Letter:
    kind: MessageKind
    subject_text: str | None
    body_text: str
    context: LetterContext
    words: LetterWords

    @cached_property
    def body(self) -> Reading:
        return self._reading(self.body_text)

    @cached_property
    def subject(self) -> Reading:
        return self._reading(self.subject_text or "")

    @cached_property
    def named(self) -> frozenset[str]:
        """Words that stand in a letter because somebody or something is called so."""
        known = self.context
        return facts.folded((known.role_title, known.company_name, known.contact_name))

    def _reading(self, text: str) -> Reading:
        return Reading(text, facts.folded((self.context.company_name,)))


def check_letter(
    kind: MessageKind, subject: str | None, body: str, context: LetterContext, words: LetterWords
) -> tuple[Finding, ...]:
    """What each rule of its kind says of a letter, in their order.

    A rule that the language has no words for is skipped.
    """
    letter = _Letter(kind, subject, body, context, words)
    return tuple(_finding(rule, letter) for rule in RULES_OF[kind])


def language_of(text: str, otherwise: Language) -> Language:
    """The language most of a text's commonest words belong to; a tie is left to `otherwise`."""
    seen = [token.word for token in Reading(text).tokens]
    counts = {language: sum(w in WORDS[language].common for w in seen) for language in Language}
    most = max(counts.values())
    best = [language for language, count in counts.items() if count == most]
    return best[0] if len(best) == 1 else otherwise


def _finding(rule: LetterRule, letter: _Letter) -> Finding:
    hint = letter.words.hints.get(rule)
    verdict = _CHECKS[rule](letter) if hint is not None else _SKIPPED
    certain = CheckSeverity.ERROR if rule in CERTAIN else CheckSeverity.HINT
    return Finding(
        rule=rule,
        outcome=verdict.outcome,
        severity=verdict.severity or certain,
        hint=hint if verdict.outcome is CheckOutcome.FAILED else None,
        span=verdict.span,
    )


def _said(rule: LetterRule) -> Callable[[_Letter], _Verdict]:
    """A check that the body says something."""

    def check(letter: _Letter) -> _Verdict:
        words = letter.words.rules.get(rule)
        if words is None:
            return _SKIPPED
        found = letter.body.first(words.signals, words.excuses)
        return replace(_PASSED, span=_place(LetterPart.BODY, found)) if found else _DOUBTFUL

    return check


def _unsaid(rule: LetterRule) -> Callable[[_Letter], _Verdict]:
    """A check that neither subject nor body says something."""

    def check(letter: _Letter) -> _Verdict:
        words = letter.words.rules.get(rule)
        if words is None:
            return _SKIPPED
        for part, text in ((LetterPart.SUBJECT, letter.subject), (LetterPart.BODY, letter.body)):
            # A lawyer's office may be named in a letter that threatens nobody.
            found = text.first(words.signals, words.excuses, letter.named)
            if found:
                return replace(_DOUBTFUL, span=_place(part, found))
        return _PASSED

    return check


def _place(part: LetterPart, span: Span) -> Place:
    return Place(part=part, start=span.start, end=span.end)


def _addressed_to_person(letter: _Letter) -> _Verdict:
    name = letter.context.contact_name
    if facts.address(letter.body, name, letter.words) is facts.Address.PERSON:
        return _PASSED
    return _DOUBTFUL if name is None else _WRONG


def _specific_questions(letter: _Letter) -> _Verdict:
    asked = facts.questions(letter.body, letter.words)
    if asked.specific > MAX_QUESTIONS or asked.specific + asked.vague < FEWEST_QUESTIONS:
        return _WRONG
    if asked.specific:
        return _PASSED
    if asked.first_vague is None:
        return _DOUBTFUL
    return replace(_DOUBTFUL, span=_place(LetterPart.BODY, asked.first_vague))


def _max_words(letter: _Letter) -> _Verdict:
    within = facts.count_words(letter.body_text) <= MAX_WORDS_OF[letter.kind]
    return _PASSED if within else _WRONG


def _max_characters(letter: _Letter) -> _Verdict:
    length = len(letter.body_text.strip())
    if length > MAX_INVITATION_CHARACTERS:
        return _WRONG
    return _DOUBTFUL if length > SAFE_INVITATION_CHARACTERS else _PASSED


def _subject_names_role(letter: _Letter) -> _Verdict:
    role = letter.context.role_title
    # A message without a subject is no e-mail: there is nothing to name the role in.
    if role is None or letter.subject_text is None:
        return _SKIPPED
    return _PASSED if facts.names_role(letter.subject, role, letter.words) else _WRONG


def _names_role(letter: _Letter) -> _Verdict:
    role = letter.context.role_title
    if role is None:
        return _SKIPPED
    parts = (letter.body, letter.subject)
    named = any(facts.names_role(part, role, letter.words) for part in parts)
    return _PASSED if named else _WRONG


def _no_unfilled_placeholder(letter: _Letter) -> _Verdict:
    names = {
        word
        for name in (letter.context.company_name, letter.context.role_title)
        for word in (name or "").split()
    }
    marks = letter.words.placeholder_words - names
    for part, text in (
        (LetterPart.SUBJECT, letter.subject_text or ""),
        (LetterPart.BODY, letter.body_text),
    ):
        for span in facts.placeholders(text, marks):
            return replace(_WRONG, span=_place(part, span))
    return _PASSED


def _human_contact(letter: _Letter) -> _Verdict:
    met = letter.context.had_human_contact
    if met is None and letter.context.stage is RejectionStage.APPLICATION:
        met = False
    if met is None:
        return _SKIPPED
    return _PASSED if met else _DOUBTFUL


def _asked_in_time(letter: _Letter) -> _Verdict:
    days = letter.context.days_since_rejection
    if days is None:
        return _SKIPPED
    return _PASSED if days <= WARN_AFTER_DAYS else _DOUBTFUL


_CHECKS: Mapping[LetterRule, Callable[[_Letter], _Verdict]] = {
    LetterRule.ADDRESSED_TO_PERSON: _addressed_to_person,
    LetterRule.SPECIFIC_QUESTIONS: _specific_questions,
    LetterRule.MAX_WORDS: _max_words,
    LetterRule.MAX_CHARACTERS: _max_characters,
    LetterRule.SUBJECT_NAMES_ROLE: _subject_names_role,
    LetterRule.NAMES_ROLE: _names_role,
    LetterRule.NO_UNFILLED_PLACEHOLDER: _no_unfilled_placeholder,
    LetterRule.HUMAN_CONTACT: _human_contact,
    LetterRule.ASKED_IN_TIME: _asked_in_time,
    **{
        rule: _said(rule)
        for rule in (
            LetterRule.EXPRESSES_GRATITUDE,
            LetterRule.ACCEPTS_DECISION,
            LetterRule.EASY_WAY_OUT,
            LetterRule.FUTURE_INTEREST,
            LetterRule.ONE_CONCRETE_THING,
            LetterRule.OPEN_DOOR,
            LetterRule.CONTEXT_OF_MEETING,
            LetterRule.REFERS_TO_EARLIER_MESSAGE,
        )
    },
    **{
        rule: _unsaid(rule)
        for rule in (
            LetterRule.NO_ARGUING,
            LetterRule.NO_COMPARISON,
            LetterRule.NO_LEGAL_OR_SALARY_COMPLAINT,
            LetterRule.NO_JUST_CHECKING_IN,
            LetterRule.NO_ASK,
        )
    },
}
