"""The wire shapes of the preparation brief."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.accounts.terms import MAX_IMPORTANCE, MIN_IMPORTANCE, Value
from app.domains.contacts.terms import ConnectionStatus, ContactRelationship
from app.domains.insights.schemas.fields import Count, LeftOut, Percent
from app.domains.insights.terms import MAX_SHOWN, BriefReason, ChecklistItem
from app.domains.opportunities.terms import MAX_NAME_CHARACTERS
from app.domains.reflections.terms import (
    LEAST_RATING,
    MAX_ITEM_CHARACTERS,
    MAX_LESSON_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MOST_RATING,
    Severity,
    SkillGapKind,
    SkillGapStatus,
)
from app.domains.rejections.terms import RejectionStage
from app.kit.competencies import Competency
from app.kit.fields import CollectionName, Id, Instant, Line, Text, whole
from app.kit.practices import Practice

Name = Annotated[str, Line(MAX_NAME_CHARACTERS)]
Item = Annotated[str, Text(MAX_ITEM_CHARACTERS)]
LongText = Annotated[str, Text(MAX_TEXT_CHARACTERS)]


class BriefLesson(BaseModel):
    """A lesson to apply this time."""

    lesson_id: Id
    text: Annotated[str, Text(MAX_LESSON_CHARACTERS)] = Field(
        examples=["Say how I came to a number before I say the number."]
    )
    practice: Practice | None
    competency: Competency | None
    reason: BriefReason


class BriefAnswer(BaseModel):
    """An answer you made stronger afterwards."""

    reflection_id: Id
    question: Item = Field(examples=["Tell us about a conflict in a team."])
    competency: Competency | None
    stronger_answer: LongText = Field(examples=["What I said, and what we agreed on."])
    reason: BriefReason


class BriefGap(BaseModel):
    """Something you are learning; `rejections` are those that name it."""

    skill_gap_id: Id
    name: Name = Field(examples=["Forecasting"])
    kind: SkillGapKind
    severity: Severity
    status: SkillGapStatus
    progress_percent: Percent
    rejections: Count


class SeenBefore(BaseModel):
    """What you noted about this or another company; `collection` and `record_id` say where."""

    collection: CollectionName = Field(examples=["reflections"])
    record_id: Id
    text: Item = Field(examples=["Nobody could say who would lead the team."])
    reason: BriefReason


class BriefValue(BaseModel):
    """What matters to you, and what you last saw of it here; null where you saw nothing."""

    value: Value
    importance: Annotated[int, whole(MIN_IMPORTANCE, MAX_IMPORTANCE)]
    observed: Annotated[int, whole(LEAST_RATING, MOST_RATING)] | None


class BriefContact(BaseModel):
    """Somebody you know there."""

    contact_id: Id
    name: Name = Field(examples=["Ali Muster"])
    role: Name | None
    relationship: ContactRelationship
    connection_status: ConnectionStatus
    last_interaction_at: Instant | None


class ChecklistEntry(BaseModel):
    """Something to do before it, in your language."""

    item: ChecklistItem
    text: Annotated[str, Line(200)] = Field(examples=["Say your stronger answers aloud once."])


class PreparationBrief(BaseModel):
    """What to carry into the next conversation."""

    opportunity_id: Id
    company_id: Id | None
    company_name: Name = Field(examples=["Example GmbH"])
    role_title: Name = Field(examples=["Data analyst"])
    next_stage: RejectionStage | None
    next_event_at: Instant | None
    lessons: Annotated[list[BriefLesson], Field(max_length=MAX_SHOWN)]
    answers: Annotated[list[BriefAnswer], Field(max_length=MAX_SHOWN)]
    gaps: Annotated[list[BriefGap], Field(max_length=MAX_SHOWN)]
    red_flags: Annotated[list[SeenBefore], Field(max_length=MAX_SHOWN)]
    mismatches: Annotated[list[SeenBefore], Field(max_length=MAX_SHOWN)]
    values: Annotated[list[BriefValue], Field(max_length=MAX_SHOWN)]
    people: Annotated[list[BriefContact], Field(max_length=MAX_SHOWN)]
    checklist: Annotated[list[ChecklistEntry], Field(max_length=len(ChecklistItem))]
    left_out: LeftOut
