"""The wire shapes of API keys."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.auth import tokens
from app.auth.scopes import Scope
from app.auth.terms import MAX_KEY_NAME_CHARACTERS
from app.domains.accounts.terms import MAX_KEYS
from app.kit.fields import Distinct, Id, Instant, Line
from app.kit.ids import example_id
from app.kit.schemas import Examples, NextCursor, Request, omittable

_FORM = "^rbk_(live|test)_[A-Za-z0-9_-]+$"
_EXAMPLE = tokens.example_token(tokens.LIVE_KEY)

KeyName = Annotated[str, Line(MAX_KEY_NAME_CHARACTERS)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=len(Scope)), Distinct()]

ORGANIZATION_ID = (
    "Speak for this organisation, as one of its admins. Leave it out for your own keys; an "
    "organisation's key needs no word."
)


class ApiKeyCreate(Request):
    """A key to make."""

    examples: ClassVar[Examples] = {
        "For a script of your own": {"name": "My backup", "scopes": ["rejections:read"]},
        "For an organisation's program": {
            "name": "Sample Platform, nightly report",
            "scopes": ["org:read", "grants:manage", "plans:read", "plans:write"],
            "expires_at": "2026-12-31T12:00:00Z",
            "organization_id": str(example_id("organization_id")),
        },
    }

    name: KeyName = Field(description="What it is for; those who act by it are shown by this name.")
    scopes: Scopes = Field(description="What it may do; name each, and no more than needed.")
    expires_at: Instant = omittable(
        "When it ends, at most 365 days ahead; after 90 days unless you say so."
    )
    organization_id: Id | None = Field(default=None, description=ORGANIZATION_ID)


class ApiKey(BaseModel):
    """A key, without its secret."""

    id: Id
    name: KeyName = Field(examples=["My backup"])
    prefix: Annotated[str, Field(max_length=tokens.SHOWN_CHARACTERS, pattern=_FORM)] = Field(
        description="How the key begins, to tell it from others.",
        examples=[_EXAMPLE[: tokens.SHOWN_CHARACTERS]],
    )
    scopes: Scopes = Field(examples=[["rejections:read"]])
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | None = Field(description="To within five minutes.")


class IssuedApiKey(ApiKey):
    """A new key. It is shown this once; only a hash of it is stored."""

    key: Annotated[
        str,
        Field(max_length=tokens.MAX_TOKEN_CHARACTERS, pattern=_FORM),
    ] = Field(description="For `Authorization: Bearer`.", examples=[_EXAMPLE])


class ApiKeyPage(BaseModel):
    """The keys that are good, the latest first; there are never more."""

    items: Annotated[list[ApiKey], Field(max_length=MAX_KEYS)]
    next_cursor: NextCursor


class ApiKeyQuery(Request):
    """Whose keys."""

    organization_id: Id | None = Field(default=None, description=ORGANIZATION_ID)
