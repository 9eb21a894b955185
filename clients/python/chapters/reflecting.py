"""Stage C, reflect: half an hour of looking back, what to keep, what to learn, what fits."""

from uuid import uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.reflections import (
    capture_lesson,
    list_lessons,
    list_reflection_prompts,
    record_culture_fit_assessment,
    record_reflection,
    record_skill_gap,
    update_reflection,
    update_skill_gap,
)
from rebound_client.models import (
    CultureFitAssessment,
    CultureFitAssessmentCreate,
    Feedback,
    FitConclusion,
    GivenRatings,
    IfThenPlan,
    Lesson,
    LessonCreate,
    LessonOrigin,
    LessonPage,
    LessonSort,
    LessonSource,
    Practice,
    Reflection,
    ReflectionCreate,
    ReflectionKind,
    ReflectionPatch,
    ReflectionPrompts,
    Rejection,
    Severity,
    SkillGap,
    SkillGapCreate,
    SkillGapPatch,
    SkillGapStatus,
    Value,
    ValueRating,
)
from story import check, etag_of, every_page, expect, refused


def look_back(client: AuthenticatedClient, rejection: Rejection) -> Reflection:
    """Answer what is asked. Each prompt names the operation and the field for its answer."""
    asked = list_reflection_prompts.sync_detailed(client=client, rejection_id=rejection.id)
    prompts = expect(asked, 200, ReflectionPrompts)
    minutes = sum(prompt.minutes for prompt in prompts.items)
    check(minutes <= prompts.minutes, f"{minutes} minutes are too many")
    last = prompts.items[-1]
    check(last.operation_id == "record_reflection", last.operation_id)
    check(last.field == "next_time", f"it ends with {last.field}")

    said = ReflectionCreate(
        id=uuid4(),
        rejection_id=rejection.id,
        kind=ReflectionKind.INTERVIEW,
        ratings=GivenRatings(preparation=4, communication=2),
        strengths=["I stayed calm."],
        next_time=IfThenPlan(cue="When I hear a number question,", action="I say a range first."),
    )
    recorded = record_reflection.sync_detailed(client=client, body=said)
    reflection = expect(recorded, 201, Reflection)
    check(reflection.id == said.id, "the id is the server's")
    # One rating looks different the next day; the other one stays as it was.
    changed = update_reflection.sync_detailed(
        reflection.id,
        client=client,
        body=ReflectionPatch(ratings=GivenRatings(communication=3)),
        if_match=etag_of(reflection),
    )
    later = expect(changed, 200, Reflection)
    ratings = (later.ratings.preparation, later.ratings.communication)
    check(ratings == (4, 3), f"the ratings are {ratings}")
    return later


def keep_lessons(
    client: AuthenticatedClient, feedback: Feedback, reflection: Reflection
) -> list[Lesson]:
    """Keep three lessons that know where they come from, and page through them."""
    from_feedback = LessonSource(collection=LessonOrigin.FEEDBACK, id=feedback.id)
    from_reflection = LessonSource(collection=LessonOrigin.REFLECTIONS, id=reflection.id)
    lessons: list[Lesson] = []
    for text, source in (
        ("Show the way to a number, not only the number.", from_feedback),
        ("A range is an answer.", from_reflection),
        ("Stay calm: it works.", from_reflection),
    ):
        said = LessonCreate(id=uuid4(), text=text, practice=Practice.E2, source=source)
        kept = capture_lesson.sync_detailed(client=client, body=said)
        lessons.append(expect(kept, 201, Lesson))

    pages = every_page(
        lambda cursor: list_lessons.sync_detailed(
            client=client, practice=Practice.E2, sort=LessonSort.CREATED_AT, limit=2, cursor=cursor
        ),
        LessonPage,
    )
    check([len(page.items) for page in pages] == [2, 1], f"{len(pages)} pages")
    walked = [lesson for page in pages for lesson in page.items]
    check(walked == lessons, "the pages differ from what was kept")
    return lessons


def name_gap(client: AuthenticatedClient, rejection: Rejection) -> SkillGap:
    """Name a gap, once, and begin to close it."""
    said = SkillGapCreate(
        id=uuid4(), name="Forecasting", severity=Severity.HIGH, rejection_ids=[rejection.id]
    )
    gap = expect(record_skill_gap.sync_detailed(client=client, body=said), 201, SkillGap)
    # The same name again, from another screen: the problem says which one is there.
    twice = record_skill_gap.sync_detailed(client=client, body=SkillGapCreate(name="forecasting"))
    held = refused(twice, 409, "skill-gap-exists").skill_gap_id
    check(held == gap.id, "another gap has that name")

    changed = update_skill_gap.sync_detailed(
        gap.id,
        client=client,
        body=SkillGapPatch(
            status=SkillGapStatus.IN_PROGRESS,
            plan="One small forecast a week.",
            progress_percent=20,
        ),
        if_match=etag_of(gap),
    )
    begun = expect(changed, 200, SkillGap)
    check(begun.progress_percent == 20, "the progress was not kept")  # noqa: PLR2004
    return begun


def compare_values(client: AuthenticatedClient, rejection: Rejection) -> CultureFitAssessment:
    """Compare what matters to one with what was seen; the answer says how well they fit."""
    said = CultureFitAssessmentCreate(
        id=uuid4(),
        rejection_id=rejection.id,
        ratings=[
            ValueRating(value=Value.LEARNING, importance=5, observed=2),
            ValueRating(value=Value.PAY, importance=2, observed=5),
        ],
        red_flags=["Nobody had time for questions."],
    )
    recorded = record_culture_fit_assessment.sync_detailed(client=client, body=said)
    fit = expect(recorded, 201, CultureFitAssessment)
    check(fit.conclusion is FitConclusion.MIXED, f"it is {fit.conclusion}")
    return fit
