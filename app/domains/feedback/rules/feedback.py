"""What holds for feedback that came back."""

from datetime import date, timedelta

from app.domains.feedback.errors import rated_before_restating, received_in_the_future
from app.domains.feedback.terms import MAX_DAYS_AHEAD


def check_received_on(received_on: date, today: date) -> None:
    """Let a day through unless nobody can have lived through it yet.

    Raises:
        Invalid: it lies more than one day ahead of the person's local day.
    """
    if received_on > today + timedelta(days=MAX_DAYS_AHEAD):
        raise received_in_the_future()


def check_rating(restated: str | None, usefulness: int | None) -> None:
    """Let a rating through only after the person has said in their own words what they heard.

    Feedback that is rated at once is mostly rated by how it felt.

    Raises:
        Invalid: it is rated and not restated.
    """
    if usefulness is not None and not (restated or "").strip():
        raise rated_before_restating()
