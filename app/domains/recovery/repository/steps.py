"""The statements on steps.

Those of `OverdueSteps` are among the few without a caller: they find out whose turn it is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from app.db.base import table_of
from app.db.caseload import LATEST_DAY, PERSON, TODAY, Figure, register
from app.db.outlines import Outline
from app.db.paging import Filter, Listing, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.db.veils import shown
from app.domains.recovery.models import (
    EVIDENCE,
    RecoveryPlan,
    RecoveryStep,
)
from app.domains.recovery.terms import PlanStatus, StepKind, StepStatus

_plans = table_of(RecoveryPlan)
_steps = table_of(RecoveryStep)

_LONG_TEXTS = ("guidance", "cue", "action")
"""Columns of a step that only its reader needs."""

MAX_OVERDUE = 200
"""Steps of one person of which one transaction tells."""

_OPEN = (StepStatus.PENDING, StepStatus.IN_PROGRESS)


def _of_rejection(rejection: Any) -> ColumnElement[bool]:
    """A step's plan is about a rejection."""
    return _steps.c.plan_id.in_(
        select(_plans.c.id).where(
            _plans.c.owner_id == _steps.c.owner_id, _plans.c.rejection_id == rejection
        )
    )


register(
    Figure(
        "open_plans",
        "plans",
        select(func.count())
        .where(_plans.c.owner_id == PERSON, _plans.c.status == PlanStatus.ACTIVE)
        .scalar_subquery(),
    ),
    Figure(
        "overdue_steps",
        "plans",
        select(func.count())
        .select_from(_plans)
        .join(_steps, (_steps.c.owner_id == _plans.c.owner_id) & (_steps.c.plan_id == _plans.c.id))
        .where(
            _plans.c.owner_id == PERSON,
            _plans.c.status == PlanStatus.ACTIVE,
            _steps.c.status.in_(_OPEN),
            _steps.c.due_on < LATEST_DAY,
            _steps.c.due_on < TODAY,
        )
        .scalar_subquery(),
    ),
)
_PLACED = (
    select(_steps, _plans.c.rejection_id)
    .join(_plans, (_plans.c.owner_id == _steps.c.owner_id) & (_plans.c.id == _steps.c.plan_id))
    .where(_steps.c.owner_id == bindparam("owner"))
)
_READY = _PLACED.where(
    _plans.c.status == PlanStatus.ACTIVE,
    _steps.c.status.in_(_OPEN),
    _steps.c.kind.in_(bindparam("kinds", expanding=True)),
)
_TICKED_BY = {
    collection: _PLACED.where(_steps.c[name] == bindparam("record"))
    for collection, name in EVIDENCE.items()
}


_OVERDUE = (
    _steps.c.status.in_(_OPEN),
    _steps.c.due_on >= bindparam("since", type_=_steps.c.due_on.type),
    _steps.c.due_on < bindparam("today", type_=_steps.c.due_on.type),
    or_(_steps.c.overdue_told_for.is_(None), _steps.c.overdue_told_for != _steps.c.due_on),
    exists().where(
        _plans.c.owner_id == _steps.c.owner_id,
        _plans.c.id == _steps.c.plan_id,
        _plans.c.status == PlanStatus.ACTIVE,
    ),
)


