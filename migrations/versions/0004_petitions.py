"""Petitions, who asks, their files, and the counters of their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "petitioners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("document_type", sa.String(length=10), nullable=False),
        sa.Column("document_number", sa.String(length=40), nullable=False),
        sa.Column("answer_by", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("accepts_electronic_notification", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.String(length=20), nullable=False),
        sa.Column("notice_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petitioners")),
    )
    op.create_index(op.f("ix_petitioners_document_number"), "petitioners", ["document_number"], unique=False)
    op.create_index(op.f("ix_petitioners_email"), "petitioners", ["email"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("radicado", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("identity", sa.String(length=10), nullable=False),
        sa.Column("petitioner_id", sa.Integer(), nullable=True),
        sa.Column("secretaria_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.JSON(), nullable=False),
        sa.Column("priority_rank", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day_zero", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("term_length", sa.Integer(), nullable=False),
        sa.Column("term_unit", sa.String(length=20), nullable=False),
        sa.Column("extension", sa.Integer(), nullable=False),
        sa.Column("term_source", sa.String(length=250), nullable=False),
        sa.Column("closing_rule", sa.String(length=30), nullable=False),
        sa.Column("calendar_version", sa.String(length=20), nullable=False),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("elapsed", sa.Integer(), nullable=False),
        sa.Column("first_assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reception_days", sa.Integer(), nullable=True),
        sa.Column("acknowledgement_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("communicated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("days_used", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("filing_key", sa.String(length=64), nullable=True),
        sa.Column("thread_ids", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["tickets.id"], name=op.f("fk_tickets_duplicate_of_id")),
        sa.ForeignKeyConstraint(["petitioner_id"], ["petitioners.id"], name=op.f("fk_tickets_petitioner_id")),
        sa.ForeignKeyConstraint(["secretaria_id"], ["secretarias.id"], name=op.f("fk_tickets_secretaria_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_tickets_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("filing_key", name=op.f("uq_tickets_filing_key")),
        sa.UniqueConstraint("petitioner_id", name=op.f("uq_tickets_petitioner_id")),
        sa.UniqueConstraint("radicado", name=op.f("uq_tickets_radicado")),
    )
    op.create_index(
        "ix_tickets_open",
        "tickets",
        ["priority_rank", "due_on", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('filed', 'assigned', 'awaiting_petitioner')"),
        postgresql_where=sa.text("state IN ('filed', 'assigned', 'awaiting_petitioner')"),
    )
    op.create_index(op.f("ix_tickets_received_on"), "tickets", ["received_on"], unique=False)
    op.create_index(op.f("ix_tickets_secretaria_id"), "tickets", ["secretaria_id"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_profiles_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_profiles_ticket_id")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("belongs_to", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_attachments_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_ticket_id"), "attachments", ["ticket_id"], unique=False)
    op.create_table(
        "counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("series", sa.String(length=1), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "series", name=op.f("pk_counters")),
    )


def downgrade() -> None:
    op.drop_table("counters")
    op.drop_index(op.f("ix_attachments_ticket_id"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_table("profiles")
    op.drop_index(op.f("ix_tickets_secretaria_id"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_received_on"), table_name="tickets")
    op.drop_index(
        "ix_tickets_open",
        table_name="tickets",
        sqlite_where=sa.text("state IN ('filed', 'assigned', 'awaiting_petitioner')"),
        postgresql_where=sa.text("state IN ('filed', 'assigned', 'awaiting_petitioner')"),
    )
    op.drop_table("tickets")
    op.drop_index(op.f("ix_petitioners_email"), table_name="petitioners")
    op.drop_index(op.f("ix_petitioners_document_number"), table_name="petitioners")
    op.drop_table("petitioners")
