"""The tables; importing this package declares all of them."""

from sqlmodel import SQLModel

from db.tables import history, issues, people, territory

__all__ = ["history", "issues", "people", "territory"]

# Rows of one transaction may come in any order: foreign keys are checked when it commits.
for _table in SQLModel.metadata.tables.values():
    for _constraint in _table.foreign_key_constraints:
        _constraint.deferrable = True
        _constraint.initially = "DEFERRED"
