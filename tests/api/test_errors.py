"""Errors of the interface for programs: one shape, a status by kind, nothing of the inside."""

import pytest
from starlette.testclient import TestClient

from dashboard.api_errors import STATUS_OF_KIND
from governance.errors import ErrorKind


def test_every_kind_of_error_has_a_status() -> None:
    assert set(STATUS_OF_KIND) == set(ErrorKind)


def test_a_refusal_has_its_code_and_sentence(signed_in: TestClient) -> None:
    answer = signed_in.get("/api/v1/fail/missing")
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "no_issue", "message": "There is no issue 7.", "fields": {}}}


def test_a_refused_field_is_named(signed_in: TestClient) -> None:
    answer = signed_in.get("/api/v1/fail/field")
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"deadline": "deadline is wrong."})


def test_an_unforeseen_error_tells_a_reference_and_nothing_else(signed_in: TestClient) -> None:
    answer = signed_in.get("/api/v1/fail/unforeseen")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/api", "/api/v1/nothing", "/api/v2/issues"])
def test_an_unknown_address_of_the_interface_is_not_found(signed_in: TestClient, path: str) -> None:
    answer = signed_in.get(path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_wrong_method_is_told_in_the_same_shape(signed_in: TestClient) -> None:
    answer = signed_in.post("/api/v1/fail/missing", headers={"origin": "http://localhost"})
    assert (answer.status_code, set(answer.json()["error"])) == (405, {"code", "message", "fields"})
