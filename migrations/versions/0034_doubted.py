"""A petition that looks like a program's waits for the desk to read it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

DOUBTED = sa.text("doubted_at IS NOT NULL AND state = 'filed'")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_tickets_doubted", "tickets", ["priority_rank", "due_on", "id"],
        sqlite_where=DOUBTED, postgresql_where=DOUBTED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_tickets_doubted", table_name="tickets")
    op.drop_column("tickets", "doubted_at")
