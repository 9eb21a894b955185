"""The operations on plans, steps, next actions, check-ins and support."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard, OrganizationGuard
from app.auth.scopes import Scope
from app.auth.terms import ROLES_WITH_CLIENTS
from app.domains.recovery.errors import PlanExists, RejectionIsClosed, TooManySteps
from app.domains.recovery.rules.data import support_resources
from app.domains.recovery.schemas import (
    CheckIn,
    CheckInCreate,
    CheckInPage,
    CheckInPatch,
    CheckInQuery,
    NextActions,
    NextActionsQuery,
    PlanCreate,
    PlanPatch,
    PlanQuery,
    PlanTemplates,
    RecordedCheckIn,
    RecoveryPlan,
    RecoveryPlanPage,
    RecoveryStep,
    RecoveryStepPage,
    Reminders,
    RemindersQuery,
    StepCreate,
    StepPatch,
    StepQuery,
    SupportQuery,
    SupportResources,
)
from app.domains.recovery.schemas.assignments import (
    OrganizationPlanTemplate,
    OrganizationPlanTemplateCreate,
    OrganizationPlanTemplatePage,
    OrganizationPlanTemplatePatch,
    OrganizationPlanTemplateQuery,
    StepAssignmentCreate,
    StepAssignments,
)
from app.domains.recovery.service.assignments import AssignmentService
from app.domains.recovery.service.check_ins import CheckInService, with_wanted_card
from app.domains.recovery.service.next_actions import NextActionService
from app.domains.recovery.service.organization_templates import OrganizationTemplateService
from app.domains.recovery.service.plans import PlanService
from app.domains.recovery.service.steps import StepService
from app.kit.fields import Id
from app.kit.problems import ConsentMissing, InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import Caching, manners, public
from app.web.routing import Router

PlanReader = Annotated[PlanService, Guard(PlanService, Scope.PLANS_READ)]
PlanWriter = Annotated[PlanService, Guard(PlanService, Scope.PLANS_WRITE)]
StepReader = Annotated[StepService, Guard(StepService, Scope.PLANS_READ)]
StepWriter = Annotated[StepService, Guard(StepService, Scope.PLANS_WRITE)]
NextActionReader = Annotated[NextActionService, Guard(NextActionService, Scope.PLANS_READ)]
CheckInReader = Annotated[CheckInService, Guard(CheckInService, Scope.WELLBEING_READ)]
CheckInWriter = Annotated[CheckInService, Guard(CheckInService, Scope.WELLBEING_WRITE)]
StepAssigner = Annotated[
    AssignmentService, OrganizationGuard(AssignmentService, Scope.PLANS_WRITE, *ROLES_WITH_CLIENTS)
]
TemplateReader = Annotated[
    OrganizationTemplateService,
    OrganizationGuard(OrganizationTemplateService, Scope.ORG_READ, *ROLES_WITH_CLIENTS),
]
TemplateWriter = Annotated[
    OrganizationTemplateService,
    OrganizationGuard(OrganizationTemplateService, Scope.ORG_WRITE, *ROLES_WITH_CLIENTS),
]

OF_ORGANIZATION = "/organizations/{organization_id}"

router = Router(prefix="/v1")


@router.get("/next-actions", tags=["Recovery"], summary="What to do now")
async def list_next_actions(
    query: Annotated[NextActionsQuery, Query()], actions: NextActionReader
) -> NextActions:
    """A few things to do, the most pressing first; all a home screen needs.

    At most one per rejection, and no more a day than your profile says. During a pause only rest
    and check-ins are offered, and at most one thank-you or feedback request whose window closes.
    """
    return await actions.next(query)


@router.get("/reminders", tags=["Recovery"], summary="What to be reminded of")
async def list_reminders(
    query: Annotated[RemindersQuery, Query()], actions: NextActionReader
) -> Reminders:
    """What is to come, for a phone to schedule its own local notifications.

    On one day everything in your diary and otherwise as many as your profile says, 64 in all. They
    keep your quiet hours, your pauses and your mutes; what is overdue is left to the next actions.
    Ask again after each change.
    """
    return await actions.remind(query)


@router.get("/plan-templates", tags=["Recovery"], summary="List plan templates")
async def list_plan_templates(plans: PlanReader) -> PlanTemplates:
    """The plans to begin with, in your language."""
    return plans.templates()


@router.get("/recovery-plans", tags=["Recovery"], summary="List plans")
async def list_recovery_plans(
    query: Annotated[PlanQuery, Query()], plans: PlanReader
) -> RecoveryPlanPage:
    """Your plans without their steps, the latest first."""
    return await plans.list(query)


@router.post("/recovery-plans", tags=["Recovery"], status_code=201, summary="Start a plan")
@manners(problems=(PlanExists, RejectionIsClosed))
async def start_recovery_plan(body: PlanCreate, plans: PlanWriter) -> RecoveryPlan:
    """Start a plan for a rejection, from a template of your choice, or an empty one.

    Recording a rejection starts one already; there is at most one active plan for each.
    """
    return await plans.start(body)


@router.get("/recovery-plans/{plan_id}", tags=["Recovery"], summary="Get a plan")
async def get_recovery_plan(plan_id: Id, plans: PlanReader) -> RecoveryPlan:
    """One plan with its steps, in their order."""
    return await plans.get(plan_id)


@router.patch("/recovery-plans/{plan_id}", tags=["Recovery"], summary="Change or end a plan")
@manners(problems=(InvalidTransition, PlanExists, RejectionIsClosed))
async def update_recovery_plan(
    plan_id: Id, body: PlanPatch, if_match: IfMatch, plans: PlanWriter
) -> RecoveryPlan:
    """Change a plan's title or pause, or complete, abandon and take it up again by `status`."""
    return await plans.update(plan_id, body, if_match)


