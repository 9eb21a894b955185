"""Servers to be killed again and again: they start at once, for the program is loaded once."""

import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

import httpx
import uvicorn

from tests.fixtures.live import START_TIMEOUT_S, database_settings, free_port


def _serve(environment: Mapping[str, str], port: int) -> None:
    os.environ.update(environment)
    uvicorn.run("app.main:create_app", factory=True, port=port, log_level="critical")


@contextmanager
def quick_server(database_url: str, **settings: str) -> Iterator[tuple[str, BaseProcess]]:
    """A server process on its own port, killed at the end if it still runs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["app.main", "uvicorn", __name__])
    port = free_port()
    environment = {f"REBOUND_{name.upper()}": value for name, value in settings.items()}
    process = context.Process(
        target=_serve, args=({**environment, **database_settings(database_url)}, port)
    )
    process.start()
    try:
        base_url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            assert process.is_alive()
            assert time.monotonic() < deadline
            try:
                if httpx.get(f"{base_url}/readyz", timeout=2).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.02)
        yield base_url, process
    finally:
        process.kill()
        process.join()
