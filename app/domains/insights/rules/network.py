"""People, follow-ups and occasions."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from app.domains.contacts.terms import (
    MAX_CADENCE_DAYS,
    ConnectionStatus,
    ContactRelationship,
    InteractionKind,
)
from app.domains.insights.rules.figures import (
    Figures,
    Records,
    attended,
    by_month,
    head,
    share,
    tally,
)
from app.kit.periods import Period


def reaching_back(period: Period) -> Period:
    """The period, and the days before it from which a follow-up can fall due in it."""
    first = period.first - timedelta(days=MAX_CADENCE_DAYS)
    return Period(first, period.last, period.zone)


def network_figures(records: Records, period: Period, today: date) -> Figures:
    """The figures of a person's network; the interactions known are those of `reaching_back`."""
    contacts = records.contacts
    added = [one for one in contacts if one.created_at in period]
    done = [one for one in records.interactions if one.occurred_at in period]
    outcomes = list(_follow_ups(records, period, today))
    return {
        **head(period, len(added) + len(done)),
        "contacts_in_all": len(contacts),
        "contacts_added": len(added),
        "added_by_month": by_month((one.created_at for one in added), period),
        "by_relationship": tally(
            "relationship", ContactRelationship, (one.relationship for one in contacts)
        ),
        "connected": sum(one.connection_status is ConnectionStatus.CONNECTED for one in contacts),
        "interactions_by_kind": tally("kind", InteractionKind, (one.kind for one in done)),
        "follow_ups_kept": share(sum(outcomes), len(outcomes)),
        "companies_followed": sum(one.following for one in records.companies),
        "events_attended": len(attended(records, period)),
    }


def _follow_ups(records: Records, period: Period, today: date) -> Iterator[bool]:
    """For each follow-up that the period decided, whether it was kept.

    A contact with a cadence is due so many days after they were added, and after each done
    interaction since. Being in touch by then keeps it, and decides it on that day; else it is
    missed on the day it was due. What is due today or later is open still.
    """
    days: defaultdict[UUID, set[date]] = defaultdict(set)
    for one in records.interactions:
        days[one.contact_id].add(period.day_of(one.occurred_at))
    for contact in records.contacts:
        if contact.cadence_days is None:
            continue
        added_on = period.day_of(contact.created_at)
        in_touch = sorted({added_on, *(day for day in days[contact.id] if day > added_on)})
        for before, after in zip(in_touch, [*in_touch[1:], None], strict=True):
            due_on = before + timedelta(days=contact.cadence_days)
            kept = after is not None and after <= due_on
            decided_on = after if kept else due_on
            if decided_on in period and (kept or due_on < today):
                yield kept
