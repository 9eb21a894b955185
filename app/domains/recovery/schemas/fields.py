"""The fields that several wire shapes of this room share."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.recovery.terms import (
    MAX_EFFORT_MINUTES,
    MAX_GUIDANCE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
)
from app.kit.fields import Id, Line, Text, whole

Title = Annotated[str, Line(MAX_TITLE_CHARACTERS)]
Guidance = Annotated[str, Text(MAX_GUIDANCE_CHARACTERS)]
Effort = Annotated[int, whole(1, MAX_EFFORT_MINUTES)]
CollectionName = Annotated[str, Field(max_length=60, pattern="^[a-z_]+$")]


class RecordRef(BaseModel):
    """A record of one of several collections."""

    collection: CollectionName
    id: Id
