"""What the entity decides about itself: who it is, who replaces whom, its notices, its files' life."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


# Written out: SQLite adds a column with its key in place only so, and a table that others point to is not made anew.
SUBSTITUTE = "ALTER TABLE secretarias ADD COLUMN substitute_id INTEGER CONSTRAINT {name} REFERENCES secretarias (id)"


def upgrade() -> None:
    op.add_column("closures", sa.Column("act_on", sa.Date(), nullable=True))
    op.add_column("secretarias", sa.Column("away_from", sa.Date(), nullable=True))
    op.add_column("secretarias", sa.Column("away_until", sa.Date(), nullable=True))
    op.execute(SUBSTITUTE.format(name=op.f("fk_secretarias_substitute_id")))
    op.add_column("users", sa.Column("reveals", sa.Boolean(), nullable=True))
    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.String(length=length), nullable=False)
            for name, length in (
                ("name", 120),
                ("nit", 20),
                ("address", 120),
                ("place", 120),
                ("phone", 60),
                ("hours", 200),
                ("site", 120),
                ("signer", 120),
                ("logo", 64),
                ("logo_type", 20),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_name"), "notices", ["name"])
    op.create_table(
        "retention_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("years_in_office", sa.Integer(), nullable=False),
        sa.Column("years_in_central", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_series")),
        sa.UniqueConstraint("kind", name=op.f("uq_retention_series_kind")),
    )
    op.create_table(
        "external_bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_bodies")),
        sa.UniqueConstraint("name", name=op.f("uq_external_bodies_name")),
    )


def downgrade() -> None:
    op.drop_table("external_bodies")
    op.drop_table("retention_series")
    op.drop_index(op.f("ix_notices_name"), "notices")
    op.drop_table("notices")
    op.drop_table("entity")
    op.drop_column("users", "reveals")
    op.drop_column("secretarias", "substitute_id")
    op.drop_column("secretarias", "away_until")
    op.drop_column("secretarias", "away_from")
    op.drop_column("closures", "act_on")
