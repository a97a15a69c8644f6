"""Rank units: indexes of the few issues that no summary counts, and of look-backs by their day."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_SAME_DAY = sa.text('handed_over_on = closed_on')
_RECURS = sa.text('recurs_id IS NOT NULL')


def upgrade() -> None:
    op.create_index(
        'ix_issue_instant',
        'issue',
        ['stage', 'closed_on'],
        unique=False,
        sqlite_where=_SAME_DAY,
        postgresql_where=_SAME_DAY,
    )
    op.create_index(
        'ix_issue_recurs', 'issue', ['found_on'], unique=False, sqlite_where=_RECURS, postgresql_where=_RECURS
    )
    op.create_index('ix_look_back_item_looked', 'look_back_item', ['looked_on'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_look_back_item_looked', table_name='look_back_item')
    op.drop_index('ix_issue_recurs', table_name='issue')
    op.drop_index('ix_issue_instant', table_name='issue')
