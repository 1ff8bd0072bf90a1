"""What the reports count: whether a petition ended in time is fixed when it ends, and each month's counts are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ANSWERED = {
    "sqlite": """UPDATE tickets SET in_time = CASE WHEN fixed_at IS NULL
        THEN date(communicated_at, '-5 hours') <= due_on ELSE communicated_at <= fixed_at END
        WHERE outcome = 'answered' AND communicated_at IS NOT NULL""",
    "postgresql": """UPDATE tickets SET in_time = CASE WHEN fixed_at IS NULL
        THEN (communicated_at AT TIME ZONE 'America/Bogota')::date <= due_on ELSE communicated_at <= fixed_at END
        WHERE outcome = 'answered' AND communicated_at IS NOT NULL""",
}
TRANSFERRED = {
    "sqlite": """UPDATE tickets SET in_time = NOT EXISTS (SELECT 1 FROM events WHERE events.ticket_id = tickets.id
        AND events.kind = 'transferred' AND json_extract(events.data, '$.late') = 1) WHERE outcome = 'transferred'""",
    "postgresql": """UPDATE tickets SET in_time = NOT EXISTS (SELECT 1 FROM events WHERE events.ticket_id = tickets.id
        AND events.kind = 'transferred' AND (events.data->>'late')::boolean IS TRUE) WHERE outcome = 'transferred'""",
}


DENIED = sa.text("outcome IN ('denied', 'denied_reserved')")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("in_time", sa.Boolean(), nullable=True))
    dialect = op.get_bind().dialect.name
    op.execute(ANSWERED[dialect])
    op.execute(TRANSFERRED[dialect])
    op.create_index("ix_answers_denied", "answers", ["ticket_id"], sqlite_where=DENIED, postgresql_where=DENIED)
    op.create_table(
        "kept_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("month", "dimension", "value", name=op.f("pk_kept_counts")),
    )
    op.create_table(
        "kept_until",
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rules", name=op.f("pk_kept_until")),
    )


def downgrade() -> None:
    op.drop_table("kept_until")
    op.drop_table("kept_counts")
    op.drop_index("ix_answers_denied", "answers")
    op.drop_column("tickets", "in_time")
