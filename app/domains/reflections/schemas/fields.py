"""The fields that several wire shapes of this room share."""

from typing import Annotated

from pydantic import Field

from app.domains.reflections.terms import (
    LEAST_RATING,
    MAX_ITEM_CHARACTERS,
    MAX_ITEMS,
    MOST_RATING,
)
from app.kit.fields import Text, whole

Item = Annotated[str, Text(MAX_ITEM_CHARACTERS)]
Items = Annotated[list[Item], Field(max_length=MAX_ITEMS)]
Rating = Annotated[int, whole(LEAST_RATING, MOST_RATING)]
