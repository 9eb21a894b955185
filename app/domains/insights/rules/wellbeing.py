"""Mood and energy by week.

There is no figure for the time to recover, on purpose: it would be noise, and tell people that
they heal slowly.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.domains.insights.rules.figures import Figures, Records, head, mean, tally
from app.domains.recovery.terms import Emotion
from app.kit.periods import Period, week_of


def wellbeing_figures(records: Records, period: Period, *, rejection_id: UUID | None) -> Figures:
    """The figures of the check-ins of a period, of those about one rejection if it is named."""
    counted = [
        one
        for one in records.check_ins
        if one.checked_in_at in period and rejection_id in (None, one.rejection_id)
    ]
    weeks: defaultdict[Any, list[Any]] = defaultdict(list)
    for one in counted:
        weeks[week_of(period.day_of(one.checked_in_at))].append(one)
    emotions = (Emotion(word) for one in counted for word in one.emotions)
    return {
        **head(period, len(counted)),
        "by_week": [
            {
                "week": monday,
                "count": len(weeks[monday]),
                "mood": mean([one.mood for one in weeks[monday]]),
                "energy": mean([one.energy for one in weeks[monday]]),
            }
            for monday in period.weeks
        ],
        "emotions": tally("emotion", Emotion, emotions),
    }