class StepRepository(Repository):
    """The steps of one person."""

    table = _steps
    listing = Listing(
        table=_steps,
        sorts={
            "position": _steps.c.position,
            "-created_at": _steps.c.created_at,
            "created_at": _steps.c.created_at,
        },
        filters={
            "plan_id": equals(_steps.c.plan_id),
            "rejection_id": Filter(_of_rejection, about=_plans.c.rejection_id),
            "status": equals(_steps.c.status),
            "kind": equals(_steps.c.kind),
        },
    )
    outlined = Outline(
        _steps,
        f"id practice done_at {' '.join(EVIDENCE.values())}",
        days="done_at",
        when=_steps.c.status == StepStatus.DONE,
    )
    _OVERDUE_OF = (
        select(_steps)
        .where(_steps.c.owner_id == bindparam("owner"), *_OVERDUE)
        .order_by(_steps.c.due_on, _steps.c.id)
        .limit(MAX_OVERDUE)
    )
    _TOLD = (
        update(_steps)
        .where(
            _steps.c.owner_id == bindparam("owner"),
            _steps.c.id.in_(bindparam("ids", expanding=True)),
        )
        .values(overdue_told_for=_steps.c.due_on)
    )
    _OF_PLANS = (
        select(_steps)
        .where(
            _steps.c.owner_id == bindparam("owner"),
            _steps.c.plan_id.in_(bindparam("plans", expanding=True)),
        )
        .order_by(_steps.c.position, _steps.c.id)
    )
    _BY_CHECK_INS = select(_steps).where(
        _steps.c.owner_id == bindparam("owner"), _steps.c.evidence_check_in_id.is_not(None)
    )
    _TO_OFFER = (
        select(
            *(column for column in _steps.c if column.name not in _LONG_TEXTS),
            _plans.c.status.label("plan_status"),
            _plans.c.rejection_id,
            _plans.c.pause_until,
            _plans.c.completed_with_rejection,
        )
        .join(_plans, (_plans.c.owner_id == _steps.c.owner_id) & (_plans.c.id == _steps.c.plan_id))
        .where(
            _steps.c.owner_id == bindparam("owner"),
            _plans.c.status == PlanStatus.ACTIVE,
            _steps.c.status.in_(_OPEN),
        )
    )

    async def overdue(self, since: date, today: date) -> Sequence[Row[Any]]:
        """Open steps due between two days of which it is untold; `since` counts, `today` not."""
        values = {"owner": self.owner_id, "since": since, "today": today}
        return (await self.transaction.execute(self._OVERDUE_OF, values)).all()

    async def overdue_told(self, step_ids: Iterable[UUID]) -> None:
        """Remember that it was told of steps; nobody sees a difference, so they stay as is."""
        values = {"owner": self.owner_id, "ids": list(step_ids)}
        await self.transaction.execute(self._TOLD, values)

    async def of_plans(
        self, plan_ids: Iterable[UUID], *, to_show: bool = False
    ) -> Sequence[Row[Any]]:
        """The steps of some plans, by position; `to_show` leaves out what the caller must not see.

        What becomes of a plan depends on all of them.
        """
        statement = self._OF_PLANS
        if to_show:
            statement = shown(statement, self.table, self.caller)
        found = await self.transaction.execute(
            statement, {"owner": self.owner_id, "plans": list(plan_ids)}
        )
        return found.all()

    async def ticked_by(self, collection: str, record_id: UUID) -> Sequence[Row[Any]]:
        """The steps that a record ticked, each with the rejection of its plan."""
        found = await self.transaction.execute(
            _TICKED_BY[collection], {"owner": self.owner_id, "record": record_id}
        )
        return found.all()

    async def ready(self, kinds: Collection[StepKind]) -> Sequence[Row[Any]]:
        """The open steps of some kinds in active plans, each with the rejection of its plan."""
        if not kinds:
            return ()
        found = await self.transaction.execute(
            _READY, {"owner": self.owner_id, "kinds": list(kinds)}
        )
        return found.all()

    async def ticked_by_check_ins(self) -> Sequence[Row[Any]]:
        """The steps that any check-in ticked."""
        return (await self.transaction.execute(self._BY_CHECK_INS, {"owner": self.owner_id})).all()

    async def to_offer(self) -> Sequence[Row[Any]]:
        """The open steps of active plans that the caller sees, with their plans."""
        statement = shown(self._TO_OFFER, self.table, self.caller)
        return (await self.transaction.execute(statement, {"owner": self.owner_id})).all()


class OverdueSteps:
    """Whose steps were not done on their day."""

    _OWNERS = (
        select(_steps.c.owner_id)
        .where(*_OVERDUE, _steps.c.owner_id > bindparam("after", type_=_steps.c.owner_id.type))
        .distinct()
        .order_by(_steps.c.owner_id)
        .limit(bindparam("most", type_=_steps.c.revision.type))
    )

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def owners(self, since: date, today: date, *, after: UUID, most: int) -> Sequence[UUID]:
        """People with open steps due between two days of which it is untold, in the order of ids.

        `since` counts, `today` does not.
        """
        values = {"since": since, "today": today, "after": after, "most": most}
        return (await self.transaction.execute(self._OWNERS, values)).scalars().all()


def evidence_columns(evidence: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns that hold what ticked a step: one for each collection that can."""
    columns: dict[str, Any] = dict.fromkeys(EVIDENCE.values())
    if evidence is not None:
        columns[EVIDENCE[evidence["collection"]]] = evidence["id"]
    return columns


def act_of(row: Any) -> tuple[str, UUID]:
    """The act by which a step was done: the record that ticked it, or else the step itself."""
    evidence = evidence_of(row)
    return (evidence["collection"], evidence["id"]) if evidence else ("recovery_steps", row.id)


def evidence_of(row: Any) -> dict[str, Any] | None:
    """What ticked a step, as `{collection, id}`."""
    for collection, name in EVIDENCE.items():
        if (record_id := getattr(row, name)) is not None:
            return {"collection": collection, "id": record_id}
    return None
