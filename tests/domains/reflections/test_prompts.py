"""The questions to reflect with: fitting, bounded in time, and never "why me"."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.domains.reflections
from app.domains.reflections.rules.data import (
    PROMPTS,
    SELF_COMPASSION,
    SERIES,
    SOURCES,
    Exercise,
    Prompt,
)
from app.domains.reflections.rules.prompts import Subject, choose_prompts, fits_case
from app.domains.reflections.terms import (
    DEFAULT_PROMPT_MINUTES,
    LEAST_PROMPT_MINUTES,
    MAX_HINT_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MAX_SESSIONS,
    MAX_SOURCES,
    MAX_TITLE_CHARACTERS,
    MAX_WRITING_CHARACTERS,
    MOST_PROMPT_MINUTES,
    PromptPart,
)
from app.domains.rejections.terms import DecidedBy, ReasonBasis, ReasonCode, RejectionStage
from app.kit.terms import Language
from tests.conftest import Person
from tests.contract.document import by_id, operations, plain
from tests.domains.acting import GERMAN, expect, finding_of, get

EXERCISES = (SELF_COMPASSION, *SERIES.sessions)
PATH = "/v1/reflection-prompts"

subjects = st.builds(
    lambda stage, decided_by, reasons: Subject(
        stage=stage, decided_by=decided_by, reasons=tuple(reasons)
    ),
    st.sampled_from(RejectionStage),
    st.sampled_from(DecidedBy),
    st.lists(st.sampled_from(ReasonCode), unique=True),
)
minutes = st.integers(LEAST_PROMPT_MINUTES, MOST_PROMPT_MINUTES)


def subject_of(
    stage: RejectionStage = RejectionStage.INTERVIEW,
    decided_by: DecidedBy = DecidedBy.EMPLOYER,
    reasons: Iterable[ReasonCode] = (),
) -> Subject:
    return Subject(stage=stage, decided_by=decided_by, reasons=tuple(reasons))


def texts(language: Language) -> Iterable[str]:
    """Everything a person is asked or told here."""
    for prompt in PROMPTS:
        yield prompt.question[language]
        yield prompt.hint[language] if prompt.hint else ""
    for exercise in EXERCISES:
        yield exercise.title[language]
        yield exercise.text[language]
    yield SERIES.title[language]
    yield SERIES.text[language]


def in_file() -> dict[str, Any]:
    folder = Path(app.domains.reflections.__file__).parent
    found: dict[str, Any] = json.loads((folder / "prompts.json").read_text("utf-8"))
    return found


@given(subjects | st.none(), minutes)
def test_it_begins_with_how_one_is_ends_with_a_cue_and_keeps_its_time(
    subject: Subject | None, limit: int
) -> None:
    chosen = choose_prompts(subject, limit)
    assert chosen[0].part is PromptPart.CHECK_IN
    assert chosen[0].operation_id == "record_check_in"
    assert (chosen[-1].part, chosen[-1].field) == (PromptPart.NEXT_TIME, "next_time")
    assert len(chosen) >= 4
    assert len({prompt.key for prompt in chosen}) == len(chosen)
    assert sum(prompt.minutes for prompt in chosen) <= limit
    parts = list(PromptPart)
    places = [parts.index(prompt.part) for prompt in chosen]
    assert places == sorted(places)


@given(subjects, minutes, minutes)
def test_with_more_time_there_are_as_many_questions_or_more(
    subject: Subject, one: int, other: int
) -> None:
    short, long = sorted((one, other))
    assert len(choose_prompts(subject, short)) <= len(choose_prompts(subject, long))


@given(subjects, minutes)
def test_what_is_asked_fits_the_case(subject: Subject, limit: int) -> None:
    chosen = choose_prompts(subject, limit)
    assert any(fits_case(prompt, subject) for prompt in chosen)
    for prompt in chosen:
        about_reasons = prompt.reasons & set(subject.reasons)
        assert prompt.for_everybody or fits_case(prompt, subject) or about_reasons, prompt.key


@pytest.mark.parametrize("stage", RejectionStage)
def test_each_stage_has_questions_of_its_own(stage: RejectionStage) -> None:
    fitting = [prompt for prompt in PROMPTS if stage in prompt.stages]
    assert len(fitting) >= 2
    chosen = choose_prompts(subject_of(stage), DEFAULT_PROMPT_MINUTES)
    assert set(fitting) <= set(chosen)
    others = [choose_prompts(subject_of(one), DEFAULT_PROMPT_MINUTES) for one in RejectionStage]
    assert others.count(chosen) == 1


@pytest.mark.parametrize("reason", ReasonCode)
@pytest.mark.parametrize("stage", RejectionStage)
def test_each_reason_is_asked_about_at_each_stage(
    stage: RejectionStage, reason: ReasonCode
) -> None:
    chosen = choose_prompts(subject_of(stage, reasons=[reason]), DEFAULT_PROMPT_MINUTES)
    assert any(reason in prompt.reasons for prompt in chosen)


@pytest.mark.parametrize("decided_by", [DecidedBy.CANDIDATE, DecidedBy.NONE])
def test_after_a_decision_that_was_not_theirs_the_stage_matters_little(
    decided_by: DecidedBy,
) -> None:
    found = {
        choose_prompts(subject_of(stage, decided_by), DEFAULT_PROMPT_MINUTES)
        for stage in RejectionStage
    }
    assert len(found) == 1
    assert sum(decided_by in prompt.decided_by for prompt in found.pop()) >= 2


def test_the_stated_reason_comes_before_the_supposed_one() -> None:
    reasons: list[dict[str, str]] = [
        {"code": ReasonCode.COMMUNICATION, "basis": ReasonBasis.INFERRED},
        {"code": "skills_gap", "basis": "stated"},
    ]
    subject = Subject.of(RejectionStage.INTERVIEW, DecidedBy.EMPLOYER, reasons)
    assert subject.reasons == (ReasonCode.SKILLS_GAP, ReasonCode.COMMUNICATION)
    keys = {prompt.key for prompt in choose_prompts(subject, LEAST_PROMPT_MINUTES)}
    assert "one_skill" in keys
    assert "main_point_first" not in keys


def test_without_a_rejection_the_questions_are_general() -> None:
    chosen = choose_prompts(None, MOST_PROMPT_MINUTES)
    assert any(prompt.general for prompt in chosen)
    assert all(prompt.general or prompt.for_everybody for prompt in chosen)
    for stage in RejectionStage:
        assert not any(p.general for p in choose_prompts(subject_of(stage), MOST_PROMPT_MINUTES))


@pytest.mark.parametrize("language", Language)
def test_nothing_asks_why(language: Language) -> None:
    # Brooding and reflective pondering differ (Treynor, Gonzalez & Nolen-Hoeksema 2003).
    for text in texts(language):
        assert not re.search(r"\b(why|warum|wieso|weshalb|wozu|how come)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.key)
def test_a_prompt_is_one_question_about_how_or_what_next(prompt: Prompt) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", prompt.key)
    assert 1 <= prompt.minutes <= 10
    asks = {Language.EN: r"\b(how|what|which|who|when)\b", Language.DE: r"\b(wie|w[aeo]\w*)\b"}
    for language in Language:
        question = prompt.question[language]
        assert len(question) <= MAX_QUESTION_CHARACTERS
        assert question.endswith("?")
        assert re.search(asks[language], question, re.IGNORECASE)
        if prompt.hint is not None:
            assert 0 < len(prompt.hint[language]) <= MAX_HINT_CHARACTERS
    assert prompt.question[Language.EN] != prompt.question[Language.DE]


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.key)
def test_an_answer_can_be_kept_where_its_prompt_says(prompt: Prompt) -> None:
    assert prompt.operation_id in {one.id for one in operations()}
    body = by_id(prompt.operation_id).body
    assert body is not None
    assert prompt.field in {name: plain(one) for name, one in body["properties"].items()}


def test_the_questions_stand_in_the_order_of_their_parts() -> None:
    parts = list(PromptPart)
    places = [parts.index(prompt.part) for prompt in PROMPTS]
    assert places == sorted(places)
    assert len({prompt.key for prompt in PROMPTS}) == len(PROMPTS)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_speaks_every_language_within_its_limits(exercise: Exercise) -> None:
    for language in Language:
        assert 0 < len(exercise.title[language]) <= MAX_TITLE_CHARACTERS
        assert 0 < len(exercise.text[language]) <= MAX_WRITING_CHARACTERS
    assert exercise.text[Language.EN] != exercise.text[Language.DE]


def test_the_series_has_five_sessions_of_twenty_minutes_and_promises_nothing() -> None:
    assert [session.minutes for session in SERIES.sessions] == [20] * MAX_SESSIONS
    assert "nothing is promised" in SERIES.text[Language.EN]
    assert "versprochen wird nichts" in SERIES.text[Language.DE]
    promises = r"\b(will help|heals?|proven|guarantee\w*|hilft|heilt|bewiesen|garantier\w*)\b"
    for language in Language:
        for text in (SERIES.text, *(exercise.text for exercise in EXERCISES)):
            assert not re.search(promises, text[language], re.IGNORECASE)


def test_what_it_rests_on_is_named() -> None:
    assert 1 <= len(SOURCES) <= MAX_SOURCES
    named = " ".join(source.citation for source in SOURCES)
    for study in (
        *("Spera", "Buhrfeind", "Pennebaker", "1994", "Smyth", "1998", "Kreemers", "2020"),
        *("Treynor", "2003", "Gollwitzer", "van Hooft", "2005"),
    ):
        assert study in named
    assert all(source.url.startswith("https://") for source in SOURCES)
    assert len({source.url for source in SOURCES}) == len(SOURCES)


def test_the_file_holds_what_is_read_and_nothing_else() -> None:
    data = in_file()
    assert set(data) == {"prompts", "writing", "writing_series", "sources"}
    needed = {"key", "part", "minutes", "operation_id", "field", "question"}
    for entry in data["prompts"]:
        assert needed <= set(entry) <= needed | {"for", "hint"}
        assert set(entry.get("for", {})) <= {"stages", "decided_by", "reasons", "general"}
        assert set(entry["question"]) == set(Language)


async def test_a_rejection_gets_the_questions_that_fit_it(person: Person) -> None:
    rejection = await person.record_rejection(
        reasons=[{"code": "communication", "basis": "inferred"}]
    )
    found = await get(person, PATH, rejection_id=rejection["id"])
    assert found["minutes"] == 30
    keys = [item["key"] for item in found["items"]]
    assert keys[0] == "how_you_are"
    assert keys[-1] == "cue_and_action"
    assert {"stronger_answer", "five_ratings", "main_point_first"} <= set(keys)
    assert sum(item["minutes"] for item in found["items"]) <= 30
    assert found["writing"]["title"] == "Write as you would to a friend"
    assert [one["minutes"] for one in found["writing_series"]["sessions"]] == [20] * 5
    assert len(found["sources"]) == len(SOURCES)

    application = await person.record_rejection(stage="application")
    other = await get(person, PATH, rejection_id=application["id"])
    assert "first_glance" in {item["key"] for item in other["items"]}
    assert "stronger_answer" not in {item["key"] for item in other["items"]}
    short = await get(person, PATH, rejection_id=rejection["id"], minutes=15)
    assert len(short["items"]) < len(found["items"])
    assert (short["minutes"], sum(item["minutes"] for item in short["items"])) == (15, 15)


async def test_the_questions_come_in_the_language_asked_for(person: Person) -> None:
    english = await get(person, PATH)
    german = expect(await person.http.get(PATH, headers=GERMAN), 200)
    assert [item["key"] for item in german["items"]] == [item["key"] for item in english["items"]]
    assert german["items"][0]["question"].startswith("Bevor du schreibst")
    assert german["writing_series"]["title"] == "Fünfmal schreiben"
    assert german["writing"] != english["writing"]


async def test_for_a_rejection_that_is_not_there_there_are_none(
    person: Person, stranger: Person
) -> None:
    rejection = await stranger.record_rejection()
    assert (await get(person, PATH, rejection_id=rejection["id"]))["items"] == []
    for odd in (14, 61):
        answer = await person.http.get(PATH, params={"minutes": odd})
        assert finding_of(answer)[0] == "query.minutes"
