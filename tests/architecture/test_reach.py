"""Who may say whose rows a transaction reaches: few places, each with its reason.

Row security holds a statement to the rows of whoever was entered (`app.db.row_security`). It is as
good as this list is short.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import Module

ROOT = Path(__file__).resolve().parents[2]

REACH_EVERYONE = {
    "app/auth/service.py: purge_expired": "expired sessions and tokens of all people go",
    "app/db/deletion.py: purge_tombstones": "old tombstones of all people go",
    "app/db/idempotency.py: purge_answers": "old answers to all people go",
    "app/db/words.py: rebuild": "finds the people, each of whom is then entered by themselves",
    "app/domains/accounts/service/purges.py: purge_mailed_tokens": "old tokens of all people go",
    "app/domains/coaching/service/clients.py: ClientService.list": (
        "the caseload is one statement over all clients; each figure asks for its consent"
    ),
    "app/domains/recovery/service/assignments.py: AssignmentService.assign": (
        "finds who agreed to it, each of whom is then entered, and notes it in their access logs"
    ),
    "app/domains/accounts/service/standing_in.py: for_everybody": (
        "finds the people, each of whom is then entered by themselves"
    ),
    "app/domains/webhooks/repository/consent.py: RelationRepository.of_organization": (
        "what an organisation's clients granted it"
    ),
    "app/domains/webhooks/repository/consent.py: RelationRepository.of_person": (
        "the organisations that accompany a person"
    ),
    "app/domains/webhooks/repository/feed.py: FeedRepository.read": (
        "what an organisation's clients granted it"
    ),
    "app/domains/webhooks/service/feed.py: FeedService._witness": (
        "notes in each client's access log that their events were read"
    ),
    "app/domains/webhooks/service/delivery.py: Courier.round": (
        "finds the endpoints, whose owners are then entered one by one"
    ),
    "app/domains/webhooks/service/dispatch.py: dispatch_facts": (
        "finds what waits, whose owners are then entered one by one; marks what concerns nobody"
    ),
    "app/domains/webhooks/service/dispatch.py: purge_old": "old facts and deliveries of all go",
    "app/auth/grants.py: find_given": (
        "an organisation looks for one grant among all that were given to it"
    ),
    "app/auth/grants.py: page_of_given": ("an organisation lists what people gave it"),
    "app/auth/keys.py: owner_of_key": (
        "whose key it is: the caller's, or an organisation's they run"
    ),
    "app/auth/grants.py: end_grants_to": ("whose grants an organisation or a member holds"),
    "app/domains/coaching/repository/invitations.py: organization_of": (
        "an invitation is known by its token"
    ),
    "app/domains/coaching/repository/invitations.py: purge_before": (
        "old invitations of all organisations go"
    ),
    "app/domains/coaching/repository/people.py: affiliations_of": (
        "the organisations that somebody belongs to"
    ),
    "app/domains/coaching/repository/people.py: ties_of": (
        "which organisations know a person who leaves"
    ),
    "app/domains/coaching/service/grants.py: GrantService._shown": (
        "the names of members that grants are for"
    ),
    "app/domains/jobs/service/jobs.py: JobService._of_organization": (
        "a job of any organisation one works for"
    ),
    "app/domains/jobs/service/working.py: _claim": ("finds the next job of anybody"),
    "app/domains/jobs/service/working.py: purge_jobs": ("old jobs of all owners go"),
}
ENTER = {
    "app/auth/grants.py: end_grants_of": "the person whose grants end",
    "app/auth/keys.py: ApiKeys.lock": "whoever the key belongs to",
    "app/auth/guards.py: _Guard.admit": "whose records a request is about",
    "app/auth/repository/keys.py: KeyRepository.find": "whose key it is",
    "app/auth/repository/keys.py: KeyRepository.note_use": "whose key it is",
    "app/auth/repository/sessions.py: SessionRepository.authenticate": "whose token it is",
    "app/auth/service.py: SessionService.refresh": "whose refresh token it is",
    "app/auth/service.py: SessionService.start": "who has just proven who they are",
    "app/auth/standing_in.py: stand_in_for": "for whom somebody acts, whose grants are asked",
    "app/db/words.py: _rebuild_one": "whose words are read anew",
    "app/demo/filling.py: fill": "the demo person that was just made",
    "app/demo/organization.py: _acting": "the people and the organisation that were just made",
    "app/demo/person.py: complete_profile": "the demo person that was just made",
    "app/domains/accounts/repository.py: CredentialRepository.add_account": "who comes into being",
    "app/domains/accounts/service/mailed_tokens.py: MailedTokenService._use": "whose token it is",
    "app/domains/accounts/service/mailed_tokens.py: _mail_reset": "whose address it is",
    "app/domains/accounts/service/sign_in.py: SignInService.sign_in": "whose password it was",
    "app/domains/recovery/service/assignments.py: AssignmentService._assign_to": (
        "who agreed to have plans changed"
    ),
    "app/domains/recovery/service/organization_templates.py: find_for_client": (
        "the organisation for which a coach acts, and the client again"
    ),
    "app/domains/accounts/service/standing_in.py: caller_for": "for whom the worker acts",
    "app/domains/webhooks/service/delivery.py: Courier._deliver": "to whose endpoint it was sent",
    "app/domains/webhooks/service/delivery.py: Courier._take": "whose endpoint is served",
    "app/domains/webhooks/service/dispatch.py: _Dispatch._lock": "who is told, and of whom",
    "app/domains/webhooks/service/dispatch.py: _Dispatch.run": "whose facts are handed on",
    "app/domains/webhooks/service/endpoints.py: EndpointService._owner": (
        "the organisation whose admin the caller is"
    ),
    "app/domains/accounts/service/api_keys.py: ApiKeyService.issue": (
        "the organisation whose admin the caller is, and the caller again"
    ),
    "app/domains/accounts/service/api_keys.py: ApiKeyService.list": (
        "the organisation whose admin the caller is, and the caller again"
    ),
    "app/domains/accounts/service/api_keys.py: ApiKeyService.revoke": (
        "whose key it is, and the caller again"
    ),
    "app/domains/coaching/service/acceptances.py: AcceptanceService._ask": (
        "the person who accepts, and the organisation"
    ),
    "app/domains/coaching/service/acceptances.py: AcceptanceService.accept": (
        "the organisation that invited, and the person who accepts"
    ),
    "app/domains/coaching/service/departures.py: DepartureService.leave_all": (
        "the organisations that a person leaves, and the person again"
    ),
    "app/domains/coaching/service/grants.py: GrantService._ask": (
        "the client who is asked, and the caller again"
    ),
    "app/domains/coaching/service/grants.py: GrantService._terms": (
        "the organisation whose usual terms count"
    ),
    "app/domains/coaching/service/grants.py: GrantService.update": (
        "the person whose grant it is, and the caller again"
    ),
    "app/domains/coaching/service/organizations.py: create_organization": (
        "the organisation that comes into being"
    ),
    "app/domains/jobs/repository.py: HeldJob.lock": ("whose job is worked on"),
    "app/domains/jobs/repository.py: HeldJob.release": ("whose job is worked on"),
    "app/domains/jobs/repository.py: HeldJob.settle": ("whose job is worked on"),
    "app/domains/jobs/service/jobs.py: JobService._of_organization": ("whose job it is"),
}


def functions(node: ast.AST, outer: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.Call]]:
    """Every call below a node, with the function it stands in."""
    for child in ast.iter_child_nodes(node):
        inner = outer
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = (*outer, child.name)
        elif isinstance(child, ast.Call):
            yield ".".join(outer), child
        yield from functions(child, inner)


def places(module: Module) -> tuple[set[str], set[str]]:
    """Where a file reaches everyone, and where it enters somebody."""
    everyone, somebody = set(), set()
    for function, call in functions(module.tree):
        place = f"{module.path}: {function}"
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if called == "everyone" or any(given.arg == "everyone" for given in call.keywords):
            everyone.add(place)
        if called in {"enter", "entered", "reaching"}:
            somebody.add(place)
    return everyone, somebody


@pytest.fixture(scope="module")
def found() -> tuple[set[str], set[str]]:
    files = sorted((ROOT / "app").rglob("*.py"))
    each = [places(Module.read(ROOT, file)) for file in files if file.name != "transaction.py"]
    return set().union(*(one for one, _ in each)), set().union(*(one for _, one in each))


def test_everybodys_rows_are_reached_in_these_places_only(found: tuple[set[str], set[str]]) -> None:
    assert found[0] == set(REACH_EVERYONE)


def test_somebody_is_entered_in_these_places_only(found: tuple[set[str], set[str]]) -> None:
    assert found[1] == set(ENTER)


def test_a_new_place_is_found() -> None:
    source = """
class Work:
    async def do(self, database):
        async with database.read(everyone=True) as transaction:
            transaction.enter(somebody)

async def rest(database):
    async with database.write() as transaction:
        await transaction.execute(everyone)
"""
    place = "app/domains/x/service.py: Work.do"
    assert places(Module("app/domains/x/service.py", source)) == ({place}, {place})
