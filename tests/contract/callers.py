"""Who calls in the authorisation matrix, and what each of them must get from an operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.auth.consent import OPERATIONS, Needs
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus, OrganizationRole
from app.web.markers import GuardMarker
from tests.contract.cast import Terms
from tests.contract.document import WHOSE, Operation

GRANTED = "an answer as the owner gets it"
NOTHING = "nothing of the victim"
"""The caller is heard in their own name, or for records that are not there: no more is known."""
ALIKE = "the answer that everybody gets"


class Kind(StrEnum):
    """Whose records an operation is about."""

    PUBLIC = "nobody's"
    PERSON = "a person's"
    EITHER = "those of whoever holds the credential"
    ORGANIZATION = "those of the organisation in the path"


@dataclass(frozen=True)
class Case:
    """An operation, with all that says who may call it."""

    operation: Operation
    guard: GuardMarker | None
    extra: frozenset[ConsentCategory] = frozenset()
    """The categories of the records that the request refers to."""

    @property
    def kind(self) -> Kind:
        if self.operation.is_public:
            return Kind.PUBLIC
        if "organization_id" in self.operation.parameters("path"):
            return Kind.ORGANIZATION
        if "account-not-named" in self.operation.problem_codes(403):
            return Kind.PERSON
        return Kind.EITHER

    @property
    def needs(self) -> Needs | None:
        """What a person must have agreed to; None where nobody else may call it."""
        return OPERATIONS.get(self.operation.id) if self.kind is Kind.PERSON else None

    @property
    def scope(self) -> Scope:
        assert self.guard is not None, f"{self.operation}: it has no guard"
        return Scope(self.guard.scope_name)

    @property
    def is_write(self) -> bool:
        return not self.scope.endswith(":read")

    @property
    def roles(self) -> Sequence[OrganizationRole]:
        """The roles in the organisation that suffice."""
        return getattr(self.guard, "roles", ())

    @property
    def wants_recent_sign_in(self) -> bool:
        return bool(getattr(self.guard, "recent_sign_in", False))

    @property
    def can_speak_for_many(self) -> bool:
        """Whether the request can say that it is about an organisation's records."""
        body = (self.operation.body or {}).get("properties", {})
        fields = {*self.operation.parameters("query"), *body}
        return self.kind is Kind.EITHER and WHOSE in fields

    @property
    def enough(self) -> Sequence[ConsentCategory]:
        """The categories without which the request cannot be answered, and no other."""
        needed = {*(self.needs.categories if self.needs else ()), *self.extra}
        # What is mixed of all categories needs any one of them.
        return tuple(needed) or (ConsentCategory.INSIGHTS,)


@dataclass(frozen=True)
class Try:
    """What must come of a caller's request, and whether it names the victim as its person."""

    verdict: str
    names_person: bool = False
    speaks_for_many: bool = False
    """Whether it asks for the records of the organisation that the victim trusts."""

    is_inside: bool = False
    """Whether they may know what is there, and are refused nevertheless."""


@dataclass(frozen=True)
class Caller:
    """Somebody who calls, under each of some terms in turn."""

    name: str
    tries: Callable[[Case], Sequence[Try]]
    terms: Callable[[Case], Sequence[Terms | None]] = lambda _: (None,)
    who: str = ""
    """Whose credentials of the cast they show; by default those of their own name."""

    is_key: bool = False
    """Whether it is an API key, with which nobody has signed in."""

    sees_all: bool = False
    """Whether they must get to see all that the owner sees."""


def _unknown(case: Case) -> Sequence[Try]:
    return [Try("unauthenticated", names_person=case.kind is Kind.PERSON)]


def _outsider(case: Case) -> Sequence[Try]:
    """Nobody of the victim's: what is there is as absent as what never was."""
    if case.kind is Kind.ORGANIZATION:
        return [Try("not-found")]
    tries = [Try("not-found", names_person=True)]
    if case.kind is Kind.EITHER and case.operation.method == "GET":
        tries += _in_their_own_name(case)
    if case.can_speak_for_many:
        tries.append(Try(NOTHING, speaks_for_many=True))
    return tries


def _key_of_many(case: Case) -> Sequence[Try]:
    """An organisation's key may see that there is consent for a member; it cannot use it."""
    return _outsider(case)[:1]


def _analyst(case: Case) -> Sequence[Try]:
    if case.kind is Kind.ORGANIZATION:
        return [_by_role(case, OrganizationRole.ANALYST)]
    return [one for one in _outsider(case) if not one.speaks_for_many]


def _coach(case: Case) -> Sequence[Try]:
    if case.kind is Kind.ORGANIZATION:
        return [_by_role(case, OrganizationRole.COACH), Try("owner-only", names_person=True)]
    return _trusted(case)


def _by_role(case: Case, role: OrganizationRole) -> Try:
    return Try(GRANTED if role in case.roles else "role-missing")


def _trusted(case: Case) -> Sequence[Try]:
    """Somebody with all the consent that an operation needs."""
    verdict = "owner-only" if case.needs is None else GRANTED
    return [Try(verdict, names_person=True)]


def _without_category(case: Case) -> Sequence[Try]:
    if case.needs is None:
        return [Try("owner-only", names_person=True)]
    return [Try("consent-missing" if case.needs.categories else NOTHING, names_person=True)]


