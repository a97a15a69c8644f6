"""Page the ledger: indexes in its orders and for its figures, and sign-offs counted while they hold."""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_SCOPES = (
    ("'township'", "coalesce(i.township_id, 0)", "issue i", "1 = 1"),
    ("'industry'", "i.industry_id", "issue i", "i.industry_id IS NOT NULL"),
    (
        "'key_zone'",
        "l.zone_id",
        "issue i JOIN issue_link l ON l.issue_id = i.id JOIN zone z ON z.id = l.zone_id",
        "l.valid_to IS NULL AND z.kind NOT IN ('township', 'district')",
    ),
)
_ON_TIME = "(i.rectify_due_on IS NULL OR coalesce(i.measures_on, i.closed_on) <= i.rectify_due_on)"
_FLOWS = (("'closed'", "1 = 1"), ("'closed_on_time'", _ON_TIME))


def upgrade() -> None:
    op.create_index('ix_issue_due', 'issue', ['due_on', 'id'], unique=False)
    op.create_index('ix_issue_stage_closed', 'issue', ['stage', 'closed_on'], unique=False)
    op.create_index('ix_flow_tally_day', 'flow_tally', ['scope', 'day'], unique=False)
    op.execute("DELETE FROM flow_tally WHERE flow IN ('closed', 'closed_on_time')")
    for scope, scope_id, source, is_in_scope in _SCOPES:
        for flow, is_counted in _FLOWS:
            op.execute(
                "INSERT INTO flow_tally (scope, scope_id, day, flow, n) "
                f"SELECT {scope}, {scope_id}, i.closed_on, {flow}, count(*) FROM {source} "
                f"WHERE i.stage = 'closed' AND i.closed_on IS NOT NULL AND {is_in_scope} AND {is_counted} "
                f"GROUP BY {scope_id}, i.closed_on"
            )


def downgrade() -> None:
    op.drop_index('ix_flow_tally_day', table_name='flow_tally')
    op.drop_index('ix_issue_stage_closed', table_name='issue')
    op.drop_index('ix_issue_due', table_name='issue')
