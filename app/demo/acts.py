"""The use case behind each thing that the story tells."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.auth.caller import Caller
from app.db.transaction import Transaction
from app.demo.story import Act, Thread
from app.domains.comments.schemas import CommentCreate
from app.domains.comments.service import CommentService
from app.domains.contacts.schemas import (
    CompanyCreate,
    ContactCreate,
    InteractionCreate,
    NetworkingEventCreate,
)
from app.domains.contacts.service import (
    CompanyService,
    ContactService,
    InteractionService,
    NetworkingEventService,
)
from app.domains.feedback.schemas.feedback import FeedbackCreate
from app.domains.feedback.schemas.requests import FeedbackRequestCreate
from app.domains.feedback.service.feedback import FeedbackService
from app.domains.feedback.service.requests import FeedbackRequestService
from app.domains.opportunities.schemas import GoalCreate, OpportunityCreate
from app.domains.opportunities.service.goals import GoalService
from app.domains.opportunities.service.opportunities import OpportunityService
from app.domains.recovery.schemas import (
    CheckInCreate,
    PlanCreate,
    PlanPatch,
    PlanQuery,
    StepCreate,
    StepPatch,
)
from app.domains.recovery.service.check_ins import CheckInService
from app.domains.recovery.service.plans import PlanService
from app.domains.recovery.service.steps import StepService
from app.domains.recovery.terms import StepKind
from app.domains.reflections.schemas.culture_fits import CultureFitAssessmentCreate
from app.domains.reflections.schemas.lessons import LessonCreate
from app.domains.reflections.schemas.reflections import ReflectionCreate
from app.domains.reflections.schemas.skill_gaps import SkillGapCreate
from app.domains.reflections.service.culture_fits import CultureFitService
from app.domains.reflections.service.lessons import LessonService
from app.domains.reflections.service.reflections import ReflectionService
from app.domains.reflections.service.skill_gaps import SkillGapService
from app.domains.rejections.schemas import RejectionCreate, RejectionPatch
from app.domains.rejections.service import RejectionService
from app.kit.preconditions import ANY
from app.kit.schemas import Request

SAMPLE_TAG = "sample"
NOTHING: Mapping[str, str] = MappingProxyType({})

UseCase = Callable[[Transaction, Caller, Act], Awaitable[None]]


async def record(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Record a rejection, marked as sample data, and get to know the plan it starts."""
    tags = [SAMPLE_TAG, *act.body.get("tags", ())]
    body = RejectionCreate.model_validate({**act.body, "tags": tags})
    rejection = await RejectionService(transaction, caller).record(body)
    act.thread.rejection_id = rejection.id
    plans = PlanService(transaction, caller)
    page = await plans.list(PlanQuery.model_validate({"rejection_id": str(rejection.id)}))
    for plan in page.items:
        _learn(act.thread, await plans.get(plan.id))


async def comment(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Say something about the rejection of this thread."""
    about = {"collection": "rejections", "id": str(act.thread.rejection_id)}
    body = CommentCreate.model_validate({**act.body, "about": about})
    await CommentService(transaction, caller).add(body)


async def start(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Start a plan without a rejection."""
    plan = await PlanService(transaction, caller).start(PlanCreate.model_validate(act.body))
    _learn(act.thread, plan)


async def check_in(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Note how the person is, about the rejection of this thread if there is one."""
    fields = act.body
    if act.thread.rejection_id is not None:
        fields = {**fields, "rejection_id": str(act.thread.rejection_id)}
    body = CheckInCreate.model_validate(fields)
    answer = await CheckInService(transaction, caller).record(body)
    if answer["refocus"] is not None:
        act.thread.steps[StepKind.REFOCUS] = answer["refocus"]["step_id"]


async def add_step(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Add a step of the person's own, under the name the story uses for it."""
    fields = {key: value for key, value in act.body.items() if key != "name"}
    body = StepCreate.model_validate({**fields, "plan_id": str(act.thread.plan_id)})
    step = await StepService(transaction, caller).add(body)
    act.thread.steps[act.body["name"]] = step["id"]


async def change_step(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Work on a step: named by its kind, or as the story calls it."""
    step_id = act.thread.steps[act.step or ""]
    patch = StepPatch.model_validate(act.body)
    await StepService(transaction, caller).update(step_id, patch, ANY)


async def change_plan(transaction: Transaction, caller: Caller, act: Act) -> None:
    """End a plan, or change it."""
    if act.thread.plan_id is not None:
        patch = PlanPatch.model_validate(act.body)
        await PlanService(transaction, caller).update(act.thread.plan_id, patch, ANY)


async def change_rejection(transaction: Transaction, caller: Caller, act: Act) -> None:
    """Close a rejection, or take it up again."""
    if act.thread.rejection_id is not None:
        patch = RejectionPatch.model_validate(act.body)
        await RejectionService(transaction, caller).update(act.thread.rejection_id, patch, ANY)


def adding(
    service: type[Any], verb: str, schema: type[Request], *, about: Mapping[str, str] = NOTHING
) -> UseCase:
    """A use case that adds a record.

    `about` names the fields in which it refers to earlier records of its thread, by their kind.
    """

    async def add(transaction: Transaction, caller: Caller, act: Act) -> None:
        references = {
            field: str(act.thread.records[kind])
            for field, kind in about.items()
            if kind in act.thread.records
        }
        if act.thread.rejection_id is not None and "rejection_id" in schema.model_fields:
            references["rejection_id"] = str(act.thread.rejection_id)
        body = schema.model_validate({**act.body, **references})
        record = await getattr(service(transaction, caller), verb)(body)
        act.thread.records[act.kind] = record["id"] if isinstance(record, Mapping) else record.id

    return add


USE_CASES: Mapping[str, UseCase] = {
    "record": record,
    "comment": comment,
    "start": start,
    "check_in": check_in,
    "add_step": add_step,
    "set": change_step,
    "plan": change_plan,
    "rejection": change_rejection,
    "company": adding(CompanyService, "add", CompanyCreate),
    "contact": adding(ContactService, "add", ContactCreate),
    "interaction": adding(
        InteractionService, "record", InteractionCreate, about={"contact_id": "contact"}
    ),
    "occasion": adding(NetworkingEventService, "add", NetworkingEventCreate),
    "ask": adding(
        FeedbackRequestService, "record", FeedbackRequestCreate, about={"contact_id": "contact"}
    ),
    "feedback": adding(FeedbackService, "record", FeedbackCreate, about={"request_id": "ask"}),
    "reflection": adding(ReflectionService, "record", ReflectionCreate),
    "gap": adding(SkillGapService, "record", SkillGapCreate),
    "fit": adding(CultureFitService, "record", CultureFitAssessmentCreate),
    "lesson": adding(LessonService, "capture", LessonCreate),
    "opportunity": adding(OpportunityService, "add", OpportunityCreate),
    "goal": adding(GoalService, "set", GoalCreate),
}
"""By the word that the files use."""


def _learn(thread: Thread, plan: Mapping[str, Any]) -> None:
    thread.plan_id = plan["id"]
    for step in plan["steps"]:
        # Where a plan has two steps of a kind, the name means the first.
        thread.steps.setdefault(step["kind"], step["id"])
