"""Analogous petitions that get one answer, and which petition is in which group."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

GROUPED = sa.text("group_id IS NOT NULL")
MEMBER = "ALTER TABLE tickets ADD COLUMN group_id INTEGER CONSTRAINT {name} REFERENCES petition_groups (id)"


def upgrade() -> None:
    op.create_table(
        "petition_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("founded_by", sa.String(length=60), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secretaria_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("signer", sa.String(length=120), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("newspaper", sa.String(length=120), nullable=False),
        sa.Column("newspaper_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["secretaria_id"], ["secretarias.id"], name=op.f("fk_petition_groups_secretaria_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_groups")),
    )
    op.execute(MEMBER.format(name=op.f("fk_tickets_group_id")))
    op.create_index("ix_tickets_grouped", "tickets", ["group_id"], sqlite_where=GROUPED, postgresql_where=GROUPED)


def downgrade() -> None:
    op.drop_index("ix_tickets_grouped", "tickets")
    op.drop_column("tickets", "group_id")
    op.drop_table("petition_groups")
