"""What belongs together: notes between officials on a case, petitions merged into another, entries of one person."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MERGED = sa.text("duplicate_of_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_notes_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_ticket_id"), "notes", ["ticket_id"])
    op.create_table(
        "same_person",
        sa.Column("petitioner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["petitioner_id"], ["petitioners.id"], name=op.f("fk_same_person_petitioner_id")),
        sa.PrimaryKeyConstraint("petitioner_id", name=op.f("pk_same_person")),
    )
    op.create_index("ix_tickets_merged", "tickets", ["duplicate_of_id"], sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade() -> None:
    op.drop_index("ix_tickets_merged", "tickets")
    op.drop_table("same_person")
    op.drop_table("notes")
