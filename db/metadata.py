"""All tables declared, and what holds for every one of them."""

from sqlmodel import SQLModel

from db.tables import desk, directives, history, issues, loop, messages, people, plans, territory, watching

TABLES = (desk, directives, history, issues, loop, messages, people, plans, territory, watching)
METADATA = SQLModel.metadata

# Rows of one transaction may come in any order: foreign keys are checked when it commits.
for _table in METADATA.tables.values():
    for _constraint in _table.foreign_key_constraints:
        _constraint.deferrable = True
        _constraint.initially = "DEFERRED"
