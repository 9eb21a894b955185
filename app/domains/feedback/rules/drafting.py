"""Building a letter from what is known.

The letters are data; what a person wrote is put in as it stands, once, and never read as a
template. A line that would need something unknown is said in a plainer way or left out, so that a
draft has nothing to fill in.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domains.feedback.rules.data import LETTERS, QUESTIONS, LetterTemplate, Line
from app.domains.feedback.terms import (
    MAX_INVITATION_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
    SAFE_INVITATION_CHARACTERS,
    MessageKind,
    MessageTone,
)
from app.domains.rejections.terms import RejectionChannel, RejectionStage
from app.kit.terms import Language

USUAL_QUESTIONS = 2
"""How many questions a draft asks when the person has chosen none."""

_NAME = re.compile(r"\{([a-z]+)\}")

_AFTER_MEETING = frozenset(
    {RejectionStage.INTERVIEW, RejectionStage.FINAL_ROUND, RejectionStage.OFFER}
)
_IMPERSONAL = frozenset({RejectionChannel.PORTAL, RejectionChannel.SILENCE})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a letter can speak of."""

    role_title: str | None = None
    company_name: str | None = None
    contact_name: str | None = None
    sender_name: str | None = None
    memory: str | None = None
    questions: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter, for the person to change and send."""

    subject: str
    body: str


def human_contact(
    stage: RejectionStage | None, channel: RejectionChannel | None, *, contact_named: bool
) -> bool | None:
    """Whether somebody there has met the person; None where nobody can tell.

    From an interview on, somebody has. Before, a named contact or a personal "no" shows it.
    """
    if contact_named or stage in _AFTER_MEETING:
        return True
    if stage is None:
        return None
    if stage is RejectionStage.APPLICATION or channel in _IMPERSONAL:
        return False
    return None if channel is None else True


def usual_questions(stage: RejectionStage | None, language: Language) -> tuple[str, ...]:
    """What to ask after a stage, for somebody who has chosen nothing yet."""
    asked_at = stage or RejectionStage.INTERVIEW
    fitting = [one for one in QUESTIONS if one.usual and asked_at in one.stages]
    return tuple(one.text[language] for one in fitting[:USUAL_QUESTIONS])


def draft(kind: MessageKind, tone: MessageTone, language: Language, known: Known) -> Draft:
    """A letter of a kind, in a tone and a language.

    An invitation to connect gives up details until it fits what LinkedIn takes.
    """
    template = LETTERS[language][kind, tone]
    if kind is not MessageKind.CONNECTION_REQUEST:
        return _filled(template, known)
    drafts = [_filled(template, fewer) for fewer in _fewer(known)]
    for limit in (SAFE_INVITATION_CHARACTERS, MAX_INVITATION_CHARACTERS):
        for one in drafts:
            if len(one.body) <= limit:
                return one
    return drafts[-1]


def _fewer(known: Known) -> Iterator[Known]:
    """The same with fewer and fewer details; the memory is the last to go but for the role."""
    yield known
    yield replace(known, company_name=None)
    yield replace(known, company_name=None, sender_name=None)
    yield replace(known, memory=None)
    yield replace(known, memory=None, company_name=None)
    yield replace(known, memory=None, company_name=None, sender_name=None)
    yield replace(known, memory=None, company_name=None, sender_name=None, role_title=None)
    yield Known()


def _filled(template: LetterTemplate, known: Known) -> Draft:
    values = _values(known)
    paragraphs = (_paragraph(lines, values) for lines in template.paragraphs)
    return Draft(
        subject=_said(template.subject, values, MAX_SUBJECT_CHARACTERS),
        body="\n\n".join(paragraph for paragraph in paragraphs if paragraph),
    )


def _paragraph(lines: Iterable[Line], values: Mapping[str, str]) -> str:
    said = (_said(line, values) for line in lines)
    return " ".join(sentence for sentence in said if sentence)


def _said(line: Line, values: Mapping[str, str], longest: int | None = None) -> str:
    """The fullest way to say something with what is known, if wanted in so many characters."""
    ways = (
        _NAME.sub(lambda found: values[found[1]], way)
        for way in line
        if values.keys() >= set(_NAME.findall(way))
    )
    return next((one for one in ways if longest is None or len(one) <= longest), "")


def _values(known: Known) -> dict[str, str]:
    given = {
        "role": known.role_title,
        "company": known.company_name,
        "contact": known.contact_name,
        "sender": known.sender_name,
        "memory": known.memory and _without_end(known.memory),
        "questions": _numbered([f"{_without_end(one)}?" for one in known.questions]),
    }
    return {name: value.strip() for name, value in given.items() if value and value.strip()}


def _without_end(text: str) -> str:
    """A sentence or its part without the mark at its end, to go on in another."""
    return text.strip().rstrip(".?! ")


def _numbered(questions: Sequence[str]) -> str:
    if len(questions) == 1:
        return questions[0]
    return "\n".join(f"{number}. {one}" for number, one in enumerate(questions, start=1))
