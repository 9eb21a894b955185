"""One run of Schemathesis against a real server process on one database engine."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.fixtures.live import database_settings, live_server
from tests.fuzzing.people import LiveScene, newcomer

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "tests" / "fuzzing" / "schemathesis.toml"
MIN_CASES = 100
PLENTY = "1000000"
SETTINGS = {
    "access_token_seconds": "86400",
    "log_level": "error",
    # Limits that nobody reaches: their headers are in the contract and are checked too.
    "rate_limit_per_minute": PLENTY,
    "address_limit_per_minute": PLENTY,
    "sqlite_synchronous": "NORMAL",
    # Senders choose their address, or the first wrong passwords would hold up all others.
    "trusted_proxies": "127.0.0.1",
}


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    engine: str
    statuses: Mapping[str, Mapping[int, int]]
    """How often each operation was answered with each status."""

    examples: int = 0
    failures: int = 0
    exit_code: int = 0
    excused: Mapping[str, int] = field(default_factory=dict)
    """How often each entry of tests/fuzzing/beyond.py was met."""

    @property
    def cases(self) -> Mapping[str, int]:
        """How often each operation was called."""
        return {name: sum(found.values()) for name, found in self.statuses.items()}

    @property
    def succeeded(self) -> int:
        """How many operations were answered 2xx at least once."""
        return sum(any(200 <= status < 300 for status in s) for s in self.statuses.values())

    def complaints(self) -> Iterator[str]:
        """Sentences about everything that is not as it must be."""
        for name, found in self.statuses.items():
            if self.cases[name] < MIN_CASES:
                yield f"{name} was called {self.cases[name]} times, which is less than {MIN_CASES}"
            if not any(200 <= status < 300 for status in found):
                yield f"{name} was never answered 2xx, but {dict(found)}"
        if self.failures or self.exit_code:
            yield f"Schemathesis found {self.failures} failures (exit code {self.exit_code})"


def fuzz(engine: str, database_url: str, folder: Path, seed: int) -> Outcome:
    """Serve a database with sample data, and fuzz all operations of the contract.

    Everything the tool says stands in `output.txt` in the folder when it has ended.
    """
    demo = _fill(database_url, folder)
    with live_server(folder, database_url, **SETTINGS) as (base_url, _):
        stranger = asyncio.run(_sign_up(base_url, folder, database_url))
        people = {"owner": demo["token"], "stranger": stranger}
        (folder / "people.json").write_text(json.dumps(_credentials(people)))
        owner = {"access_token": demo["token"], "account_id": demo["account"]}
        report = folder / "report.json"
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
            *("run", f"{base_url}/openapi.json", "--seed", str(seed)),
            *("--report", "json", "--report-json-path", str(report), "--no-color"),
        ]
        environment = {
            **os.environ,
            "FUZZ_BASE_URL": base_url,
            "FUZZ_DATABASE_URL": database_url,
            "FUZZ_FOLDER": str(folder),
            "FUZZ_OWNER": json.dumps(owner),
            "FUZZ_PEOPLE": str(folder / "people.json"),
            "FUZZ_SEED": str(seed),
        }
        with (folder / "output.txt").open("wb") as output:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False
            )
    return _read(engine, folder, done.returncode)


def _fill(database_url: str, folder: Path) -> dict[str, str]:
    """Add the demo person, whose records have the ids of the contract's examples."""
    environment = {
        **os.environ,
        **database_settings(database_url),
        "REBOUND_SECRET_KEY": "a secret of the tests, long enough",
        "REBOUND_ACCESS_TOKEN_SECONDS": SETTINGS["access_token_seconds"],
    }
    command = [sys.executable, "-m", "app", "demo-data"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(line.split(": ") for line in done.stdout.splitlines() if ": " in line)


async def _sign_up(base_url: str, folder: Path, database_url: str) -> str:
    scene = LiveScene(base_url, folder / "mail", database_url)
    async with scene.anyone:
        return (await newcomer(scene)).tokens["access_token"]


def _credentials(people: Mapping[str, str]) -> object:
    """A file of Web Fuzzing Commons, as the tool reads it."""
    return {
        "auth": [
            {
                "name": name,
                "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}],
            }
            for name, token in people.items()
        ]
    }


def _read(engine: str, folder: Path, exit_code: int) -> Outcome:
    try:
        tally = json.loads((folder / "tally.json").read_text())
        report = json.loads((folder / "report.json").read_text())
    except FileNotFoundError:
        return Outcome(engine, {}, exit_code=exit_code or 1)
    return Outcome(
        engine,
        {
            name: Counter({int(status): number for status, number in found.items()})
            for name, found in tally["statuses"].items()
        },
        examples=tally["examples"],
        failures=report["test_cases"]["unique_failures"],
        exit_code=exit_code,
        excused=tally["met"],
    )
