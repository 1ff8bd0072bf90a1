"""Room for sealed texts: what identifies somebody reserved is kept encrypted, and that is longer than what it holds.

SQLite does not count characters, so only PostgreSQL changes. What is in clear is sealed by `pqr upgrade`, which has
the key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LENGTHS = {
    "petitioners": {
        "name": 200,
        "document_type": 10,
        "document_number": 40,
        "email": 254,
        "phone": 60,
        "address": 250,
        "municipality": 120,
    },
    "outbox": {"recipient": 254},
    "inbox": {"envelope_from": 254, "sender": 254},
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in LENGTHS.items():
        for name, length in columns.items():
            op.alter_column(table, name, type_=sa.String(), existing_type=sa.String(length))


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in LENGTHS.items():
        for name, length in columns.items():
            cut = f"left({name}, {length})"
            op.alter_column(table, name, type_=sa.String(length), existing_type=sa.String(), postgresql_using=cut)
