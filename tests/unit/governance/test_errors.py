"""The one family of errors: a kind, a code and a sentence that names values in plain words."""

import pytest

from governance.errors import Conflict, GridGuardError, IllegalTransition, InvalidInput, NotAllowed, NotFound
from governance.vocabulary import Role, Stage

KINDS = [
    (NotFound, "not_found"),
    (NotAllowed, "not_allowed"),
    (IllegalTransition, "illegal_transition"),
    (Conflict, "conflict"),
    (InvalidInput, "invalid_input"),
]


@pytest.mark.parametrize(("error", "kind"), KINDS)
def test_each_refusal_has_its_kind(error: type[GridGuardError], kind: str) -> None:
    assert error("a_code", "A sentence").kind == kind


def test_an_error_keeps_code_template_and_values_for_the_edge() -> None:
    error = NotFound("no_zone", "There is no zone {code}", code="Z1")
    assert (error.code, error.template, error.params) == ("no_zone", "There is no zone {code}", {"code": "Z1"})


def test_the_english_text_shows_members_and_lists_in_plain_words() -> None:
    error = NotAllowed("x", "In {stage}, {roles} may not", stage=Stage.CLOSED, roles=(Role.BUTLER, Role.BUREAU))
    assert str(error) == "In closed, butler, bureau may not"


def test_an_error_may_have_a_value_called_code_or_template() -> None:
    error = InvalidInput("x", "{template} and {code}", code=1, template=2)
    assert str(error) == "2 and 1"