def _all_but_one_needed(case: Case) -> Sequence[Terms | None]:
    """All but one of the needed categories, each in turn."""
    if case.needs is None:
        return [Terms()]
    if not case.needs.categories:
        return [Terms((ConsentCategory.INSIGHTS,))]
    return [
        Terms(tuple(one for one in ConsentCategory if one is not missing))
        for missing in case.needs.categories
    ]


def _reader(case: Case) -> Sequence[Try]:
    if case.needs is not None and case.is_write:
        return [Try("consent-missing", names_person=True)]
    return _trusted(case)


def _key_of_organization(case: Case) -> Sequence[Try]:
    if case.kind is Kind.ORGANIZATION:
        return [Try(GRANTED)]
    return _trusted(case)


def _scopeless(case: Case) -> Sequence[Try]:
    return [Try("missing-scope", names_person=case.kind is not Kind.ORGANIZATION)]


def _scopeless_person(_: Case) -> Sequence[Try]:
    return [Try("missing-scope")]


def _nameless_key(case: Case) -> Sequence[Try]:
    if case.kind is Kind.EITHER:
        return _in_their_own_name(case)
    return [Try("account-not-named" if case.kind is Kind.PERSON else GRANTED)]


def _in_their_own_name(case: Case) -> Sequence[Try]:
    return [Try("not-found" if case.operation.parameters("path") else NOTHING)]


def _own_key(_: Case) -> Sequence[Try]:
    return [Try(GRANTED)]


def _under(*terms: Terms) -> Callable[[Case], Sequence[Terms | None]]:
    return lambda _: terms


def _enough(**terms: Any) -> Callable[[Case], Sequence[Terms | None]]:
    """Under consent to what the operation needs, and no more."""
    return lambda case: (Terms(case.enough, **terms),)


UNKNOWN = (
    "anonymous",
    "garbage token",
    "token cut short",
    "refresh token",
    "token under another scheme",
    "expired token",
    "signed-out session",
    "expired key",
    "revoked key",
    "test key of a live organisation",
    "live key of a test organisation",
    "deleted coach",
)
ENDED = tuple(one for one in GrantStatus if one is not GrantStatus.ACTIVE)
CAREFUL = "careful coach"

CALLERS = (
    *(Caller(name, _unknown) for name in UNKNOWN),
    Caller("stranger", _outsider),
    Caller("member without grant", _outsider, who="careful admin"),
    Caller("member of another organisation", _outsider, who="other coach"),
    Caller("deactivated member", _outsider),
    Caller("analyst", _analyst),
    *(
        Caller(f"{one} grant", _outsider, _under(Terms(fields={"status": one})), CAREFUL)
        for one in ENDED
    ),
    Caller("grant past its end", _outsider, _under(Terms(is_past=True)), CAREFUL),
    Caller("grant to another member", _outsider, _under(Terms(is_personal=True)), "colleague"),
    Caller(
        "key beside a grant to one member",
        _key_of_many,
        _under(Terms(is_personal=True)),
        "key of careful",
        is_key=True,
    ),
    Caller("key of another organisation", _outsider, who="key of other", is_key=True),
    Caller("grant without the category", _without_category, _all_but_one_needed, CAREFUL),
    Caller("read grant", _reader, _enough(access=ConsentAccess.READ), CAREFUL),
    Caller("organisation's key without the scope", _scopeless),
    Caller("personal key without the scope", _scopeless_person),
    Caller("organisation's key that names nobody", _nameless_key, is_key=True),
    Caller("stranger in their own name", _in_their_own_name),
    Caller("write grant", _trusted, _enough(), CAREFUL),
    Caller("write grant to one member", _trusted, _enough(is_personal=True), CAREFUL),
    Caller("organisation's key with the scope alone", _key_of_organization, _enough(), is_key=True),
    Caller("coach who may see everything", _coach, who="coach", sees_all=True),
    Caller("personal key with the scope alone", _own_key, is_key=True, sees_all=True),
)

PROGRAMS = ("organisation's key that names nobody", "organisation's key with the scope alone")
ACTING = (
    "write grant",
    "write grant to one member",
    "organisation's key with the scope alone",
    "coach who may see everything",
)
IN_PERSON = ("add_membership", "update_membership", "delete_membership")
REFUSED_NEVERTHELESS: Mapping[tuple[str, str], str] = {
    # A key is no session, and nobody agrees to anything by one.
    ("delete_current_session", "personal key with the scope alone"): "not-found",
    ("create_grant", "personal key with the scope alone"): "session-needed",
    # Who works for an organisation is decided by its admins, and by no program; everybody may
    # leave, but not send others away.
    **{(one, program): "role-missing" for one in IN_PERSON for program in PROGRAMS},
    # A coach says what the coach has to say.
    **{("update_comment", one): "not-the-author" for one in ACTING},
    **{("delete_comment", one): "not-the-author" for one in ACTING},
    ("delete_membership", "analyst"): "role-missing",
    ("delete_membership", "coach who may see everything"): "role-missing",
}
"""What no guard can tell: the problem of an operation for a caller who would be let in."""


def tries(caller: Caller, case: Case) -> Sequence[Try]:
    """What must come of each request of a caller."""
    if case.kind is Kind.PUBLIC:
        return [Try(ALIKE, names_person=True)]
    found = caller.tries(case)
    if caller.is_key and case.wants_recent_sign_in:
        return [replace(one, verdict="recent-sign-in-required") for one in found]
    known = REFUSED_NEVERTHELESS.get((case.operation.id, caller.name), GRANTED)
    return [
        replace(one, verdict=known, is_inside=known != GRANTED) if one.verdict == GRANTED else one
        for one in found
    ]
