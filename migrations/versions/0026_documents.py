"""The official letters: what left, under which number, with which digest."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FROM_ANSWERS = sa.text(
    "INSERT INTO documents (ticket_id, kind, radicado, sha256, created_at, letter_id) "
    "SELECT ticket_id, CASE WHEN completes_id IS NULL THEN 'answer' ELSE 'complement' END, radicado, pdf_sha256, "
    "sent_at, letter_id FROM answers WHERE radicado IS NOT NULL ORDER BY id"
)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("radicado", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_documents_ticket_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_documents_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("code", name=op.f("uq_documents_code")),
        sa.UniqueConstraint("radicado", name=op.f("uq_documents_radicado")),
    )
    op.create_index(op.f("ix_documents_ticket_id"), "documents", ["ticket_id"])
    op.create_index(op.f("ix_documents_sha256"), "documents", ["sha256"])
    op.execute(FROM_ANSWERS)


def downgrade() -> None:
    op.drop_table("documents")
