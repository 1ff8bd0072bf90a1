"""What every process keeps of the settings has a version, which the database itself renews."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TABLES = ("closures", "entity", "notices", "places", "secretarias", "topics")
ACTS = ("insert", "update", "delete")
SQLITE = """
CREATE TRIGGER {table}_renew_on_{act} AFTER {act} ON {table}
BEGIN UPDATE settings_version SET token = hex(randomblob(16)); END
"""
FUNCTION = """
CREATE FUNCTION renew_settings_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE settings_version SET token = replace(gen_random_uuid()::text, '-', ''); RETURN NULL; END $$;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_renew AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION renew_settings_version();
"""


def upgrade() -> None:
    op.create_table(
        "settings_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings_version")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO settings_version (id, token) VALUES (1, hex(randomblob(16)))")
        for table in TABLES:
            for act in ACTS:
                op.execute(SQLITE.format(table=table, act=act))
        return
    op.execute("INSERT INTO settings_version (id, token) VALUES (1, replace(gen_random_uuid()::text, '-', ''))")
    op.execute(FUNCTION)
    for table in TABLES:
        op.execute(POSTGRESQL.format(table=table))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for act in ACTS:
                op.execute(f"DROP TRIGGER {table}_renew_on_{act}")
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_renew ON {table}")
        op.execute("DROP FUNCTION renew_settings_version()")
    op.drop_table("settings_version")
