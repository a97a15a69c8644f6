"""Page notices and what came from above along an index; find by zone who leads and who is in charge."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ABOVE = sa.text(
    "source IN ('central_inspection', 'city_hand_over', 'hotline_12345', 'hotline_12369', 'instruction',"
    " 'provincial_inspection')"
)
_OF_ISSUES = {
    "ix_issue_charge_township": ["person_in_charge_id", "township_id"],
    "ix_issue_charge_zones": ["person_in_charge_id", "key_zone_ids"],
    "ix_issue_lead_township": ["lead_unit_id", "township_id"],
    "ix_issue_lead_zones": ["lead_unit_id", "key_zone_ids"],
}
_OF_THOSE_FROM_ABOVE = {
    "ix_issue_above": ["source", "source_due_on", "id", "stage"],
    "ix_issue_above_stage": ["source", "stage", "due_on"],
}
_REPLACED = {"ix_issue_person_in_charge_id": "person_in_charge_id", "ix_issue_lead_unit_id": "lead_unit_id"}


def upgrade() -> None:
    for name in _REPLACED:
        op.drop_index(name, table_name="issue")
    for name, columns in _OF_ISSUES.items():
        op.create_index(name, "issue", columns, unique=False)
    for name, columns in _OF_THOSE_FROM_ABOVE.items():
        op.create_index(name, "issue", columns, unique=False, sqlite_where=_ABOVE, postgresql_where=_ABOVE)
    op.create_index("ix_notice_issued", "notice", ["issued_on", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_notice_issued", table_name="notice")
    for name in (*_OF_THOSE_FROM_ABOVE, *_OF_ISSUES):
        op.drop_index(name, table_name="issue")
    for name, column in _REPLACED.items():
        op.create_index(name, "issue", [column], unique=False)
