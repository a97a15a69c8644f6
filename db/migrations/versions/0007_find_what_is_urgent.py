"""Find the open issues of a zone by their deadlines, in indexes that hold all that is asked of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ALIVE = sa.text("stage NOT IN ('closed', 'merged', 'refused')")
_TURN = [
    "stage",
    "source",
    "sign_off_level",
    "township_id",
    "industry_id",
    "enterprise_id",
    "checker_id",
    "rectifier_id",
    "finder_id",
    "category",
    "notice_ends_on",
    "handed_in_on",
    "due_on",
    "found_on",
    "key_zone_ids",
]
_UNITS = ["finder_unit_id", "lead_unit_id"]
_OPEN_BY_DEADLINE = [
    "due_on",
    "id",
    "stage",
    "severity",
    "township_id",
    "key_zone_ids",
    "industry_id",
    "enterprise_id",
    "finder_unit_id",
    "lead_unit_id",
    "enforcement_unit_id",
    "times_reopened",
    "found_on",
]


def upgrade() -> None:
    op.drop_index("ix_issue_township_stage", table_name="issue")
    op.create_index("ix_issue_township_stage", "issue", ["township_id", "stage", "due_on"], unique=False)
    _of_the_alive("ix_issue_open_due", _OPEN_BY_DEADLINE)
    op.drop_index("ix_issue_turn", table_name="issue")
    _of_the_alive("ix_issue_turn", _TURN + _UNITS)


def downgrade() -> None:
    op.drop_index("ix_issue_turn", table_name="issue")
    _of_the_alive("ix_issue_turn", _TURN)
    op.drop_index("ix_issue_open_due", table_name="issue")
    op.drop_index("ix_issue_township_stage", table_name="issue")
    op.create_index("ix_issue_township_stage", "issue", ["township_id", "stage"], unique=False)


def _of_the_alive(name: str, columns: list[str]) -> None:
    op.create_index(name, "issue", columns, unique=False, sqlite_where=_ALIVE, postgresql_where=_ALIVE)
