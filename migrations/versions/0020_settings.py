"""What the entity decides about itself: who it is, who replaces whom, its notices, its files' life."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closures", sa.Column("act_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("closures", "act_on")
