"""Problems on the wire: one form, and never a word of what was sent."""

import io
import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy import exc
from starlette.exceptions import HTTPException

from app.domains.recovery.schemas import CheckInCreate, PlanCreate, StepCreate
from app.domains.rejections.schemas import RejectionCreate, RejectionPatch
from app.kit import problems
from app.web.observing import configure_logging
from app.web.problems import MEDIA_TYPE, as_problem, findings, respond
from tests.conftest import Person

MARK = "hunter2\N{EYES}"


def test_a_problem_is_told_in_the_form_of_rfc_9457() -> None:
    problem = problems.MissingScope(required_scope="plans:read", headers={"X-Extra": "1"})
    answer = respond(problem, "/v1/somewhere")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["x-extra"] == "1"
    assert json.loads(bytes(answer.body)) == {
        "type": "/problems/missing-scope",
        "title": "This token may not do that",
        "status": 403,
        "instance": "/v1/somewhere",
        "required_scope": "plans:read",
    }


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (problems.NotFound(), problems.NotFound),
        (exc.IntegrityError(MARK, {}, Exception(MARK)), problems.Conflict),
        (exc.TimeoutError(MARK), problems.Unavailable),
        (ConnectionRefusedError(MARK), problems.Unavailable),
        (HTTPException(404, MARK), problems.NotFound),
        (HTTPException(405, MARK, {"Allow": "GET"}), problems.MethodNotAllowed),
        (HTTPException(413, MARK), problems.TooLarge),
        (HTTPException(418, MARK), problems.ServerFault),
        (RuntimeError(MARK), problems.ServerFault),
        (exc.ProgrammingError(MARK, {}, Exception(MARK)), problems.ServerFault),
    ],
)
def test_every_exception_becomes_a_problem_without_its_message(
    error: Exception, kind: type[problems.Problem]
) -> None:
    log = io.StringIO()
    configure_logging("debug", log)
    problem = as_problem(error)
    assert type(problem) is kind
    assert MARK not in bytes(respond(problem, "/").body).decode()
    assert "hunter2" not in log.getvalue()
    assert (type(error).__name__ in log.getvalue()) == (
        kind is problems.ServerFault and not isinstance(error, HTTPException)
    )


SCHEMAS = (RejectionCreate, RejectionPatch, CheckInCreate, PlanCreate, StepCreate)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(MARK) | st.just(MARK * 9000),
    lambda inner: st.lists(inner, max_size=25) | st.dictionaries(st.just(MARK), inner, max_size=2),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(schema=st.sampled_from(SCHEMAS), data=st.data())
def test_what_is_wrong_with_a_body_is_told_without_repeating_it(
    schema: type[BaseModel], data: st.DataObject
) -> None:
    names = st.sampled_from([*schema.model_fields, MARK, "x" * 200, "a/b~c"])
    body = data.draw(st.dictionaries(names, JUNK, max_size=8))
    try:
        schema.model_validate(body)
    except ValidationError as invalid:
        told = findings(
            [{**e, "loc": ("body", *e["loc"])} for e in invalid.errors(include_input=False)]
        )
        assert 0 < len(told) <= 50
        text = json.dumps(told, ensure_ascii=False)
        for sent in (MARK, "hunter2", "x" * 41, "a/b~c"):
            assert sent not in text
        for finding in told:
            assert finding["pointer"].startswith("/")
            assert len(finding["pointer"]) <= 500
            assert 0 < len(finding["message"]) <= 1000
            assert len(finding["code"]) <= 60


async def test_a_refusal_over_http_never_repeats_its_input(person: Person) -> None:
    rejection = await person.record_rejection()
    at = f"/v1/rejections/{rejection['id']}"
    secret = "Zebra fink"
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/accounts", {"json": {"email": secret, "password": secret}}),
        ("POST", "/v1/sessions", {"json": {"email": f"{secret}@example.com", "password": secret}}),
        ("POST", "/v1/rejections", {"json": {"company_name": secret, "stage": secret}}),
        ("POST", "/v1/rejections", {"json": [secret]}),
        ("POST", "/v1/rejections", {"json": secret}),
        ("POST", "/v1/rejections", {"content": secret.encode()}),
        ("PATCH", at, {"json": {secret: secret}, "headers": {"If-Match": "*"}}),
        ("PATCH", at, {"json": {"notes": "x"}, "headers": {"If-Match": secret}}),
        ("GET", f"/v1/rejections?{secret}={secret}", {}),
        ("GET", f"/v1/rejections?cursor={secret}", {}),
        ("GET", f"/v1/rejections?limit={secret}&sort={secret}&tag=%00{secret}", {}),
        ("GET", f"/v1/next-actions?on={secret}", {}),
        ("GET", "/v1/me", {"headers": {"Authorization": f"Bearer {secret}"}}),
        ("GET", "/v1/me", {"headers": {"Accept": secret}}),
    ]
    for method, path, options in calls:
        options.setdefault("headers", {}).setdefault("Content-Type", "application/json")
        refused: httpx.Response = await person.http.request(method, path, **options)
        assert 400 <= refused.status_code < 500, (method, path, refused.text)
        assert secret not in refused.text, (method, path)
        assert secret not in str(refused.headers), (method, path)


def test_every_problem_of_the_program_explains_itself() -> None:
    catalogue = problems.catalogue()
    assert len(catalogue) > 20
    for code, problem in catalogue.items():
        assert problem.code == code
        assert 400 <= problem.status <= 599
        assert problem.explanation.endswith((".", ")."))
        assert not problem.title.endswith(".")
