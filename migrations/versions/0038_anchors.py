"""The daily seals over all events; they too are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER anchors_are_not_{done} BEFORE {act} ON anchors
BEGIN SELECT RAISE(ABORT, 'anchors are append-only'); END
"""
POSTGRESQL = """
CREATE FUNCTION refuse_change_of_anchors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'anchors are append-only'; END $$;
CREATE TRIGGER anchors_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON anchors
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_anchors();
"""


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchors")),
        sa.UniqueConstraint("last_event_id", name=op.f("uq_anchors_last_event_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for act, done in (("UPDATE", "updated"), ("DELETE", "deleted")):
        op.execute(SQLITE.format(act=act, done=done))


def downgrade() -> None:
    op.drop_table("anchors")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_anchors()")
