"""The times when a ticket's clock stands still, and the list of those that wait for the person."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STILL = sa.text("resumed_at IS NULL")
AWAITING = sa.text("state = 'awaiting_petitioner'")


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("extended_until", sa.Date(), nullable=True),
        sa.Column("supplied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_suspensions_ticket_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_suspensions_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index(op.f("ix_suspensions_ticket_id"), "suspensions", ["ticket_id"])
    op.create_index(
        "uq_suspensions_open", "suspensions", ["ticket_id"], unique=True, sqlite_where=STILL, postgresql_where=STILL
    )
    op.create_index(
        "ix_tickets_awaiting",
        "tickets",
        ["priority_rank", "due_on", "id"],
        sqlite_where=AWAITING,
        postgresql_where=AWAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_awaiting", "tickets")
    op.drop_table("suspensions")
