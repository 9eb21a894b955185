"""The fields that several wire shapes of this room share."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domains.contacts.terms import (
    MAX_CADENCE_DAYS,
    MAX_CONTACTS_MET,
    MAX_NAME_CHARACTERS,
    MAX_NOTES_CHARACTERS,
    MAX_TAG_CHARACTERS,
    MAX_TAGS,
    MAX_URL_CHARACTERS,
)
from app.kit.fields import Distinct, Id, Line, Text, WebAddress, whole

Name = Annotated[str, Line(MAX_NAME_CHARACTERS)]
Url = Annotated[str, WebAddress(MAX_URL_CHARACTERS)]
Notes = Annotated[str, Text(MAX_NOTES_CHARACTERS)]
Tag = Annotated[str, Line(MAX_TAG_CHARACTERS)]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS), Distinct()]
CadenceDays = Annotated[int, whole(1, MAX_CADENCE_DAYS)]
ContactIds = Annotated[
    list[Id], Field(max_length=MAX_CONTACTS_MET), Distinct(), AfterValidator(sorted)
]
"""Kept and shown in the order of the ids, so that the same ones in another order are the same."""
