"""What is done with jobs: queueing and showing them, working on them, and forgetting them."""

from app.domains.jobs.service.jobs import JobService
from app.domains.jobs.service.working import RowWork, purge_jobs, run_jobs, run_next_job

__all__ = ["JobService", "RowWork", "purge_jobs", "run_jobs", "run_next_job"]
