"""The lists of open petitions know by themselves whose clock stands still."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('filed', 'assigned', 'awaiting_petitioner')")
LISTS = {
    "ix_tickets_open": ["priority_rank", "due_on", "id"],
    "ix_tickets_open_by_office": ["secretaria_id", "priority_rank", "due_on", "id"],
}


def upgrade() -> None:
    for name, columns in LISTS.items():
        _make_anew(name, [*columns, "suspended_on"])


def downgrade() -> None:
    for name, columns in LISTS.items():
        _make_anew(name, columns)


def _make_anew(name: str, columns: list[str]) -> None:
    op.drop_index(name, "tickets")
    op.create_index(name, "tickets", columns, sqlite_where=OPEN, postgresql_where=OPEN)
