"""The words, letters and questions that are kept as JSON."""

import re

import pytest

from app.domains.feedback.rules import facts
from app.domains.feedback.rules.data import LETTERS, QUESTIONS, WORDS
from app.domains.feedback.rules.letters import _CHECKS, CERTAIN, MAX_WORDS_OF, RULES_OF
from app.domains.feedback.rules.phrases import Reading
from app.domains.feedback.terms import LetterRule, MessageKind, MessageTone
from app.domains.rejections.terms import RejectionStage
from app.kit.competencies import Competency
from app.kit.terms import Language

KNOWN = {"role", "company", "contact", "sender", "memory", "questions"}

every_language = pytest.mark.parametrize("language", list(Language))


def test_every_rule_is_checked_somewhere_and_every_kind_has_rules() -> None:
    assert set(_CHECKS) == set(LetterRule)
    assert {rule for rules in RULES_OF.values() for rule in rules} == set(LetterRule)
    assert set(RULES_OF) == set(MessageKind)
    assert all(len(rules) == len(set(rules)) for rules in RULES_OF.values())
    counted = {kind for kind, rules in RULES_OF.items() if LetterRule.MAX_WORDS in rules}
    assert counted == set(MAX_WORDS_OF)


@every_language
def test_a_language_has_words_for_all_rules_that_are_read_by_phrases(language: Language) -> None:
    words = WORDS[language]
    assert set(words.hints) == set(LetterRule)
    by_phrases = set(LetterRule) - CERTAIN - {LetterRule.HUMAN_CONTACT, LetterRule.ASKED_IN_TIME}
    assert set(words.rules) == by_phrases
    assert all(rule.signals for rule in words.rules.values())
    assert all(len(hint) <= 300 for hint in words.hints.values())


@every_language
def test_there_is_a_letter_of_every_kind_in_every_tone(language: Language) -> None:
    letters = LETTERS[language]
    assert set(letters) == {(kind, tone) for kind in MessageKind for tone in MessageTone}
    for letter in letters.values():
        lines = [letter.subject, *(line for lines in letter.paragraphs for line in lines)]
        for line in lines:
            names = [set(re.findall(r"\{([^}]*)\}", way)) for way in line]
            assert set().union(*names) <= KNOWN
            # There is always a way to say it without knowing anything, but for the questions.
            assert names[-1] <= {"questions"}


def test_the_bank_has_questions_for_every_stage_and_competency() -> None:
    assert len(QUESTIONS) >= 60
    assert len({one.key for one in QUESTIONS}) == len(QUESTIONS)
    for competency in Competency:
        assert len([one for one in QUESTIONS if one.competency is competency]) >= 2
    for stage in RejectionStage:
        fitting = [one for one in QUESTIONS if stage in one.stages]
        assert len(fitting) >= 5
        assert len([one for one in fitting if one.usual]) >= 2


@every_language
def test_every_question_of_the_bank_is_a_specific_one(language: Language) -> None:
    assert len({one.text[language] for one in QUESTIONS}) == len(QUESTIONS)
    for one in QUESTIONS:
        asked = facts.questions(Reading(one.text[language]), WORDS[language])
        assert (asked.specific, asked.vague) == (1, 0), one.text[language]
        assert len(one.text[language].split()) <= 20
