"""The generated clients as processes, and a line on which answers get lost."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.fixtures.lossy import Fate, Line, each_once

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
CONTRACT = CLIENTS.parent / "openapi" / "openapi.json"
TIMEOUT_S = 60.0


def journey_commands() -> dict[str, list[str]]:
    """How the journey is started in each language."""
    python = Path(sys.prefix) / "clients" / "bin" / "python"
    node = shutil.which("node") or "node"
    return {
        "python": [str(python), str(CLIENTS / "python" / "journey.py")],
        "typescript": [node, str(CLIENTS / "typescript" / "build" / "journey.js")],
    }


def chapters(language: str) -> dict[str, str]:
    """The source of every chapter in one language, by its name."""
    wanted = {"python": "python/chapters/[a-z]*.py", "typescript": "typescript/src/chapters/*.ts"}
    return {path.stem: path.read_text("utf-8") for path in CLIENTS.glob(wanted[language])}


@dataclass
class Ended:
    """What an ended process leaves."""

    code: int
    said: list[str]
    complained: str


async def travel(language: str, *addresses: str) -> Ended:
    """Run the whole journey in one language."""
    process = await asyncio.create_subprocess_exec(
        *journey_commands()[language],
        *addresses,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode().splitlines(), err.decode())


@asynccontextmanager
async def losing_line(base_url: str) -> AsyncIterator[tuple[str, Line]]:
    """A second address of a server, on which the first answer to every request gets lost."""
    port = urlsplit(base_url).port
    assert port is not None
    line = Line(each_once(Fate.ANSWER_LOST), port)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as proxy:
        yield f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}", line
