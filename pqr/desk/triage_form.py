"""What is decided of a new petition?  Kind, topic, turn, office and why, in one form that comes filled in."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from pqr.desk.forms import ActForm, required
from pqr.desk.proposing import Proposal
from pqr.desk.register_form import KINDS
from pqr.desk.wording import FLAGS
from pqr.portal.cleaning import clean_line
from pqr.secretarias.models import Secretaria, Topic
from pqr.tickets.models import Ticket


class TriageForm(ActForm):
    """The whole of it. `after`: the key of the list behind which this ticket was found."""

    kind = SelectField("Tipo", choices=KINDS)
    topic = SelectField("Tema", [Optional()])
    secretaria = SelectField("Dependencia", [InputRequired("Elija la dependencia.")])
    reason = StringField(
        "Razón",
        [required("Diga por qué va a esa dependencia."), Length(max=300, message="Hasta 300 letras.")],
        filters=[clean_line],
    )
    priority = SelectMultipleField("Atención prioritaria", [Optional()], choices=dict(FLAGS))
    after = HiddenField(filters=[clean_line])

    def offer(self, ticket: Ticket, offices: Sequence[Secretaria], topics: Sequence[Topic]) -> None:
        """Fills the lists; the ticket keeps a topic that is no longer offered."""
        self.secretaria.choices = {"": "Elija…", **{str(each.id): each.name for each in offices}}
        own = [ticket.topic] if ticket.topic is not None and ticket.topic not in topics else []
        self.topic.choices = {"": "Sin tema", **{str(each.id): each.name for each in (*topics, *own)}}

    def fill(self, ticket: Ticket, proposal: Proposal) -> None:
        """What the ticket is, and what is proposed for it."""
        self.kind.data, self.priority.data = ticket.kind, list(ticket.priority)
        self.topic.data = str(proposal.topic_id or "")
        self.secretaria.data, self.reason.data = str(proposal.secretaria_id or ""), proposal.reason
