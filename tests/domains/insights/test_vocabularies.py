"""Every word the API uses has a label in every language, so that no client invents its own."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import httpx
import pytest

import app.domains
import app.kit
from app.kit.terms import Language, Term

NO_WORDS = ("IncludeActions", "Language", "Scope", "VerificationOutcome")
"""Enums of the contract that name nothing a person would be shown."""


def all_terms() -> Iterator[type[Term]]:
    """Every vocabulary in any module of a room or the kit, found without asking the program."""
    modules = [
        *pkgutil.walk_packages(app.domains.__path__, "app.domains."),
        *pkgutil.walk_packages(app.kit.__path__, "app.kit."),
    ]
    for module in modules:
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Term) and value is not Term:
                yield value


async def vocabularies(client: httpx.AsyncClient, language: str) -> dict[str, dict[str, str]]:
    answer = await client.get("/v1/vocabularies", headers={"Accept-Language": language})
    assert answer.status_code == 200
    found = answer.json()
    assert found["language"] == language
    return {
        item["name"]: {term["code"]: term["label"] for term in item["terms"]}
        for item in found["items"]
    }


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_word_has_a_label_in_every_language(client: httpx.AsyncClient) -> None:
    kinds = set(all_terms())
    assert len(kinds) > 10
    for language in Language:
        assert await vocabularies(client, language) == {
            snake(kind.__name__): {term.value: term.labels[language] for term in kind}
            for kind in kinds
        }
    for kind in kinds:
        for term in kind:
            assert all(label.strip() for label in term.labels.values()), term
        for language in Language:
            labels = [term.labels[language] for term in kind]
            assert len(set(labels)) == len(labels), (kind, language)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_word_of_the_contract_is_in_a_vocabulary(client: httpx.AsyncClient) -> None:
    contract: dict[str, Any] = (await client.get("/openapi.json")).json()
    known = {frozenset(terms) for terms in (await vocabularies(client, "en")).values()}
    checked = set()
    for name, schema in contract["components"]["schemas"].items():
        if "enum" in schema and not name.endswith("Sort") and name not in NO_WORDS:
            assert frozenset(schema["enum"]) in known, name
            checked.add(name)
    assert {"RejectionStage", "StepKind", "Emotion", "TimelineType"} <= checked
