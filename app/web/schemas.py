"""Wire shapes of the operations that belong to no room."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.kit.fields import CollectionName, Line
from app.kit.terms import Language


class Health(BaseModel):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """The server can do its work."""

    status: Literal["ready"]


class VocabularyTerm(BaseModel):
    """One word and what to show for it."""

    code: Annotated[str, Line(40)] = Field(examples=["final_round"])
    label: Annotated[str, Line(200)] = Field(examples=["Final round"])


class Vocabulary(BaseModel):
    """A controlled list. It may grow: treat a word you do not know as `other`."""

    name: CollectionName = Field(examples=["rejection_stage"])
    terms: Annotated[list[VocabularyTerm], Field(max_length=200)]


class Vocabularies(BaseModel):
    """All controlled lists, labelled in one language."""

    language: Language
    items: Annotated[list[Vocabulary], Field(max_length=100)]
