"""Sum up by day and by cell what stands unresolved; filled from the events once the newest schema stands."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEW = ("tally_day", "standing_tally", "due_tally", "heat_tally", "zone_place", "place_flow", "cell_flow", "day_record")
_COUNTED = ("standing_tally", "due_tally", "heat_tally", "zone_place", "place_flow", "cell_flow")
_NONE_LEFT = sa.text("n = 0")
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
_NOWHERE = sa.text("cell IS NULL")
_SETS = {
    "scope": ("place", "industry", "source", "enterprise"),
    "severity": ("minor", "major", "severe"),
    "lateness": ("clue", "in_time", "late"),
    "span": ("day", "week"),
    "flow": ("found", "opened", "left", "closed", "closed_on_time"),
}
_RECORDED = ("district", "zone", "industry")


_INDEXES = {
    "ix_issue_enterprise_found": ["enterprise_id", "source", "found_on", "finder_unit_id"],
    "ix_issue_enterprise_checked": ["enterprise_id", "checked_on"],
    "ix_issue_finder": ["finder_id", "stage"],
    "ix_issue_rectifier": ["rectifier_id", "stage"],
    "ix_issue_key_zones": ["key_zone_ids", "stage", "due_on"],
}


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.create_index(name, "issue", columns, unique=False)
    op.create_index("ix_issue_turn", "issue", _TURN, unique=False, sqlite_where=_ALIVE, postgresql_where=_ALIVE)
    op.create_index(
        "ix_issue_nowhere", "issue", ["stage"], unique=False, sqlite_where=_NOWHERE, postgresql_where=_NOWHERE
    )
    op.create_table(
        "tally_day",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_day")),
    )
    _create("standing_tally", [_word("scope"), _text("key"), _word("severity"), _word("lateness")], [_number("n")])
    _create("due_tally", [_word("scope"), _day("due_on"), _text("key"), _word("severity")], [_number("n")])
    _create(
        "heat_tally",
        [_big("cell"), _word("severity"), sa.Column("is_late", sa.Boolean(), nullable=False)],
        [_number("n"), _big("found_days")],
    )
    _create("zone_place", [_number("zone_id"), _text("key_zone_ids")], [_number("n")])
    _create("place_flow", [_day("day"), _text("key"), _word("flow")], [_number("n")])
    _create("cell_flow", [_word("span"), _day("day"), _big("cell"), _word("flow")], [_number("n")])
    op.create_table(
        "day_record",
        _day("day"),
        _word("scope"),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        _number("unresolved"),
        _number("overdue"),
        sa.Column("due_within", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "scope", "scope_id", name=op.f("pk_day_record")),
        sa.CheckConstraint(_one_of("scope", _RECORDED), name=op.f("ck_day_record_scope_in_set")),
    )
    op.execute("DELETE FROM cell_tally")  # counted anew with the others
    op.add_column("cell_tally", sa.Column("found_days", sa.BigInteger(), nullable=False))
    op.create_index("ix_cell_tally_due", "cell_tally", ["due_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_issue_nowhere", table_name="issue")
    op.drop_index("ix_issue_turn", table_name="issue")
    for name in _INDEXES:
        op.drop_index(name, table_name="issue")
    op.drop_index("ix_cell_tally_due", table_name="cell_tally")
    op.drop_column("cell_tally", "found_days")
    for table in _COUNTED:
        op.drop_index(f"ix_{table}_zero", table_name=table)
    for table in reversed(_NEW):
        op.drop_table(table)


def _create(table: str, keys: list[sa.Column[object]], measures: list[sa.Column[object]]) -> None:
    names = [column.name for column in keys]
    checks = [
        sa.CheckConstraint(_one_of(name, _SETS[name]), name=op.f(f"ck_{table}_{name}_in_set"))
        for name in names
        if name in _SETS
    ]
    op.create_table(table, *keys, *measures, sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}")), *checks)
    op.create_index(
        f"ix_{table}_zero", table, ["n"], unique=False, sqlite_where=_NONE_LEFT, postgresql_where=_NONE_LEFT
    )


def _one_of(name: str, words: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(word) for word in words)})"


def _word(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=200), nullable=False)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _big(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)
