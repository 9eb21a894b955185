"""The JSON files of the room: complete in every language, sourced, and not out of date."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import app.domains.recovery
from app.domains.recovery.rules.data import (
    REFOCUS_STEP,
    SUPPORT_ANYWHERE,
    SUPPORT_BY_COUNTRY,
    TEMPLATE_KEYS,
    TEMPLATES,
    SupportResource,
    Template,
    TemplateStep,
    support_resources,
)
from app.domains.recovery.terms import (
    MAX_GUIDANCE_CHARACTERS,
    MAX_STEPS_PER_PLAN,
    MAX_TITLE_CHARACTERS,
    SupportResourceKind,
)
from app.kit.terms import Language

ROOM = Path(app.domains.recovery.__file__).parent
RESOURCES = [*SUPPORT_ANYWHERE, *(one for many in SUPPORT_BY_COUNTRY.values() for one in many)]
STEPS = [REFOCUS_STEP, *(step for template in TEMPLATES.values() for step in template.steps)]
FIELDS = {"name", "kind", "phones", "url", "source_url", "verified_on", "languages"}
VERIFIED_AT_LEAST_EVERY = timedelta(days=365)


def stale(resource: SupportResource, today: date) -> bool:
    verified_on = resource.verified_on
    return verified_on is not None and verified_on < today - VERIFIED_AT_LEAST_EVERY


def raw_resources() -> list[dict[str, Any]]:
    data = json.loads((ROOM / "support_resources.json").read_text("utf-8"))
    assert set(data) == {"countries", "international"}
    return [*data["international"], *(one for many in data["countries"].values() for one in many)]


def test_every_template_file_is_read() -> None:
    assert {path.stem for path in (ROOM / "templates").iterdir()} == set(TEMPLATE_KEYS)


@pytest.mark.parametrize(("key", "template"), TEMPLATES.items())
def test_a_template_is_named_by_its_file_and_fits_into_a_plan(key: str, template: Template) -> None:
    assert template.key == key
    assert template.version >= 1
    assert 1 <= len(template.steps) <= MAX_STEPS_PER_PLAN
    for language in Language:
        assert template.title[language].strip()
        assert template.description[language].strip()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_speaks_every_language_within_its_limits(step: TemplateStep) -> None:
    for language in Language:
        assert 0 < len(step.title[language]) <= MAX_TITLE_CHARACTERS
        assert 0 < len(step.guidance[language]) <= MAX_GUIDANCE_CHARACTERS
    assert step.title[Language.EN] != step.title[Language.DE]
    assert step.effort_minutes > 0


@pytest.mark.parametrize("step", STEPS)
def test_no_step_asks_why_me(step: TemplateStep) -> None:
    # Brooding and reflective pondering differ (Treynor, Gonzalez & Nolen-Hoeksema 2003).
    for language in Language:
        text = f"{step.title[language]} {step.guidance[language]}".lower()
        assert not re.search(r"\b(why|warum|wieso|weshalb)\b", text)


def test_a_due_day_counts_from_a_known_day() -> None:
    assert {step.due.counted_from for step in STEPS if step.due} == {"rejection", "start", "pause"}


@pytest.mark.parametrize("entry", raw_resources(), ids=lambda entry: entry["name"])
def test_a_support_resource_has_exactly_its_fields_and_its_source(entry: dict[str, Any]) -> None:
    assert set(entry) == FIELDS
    for field in ("url", "source_url"):
        assert re.fullmatch(r"https://[a-z0-9.-]+(/\S*)?", entry[field])
    assert all(re.fullmatch(r"[0-9][0-9 ]{1,18}", phone) for phone in entry["phones"])
    assert all(re.fullmatch(r"[a-z]{2}", language) for language in entry["languages"])
    assert entry["languages"]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_a_line_can_be_called_and_a_directory_can_be_opened(resource: SupportResource) -> None:
    assert bool(resource.phones) is (resource.kind is not SupportResourceKind.DIRECTORY)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_no_support_resource_was_verified_more_than_a_year_ago(resource: SupportResource) -> None:
    assert not stale(resource, datetime.now(UTC).date())


def test_an_old_verification_would_be_noticed() -> None:
    verified = SupportResource(**vars(RESOURCES[0]) | {"verified_on": date(2026, 3, 1)})
    assert not stale(verified, date(2027, 3, 1))
    assert stale(verified, date(2027, 3, 2))
    assert not stale(RESOURCES[0], date(2027, 3, 2))


def test_a_countrys_own_places_come_before_those_for_anywhere() -> None:
    found = support_resources("de")
    assert found[0].name == "TelefonSeelsorge"
    assert found[1:] == SUPPORT_ANYWHERE
    assert all(re.fullmatch(r"[A-Z]{2}", country) for country in SUPPORT_BY_COUNTRY)


@pytest.mark.parametrize("country", [None, "", "XX"])
def test_without_a_known_country_the_directories_remain(country: str | None) -> None:
    assert support_resources(country) == SUPPORT_ANYWHERE
    urls = " ".join(one.url for one in SUPPORT_ANYWHERE)
    assert "findahelpline.com" in urls
    assert "iasp.info" in urls
