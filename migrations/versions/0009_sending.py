"""What the far side said when it took a letter, and which addresses do not exist."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("response", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "dead_addresses",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_dead_addresses")),
    )


def downgrade() -> None:
    op.drop_table("dead_addresses")
    op.drop_column("outbox", "response")
