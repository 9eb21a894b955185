"""The wire shapes of reflections, lessons, skill gaps, culture fit and prompts."""

from app.domains.reflections.schemas.culture_fits import (
    CultureFitAssessment,
    CultureFitAssessmentCreate,
    CultureFitAssessmentPage,
    CultureFitAssessmentPatch,
    CultureFitAssessmentQuery,
)
from app.domains.reflections.schemas.lessons import (
    Lesson,
    LessonCreate,
    LessonPage,
    LessonPatch,
    LessonQuery,
)
from app.domains.reflections.schemas.prompts import (
    ReflectionPromptQuery,
    ReflectionPrompts,
)
from app.domains.reflections.schemas.reflections import (
    Reflection,
    ReflectionCreate,
    ReflectionPage,
    ReflectionPatch,
    ReflectionQuery,
)
from app.domains.reflections.schemas.skill_gaps import (
    SkillGap,
    SkillGapCreate,
    SkillGapPage,
    SkillGapPatch,
    SkillGapQuery,
)

__all__ = [
    "CultureFitAssessment",
    "CultureFitAssessmentCreate",
    "CultureFitAssessmentPage",
    "CultureFitAssessmentPatch",
    "CultureFitAssessmentQuery",
    "Lesson",
    "LessonCreate",
    "LessonPage",
    "LessonPatch",
    "LessonQuery",
    "Reflection",
    "ReflectionCreate",
    "ReflectionPage",
    "ReflectionPatch",
    "ReflectionPromptQuery",
    "ReflectionPrompts",
    "ReflectionQuery",
    "SkillGap",
    "SkillGapCreate",
    "SkillGapPage",
    "SkillGapPatch",
    "SkillGapQuery",
]
