"""Watch the district: displays with their links, stations, and when somebody last looked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "display",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("district_code", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("start", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_display_account_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_display_secret_sha256")),
    )
    op.create_index(op.f("ix_display_account_id"), "display", ["account_id"], unique=False)
    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("district_code", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("district_code", "code", name=op.f("uq_station_district_code_code")),
    )
    op.create_table(
        "last_visit",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_seq", sa.Integer(), nullable=False),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before_seq", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_last_visit_person_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person_id", "page", name=op.f("pk_last_visit")),
    )


def downgrade() -> None:
    op.drop_table("last_visit")
    op.drop_table("station")
    op.drop_index(op.f("ix_display_account_id"), table_name="display")
    op.drop_table("display")
