"""What is set aside stays in sight: the messages, those that a person discarded by a name of their own; the files."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

APART = sa.text("verdict IN ('ignored', 'bounce', 'discarded')")


def upgrade() -> None:
    op.create_index("ix_inbox_apart", "inbox", ["id"], sqlite_where=APART, postgresql_where=APART)
    op.execute(
        "UPDATE inbox SET verdict = 'discarded' WHERE verdict = 'needs_human' AND closed_at IS NOT NULL"
        " AND (ticket_id IS NULL OR reason LIKE '%Se descartó: %')"
    )
    op.add_column("attachments", sa.Column("trouble", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("attachments", "trouble")
    op.execute("UPDATE inbox SET verdict = 'needs_human' WHERE verdict = 'discarded'")
    op.drop_index("ix_inbox_apart", "inbox")
