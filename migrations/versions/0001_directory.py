"""The offices of the municipality and the topics they answer for."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secretarias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("other_emails", sa.String(), nullable=False),
        sa.Column("duties", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secretarias")),
        sa.UniqueConstraint("code", name=op.f("uq_secretarias_code")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("secretaria_id", sa.Integer(), nullable=True),
        sa.Column("transfer_to", sa.String(length=120), nullable=False),
        sa.Column("keywords", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["secretaria_id"], ["secretarias.id"], name=op.f("fk_topics_secretaria_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )


def downgrade() -> None:
    op.drop_table("topics")
    op.drop_table("secretarias")
