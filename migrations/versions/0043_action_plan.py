"""The action plan's readings and goals, and the handovers that officials acknowledge."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

COUNTED = sa.text("actor = 'system'")


def upgrade() -> None:
    op.create_table(
        "plan_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["corrects_id"], ["plan_readings.id"], name=op.f("fk_plan_readings_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_readings")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_plan_readings_corrects_id")),
    )
    op.create_index(op.f("ix_plan_readings_measure"), "plan_readings", ["measure"])
    op.create_index(
        "uq_plan_readings_counted",
        "plan_readings",
        ["measure", "month"],
        unique=True,
        sqlite_where=COUNTED,
        postgresql_where=COUNTED,
    )
    op.create_table(
        "plan_goals",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plan_goals")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_table(
        "handover_receipts",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_receipts_handover_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_handover_receipts_user_id")),
        sa.PrimaryKeyConstraint("handover_id", "user_id", name=op.f("pk_handover_receipts")),
    )


def downgrade() -> None:
    for table in ("handover_receipts", "handovers", "plan_goals", "plan_readings"):
        op.drop_table(table)
