"""All settings, read once from the environment; no other module looks there.

Every field is an environment variable with the prefix `REBOUND_`, or a line of an `.env` file.
`rebound settings` prints this table with the values in force.
"""

import os
import re
import secrets
from contextlib import suppress
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SQLITE_PREFIX = "sqlite:///"
DATABASE_PREFIXES = (SQLITE_PREFIX, "postgresql://", "postgres://")
MIN_SECRET_CHARACTERS = 32
_USER = re.compile(r"postgres(?:ql)?://([^:/@]+)(?::[^@]*)?@")


class SecretMissingError(RuntimeError):
    """The key that all processes on one PostgreSQL share is not set."""

    def __init__(self) -> None:
        super().__init__(
            f"On PostgreSQL, set REBOUND_SECRET_KEY ({MIN_SECRET_CHARACTERS} characters or more)."
        )


class Settings(BaseSettings):
    """The settings of one process, frozen."""

    model_config = SettingsConfigDict(
        env_prefix="REBOUND_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        ignored_types=(cached_property,),
    )

    database_url: str = Field(
        default="sqlite:///data/rebound.db",
        description=(
            "sqlite:///relative/path, sqlite:////absolute/path, or "
            "postgresql://user:password@host/name"
        ),
    )
    admin_database_url: str | None = Field(
        default=None,
        description=(
            "PostgreSQL URL of the role that owns the tables, for migrations; else database_url. "
            "With a role other than that of database_url, the latter is held to row security"
        ),
    )
    data_path: Path | None = Field(
        default=None,
        description=(
            "Folder for mails and the key file; without it the SQLite database's folder, else data"
        ),
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Where callers reach this server; links in mails are made from it",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description=(
            "At least 32 characters; signs list cursors. On SQLite a key file (mode 0600) "
            "beside the database is made instead"
        ),
    )
    sign_up: Literal["open", "verified", "closed"] | None = Field(
        default=None,
        description=(
            "open: 201 or 409, which tells whether an e-mail address is known; verified: "
            "always 202, a mailed token activates; closed: refuses. Without it: verified when "
            "mail_url is set, else open"
        ),
    )
    mail_url: SecretStr | None = Field(
        default=None,
        description=(
            "smtp://[user:password@]host:port (STARTTLS where offered) or smtps://...; "
            "without it mails are files in a folder `mail` beside the database"
        ),
    )
    mail_from: str = Field(default="Rebound <rebound@localhost>", description="Sender of all mails")
    access_token_seconds: int = Field(
        default=900, ge=60, le=86_400, description="Lifetime of an access token, in seconds"
    )
    refresh_token_days: int = Field(
        default=60, ge=1, le=365, description="A session ends after so many days without use"
    )
    rate_limits: Literal["on", "off"] = Field(
        default="on", description="off: no limits by credential and address (for load tests)"
    )
    rate_limit_per_minute: int = Field(
        default=600, ge=1, description="Requests a minute for each credential"
    )
    address_limit_per_minute: int = Field(
        default=1_200, ge=1, description="Requests a minute for each network address"
    )
    rate_limit_store: str = Field(
        default="memory://",
        description=(
            "memory:// counts in each process; redis://host:port/n shares the counts between "
            "processes (install `rebound[redis]`)"
        ),
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Comma-separated origins that browsers may call from, or *"
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Comma-separated addresses whose X-Forwarded-For and -Proto are believed",
    )
    webhook_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description=(
            "Comma-separated networks like 127.0.0.0/8 that webhooks may reach although they are "
            "not on the public Internet, also by plain http"
        ),
    )
    webhook_retry_seconds: Annotated[
        tuple[Annotated[float, Field(ge=0, le=7 * 86_400)], ...],
        NoDecode,
        Field(min_length=1, max_length=20),
    ] = Field(
        default=(0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400),
        description="Comma-separated pauses before each attempt to deliver a webhook, in seconds",
    )
    webhook_timeout_seconds: float = Field(
        default=20, gt=0, le=60, description="Longest time of one attempt, in seconds"
    )
    worker: Literal["none", "inside", "external"] = Field(
        default="none",
        description=(
            "external: a `rebound worker` runs beside, and /readyz wants its heartbeat; "
            "inside: `serve --with-worker`; none: what is queued stays so"
        ),
    )
    pool_size: int = Field(default=10, ge=1, le=200, description="Database connections a process")
    pool_timeout_seconds: float = Field(
        default=10, gt=0, le=60, description="Longest wait for a free connection, in seconds"
    )
    statement_timeout_seconds: float = Field(
        default=5, gt=0, le=60, description="Longest run of one statement, in seconds"
    )
    lock_timeout_seconds: float = Field(
        default=3, gt=0, le=60, description="Longest wait for a row lock, in seconds"
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        default="FULL", description="NORMAL is faster; a power cut may take the last commits"
    )
    body_timeout_seconds: float = Field(
        default=20,
        gt=0,
        le=300,
        description="Longest time for a request body to arrive, in seconds",
    )
    password_hashes_at_once: int = Field(
        default=2, ge=1, le=64, description="Concurrent password hashes; each takes 64 MiB"
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="Port of /metrics on 127.0.0.1; without it, none",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is logged"
    )
    demo_token: SecretStr | None = Field(
        default=None,
        description="Set by `rebound demo`: the docs page opens with this access token",
    )

    @field_validator(
        "cors_origins",
        "trusted_proxies",
        "webhook_networks",
        "webhook_retry_seconds",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url", "admin_database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(DATABASE_PREFIXES):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("admin_database_url")
    @classmethod
    def _two_roles(cls, value: str | None, others: ValidationInfo) -> str | None:
        urls = (value, others.data.get("database_url"))
        if value is not None and not all(url and _role_in(url) for url in urls):
            raise ValueError("needs PostgreSQL, and the user's name in both database URLs")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_SECRET_CHARACTERS:
            raise ValueError(f"must have at least {MIN_SECRET_CHARACTERS} characters")
        return value

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the embedded database; `None` on PostgreSQL."""
        if self.database_url.startswith(SQLITE_PREFIX):
            return Path(self.database_url.removeprefix(SQLITE_PREFIX).partition("?")[0])
        return None

    @property
    def restricted_role(self) -> str | None:
        """The role of `database_url` where another role owns the tables, which holds it back."""
        role = _role_in(self.database_url)
        owner = _role_in(self.admin_database_url or self.database_url)
        return role if role != owner else None

    @property
    def data_folder(self) -> Path:
        """Where files beside the database live: mails, the key file."""
        if self.data_path is not None:
            return self.data_path
        return self.sqlite_path.parent if self.sqlite_path else Path("data")

    @property
    def sign_up_mode(self) -> Literal["open", "verified", "closed"]:
        """`sign_up`, or its default, which depends on whether mails can be sent."""
        return self.sign_up or ("verified" if self.mail_url else "open")

    @property
    def is_https(self) -> bool:
        """Whether callers reach this server by TLS."""
        return self.base_url.startswith("https://")

    @cached_property
    def secret(self) -> bytes:
        """The key that signs what callers hand back.

        Raises:
            SecretMissingError: on PostgreSQL, where several processes must share it, it is not set.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        if self.sqlite_path is None:
            raise SecretMissingError
        path = self.data_folder / "secret.key"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, secrets.token_bytes(32))
        return path.read_bytes()


def hand_down(settings: Settings) -> None:
    """Give settings that were changed in this process to the server processes it starts."""
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        variable = f"REBOUND_{name.upper()}"
        if value is None:
            os.environ.pop(variable, None)
            continue
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        os.environ[variable] = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _role_in(database_url: str) -> str | None:
    """The user of a database URL; None on SQLite, or where the URL leaves it open."""
    found = _USER.match(database_url)
    return unquote(found[1]) if found else None


def _write_once(path: Path, content: bytes) -> None:
    """Write a private file whole or not at all; the first of several processes wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
