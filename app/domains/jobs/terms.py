"""The words of jobs, and their limits with their units."""

from datetime import timedelta

from app.kit.terms import Term

MAX_ROWS = 1_000_000
"""More than any body of a request can hold: what a room takes is its own limit."""

MAX_CODE_CHARACTERS = 60
MAX_MESSAGE_CHARACTERS = 500
JOBS_KEPT = timedelta(days=30)


class JobKind(Term):
    """What a job does with its rows."""

    INVITATION_BATCH = "invitation_batch", "Invitations", "Einladungen"


class JobStatus(Term):
    """How far a job is; a failed one was given up, with rows that were never worked on."""

    QUEUED = "queued", "Waiting to begin", "Wartet auf den Beginn"
    RUNNING = "running", "Running", "Läuft"
    COMPLETED = "completed", "Completed", "Abgeschlossen"
    FAILED = "failed", "Given up", "Abgebrochen"


class RowOutcome(Term):
    """What became of a row of a job."""

    WAITING = "waiting", "Waiting", "Wartet"
    SUCCEEDED = "succeeded", "Done", "Erledigt"
    FAILED = "failed", "Not possible", "Nicht möglich"
