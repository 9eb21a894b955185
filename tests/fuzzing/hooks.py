"""What Schemathesis is told of Rebound; schemathesis.toml names this module.

Its runner, tests/fuzzing/engine.py, says by environment variables where the server is, and reads
the tally from a file when the tool has ended.
"""

import atexit
import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import observations
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import RejectedPositiveData

from app.kit.fields import FIRST_YEAR, LAST_YEAR
from tests.fuzzing import beyond
from tests.fuzzing.engine import MIN_CASES
from tests.fuzzing.people import LiveScene
from tests.fuzzing.steering import Steering

folder = Path(os.environ["FUZZ_FOLDER"])
steering = Steering(
    int(os.environ["FUZZ_SEED"]),
    LiveScene(os.environ["FUZZ_BASE_URL"], folder / "mail", os.environ["FUZZ_DATABASE_URL"]),
    json.loads(os.environ["FUZZ_OWNER"]),
)
statuses: dict[str, Counter[int]] = {one.id: Counter() for one in steering.operations.values()}
met: Counter[str] = Counter()
examples = 0


def _split_any_text(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


# The tool looks for addresses of the server in the texts that it is answered, and its run ends
# with an internal error at one like `https://[` (4.32.5): such a text holds no address.
vars(observations)["urlsplit"] = _split_any_text

# JSON Schema has no way to bound a day; the contract tells the years in words.
schemathesis.openapi.format(
    "date", st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)).map(date.isoformat)
)
schemathesis.openapi.format(
    "date-time",
    st.datetimes(
        datetime(FIRST_YEAR, 1, 1),  # noqa: DTZ001 -- the strategy adds the time zone.
        datetime(LAST_YEAR, 12, 31),  # noqa: DTZ001 -- as above.
        timezones=st.just(UTC),
    ).map(datetime.isoformat),
)
# Of what RFC 5321 allows, mail systems take less; RFC 2606 keeps these domains for samples.
schemathesis.openapi.format(
    "email", st.emails(domains=st.sampled_from(["example.com", "mail.example.org"]))
)


def before_add_examples(context: HookContext, cases: list[Case[Any]]) -> None:
    """Repeat an operation that takes no input: there is only one request to it."""
    operation = context.operation
    if operation is not None and not [*operation.iter_parameters(), *operation.body]:
        cases.extend(operation.Case() for _ in range(MIN_CASES))


def before_call(_: HookContext, case: Case[Any], __: dict[str, Any]) -> None:
    """Give a request its sender, and values that mean something."""
    operation = steering.operation(case)
    if operation is not None:
        steering.send_as_somebody(case, operation)
        steering.improve(case, operation)


def after_call(_: HookContext, case: Case[Any], response: Response) -> None:
    """Count an answer, and learn from it."""
    global examples  # noqa: PLW0603 -- hooks are functions, and counting is all they share.
    operation = steering.operation(case)
    if operation is not None:
        statuses[operation.id][response.status_code] += 1
        examples += case.meta is None or case.meta.phase.name == "examples"
        steering.note(operation, response.status_code)


def filter_failure(_: HookContext, failure: Failure, __: Case[Any], response: Response) -> bool:
    """Keep a failure, but not a refusal for nothing but reasons beyond the contract."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    found = beyond.excuses(response.json())
    met.update(found)
    return not found


for hook in (before_add_examples, before_call, after_call, filter_failure):
    schemathesis.hook(hook)


@atexit.register
def _write_tally() -> None:
    tally = {"examples": examples, "statuses": statuses, "met": met}
    (folder / "tally.json").write_text(json.dumps(tally))
