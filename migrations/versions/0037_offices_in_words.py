"""Each office that has a case, or was asked to contribute, as a word of it: a search passes over what is of others."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

JOINED = {"sqlite": "group_concat", "postgresql": "string_agg"}
ADD = """UPDATE ticket_words SET words = given.offices || ' ' || words FROM (
    SELECT ticket_id, {joined}('§' || secretaria_id, ' ') AS offices FROM (
        SELECT id AS ticket_id, secretaria_id FROM tickets WHERE secretaria_id IS NOT NULL
        UNION SELECT ticket_id, secretaria_id FROM contributions
    ) entrusted GROUP BY ticket_id
) given WHERE given.ticket_id = ticket_words.ticket_id"""


def upgrade() -> None:
    op.execute(ADD.format(joined=JOINED[op.get_bind().dialect.name]))


def downgrade() -> None:
    """The words stay: nobody can type them."""
