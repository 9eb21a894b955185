"""The wire shapes of prompts and writing exercises."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.reflections.terms import (
    DEFAULT_PROMPT_MINUTES,
    LEAST_PROMPT_MINUTES,
    MAX_HINT_CHARACTERS,
    MAX_PROMPTS,
    MAX_QUESTION_CHARACTERS,
    MAX_SESSIONS,
    MAX_SOURCES,
    MAX_TITLE_CHARACTERS,
    MAX_WRITING_CHARACTERS,
    MOST_PROMPT_MINUTES,
    PromptPart,
)
from app.kit.fields import CollectionName, FromText, Id, Line, Text, WebAddress, whole
from app.kit.schemas import Request

Minutes = Annotated[int, whole(1, MOST_PROMPT_MINUTES)]
Title = Annotated[
    str, Line(MAX_TITLE_CHARACTERS), Field(examples=["Write as you would to a friend"])
]
Words = Annotated[
    str,
    Text(MAX_WRITING_CHARACTERS),
    Field(examples=["A friend tells you that this has happened to them. What do you say?"]),
]
PlannedMinutes = Annotated[int, Field(ge=LEAST_PROMPT_MINUTES, le=MOST_PROMPT_MINUTES), FromText]


class ReflectionPromptQuery(Request):
    """About which rejection, and how much time there is."""

    rejection_id: Id | None = Field(
        default=None, description="Fits the questions to its stage, its reasons and who decided."
    )
    minutes: PlannedMinutes = Field(
        default=DEFAULT_PROMPT_MINUTES, description="How long it may take in all."
    )


class ReflectionPrompt(BaseModel):
    """One question. `operation_id` and `field` say where its answer can be kept."""

    key: CollectionName = Field(examples=["stronger_answer"])
    part: PromptPart
    question: Annotated[str, Line(MAX_QUESTION_CHARACTERS)] = Field(
        examples=["Which question would you like to answer again, and what would you say now?"]
    )
    hint: Annotated[str, Text(MAX_HINT_CHARACTERS)] | None
    minutes: Minutes
    operation_id: CollectionName = Field(examples=["record_reflection"])
    field: CollectionName = Field(examples=["answers"])


class WritingExercise(BaseModel):
    """Something to write for yourself, for so many minutes. It is not sent anywhere."""

    title: Title
    text: Words
    minutes: Minutes


class WritingSeries(BaseModel):
    """Several sessions of writing, as an offer; it promises no outcome."""

    title: Title
    text: Words
    sessions: Annotated[list[WritingExercise], Field(max_length=MAX_SESSIONS)]


class PromptSource(BaseModel):
    """A study from which something here was taken."""

    citation: Annotated[str, Line(300)] = Field(
        examples=["Gollwitzer, P. M. (1999). Implementation intentions."]
    )
    url: Annotated[str, WebAddress(300)] = Field(examples=["https://example.com/study"])


class ReflectionPrompts(BaseModel):
    """Questions in their order, which fit into `minutes`, and two ways of writing."""

    minutes: Minutes
    items: Annotated[list[ReflectionPrompt], Field(max_length=MAX_PROMPTS)]
    writing: WritingExercise
    writing_series: WritingSeries
    sources: Annotated[list[PromptSource], Field(max_length=MAX_SOURCES)]
