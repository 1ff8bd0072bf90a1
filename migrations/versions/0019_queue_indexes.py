"""The open petitions of an office, and those without one, in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_tickets_open_by_office", ["secretaria_id", "priority_rank", "due_on", "id"]
OPEN = sa.text("state IN ('filed', 'assigned', 'awaiting_petitioner')")


def upgrade() -> None:
    op.create_index(NAME, "tickets", COLUMNS, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index(NAME, "tickets")
