"""A ladder for each duty of a ticket, a summary of the week, and the hour that an authority fixed."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("reminders") as table:
        table.add_column(sa.Column("code", sa.String(length=40), nullable=False, server_default=""))
        table.drop_constraint(op.f("uq_reminders_ticket_id_due_on_step"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_reminders_ticket_id_code_due_on_step"), ["ticket_id", "code", "due_on", "step"]
        )
    with op.batch_alter_table("digests") as table:
        table.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="daily"))
        table.drop_constraint(op.f("uq_digests_secretaria_id_day"), type_="unique")
        table.create_unique_constraint(op.f("uq_digests_secretaria_id_kind_day"), ["secretaria_id", "kind", "day"])


def downgrade() -> None:
    op.execute("DELETE FROM reminders WHERE code <> ''")
    op.execute("DELETE FROM digests WHERE kind <> 'daily'")
    with op.batch_alter_table("digests") as table:
        table.drop_constraint(op.f("uq_digests_secretaria_id_kind_day"), type_="unique")
        table.create_unique_constraint(op.f("uq_digests_secretaria_id_day"), ["secretaria_id", "day"])
        table.drop_column("kind")
    with op.batch_alter_table("reminders") as table:
        table.drop_constraint(op.f("uq_reminders_ticket_id_code_due_on_step"), type_="unique")
        table.create_unique_constraint(op.f("uq_reminders_ticket_id_due_on_step"), ["ticket_id", "due_on", "step"])
        table.drop_column("code")
    op.drop_column("tickets", "fixed_at")
