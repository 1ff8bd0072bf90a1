"""Which tickets somebody of the staff has done something on."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = "ix_events_of_the_staff"
BY_STAFF = sa.text("actor NOT IN ('citizen', 'system')")


def upgrade() -> None:
    op.create_index(NAME, "events", ["ticket_id", "actor"], sqlite_where=BY_STAFF, postgresql_where=BY_STAFF)


def downgrade() -> None:
    op.drop_index(NAME, "events")
