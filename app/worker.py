"""The worker process: works beside the API. `serve --with-worker` does the same inside."""

import asyncio
import signal

from app.mail import Mailer
from app.main import create_database, do_all_work
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
        await do_all_work(database, stop)
    finally:
        await database.collaborator(Mailer).drain()
        database.collaborator(Outbound).close()
        await database.engine.dispose()
