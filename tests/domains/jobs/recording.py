"""A job whose rows record rejections, for tests; as a program, a worker that does nothing else.

python -m tests.domains.jobs.recording DATABASE_URL FOLDER
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Row

from app.db.transaction import Database, Transaction
from app.domains.accounts.service import caller_for
from app.domains.jobs.service import JobService, RowWork, run_jobs
from app.domains.jobs.terms import JobKind
from app.domains.rejections.schemas import RejectionCreate
from app.domains.rejections.service import RejectionService
from app.main import create_database
from app.settings import Settings
from tests.fixtures.postgres import as_owner


async def record(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
    caller = await caller_for(transaction, job.owner_id)
    body = RejectionCreate.model_validate(
        {"company_name": said["company"], "stage": "offer", "start_plan": False}
    )
    recorded = await RejectionService(transaction, caller).record(body)
    rejection_id: UUID = recorded.id
    return rejection_id


RECORDING = RowWork(JobKind.INVITATION_BATCH, record)


async def queue(database: Database, owner_id: UUID, companies: Sequence[str]) -> UUID:
    """A job of a person that records a rejection by each company."""
    async with database.write() as transaction:
        transaction.enter(owner_id)
        caller = await caller_for(transaction, owner_id)
        job = await JobService(transaction, caller).queue(
            JobKind.INVITATION_BATCH, [{"company": one} for one in companies]
        )
        job_id: UUID = job["id"]
    return job_id


async def main(url: str, folder: str) -> None:
    settings = Settings(
        _env_file=None,
        database_url=url,
        admin_database_url=as_owner(url),
        data_path=Path(folder),
        secret_key=SecretStr("a secret of the tests, long enough"),
        sqlite_synchronous="NORMAL",
    )
    await run_jobs(create_database(settings), [RECORDING], asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
