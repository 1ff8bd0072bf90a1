"""What an answer decides (its outcome), when it was first opened, and the avisos that are published."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PENDING = sa.text("effective_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("answers") as answers:
        answers.add_column(sa.Column("outcome", sa.String(length=20), server_default="informed", nullable=False))
        answers.add_column(sa.Column("provision", sa.String(length=250), server_default="", nullable=False))
        answers.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "avisos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=250), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_avisos_ticket_id")),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_avisos_answer_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_avisos_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_avisos")),
    )
    op.create_index(op.f("ix_avisos_ticket_id"), "avisos", ["ticket_id"])
    op.create_index(
        "uq_avisos_pending", "avisos", ["ticket_id"], unique=True, sqlite_where=PENDING, postgresql_where=PENDING
    )


def downgrade() -> None:
    op.drop_table("avisos")
    with op.batch_alter_table("answers") as answers:
        for name in ("opened_at", "provision", "outcome"):
            answers.drop_column(name)
