"""Fuzzes every operation on SQLite and on a real PostgreSQL: `python -m tests.fuzzing`.

The environment variable SEED repeats the run that printed it, as far as ids and times allow.
"""

import os
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import typer

from tests.fixtures.postgres import start_postgres
from tests.fuzzing import beyond
from tests.fuzzing.engine import Outcome, fuzz

HEADINGS = ("engine", "operations", "examples", "cases", "fewest", "with 2xx", "failures")


def main() -> int:
    """Run both engines at once, print what came of it, and tell by the exit code if all is well."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(2**32))
    typer.echo(f"Fuzzing all operations, SEED={seed} ...")
    folder = Path(tempfile.mkdtemp(prefix="rebound-fuzz-"))
    with start_postgres() as postgres, ThreadPoolExecutor() as both:
        urls = {
            "sqlite": f"sqlite:///{folder}/sqlite/rebound.db",
            "postgresql": postgres.create_program_database("fuzzed"),
        }
        for engine in urls:
            (folder / engine).mkdir()
        outcomes = list(
            both.map(lambda engine: fuzz(engine, urls[engine], folder / engine, seed), urls)
        )
    typer.echo(table(outcomes))
    complaints = verdict(outcomes)
    if not complaints:
        shutil.rmtree(folder)
        return 0
    for outcome in outcomes:
        if outcome.exit_code:
            typer.echo((folder / outcome.engine / "output.txt").read_text())
    for told in (*complaints, f"Everything said is in {folder}; repeat it with SEED={seed}."):
        typer.echo(told, err=True)
    return 1


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures of the engines, a line for each."""
    rows = [HEADINGS] + [
        (
            outcome.engine,
            len(outcome.statuses),
            outcome.examples,
            sum(outcome.cases.values()),
            min(outcome.cases.values(), default=0),
            outcome.succeeded,
            outcome.failures,
        )
        for outcome in outcomes
    ]
    return "\n".join(f"{row[0]:12}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows)


def verdict(outcomes: Sequence[Outcome]) -> list[str]:
    """Every complaint about the runs; none if all is well."""
    complaints = [
        f"{outcome.engine}: {told}" for outcome in outcomes for told in outcome.complaints()
    ]
    met = sum((Counter(outcome.excused) for outcome in outcomes), Counter[str]())
    return complaints + [
        f"tests/fuzzing/beyond.py: nothing was excused because {reason}; remove the line"
        for reason in beyond.unmet(met)
    ]


if __name__ == "__main__":
    sys.exit(main())
