"""Wire shapes of the operations that belong to no room."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.kit.terms import Language


class Health(BaseModel):
    """The process is alive."""

    status: Annotated[str, Field(max_length=20, pattern="^ok$")]


class Readiness(BaseModel):
    """The server can do its work."""

    status: Annotated[str, Field(max_length=20, pattern="^ready$")]


class VocabularyTerm(BaseModel):
    """One word and what to show for it."""

    code: Annotated[str, Field(max_length=40)]
    label: Annotated[str, Field(max_length=200)]


class Vocabulary(BaseModel):
    """A controlled list. It may grow: treat a word you do not know as `other`."""

    name: Annotated[str, Field(max_length=60)]
    terms: Annotated[list[VocabularyTerm], Field(max_length=200)]


class Vocabularies(BaseModel):
    """All controlled lists, labelled in one language."""

    language: Language
    items: Annotated[list[Vocabulary], Field(max_length=100)]
