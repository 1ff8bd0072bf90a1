"""What was last looked at, the alarms, and which request caused a letter."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

IS_ON = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "checkups",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("well_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_checkups")),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quiet_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index("uq_alarms_on", "alarms", ["code"], unique=True, sqlite_where=IS_ON, postgresql_where=IS_ON)
    op.add_column("outbox", sa.Column("request", sa.String(length=40), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("outbox", "request")
    op.drop_table("alarms")
    op.drop_table("checkups")