@router.get("/recovery-steps", tags=["Recovery"], summary="List steps")
async def list_recovery_steps(
    query: Annotated[StepQuery, Query()], steps: StepReader
) -> RecoveryStepPage:
    """Your steps; ask for one plan's with `plan_id`, for one rejection's with `rejection_id`."""
    return await steps.list(query)


@router.post("/recovery-steps", tags=["Recovery"], status_code=201, summary="Add a step")
@manners(problems=(TooManySteps,))
async def add_recovery_step(body: StepCreate, steps: StepWriter) -> RecoveryStep:
    """Add a step of your own at the end of a plan, up to 30 in all."""
    return await steps.add(body)


@router.get("/recovery-steps/{step_id}", tags=["Recovery"], summary="Get a step")
async def get_recovery_step(step_id: Id, steps: StepReader) -> RecoveryStep:
    """One step."""
    return await steps.get(step_id)


@router.patch("/recovery-steps/{step_id}", tags=["Recovery"], summary="Change or tick a step")
@manners(problems=(InvalidTransition,))
async def update_recovery_step(
    step_id: Id, body: StepPatch, if_match: IfMatch, steps: StepWriter
) -> RecoveryStep:
    """Change a step, or tick, begin, leave out and reopen it by `status`.

    A plan is complete with its last open step. Leaving a step out needs no reason.
    """
    return await steps.update(step_id, body, if_match)


@router.delete(
    "/recovery-steps/{step_id}", tags=["Recovery"], status_code=204, summary="Delete a step"
)
async def delete_recovery_step(step_id: Id, if_match: IfMatch, steps: StepWriter) -> None:
    """Delete a step from its plan."""
    await steps.delete(step_id, if_match)


@router.get("/check-ins", tags=["Check-ins"], summary="List check-ins")
async def list_check_ins(
    query: Annotated[CheckInQuery, Query()], check_ins: CheckInReader
) -> CheckInPage:
    """Your check-ins, the latest first."""
    return await check_ins.list(query)


@router.post("/check-ins", tags=["Check-ins"], status_code=201, summary="Record a check-in")
@manners(problems=(ConsentMissing,), finish=with_wanted_card)
async def record_check_in(body: CheckInCreate, check_ins: CheckInWriter) -> RecordedCheckIn:
    """Note how you are, with or without a rejection in mind.

    Needs `wellbeing_tracking: true` in your profile. A check-in about a rejection ticks the steps
    that ask for one. `support_wanted: true` adds a card with places that help: nobody is alerted,
    and the wish is not stored.
    """
    return await check_ins.record(body)


@router.delete("/check-ins", tags=["Check-ins"], status_code=204, summary="Delete all check-ins")
async def delete_check_ins(check_ins: CheckInWriter) -> None:
    """Delete every check-in at once, for instance when you stop tracking how you are.

    It is for good, so it needs no `If-Match`. Steps that check-ins had ticked stay done.
    """
    await check_ins.delete_all()


