"""How well a company fits a person's values, by a documented formula of Rebound's own.

Each value has an importance and an observation, both from 1 to 5. Wanted is to see a value fully,
a 5, so its closeness is `(observed - 1) / 4`: nothing at 1, half at 3, all at 5. The alignment is
the mean closeness weighted by importance, in whole percent, halves rounded up:

    alignment_percent = 100 x sum(importance x (observed - 1)) / (4 x sum(importance))

What hardly matters to the person hardly counts, and a value of importance 5 counts like five of
importance 1. It is arithmetic on what one person saw, not a measured scale.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.domains.reflections.errors import about_nothing, conclusion_required
from app.domains.reflections.terms import (
    ALIGNED_FROM_PERCENT,
    LEAST_RATING,
    MIXED_FROM_PERCENT,
    MOST_RATING,
    FitConclusion,
)


def alignment_percent(ratings: Iterable[Mapping[str, Any]]) -> int | None:
    """The alignment, 0 to 100, of ratings with `importance` and `observed`; None without any."""
    found: list[tuple[int, int]] = [(one["importance"], one["observed"]) for one in ratings]
    if not found:
        return None
    seen = sum(importance * (observed - LEAST_RATING) for importance, observed in found)
    wanted = sum(importance for importance, _ in found) * (MOST_RATING - LEAST_RATING)
    # Whole numbers all the way: the same on every machine, and in whatever order they come.
    return (200 * seen + wanted) // (2 * wanted)


def conclusion_of(given: FitConclusion | None, alignment: int | None) -> FitConclusion:
    """The person's own word, or what follows from the alignment where they have not said one.

    From 70 percent on it is aligned, from 40 on mixed, below that misaligned.

    Raises:
        Invalid: no conclusion was given, and nothing was rated from which one could follow.
    """
    if given is not None:
        return given
    if alignment is None:
        raise conclusion_required()
    if alignment >= ALIGNED_FROM_PERCENT:
        return FitConclusion.ALIGNED
    return FitConclusion.MIXED if alignment >= MIXED_FROM_PERCENT else FitConclusion.MISALIGNED


def check_subject(rejection_id: UUID | None, company_id: UUID | None) -> None:
    """Let an assessment through that is about a rejection or a company, or both.

    Raises:
        Invalid: it is about neither.
    """
    if rejection_id is None and company_id is None:
        raise about_nothing()
