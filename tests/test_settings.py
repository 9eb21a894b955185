"""Settings: environment variables with units, bounds and nothing secret in sight."""

import os
import stat
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.settings import Settings, hand_down

KEY = "a secret of the tests, long enough"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an `.env` file nor variables of this machine are read, and none are left behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if "REBOUND" not in k})


def test_the_defaults_are_a_complete_server() -> None:
    settings = Settings()
    assert settings.sqlite_path == Path("data/rebound.db")
    assert settings.data_folder == Path("data")
    assert settings.sign_up_mode == "open"
    assert settings.rate_limits == "on"
    assert not settings.is_https


def test_variables_and_the_env_file_are_read_and_variables_win(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("REBOUND_POOL_SIZE=3\nREBOUND_LOG_LEVEL=debug\nOTHER=1\n")
    os.environ["REBOUND_POOL_SIZE"] = "7"
    os.environ["REBOUND_CORS_ORIGINS"] = "https://a.example.com, https://b.example.com,"
    settings = Settings()
    assert (settings.pool_size, settings.log_level) == (7, "debug")
    assert settings.cors_origins == ("https://a.example.com", "https://b.example.com")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"pool_size": 0}, "pool_size"),
        ({"access_token_seconds": 10}, "access_token_seconds"),
        ({"worker": "sometimes"}, "worker"),
        ({"webhook_networks": "localhost"}, "webhook_networks"),
        ({"webhook_networks": "127.0.0.1/8"}, "webhook_networks"),
        ({"sign_up": "maybe"}, "sign_up"),
        ({"secret_key": "short"}, "secret_key"),
        ({"metrics_port": 70_000}, "metrics_port"),
        ({"body_timeout_seconds": 0}, "body_timeout_seconds"),
        ({"database_url": "mysql://host/name"}, "database_url"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**given)
    assert {error["loc"][0] for error in refused.value.errors()} == {field}


def test_settings_do_not_change_while_the_program_runs() -> None:
    with pytest.raises(ValidationError):
        setattr(Settings(), "pool_size", 3)  # noqa: B010 -- mypy knows that it cannot be


def test_mail_makes_sign_up_wait_for_it_unless_said_otherwise() -> None:
    mail = SecretStr("smtp://mail.example.com")
    assert Settings(mail_url=mail).sign_up_mode == "verified"
    assert Settings(mail_url=mail, sign_up="open").sign_up_mode == "open"


def test_secrets_stand_in_no_text_of_the_settings() -> None:
    settings = Settings(
        secret_key=SecretStr(KEY),
        mail_url=SecretStr("smtp://user:hunter2@mail.example.com"),
        demo_token=SecretStr("rba_demo"),
    )
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        for secret in (KEY, "hunter2", "rba_demo"):
            assert secret not in text


def test_sqlite_gets_a_private_key_file_of_its_own(tmp_path: Path) -> None:
    first = Settings(database_url=f"sqlite:///{tmp_path}/new/rebound.db")
    again = Settings(database_url=f"sqlite:///{tmp_path}/new/rebound.db")
    other = Settings(database_url=f"sqlite:///{tmp_path}/other/rebound.db")
    assert len(first.secret) == 32
    assert first.secret == again.secret != other.secret
    path = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]
    assert Settings(secret_key=SecretStr(KEY)).secret == KEY.encode()


def test_what_was_changed_here_reaches_the_processes_started_from_here() -> None:
    os.environ["REBOUND_MAIL_FROM"] = "somebody@example.com"
    changed = Settings(
        worker="inside",
        secret_key=SecretStr(KEY),
        cors_origins=("https://a.example.com",),
        webhook_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
    ).model_copy(update={"mail_url": None, "pool_size": 3})
    hand_down(changed)
    reread = Settings()
    assert reread.model_dump() == changed.model_dump()
    assert reread.secret == changed.secret


def test_every_setting_says_what_it_means() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        if name.endswith(("_seconds", "_days", "_minute")):
            unit = name.rpartition("_")[2]
            assert unit in field.description or unit in name, name


@pytest.mark.parametrize(
    ("url", "admin", "role"),
    [
        ("sqlite:///data/rebound.db", None, None),
        ("postgresql://app@host/name", None, None),
        ("postgresql:///name", None, None),
        ("postgresql://app:a#b/c@host/name", "postgresql://owner:x@host/name", "app"),
        ("postgres://an%40app@host/name", "postgresql://owner@host/name", "an@app"),
        # The same role by another way, past a pooler: it owns the tables, so nothing binds it.
        ("postgresql://app@pooler/name", "postgresql://app:secret@host/name", None),
    ],
)
def test_a_role_is_restricted_when_the_tables_belong_to_another_one(
    url: str, admin: str | None, role: str | None
) -> None:
    assert Settings(database_url=url, admin_database_url=admin).restricted_role == role


@pytest.mark.parametrize(
    ("url", "admin"),
    [
        ("sqlite:///data/rebound.db", "postgresql://owner@host/name"),
        ("postgresql://app@host/name", "sqlite:///data/rebound.db"),
        ("postgresql:///name", "postgresql://owner@host/name"),
        ("postgresql://app@host/name", "postgresql:///name"),
    ],
)
def test_two_roles_are_both_named(url: str, admin: str) -> None:
    with pytest.raises(ValidationError, match="the user's name in both"):
        Settings(database_url=url, admin_database_url=admin)