@router.get("/check-ins/{check_in_id}", tags=["Check-ins"], summary="Get a check-in")
async def get_check_in(check_in_id: Id, check_ins: CheckInReader) -> CheckIn:
    """One check-in."""
    return await check_ins.get(check_in_id)


@router.patch("/check-ins/{check_in_id}", tags=["Check-ins"], summary="Correct a check-in")
@manners(problems=(ConsentMissing,))
async def update_check_in(
    check_in_id: Id, body: CheckInPatch, if_match: IfMatch, check_ins: CheckInWriter
) -> CheckIn:
    """Correct a check-in; moved to another rejection, it counts there instead."""
    return await check_ins.update(check_in_id, body, if_match)


@router.delete(
    "/check-ins/{check_in_id}", tags=["Check-ins"], status_code=204, summary="Delete a check-in"
)
async def delete_check_in(check_in_id: Id, if_match: IfMatch, check_ins: CheckInWriter) -> None:
    """Delete a check-in; the steps it ticked are open again."""
    await check_ins.delete(check_in_id, if_match)


@router.get("/support-resources", tags=["Check-ins"], summary="Where to find support")
@public("nobody needs an account to find help")
@manners(caching=Caching.PUBLIC)
async def list_support_resources(query: Annotated[SupportQuery, Query()]) -> SupportResources:
    """Places that help in a country, followed by directories for anywhere.

    Each entry names its source; `verified_on` is null where nobody has compared it lately.
    """
    return {
        "country": query.country,
        "items": [vars(one) for one in support_resources(query.country)],
    }


@router.post(
    OF_ORGANIZATION + "/step-assignments",
    tags=["Organizations"],
    status_code=201,
    summary="Assign a step to many clients",
)
@manners(location="/v1/recovery-steps")
async def assign_steps(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    body: StepAssignmentCreate,
    assignments: StepAssigner,
) -> StepAssignments:
    """Give up to 200 clients the same step, or a plan from a template, in one call.

    Each needs a grant in force with `plans` and `write`; the others do not keep it from happening,
    and the answer says so for each. A step goes into a plan of its own that gathers what your
    organisation assigns. It waits while the person pauses, and they may leave it out without a
    reason.
    """
    return await assignments.assign(body)


@router.get(
    OF_ORGANIZATION + "/plan-templates",
    tags=["Organizations"],
    summary="List an organisation's plan templates",
)
async def list_organization_plan_templates(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    query: Annotated[OrganizationPlanTemplateQuery, Query()],
    templates: TemplateReader,
) -> OrganizationPlanTemplatePage:
    """The plans that your organisation has thought out for its clients, the latest first."""
    return await templates.list(query)


@router.post(
    OF_ORGANIZATION + "/plan-templates",
    tags=["Organizations"],
    status_code=201,
    summary="Add a plan template",
)
async def add_organization_plan_template(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    body: OrganizationPlanTemplateCreate,
    templates: TemplateWriter,
) -> OrganizationPlanTemplate:
    """Think a plan out once, to be started for one client or assigned to many.

    Its texts are shown to clients as you write them; days are counted from the day a plan starts.
    """
    return await templates.add(body)


@router.get(
    OF_ORGANIZATION + "/plan-templates/{plan_template_id}",
    tags=["Organizations"],
    summary="Get a plan template",
)
async def get_organization_plan_template(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    plan_template_id: Id,
    templates: TemplateReader,
) -> OrganizationPlanTemplate:
    """One template with its steps."""
    return await templates.get(plan_template_id)


@router.patch(
    OF_ORGANIZATION + "/plan-templates/{plan_template_id}",
    tags=["Organizations"],
    summary="Change a plan template",
)
async def update_organization_plan_template(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    plan_template_id: Id,
    body: OrganizationPlanTemplatePatch,
    if_match: IfMatch,
    templates: TemplateWriter,
) -> OrganizationPlanTemplate:
    """Change a template; `steps` replaces them all. Plans that were started from it stay."""
    return await templates.update(plan_template_id, body, if_match)


@router.delete(
    OF_ORGANIZATION + "/plan-templates/{plan_template_id}",
    tags=["Organizations"],
    status_code=204,
    summary="Delete a plan template",
)
async def delete_organization_plan_template(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    plan_template_id: Id,
    if_match: IfMatch,
    templates: TemplateWriter,
) -> None:
    """Delete a template; plans that were started from it stay."""
    await templates.delete(plan_template_id, if_match)
