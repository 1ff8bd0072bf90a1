"""By which words a ticket is found, and indexes for the lists of the desk that had none."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Words come normalised and once each: only whether one is there is kept. `ascii` splits at spaces alone and leaves
# every letter that is not ASCII as it is.
SQLITE = (
    """CREATE VIRTUAL TABLE ticket_words_index USING fts5(
        words, content='ticket_words', content_rowid='ticket_id', tokenize='ascii', detail=none, prefix=3
    )""",
    """CREATE TRIGGER ticket_words_are_indexed AFTER INSERT ON ticket_words BEGIN
        INSERT INTO ticket_words_index (rowid, words) VALUES (new.ticket_id, new.words);
    END""",
    """CREATE TRIGGER ticket_words_are_indexed_anew AFTER UPDATE ON ticket_words BEGIN
        INSERT INTO ticket_words_index (ticket_words_index, rowid, words) VALUES ('delete', old.ticket_id, old.words);
        INSERT INTO ticket_words_index (rowid, words) VALUES (new.ticket_id, new.words);
    END""",
    """CREATE TRIGGER ticket_words_are_forgotten AFTER DELETE ON ticket_words BEGIN
        INSERT INTO ticket_words_index (ticket_words_index, rowid, words) VALUES ('delete', old.ticket_id, old.words);
    END""",
)
POSTGRESQL = (
    """ALTER TABLE ticket_words ADD COLUMN lexemes tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX ticket_words_index ON ticket_words USING gin (lexemes)",
)
INDEXES = (
    ("ix_tickets_answered", "tickets", ["answered_at", "id"], "state = 'answered'"),
    ("ix_tickets_closed", "tickets", ["closed_at", "id"], "state = 'closed'"),
    ("ix_tickets_closed_by_office", "tickets", ["secretaria_id", "closed_at", "id"], "state = 'closed'"),
    ("ix_inbox_waiting", "inbox", ["received_at"], "verdict = 'needs_human' AND closed_at IS NULL"),
    ("ix_outbox_unsent", "outbox", ["id"], "state <> 'sent'"),
)


def upgrade() -> None:
    op.create_table(
        "ticket_words",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_words_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_words")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
    for name, table, columns, held in INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(held), postgresql_where=sa.text(held))


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE ticket_words_index")
    op.drop_table("ticket_words")
