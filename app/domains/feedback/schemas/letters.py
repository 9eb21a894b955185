"""The wire shapes of letters and of the question bank."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.domains.feedback.terms import (
    MAX_LETTER_CHARACTERS,
    MAX_MEMORY_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MAX_QUESTIONS,
    MAX_SENDER_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
    CheckOutcome,
    CheckSeverity,
    LetterPart,
    LetterRule,
    MessageKind,
    MessageTone,
)
from app.domains.rejections.terms import MAX_NAME_CHARACTERS, RejectionStage
from app.kit.competencies import Competency
from app.kit.fields import Day, Id, Line, Text, whole
from app.kit.ids import example_id
from app.kit.schemas import OMITTABLE, Examples, NextCursor, Request, omittable
from app.kit.terms import Language

Name = Annotated[str, Line(MAX_NAME_CHARACTERS)]
SenderName = Annotated[str, Line(MAX_SENDER_CHARACTERS)]
Memory = Annotated[str, Line(MAX_MEMORY_CHARACTERS)]
Question = Annotated[str, Line(MAX_QUESTION_CHARACTERS)]
Subject = Annotated[str, Line(MAX_SUBJECT_CHARACTERS)]
Letter = Annotated[str, Text(MAX_LETTER_CHARACTERS)]
Place = Annotated[int, whole(0, MAX_LETTER_CHARACTERS)]
QuestionKey = Annotated[str, Field(max_length=40, pattern="^[a-z_]+$")]

_SAMPLE_LETTER = (
    "Dear Mara,\n\nthank you for the conversation about the data analyst role. I especially "
    "remember how your team reviews its own forecasts. I would be glad to stay in touch.\n\n"
    "Best\nTom"
)

_SAMPLE_REQUEST = (
    "Hello Mara Winter,\n\nThanks for letting me know. I accept the decision.\n\nWhich part of my "
    "case study convinced you least?\n\nNo problem if you have no time. I would be happy to apply "
    "again in the future.\n\nBest\nTom Sample"
)


class MessageDraftCreate(Request):
    """What a letter is for, and what it can speak of. Everything but the kind may be left out."""

    examples: ClassVar[Examples] = {
        "A thank-you note from a few words": {
            "kind": "thank_you_note",
            "role_title": "Data analyst",
            "contact_name": "Mara Winter",
            "memory": "how your team reviews its own forecasts",
        },
        "An invitation to connect": {
            "kind": "connection_request",
            "tone": "brief",
            "rejection_id": str(example_id("rejection_id")),
            "contact_name": "Mara",
        },
        "A request for feedback with everything": {
            "kind": "feedback_request",
            "language": "en",
            "tone": "warm",
            "rejection_id": str(example_id("rejection_id")),
            "role_title": "Data analyst",
            "company_name": "Example GmbH",
            "contact_name": "Mara Winter",
            "questions": [
                "Which part of my case study convinced you least?",
                "How clearly did I explain my examples?",
            ],
            "memory": "how your team reviews its own forecasts",
            "sender_name": "Tom Sample",
        },
    }

    kind: MessageKind
    language: Language = omittable("Your own language unless you say so.")
    tone: MessageTone = Field(default=MessageTone.WARM, description="Warm unless you say so.")
    rejection_id: Id | None = Field(
        default=None, description="One of your rejections; it gives role, company and stage."
    )
    role_title: Name | None = Field(
        default=None, description="The role, where it differs from the rejection's."
    )
    company_name: Name | None = Field(
        default=None, description="The company, where it differs from the rejection's."
    )
    contact_name: Name | None = Field(
        default=None, description="Whom to address, as you would: Mara, or Ms Winter."
    )
    questions: Annotated[list[Question], Field(max_length=MAX_QUESTIONS)] = Field(
        default_factory=list,
        description=(
            "What to ask in a request for feedback, up to three questions; without any, the draft "
            "takes two from the question bank."
        ),
    )
    memory: Memory | None = Field(
        default=None,
        description="One concrete thing from the conversation, to end 'I especially remember …'.",
    )
    sender_name: SenderName | None = Field(
        default=None, description="Who signs; the name in your profile unless you say so."
    )


class MessageContext(BaseModel):
    """What is known beside the letter. What is left out is not checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role_title: Name | None = None
    company_name: Name | None = None
    contact_name: Name | None = Field(default=None, description="Whom the letter goes to.")
    stage: RejectionStage | None = None
    had_human_contact: StrictBool | None = Field(
        default=None, description="Whether somebody there has met you or spoken with you."
    )
    rejected_on: Day | None = None


