"""The months that were published as open data, with the files that never change."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_data_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_open_data_months")),
    )
    op.create_table(
        "open_data_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("dataset", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["month"], ["open_data_months.month"], name=op.f("fk_open_data_files_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_data_files")),
        sa.UniqueConstraint("name", name=op.f("uq_open_data_files_name")),
    )
    op.create_index(op.f("ix_open_data_files_month"), "open_data_files", ["month"])


def downgrade() -> None:
    for table in ("open_data_files", "open_data_months"):
        op.drop_table(table)
