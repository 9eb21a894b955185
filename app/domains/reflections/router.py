"""The operations on reflections, lessons, skill gaps, culture fit and prompts."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.reflections.errors import SkillGapExists
from app.domains.reflections.schemas import (
    CultureFitAssessment,
    CultureFitAssessmentCreate,
    CultureFitAssessmentPage,
    CultureFitAssessmentPatch,
    CultureFitAssessmentQuery,
    Lesson,
    LessonCreate,
    LessonPage,
    LessonPatch,
    LessonQuery,
    Reflection,
    ReflectionCreate,
    ReflectionPage,
    ReflectionPatch,
    ReflectionPromptQuery,
    ReflectionPrompts,
    ReflectionQuery,
    SkillGap,
    SkillGapCreate,
    SkillGapPage,
    SkillGapPatch,
    SkillGapQuery,
)
from app.domains.reflections.service.culture_fits import CultureFitService
from app.domains.reflections.service.lessons import LessonService
from app.domains.reflections.service.prompts import PromptService
from app.domains.reflections.service.reflections import ReflectionService
from app.domains.reflections.service.skill_gaps import SkillGapService
from app.kit.fields import Id
from app.kit.problems import InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

READ, WRITE = Scope.REFLECTIONS_READ, Scope.REFLECTIONS_WRITE

PromptReader = Annotated[PromptService, Guard(PromptService, READ)]
ReflectionReader = Annotated[ReflectionService, Guard(ReflectionService, READ)]
ReflectionWriter = Annotated[ReflectionService, Guard(ReflectionService, WRITE)]
LessonReader = Annotated[LessonService, Guard(LessonService, READ)]
LessonWriter = Annotated[LessonService, Guard(LessonService, WRITE)]
SkillGapReader = Annotated[SkillGapService, Guard(SkillGapService, READ)]
SkillGapWriter = Annotated[SkillGapService, Guard(SkillGapService, WRITE)]
CultureFitReader = Annotated[CultureFitService, Guard(CultureFitService, READ)]
CultureFitWriter = Annotated[CultureFitService, Guard(CultureFitService, WRITE)]

router = Router(prefix="/v1", tags=["Reflections"])


@router.get("/reflection-prompts", summary="Questions to reflect with")
async def list_reflection_prompts(
    query: Annotated[ReflectionPromptQuery, Query()], prompts: PromptReader
) -> ReflectionPrompts:
    """Questions that ask how and what next, fitted to a rejection, or general ones without one.

    They begin with a check-in, end with a cue and an action, and together take no longer than
    `minutes`, 30 unless you say so. Each names the operation and the field in which its answer can
    be kept. Beside them stand a short writing exercise and, as an offer without a promise, a series
    of five. What it rests on is named in `sources`.
    """
    return await prompts.list(query)


@router.get("/reflections", summary="List reflections")
async def list_reflections(
    query: Annotated[ReflectionQuery, Query()], reflections: ReflectionReader
) -> ReflectionPage:
    """Your reflections, the latest first unless you choose another order."""
    return await reflections.list(query)


@router.post("/reflections", status_code=201, summary="Record a reflection")
async def record_reflection(body: ReflectionCreate, reflections: ReflectionWriter) -> Reflection:
    """Keep a look back on an application, an interview or the whole process.

    Its kind is enough. A good one ends with `next_time`: a cue, and the action that follows it.
    """
    return await reflections.record(body)


@router.get("/reflections/{reflection_id}", summary="Get a reflection")
async def get_reflection(reflection_id: Id, reflections: ReflectionReader) -> Reflection:
    """One reflection."""
    return await reflections.get(reflection_id)


@router.patch("/reflections/{reflection_id}", summary="Change a reflection")
async def update_reflection(
    reflection_id: Id, body: ReflectionPatch, if_match: IfMatch, reflections: ReflectionWriter
) -> Reflection:
    """Change what you send. Lists are replaced as a whole; in `ratings` only those you send."""
    return await reflections.update(reflection_id, body, if_match)


@router.delete("/reflections/{reflection_id}", status_code=204, summary="Delete a reflection")
async def delete_reflection(
    reflection_id: Id, if_match: IfMatch, reflections: ReflectionWriter
) -> None:
    """Delete a reflection; lessons that came from it stay with you."""
    await reflections.delete(reflection_id, if_match)


@router.get("/lessons", summary="List lessons")
async def list_lessons(query: Annotated[LessonQuery, Query()], lessons: LessonReader) -> LessonPage:
    """Your lessons, the latest first; those still to be used with `status=open`."""
    return await lessons.list(query)


@router.post("/lessons", status_code=201, summary="Capture a lesson")
async def capture_lesson(body: LessonCreate, lessons: LessonWriter) -> Lesson:
    """Keep one sentence that you want to remember before the next application.

    `source` says whether it comes from a rejection, from feedback or from a reflection.
    """
    return await lessons.capture(body)


@router.get("/lessons/{lesson_id}", summary="Get a lesson")
async def get_lesson(lesson_id: Id, lessons: LessonReader) -> Lesson:
    """One lesson."""
    return await lessons.get(lesson_id)


@router.patch("/lessons/{lesson_id}", summary="Change, apply or retire a lesson")
@manners(problems=(InvalidTransition,))
async def update_lesson(
    lesson_id: Id, body: LessonPatch, if_match: IfMatch, lessons: LessonWriter
) -> Lesson:
    """Change a lesson, or apply, reopen and retire it by `status`.

    Where and on which day it was applied is kept while it is applied, and forgotten after that.
    """
    return await lessons.update(lesson_id, body, if_match)


@router.delete("/lessons/{lesson_id}", status_code=204, summary="Delete a lesson")
async def delete_lesson(lesson_id: Id, if_match: IfMatch, lessons: LessonWriter) -> None:
    """Delete a lesson; what it came from stays."""
    await lessons.delete(lesson_id, if_match)


@router.get("/skill-gaps", summary="List skill gaps")
async def list_skill_gaps(
    query: Annotated[SkillGapQuery, Query()], gaps: SkillGapReader
) -> SkillGapPage:
    """What you want to learn, the latest first, each with the rejections that name it."""
    return await gaps.list(query)


@router.post("/skill-gaps", status_code=201, summary="Record a skill gap")
@manners(problems=(SkillGapExists,))
async def record_skill_gap(body: SkillGapCreate, gaps: SkillGapWriter) -> SkillGap:
    """Note something worth learning, and the rejections that name it.

    You have one gap of each name, whatever its capital letters: when another rejection names it
    too, add that to its `rejection_ids` instead.
    """
    return await gaps.record(body)


@router.get("/skill-gaps/{skill_gap_id}", summary="Get a skill gap")
async def get_skill_gap(skill_gap_id: Id, gaps: SkillGapReader) -> SkillGap:
    """One skill gap."""
    return await gaps.get(skill_gap_id)


@router.patch("/skill-gaps/{skill_gap_id}", summary="Change, close or dismiss a skill gap")
@manners(problems=(InvalidTransition, SkillGapExists))
async def update_skill_gap(
    skill_gap_id: Id, body: SkillGapPatch, if_match: IfMatch, gaps: SkillGapWriter
) -> SkillGap:
    """Change a gap, or begin, close, dismiss and reopen it by `status`.

    Closing sets the progress to 100 unless you say otherwise; reopening keeps what it was.
    """
    return await gaps.update(skill_gap_id, body, if_match)


@router.delete("/skill-gaps/{skill_gap_id}", status_code=204, summary="Delete a skill gap")
async def delete_skill_gap(skill_gap_id: Id, if_match: IfMatch, gaps: SkillGapWriter) -> None:
    """Delete a gap; the rejections that name it stay."""
    await gaps.delete(skill_gap_id, if_match)


@router.get("/culture-fit-assessments", summary="List culture-fit assessments")
async def list_culture_fit_assessments(
    query: Annotated[CultureFitAssessmentQuery, Query()], assessments: CultureFitReader
) -> CultureFitAssessmentPage:
    """How companies fitted what you value, the latest first."""
    return await assessments.list(query)


@router.post("/culture-fit-assessments", status_code=201, summary="Assess a culture fit")
async def record_culture_fit_assessment(
    body: CultureFitAssessmentCreate, assessments: CultureFitWriter
) -> CultureFitAssessment:
    """Compare what you value with what you saw of a company.

    Each value counts by its importance: `alignment_percent` is the weighted mean of
    (observed - 1) / 4. The conclusion is your own word; left out, it follows from the alignment.
    """
    return await assessments.record(body)


@router.get("/culture-fit-assessments/{culture_fit_assessment_id}", summary="Get an assessment")
async def get_culture_fit_assessment(
    culture_fit_assessment_id: Id, assessments: CultureFitReader
) -> CultureFitAssessment:
    """One culture-fit assessment."""
    return await assessments.get(culture_fit_assessment_id)


@router.patch(
    "/culture-fit-assessments/{culture_fit_assessment_id}", summary="Change an assessment"
)
async def update_culture_fit_assessment(
    culture_fit_assessment_id: Id,
    body: CultureFitAssessmentPatch,
    if_match: IfMatch,
    assessments: CultureFitWriter,
) -> CultureFitAssessment:
    """Change an assessment. Its alignment follows the ratings; the conclusion stays your word."""
    return await assessments.update(culture_fit_assessment_id, body, if_match)


@router.delete(
    "/culture-fit-assessments/{culture_fit_assessment_id}",
    status_code=204,
    summary="Delete an assessment",
)
async def delete_culture_fit_assessment(
    culture_fit_assessment_id: Id, if_match: IfMatch, assessments: CultureFitWriter
) -> None:
    """Delete a culture-fit assessment."""
    await assessments.delete(culture_fit_assessment_id, if_match)
