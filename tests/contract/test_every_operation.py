"""Every operation answers a good request as the contract says, on both engines."""

import pytest

from tests.contract import tally
from tests.contract.answers import check_success
from tests.contract.document import Operation, operations
from tests.contract.requests import good_request
from tests.contract.scene import Scene

every_operation = pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)


@every_operation
async def test_a_good_request_is_answered_as_documented(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        person = await scene.person()
        request = await good_request(operation, person)
        if operation.method == "GET" and not operation.is_public:
            # Without filters, so that there is something in the answer.
            await person.stock()
            check_success(operation, await person.send(request.unfiltered()))
        answer = await person.send(request)
        assert answer.is_success, (
            f"{operation} refuses the request made from the contract: add what its schema cannot "
            f"tell to SAMPLES or CHOICES in tests/contract/requests.py. {answer.text}"
        )
        check_success(operation, answer)
        assert answer.status_code == operation.success
        if "Idempotency-Key" in request.headers:
            again = await person.send(request)
            check_success(operation, again)
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
            assert again.headers["Idempotency-Replayed"] == "true"
            assert again.headers["Location"] == answer.headers["Location"]
    tally.covered.add(operation.id)


@pytest.mark.parametrize(
    "operation", [one for one in operations() if one.method == "GET"], ids=lambda one: one.id
)
async def test_a_held_answer_is_not_sent_again(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        person = await scene.person()
        request = await good_request(operation, person)
        answer = await person.send(request)
        if "If-None-Match" not in operation.parameters("header"):
            assert "ETag" not in answer.headers
            continue
        held = await person.send(request, **{"If-None-Match": answer.headers["ETag"]})
        assert (held.status_code, held.content) == (304, b"")
        assert "304" in operation.says["responses"]
        # Words that are no tags, or no languages, are nobody's mistake to be told about.
        odd = {"If-None-Match": "no tag", "Accept-Language": "?;q=x,,*"}
        assert (await person.send(request, **odd)).status_code == 200
