"""The daily seals cover the other ledgers, too."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("anchors", sa.Column("ledgers", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("anchors", "ledgers")
