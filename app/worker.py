"""The worker process: runs what is due beside the API. `serve --with-worker` does it inside."""

import asyncio
import signal

from app.db.jobs import work
from app.mail import Mailer
from app.main import create_database, jobs
from app.outbound import Outbound
from app.settings import Settings


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for received in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(received, stop.set)
    database = create_database(settings)
    try:
        await work(database, jobs(), stop)
    finally:
        await database.collaborator(Mailer).drain()
        database.collaborator(Outbound).close()
        await database.engine.dispose()
