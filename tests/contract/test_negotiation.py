"""Wrong methods and media types, at every address: refused as the contract says."""

import pytest

from tests.contract.answers import check_problem
from tests.contract.document import METHODS, Operation, contract, operations
from tests.contract.requests import good_request
from tests.contract.scene import Scene

every_operation = pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)


@pytest.mark.parametrize("path", list(contract()["paths"]))
async def test_a_wrong_method_is_told_every_right_one(path: str, scenes: tuple[Scene, ...]) -> None:
    of_this_path = [one for one in operations() if one.path == path]
    known = {one.method for one in of_this_path}
    allowed = known | ({"HEAD"} if "GET" in known else set())
    scene = scenes[0]
    for method in {method.upper() for method in (*METHODS, "head", "options", "trace")} - allowed:
        answer = await scene.anyone.request(method, path)
        assert set(answer.headers["Allow"].split(", ")) == allowed, method
        if method != "HEAD":
            for operation in of_this_path:
                assert check_problem(operation, answer, method)["status"] == 405


@every_operation
async def test_an_answer_nobody_can_read_is_not_made(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    scene = scenes[0]
    person = await scene.person()
    request = await good_request(operation, person)
    before = await scene.rows_of(person)
    answer = await person.send(request, Accept="text/csv")
    if any("content" in one for status, one in operation.says["responses"].items() if status < "3"):
        assert check_problem(operation, answer, "Accept: text/csv")["status"] == 406
        assert await scene.rows_of(person) == before
    else:
        assert answer.is_success  # Without a body there is nothing to negotiate.


@pytest.mark.parametrize(
    "operation", [one for one in operations() if one.body is not None], ids=lambda one: one.id
)
async def test_a_body_that_says_it_is_no_json_is_not_read(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    person = await scenes[0].person()
    request = await good_request(operation, person)
    for media_type in ("text/plain", "application/x-www-form-urlencoded", None):
        answer = await person.send(request.with_headers(Content_Type=media_type))
        assert check_problem(operation, answer, str(media_type))["status"] == 415
