"""What somebody may see of a client, from all grants that count for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus
from app.domains.coaching.terms import ConsentState


@dataclass(frozen=True, kw_only=True)
class GrantFacts:
    """A stored grant."""

    id: UUID
    status: GrantStatus
    categories: tuple[ConsentCategory, ...]
    access: ConsentAccess
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where consent stands: by category the grant that allows it, and the first end of any."""

    state: ConsentState
    readable: Mapping[ConsentCategory, UUID]
    writable: Mapping[ConsentCategory, UUID]
    expires_at: datetime | None


_OF_OLD = (
    ConsentState.REQUESTED,
    ConsentState.EXPIRED,
    ConsentState.REVOKED,
    ConsentState.DECLINED,
)
"""What is told where no grant is in force: the first of these that any grant is in."""


def standing(grants: Iterable[GrantFacts], now: datetime) -> Standing:
    """What the grants allow together at an instant; an active one whose end has come is expired.

    Where two grants in force allow the same, the one with the greater id stands for it.
    """
    known = sorted(grants, key=lambda grant: grant.id)
    in_force = [
        grant for grant in known if grant.status is GrantStatus.ACTIVE and grant.expires_at > now
    ]
    if in_force:
        state = ConsentState.ACTIVE
    else:
        found = {
            ConsentState.EXPIRED if one.status is GrantStatus.ACTIVE else ConsentState(one.status)
            for one in known
        }
        state = next((one for one in _OF_OLD if one in found), ConsentState.NONE)
    return Standing(
        state=state,
        readable=_by_category(in_force),
        writable=_by_category(one for one in in_force if one.access is ConsentAccess.WRITE),
        expires_at=min((grant.expires_at for grant in in_force), default=None),
    )


def _by_category(grants: Iterable[GrantFacts]) -> dict[ConsentCategory, UUID]:
    found = {category: grant.id for grant in grants for category in grant.categories}
    return {category: found[category] for category in ConsentCategory if category in found}
