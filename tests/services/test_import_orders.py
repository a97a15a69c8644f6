"""Orders of imports: the file is read before the transaction begins, a rehearsal stores nothing, options are heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.services import import_orders
from dashboard.services.import_orders import Order, carry_out, rehearse
from dashboard.services.uploads import Upload
from db.tables.issues import Issue
from governance.vocabulary import ZoneKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import ACTOR, WEST, every, found, geojson, version

WHO: dict[str, Any] = {"actor": ACTOR, "now": NOW, "today": TODAY}


def ledger(folder: Path, text: str, **options: Any) -> Order:
    path = folder / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    return Order(what="issues", upload=Upload(path=path, name=path.name), crs="WGS84", **options)


@pytest.mark.parametrize("step", [rehearse, carry_out])
def test_a_file_is_read_before_the_transaction_begins(monkeypatch: pytest.MonkeyPatch, step: Any) -> None:
    order: list[str] = []

    @contextmanager
    def transaction(*_args: Any, **_more: Any) -> Iterator[None]:
        order.append("begun")
        yield

    def read(*_args: Any) -> Any:
        order.append("read")
        return lambda work: "report"

    monkeypatch.setattr(import_orders, "_prepared", read)
    monkeypatch.setattr(import_orders, "rehearsal", transaction)
    monkeypatch.setattr(import_orders, "unit_of_work", transaction)
    assert (step(None, None, actor=None, now=None, today=None), order) == ("report", ["read", "begun"])


def test_a_rehearsal_reports_and_stores_nothing(engine: Engine, tmp_path: Path) -> None:
    before = version(found(engine))
    report = rehearse(engine, ledger(tmp_path, "title,found_on\nDust,2026-06-01\n"), **WHO)
    assert (report.imported, version(engine)) == (1, before)


def test_a_mapping_names_the_columns(engine: Engine, tmp_path: Path) -> None:
    order = ledger(tmp_path, "Was,found_on\nDust,2026-06-01\n", mapping={"title": "Was"})
    carry_out(found(engine), order, **WHO)
    assert [issue.title for issue in every(engine, Issue)] == ["Dust"]


def test_a_layer_is_read_by_the_fields_that_are_named(engine: Engine, tmp_path: Path) -> None:
    path = geojson(tmp_path / "wards.geojson", ({"Schluessel": "7", "Wort": "Ward"}, WEST))
    upload = Upload(path=path, name=path.name)
    order = Order(what="layers", upload=upload, kind=ZoneKind.PORT, code_field="Schluessel", name_field="Wort")
    assert carry_out(found(engine), order, **WHO).imported == 1
