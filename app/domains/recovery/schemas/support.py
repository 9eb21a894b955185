"""The wire shapes of support."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.recovery.schemas.fields import Guidance, Title
from app.domains.recovery.terms import SupportResourceKind
from app.kit.fields import Day, Id, Instant, Line, WebAddress
from app.kit.schemas import Request

Country = Annotated[str, Field(pattern="^[A-Z]{2}$", min_length=2, max_length=2)]
PageAddress = Annotated[str, WebAddress(300), Field(examples=["https://example.com/help"])]


class SupportLink(BaseModel):
    """Where support is found, always."""

    href: Annotated[str, Field(max_length=100, json_schema_extra={"format": "uri-reference"})] = (
        Field(examples=["/v1/support-resources?country=AT"])
    )


class SupportResource(BaseModel):
    """A place that helps. `verified_on` is null where nobody has compared it with its source."""

    name: Annotated[str, Line(200)] = Field(examples=["Sample Helpline"])
    kind: SupportResourceKind
    phones: Annotated[list[Annotated[str, Line(40)]], Field(max_length=10)] = Field(
        examples=[["000 000000"]]
    )
    url: PageAddress
    source_url: PageAddress = Field(description="Where the entry was taken from.")
    verified_on: Day | None
    languages: Annotated[list[Annotated[str, Line(20)]], Field(max_length=20)] = Field(
        examples=[["de", "en"]]
    )


class SupportResources(BaseModel):
    """Places that help in a country, followed by those for anywhere."""

    country: Country | None
    items: Annotated[list[SupportResource], Field(max_length=100)]


class SupportQuery(Request):
    """For which country; it is your choice and never guessed."""

    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-2, such as DE.")


class SupportCard(BaseModel):
    """A few words and places, for you only: nobody is alerted."""

    title: Title
    text: Guidance
    resources: Annotated[list[SupportResource], Field(max_length=100)]


class RefocusOffer(BaseModel):
    """A way forward when thoughts keep going back: one if-then step, and the choice to close.

    `step_id` is the step to write your own cue and action into; null where no plan could take it.
    """

    title: Title
    guidance: Guidance
    step_id: Id | None
    muted_until: Instant
    rejection_id: Id
