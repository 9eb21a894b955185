"""Two guards that look after the person: one against dwelling, one that points to support.

Both are plain counting. Nothing here names a condition, reads free text, or tells anyone else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domains.recovery.rules.facts import CheckInFacts
from app.domains.recovery.terms import LEAST_RATING
from app.kit.clock import local_day
from app.kit.terms import Language

IN_A_ROW = 3
WITHIN_DAYS = 14
"""Local calendar days, the first and the last counted."""

DWELLING_LOCAL_DAYS = 3
SETTLING_DAYS = 7
GUARD_RESTS_DAYS = 14
MUTE = timedelta(days=7)

LOW_MOOD_LOCAL_DAYS = 2
CARD_RESTS = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A few words shown with the answer to a check-in."""

    title: str
    text: str


SUPPORT_CARDS = {
    Language.EN: Card(
        title="You don't have to carry this alone",
        text=(
            "Talking to someone can help: a friend, family, or one of the people who listen at "
            "the places listed under support resources, many of them free and at any hour. Only "
            "you see this card. Rebound tells nobody and nobody is alerted, so if you want "
            "someone by your side, reach out to them yourself; in an emergency call your local "
            "emergency number."
        ),
    ),
    Language.DE: Card(
        title="Du musst das nicht allein tragen",
        text=(
            "Mit jemandem zu sprechen kann helfen: mit einem Freund, der Familie oder Menschen, "
            "die zuhören; du findest sie unter den Hilfsangeboten, viele davon kostenlos und rund "
            "um die Uhr. Nur du siehst diese Karte. Rebound sagt niemandem etwas und niemand wird "
            "benachrichtigt; wenn du jemanden an deiner Seite möchtest, melde dich bitte selbst. "
            "Im Notfall wähle die Notrufnummer deines Landes."
        ),
    ),
}


def guard_fires(
    check_ins: Iterable[CheckInFacts],
    *,
    rejected_on: date,
    created_at: datetime,
    zone: ZoneInfo,
    last_fired_at: datetime | None,
) -> bool:
    """Whether the person's thoughts keep going back to one rejection (practice A2).

    True if its latest three check-ins all say `dwelling: true`, lie on three different local days
    within 14, the last at least 7 days after both the rejection and its recording, and the guard
    has not fired in the 14 days before. `check_ins` are those of the rejection, the new one
    included, in any order; `last_fired_at` is the `checked_in_at` of the check-in that fired it.
    A low mood is not dwelling, and an unanswered question is not a yes.

    Brooding and reflective pondering differ (Treynor, Gonzalez & Nolen-Hoeksema 2003), so what is
    offered is an if-then plan (Gollwitzer; van Hooft et al. 2005) rather than more reflection.
    The numbers are Rebound's own rule.
    """
    latest = _latest(check_ins)
    if len(latest) < IN_A_ROW or not all(one.dwelling is True for one in latest):
        return False
    days = _days(latest, zone)
    settled_on = max(rejected_on, local_day(created_at, zone)) + timedelta(days=SETTLING_DAYS)
    rested = last_fired_at is None or days[-1] >= local_day(last_fired_at, zone) + timedelta(
        days=GUARD_RESTS_DAYS
    )
    return (
        len(set(days)) >= DWELLING_LOCAL_DAYS
        and _within(days)
        and days[-1] >= settled_on
        and rested
    )


def muted_until(last_fired_at: datetime | None) -> datetime | None:
    """Until when the guard keeps a rejection's other prompts quiet: 7 days.

    It never mutes support, and it hides nothing the person asks for.
    """
    return last_fired_at + MUTE if last_fired_at else None


def support_card_due(  # noqa: PLR0913 -- a pure rule names every fact it decides on.
    recorded: CheckInFacts,
    recent: Iterable[CheckInFacts],
    *,
    zone: ZoneInfo,
    last_shown_at: datetime | None,
    now: datetime,
    support_wanted: bool = False,
) -> bool:
    """Whether the answer to the check-in just `recorded` carries the support card.

    True if the person asked for it, always. Else if their latest three check-ins, whatever they
    are about, the recorded one among them, all have mood 1 and lie on at least two local days
    within 14, and no card was shown in the last 24 hours. `recent` may hold the recorded one.

    Rebound's own rule: counting, not a risk assessment.
    """
    if support_wanted:
        return True
    if last_shown_at is not None and now < last_shown_at + CARD_RESTS:
        return False
    latest = _latest([recorded, *(one for one in recent if one.id != recorded.id)])
    days = _days(latest, zone)
    return (
        len(latest) == IN_A_ROW
        and recorded in latest
        and all(one.mood == LEAST_RATING for one in latest)
        and len(set(days)) >= LOW_MOOD_LOCAL_DAYS
        and _within(days)
    )


def _latest(check_ins: Iterable[CheckInFacts]) -> Sequence[CheckInFacts]:
    return sorted(check_ins, key=lambda one: (one.checked_in_at, one.id))[-IN_A_ROW:]


def _days(check_ins: Iterable[CheckInFacts], zone: ZoneInfo) -> Sequence[date]:
    return [local_day(one.checked_in_at, zone) for one in check_ins]


def _within(days: Sequence[date]) -> bool:
    return days[-1] - days[0] < timedelta(days=WITHIN_DAYS)
