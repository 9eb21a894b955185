"""Worker processes to be killed again and again: they start at once, for the program is loaded."""

import asyncio
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from app import worker
from app.settings import Settings
from app.web.observing import configure_logging


def _work(settings: Mapping[str, str]) -> None:
    os.environ.update({f"REBOUND_{name.upper()}": value for name, value in settings.items()})
    configure_logging("error")
    asyncio.run(worker.run(Settings()))


class Workers:
    """Some workers on one database."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings
        self.running: list[BaseProcess] = []
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["app.main", "app.worker", __name__])

    def start(self) -> None:
        process = self.context.Process(target=_work, args=(self.settings,))
        process.start()
        self.running.append(process)

    def kill(self, position: int) -> None:
        """Kill one as the kernel does, without a word to it."""
        process = self.running.pop(position)
        assert process.is_alive()
        process.kill()
        process.join()


@contextmanager
def workers(settings: Mapping[str, str]) -> Iterator[Workers]:
    """Workers that are gone at the end."""
    crew = Workers(settings)
    try:
        yield crew
    finally:
        while crew.running:
            crew.kill(0)
