"""What each mail says, so that a repeat is known; who wrote how much lately; an answer that completes another."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FILED, SAID = sa.text("verdict = 'new_ticket'"), sa.text("said <> ''")
ACKNOWLEDGEMENT, NOTICE = sa.text("letter = 'acknowledgement'"), sa.text("letter = 'not_understood'")


OPEN = sa.text("verdict = ''")


def upgrade() -> None:
    op.drop_index("ix_inbox_open", "inbox")  # mail is taken in the order of its arrival, not of its next try
    op.create_index("ix_inbox_open", "inbox", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("inbox", sa.Column("said", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_inbox_said", "inbox", ["said"], sqlite_where=SAID, postgresql_where=SAID)
    op.create_index(
        "ix_inbox_filed_from", "inbox", ["sender", "settled_at"], sqlite_where=FILED, postgresql_where=FILED
    )
    op.create_index(
        "ix_outbox_acknowledged",
        "outbox",
        ["created_at"],
        sqlite_where=ACKNOWLEDGEMENT,
        postgresql_where=ACKNOWLEDGEMENT,
    )
    op.create_index(
        "ix_outbox_noticed", "outbox", ["recipient", "created_at"], sqlite_where=NOTICE, postgresql_where=NOTICE
    )
    with op.batch_alter_table("answers") as table:
        table.add_column(sa.Column("completes_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_answers_completes_id"), "answers", ["completes_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("answers") as table:
        table.drop_constraint(op.f("fk_answers_completes_id"), type_="foreignkey")
        table.drop_column("completes_id")
    op.drop_index("ix_outbox_noticed", "outbox")
    op.drop_index("ix_outbox_acknowledged", "outbox")
    op.drop_index("ix_inbox_filed_from", "inbox")
    op.drop_index("ix_inbox_said", "inbox")
    op.drop_column("inbox", "said")
    op.drop_index("ix_inbox_open", "inbox")
    op.create_index("ix_inbox_open", "inbox", ["next_try_at"], sqlite_where=OPEN, postgresql_where=OPEN)
