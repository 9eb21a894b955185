"""A guard or a room that forgets a check is found by the matrix, which names the operation."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.requests import Request
from typing_extensions import override

from app import main
from app.auth.consent import OPERATIONS, Needs
from app.auth.guards import _own, _PersonGuard
from app.auth.identity import Identity, identify
from app.auth.scopes import Scope
from app.auth.terms import ConsentCategory
from app.db.base import table_of
from app.db.transaction import Transaction
from app.domains.accounts.models import Account
from app.domains.rejections import models
from app.domains.rejections.schemas import Rejection
from app.domains.rejections.service import RejectionService
from app.kit.clock import SetClock
from app.kit.fields import Id
from app.kit.problems import NotFound
from app.web.markers import Admission
from app.web.routing import Router
from tests.conftest import NOON
from tests.contract.cast import Cast
from tests.contract.document import Operation, contract, operations_of
from tests.contract.matrix import examine
from tests.contract.scene import Scene

_rejections = table_of(models.Rejection)
_accounts = table_of(Account)


class TrustingGuard(_PersonGuard):
    """Acts for whoever is named."""

    @override
    async def _on_behalf(
        self,
        request: Request,
        transaction: Transaction,
        identity: Identity,
        subject: UUID,
        operation: str,
    ) -> Admission:
        caller = _own(request, Identity(subject, identity.actor_id, identity.scopes))
        return Admission(caller, self.service(transaction, caller))


class TellingGuard(_PersonGuard):
    """Has one answer for people without consent, and another one for nobody."""

    @override
    async def _on_behalf(
        self,
        request: Request,
        transaction: Transaction,
        identity: Identity,
        subject: UUID,
        operation: str,
    ) -> Admission:
        try:
            return await super()._on_behalf(request, transaction, identity, subject, operation)
        except NotFound:
            known = select(_accounts.c.id).where(_accounts.c.id == subject)
            if (await transaction.execute(known)).one_or_none() is None:
                raise NotFound(detail="There is no such account.") from None
            raise


class GreedyGuard(_PersonGuard):
    """Takes any consent for the one that is needed."""

    @override
    async def _on_behalf(
        self,
        request: Request,
        transaction: Transaction,
        identity: Identity,
        subject: UUID,
        operation: str,
    ) -> Admission:
        return await super()._on_behalf(request, transaction, identity, subject, "search_records")


class LenientGuard(_PersonGuard):
    """Asks for no scope."""

    @override
    async def admit(self, request: Request, transaction: Transaction, operation: str) -> Admission:
        if "rebound-account" in request.headers:
            return await super().admit(request, transaction, operation)
        caller = _own(
            request, await identify(request.headers.get("authorization", ""), transaction)
        )
        return Admission(caller, self.service(transaction, caller))


class CarelessService(RejectionService):
    """Finds a record by its id alone."""

    @override
    async def get(self, rejection_id: UUID) -> Any:
        found = select(_rejections.c.owner_id).where(_rejections.c.id == rejection_id)
        owner_id = (await self.transaction.execute(found)).scalar_one_or_none()
        if owner_id is None:
            raise NotFound
        caller = replace(self.caller, owner_id=owner_id)
        return await RejectionService(self.transaction, caller).get(rejection_id)


def _guard(kind: type[_PersonGuard] = _PersonGuard, service: Any = RejectionService) -> Any:
    return kind(service=service, scope_needed=Scope.REJECTIONS_READ)


PATH = "/v1/rejections/{rejection_id}/"
FAULTS = {
    "get_sample": (_guard(), None),
    "get_sample_of_anybody": (
        _guard(TrustingGuard),
        "stranger: expected not-found, got 200",
    ),
    "get_sample_with_a_hint": (
        _guard(TellingGuard),
        "stranger: a person who never was: another answer",
    ),
    "get_sample_with_any_consent": (
        _guard(GreedyGuard),
        "grant without the category: expected consent-missing, got 200",
    ),
    "get_sample_without_scope": (
        _guard(LenientGuard),
        "personal key without the scope: expected missing-scope, got 200",
    ),
    "get_sample_by_id": (
        _guard(service=CarelessService),
        "stranger in their own name: expected not-found, got 200",
    ),
}
"""Guards and rooms, and what is said of each."""


def _room() -> Router:
    """A room with one operation for each fault, and one without any."""
    router = Router(tags=["Service"])
    for name, (guard, _) in FAULTS.items():

        async def endpoint(
            rejection_id: Id,
            rejections: Annotated[RejectionService, guard],
        ) -> Rejection:
            """One rejection, for a test only."""
            found: Rejection = await rejections.get(rejection_id)
            return found

        endpoint.__name__ = endpoint.__qualname__ = name
        router.get(f"{PATH}{name.replace('_', '-')}", summary="Get a sample")(endpoint)
    return router


@pytest.fixture(scope="module")
async def faulty(
    migrated_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Cast, dict[str, Operation]]]:
    """An application with that room, and its operations."""
    contract()  # Kept for good, so it must not be the one with the room.
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "rebound.db").write_bytes(migrated_sqlite)
    with pytest.MonkeyPatch.context() as patch:
        for name in FAULTS:
            patch.setitem(OPERATIONS, name, Needs((ConsentCategory.REJECTIONS,)))
        patch.setattr(main, "ROUTERS", (*main.ROUTERS, _room()))
        main.specification.cache_clear()
        found = {one.id: one for one in operations_of(main.specification())}
        url = f"sqlite:///{folder}/rebound.db"
        async with Scene.of("sqlite", url, folder, SetClock(NOON)) as scene:
            yield await Cast.of(scene), found
    main.specification.cache_clear()


@pytest.mark.parametrize("name", FAULTS)
async def test_a_forgotten_check_is_named(
    name: str, faulty: tuple[Cast, dict[str, Operation]]
) -> None:
    cast, known = faulty
    remarks = await examine(known[name], cast)
    _, said = FAULTS[name]
    if said is None:
        assert remarks == []
    else:
        path = f"{PATH}{name.replace('_', '-')}"
        found = [one for one in remarks if one.startswith(f"{name} (GET {path}): {said}")]
        assert len(found) == 1, remarks
