"""The fields that several wire shapes of this room share."""

from typing import Annotated

from app.auth.terms import MAX_PURPOSE_CHARACTERS
from app.domains.coaching.terms import (
    MAX_COHORT_CHARACTERS,
    MAX_EXTERNAL_ID_CHARACTERS,
    MAX_GRANT_DAYS,
    MAX_NAME_CHARACTERS,
)
from app.kit.fields import Line, whole

Name = Annotated[str, Line(MAX_NAME_CHARACTERS)]
ExternalId = Annotated[str, Line(MAX_EXTERNAL_ID_CHARACTERS)]
Cohort = Annotated[str, Line(MAX_COHORT_CHARACTERS)]
Purpose = Annotated[str, Line(MAX_PURPOSE_CHARACTERS)]
GrantDays = Annotated[int, whole(1, MAX_GRANT_DAYS)]
