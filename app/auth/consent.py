"""Which operation needs which consent, and what one who acts for a person may see.

Every operation that asks for a signed-in caller stands in `OPERATIONS`, and every table of a
person's records in `COLLECTIONS`; a test fails for one that does not. Whether writing is needed is
said by the operation's scope.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.auth.terms import ActorKind, ConsentAccess, ConsentCategory

_C = ConsentCategory


@dataclass(frozen=True)
class Needs:
    """What a person must have agreed to before somebody else may call an operation for them.

    A mixed answer holds items of further categories as well; those that are not granted are left
    out of it.
    """

    categories: tuple[ConsentCategory, ...] = ()
    is_mixed: bool = False


_OF_ONE: Mapping[ConsentCategory, str] = {
    _C.PROFILE: "get_me",
    _C.REJECTIONS: "list_rejections record_rejection get_rejection update_rejection",
    _C.PLANS: """
        list_plan_templates list_recovery_plans start_recovery_plan get_recovery_plan
        update_recovery_plan list_recovery_steps add_recovery_step get_recovery_step
        update_recovery_step delete_recovery_step
    """,
    _C.WELLBEING: """
        list_check_ins record_check_in delete_check_ins get_check_in update_check_in
        delete_check_in
    """,
    _C.FEEDBACK: """
        list_feedback_requests record_feedback_request get_feedback_request
        update_feedback_request delete_feedback_request list_feedback record_feedback get_feedback
        update_feedback delete_feedback draft_message check_message list_questions
    """,
    _C.REFLECTIONS: """
        list_reflection_prompts list_reflections record_reflection get_reflection
        update_reflection delete_reflection list_lessons capture_lesson get_lesson update_lesson
        delete_lesson list_skill_gaps record_skill_gap get_skill_gap update_skill_gap
        delete_skill_gap list_culture_fit_assessments record_culture_fit_assessment
        get_culture_fit_assessment update_culture_fit_assessment delete_culture_fit_assessment
    """,
    _C.NETWORK: """
        list_follow_ups list_contacts add_contact get_contact update_contact delete_contact
        list_interactions record_interaction get_interaction update_interaction
        delete_interaction list_companies add_company get_company update_company delete_company
        list_networking_events add_networking_event get_networking_event
        update_networking_event delete_networking_event
    """,
    _C.OPPORTUNITIES: """
        list_opportunities add_opportunity get_opportunity update_opportunity
        delete_opportunity list_stage_history list_goals set_goal get_goal update_goal
        delete_goal
    """,
}

_OF_SEVERAL: Mapping[str, Needs] = {
    # A rejection takes its plans and what was asked and answered about it along.
    "delete_rejection": Needs((_C.REJECTIONS, _C.PLANS, _C.FEEDBACK)),
    # Figures tell of a category in numbers, so that they ask for it as well.
    "get_rejection_insight": Needs((_C.INSIGHTS, _C.REJECTIONS), is_mixed=True),
    "get_feedback_insight": Needs((_C.INSIGHTS, _C.FEEDBACK), is_mixed=True),
    "get_wellbeing_insight": Needs((_C.INSIGHTS, _C.WELLBEING)),
    "get_learning_insight": Needs((_C.INSIGHTS, _C.REFLECTIONS), is_mixed=True),
    "get_network_insight": Needs((_C.INSIGHTS, _C.NETWORK)),
    "list_timeline": Needs((_C.REJECTIONS,), is_mixed=True),
    "list_next_actions": Needs((_C.PLANS,), is_mixed=True),
    "list_reminders": Needs((_C.PLANS,), is_mixed=True),
    "get_overview": Needs((_C.INSIGHTS,), is_mixed=True),
    "get_preparation_brief": Needs((_C.INSIGHTS, _C.OPPORTUNITIES), is_mixed=True),
    "search_records": Needs(is_mixed=True),
    "list_comments": Needs(is_mixed=True),
    "add_comment": Needs(is_mixed=True),
    "get_comment": Needs(is_mixed=True),
    "update_comment": Needs(is_mixed=True),
    "delete_comment": Needs(is_mixed=True),
}

_OF_NOBODY_ELSE = """
    list_sessions delete_current_session delete_session update_me delete_me change_password
    create_email_change accept_invitation list_access_log
"""
"""What only the person may do: no consent covers it."""

OPERATIONS: Mapping[str, Needs | None] = {
    **{name: Needs((one,)) for one, names in _OF_ONE.items() for name in names.split()},
    **_OF_SEVERAL,
    **dict.fromkeys(_OF_NOBODY_ELSE.split()),
}
"""What each operation needs of somebody who acts for a person; None where nobody may."""

COLLECTIONS: Mapping[str, ConsentCategory] = {
    "accounts": _C.PROFILE,
    "rejections": _C.REJECTIONS,
    "recovery_plans": _C.PLANS,
    "recovery_steps": _C.PLANS,
    "check_ins": _C.WELLBEING,
    "guard_firings": _C.WELLBEING,
    "feedback_requests": _C.FEEDBACK,
    "feedback": _C.FEEDBACK,
    "reflections": _C.REFLECTIONS,
    "lessons": _C.REFLECTIONS,
    "skill_gaps": _C.REFLECTIONS,
    "culture_fit_assessments": _C.REFLECTIONS,
    "companies": _C.NETWORK,
    "contacts": _C.NETWORK,
    "interactions": _C.NETWORK,
    "networking_events": _C.NETWORK,
    "opportunities": _C.OPPORTUNITIES,
    "stage_changes": _C.OPPORTUNITIES,
    "goals": _C.OPPORTUNITIES,
}
"""The category to which the records of a table belong."""

MIXED_COLLECTIONS = frozenset({"comments"})
"""Tables whose records belong to the category of what they are about, each to its own."""


@dataclass(frozen=True)
class Actor:
    """Who acts for a person, as the person's access log names them."""

    kind: ActorKind
    id: UUID
    name: str
    client: str | None
    organization_id: UUID
    organization_name: str
    membership_id: UUID | None


@dataclass(frozen=True)
class Consent:
    """What a person agreed to, for the one who acts: by category the grant that allows it."""

    actor: Actor
    readable: Mapping[ConsentCategory, UUID]
    writable: Mapping[ConsentCategory, UUID]

    def granted(self, access: ConsentAccess) -> Mapping[ConsentCategory, UUID]:
        """The categories that may be read, or changed."""
        return self.writable if access is ConsentAccess.WRITE else self.readable

    def missing(self, needs: Needs, access: ConsentAccess) -> Iterator[ConsentCategory]:
        """What an operation needs and the person did not agree to."""
        granted = self.granted(access)
        return (one for one in needs.categories if one not in granted)

    def touched(self, needs: Needs, access: ConsentAccess) -> Mapping[ConsentCategory, UUID]:
        """The categories that the answer may hold or the change concerns, with their grants."""
        granted = self.granted(access)
        if needs.is_mixed:
            return granted
        return {one: granted[one] for one in needs.categories}
