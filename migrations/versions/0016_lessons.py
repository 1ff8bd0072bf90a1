"""What past assignments teach about where a petition belongs, one row an office."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("secretaria_id", sa.Integer(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["secretaria_id"], ["secretarias.id"], name=op.f("fk_lessons_secretaria_id")),
        sa.PrimaryKeyConstraint("secretaria_id", name=op.f("pk_lessons")),
    )


def downgrade() -> None:
    op.drop_table("lessons")