class MessageCheckCreate(Request):
    """A letter to check, and what is known beside it."""

    examples: ClassVar[Examples] = {
        "A note, and nothing known": {"kind": "thank_you_note", "body": _SAMPLE_LETTER},
        "A request for feedback that argues": {
            "kind": "feedback_request",
            "subject": "Data analyst",
            "body": "Dear Mara,\n\nI do not understand your decision. Please reconsider it.\n\nTom",
            "context": {"role_title": "Data analyst", "contact_name": "Mara Winter"},
        },
        "Everything that can be said": {
            "kind": "thank_you_note",
            "language": "en",
            "subject": "Thank you",
            "body": _SAMPLE_LETTER,
            "context": {
                "role_title": "Data analyst",
                "company_name": "Example GmbH",
                "contact_name": "Mara Winter",
                "stage": "interview",
                "had_human_contact": True,
                "rejected_on": "2026-03-02",
            },
        },
    }

    kind: MessageKind
    language: Language = omittable("The language of the letter; told by its words if left out.")
    subject: Subject | None = Field(
        default=None, description="Leave it out where there is none, as in a LinkedIn message."
    )
    body: Letter = Field(description="The whole letter, with salutation and signature.")
    context: MessageContext = OMITTABLE


class KnownContext(BaseModel):
    """What a draft was built from and checked against; send it with your changes to check again."""

    role_title: Name | None
    company_name: Name | None
    contact_name: Name | None
    stage: RejectionStage | None
    had_human_contact: StrictBool | None
    rejected_on: Day | None


class LetterSpan(BaseModel):
    """From the first character to behind the last, counted in Unicode code points from 0."""

    part: LetterPart
    start: Place
    end: Place


class LetterCheck(BaseModel):
    """What one rule says of a letter.

    `skipped` means that it could not be decided. An `error` is certain; a `hint` was read by
    phrases and can be mistaken. `span` shows what the rule has found, if it is in one place.
    """

    rule: LetterRule
    outcome: CheckOutcome
    severity: CheckSeverity
    hint: Annotated[str, Line(300)] | None = Field(description="What to do where the rule failed.")
    span: LetterSpan | None


Checks = Annotated[list[LetterCheck], Field(max_length=30)]


class MessageDraft(BaseModel):
    """A letter for you to change and to send; it is not stored, and nobody has been written to."""

    kind: MessageKind
    tone: MessageTone
    language: Language
    subject: Subject = Field(examples=["Data analyst: a short question"])
    body: Letter = Field(examples=[_SAMPLE_REQUEST])
    context: KnownContext
    checks: Checks


class MessageChecks(BaseModel):
    """What each rule for this kind of letter says, in a fixed order."""

    kind: MessageKind
    language: Language
    items: Checks


class QuestionQuery(Request):
    """Which questions."""

    stage: RejectionStage | None = Field(default=None, description="Can be asked after this stage.")
    competency: Competency | None = None


class BankQuestion(BaseModel):
    """A question that an employer can answer in a sentence."""

    key: QuestionKey = Field(examples=["listened_well"])
    text: Question = Field(examples=["Was there a question that I answered past its point?"])
    stages: Annotated[list[RejectionStage], Field(max_length=10)] = Field(
        examples=[["screening", "interview", "final_round"]]
    )
    competency: Competency
    usual: StrictBool = Field(
        description="Whether drafts ask it when you have chosen no questions of your own."
    )


class BankQuestions(BaseModel):
    """Questions from the bank, in your language."""

    items: Annotated[list[BankQuestion], Field(max_length=100)]
    next_cursor: NextCursor
