"""The fields that several wire shapes of this room share."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.recovery.terms import (
    MAX_EFFORT_MINUTES,
    MAX_GUIDANCE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
)
from app.kit.fields import CollectionName, Id, Line, Text, whole

Title = Annotated[str, Line(MAX_TITLE_CHARACTERS), Field(examples=["Send a thank-you note"])]
Guidance = Annotated[
    str,
    Text(MAX_GUIDANCE_CHARACTERS),
    Field(examples=["Three sentences are enough: thanks, one thing you liked, good wishes."]),
]
Effort = Annotated[int, whole(1, MAX_EFFORT_MINUTES)]


class RecordRef(BaseModel):
    """A record of one of several collections."""

    collection: CollectionName = Field(examples=["check_ins"])
    id: Id
