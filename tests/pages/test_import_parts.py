"""The import page's road: a file is read before the transaction begins, so that nobody waits for a slow one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dashboard.screen import import_parts


@pytest.mark.parametrize("step", [import_parts.preview, import_parts.carry_out])
def test_a_file_is_read_before_the_transaction_begins(monkeypatch: pytest.MonkeyPatch, step: Any) -> None:
    order: list[str] = []

    @contextmanager
    def transaction(*_args: Any, **_more: Any) -> Iterator[None]:
        order.append("begun")
        yield

    def read(*_args: Any) -> Any:
        order.append("read")
        return lambda work: "report"

    monkeypatch.setattr(import_parts, "_prepared", read)
    monkeypatch.setattr(import_parts, "rehearsal", transaction)
    monkeypatch.setattr(import_parts, "unit_of_work", transaction)
    here = type("Here", (), {"engine": None, "actor": None, "now": None})()
    assert (step(here, None), order) == ("report", ["read", "begun"])
