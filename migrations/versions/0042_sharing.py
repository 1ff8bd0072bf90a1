"""Other programs file by a key and are told what happened; a delicate topic is not shown case by case."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

QUEUED, FAILED = sa.text("state = 'queued'"), sa.text("state = 'failed'")
# As the seed names them; a topic that was renamed is the municipality's own to judge.
DELICATE = (
    "Denuncia de corrupción",
    "Migrantes / población flotante",
    "Afiliación en salud / traslado EPS",
    "Negación o demora de servicios de salud",
    "Queja contra funcionario",
    "Queja por silencio en petición previa",
    "Ficha de menor o núcleo familiar",
    "Violencia intrafamiliar",
    "Alimentos, custodia, visitas",
    "Derechos de niños vulnerados",
    "Discapacidad (certificado, ayudas técnicas)",
    "Mujer, género, juventud, infancia",
    "Pueblos indígenas / consulta previa",
    "Ayuda humanitaria, RUV, indemnización",
)


def upgrade() -> None:
    op.add_column("topics", sa.Column("sensitive", sa.Boolean(), server_default=sa.false(), nullable=False))
    topics = sa.table("topics", sa.column("name", sa.String()), sa.column("sensitive", sa.Boolean()))
    op.execute(topics.update().where(topics.c.name.in_(DELICATE)).values(sensitive=sa.true()))
    _keys()
    _webhooks()


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("per_hour", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_keys_digest")),
    )
    op.create_table(
        "api_filings",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_api_filings_ticket_id")),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_api_filings_key_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_api_filings")),
    )
    op.create_index("ix_api_filings_key_id_filed_at", "api_filings", ["key_id", "filed_at"])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_webhook_deliveries_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_webhook_deliveries_message_id")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
    )
    op.create_index("ix_webhook_deliveries_latest", "webhook_deliveries", ["webhook_id", "id"])
    op.create_index(
        "ix_webhook_deliveries_due", "webhook_deliveries", ["next_try_at"],
        sqlite_where=QUEUED, postgresql_where=QUEUED,
    )  # fmt: skip
    op.create_index(
        "ix_webhook_deliveries_failed", "webhook_deliveries", ["created_at"],
        sqlite_where=FAILED, postgresql_where=FAILED,
    )  # fmt: skip
    op.create_table(
        "webhook_marks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_marks")),
    )


def downgrade() -> None:
    for table in ("webhook_marks", "webhook_deliveries", "webhooks", "api_filings", "api_keys"):
        op.drop_table(table)
    op.drop_column("topics", "sensitive")
