"""What decides which forms a ticket's page offers?  The facts of now, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pqr.accounts.permissions import Right
from pqr.desk.access import Officer
from pqr.desk.delivery import Delivery
from pqr.desk.forms import ActForm
from pqr.desk.proposing import Proposal
from pqr.secretarias.models import ExternalBody, Secretaria
from pqr.terms.deadlines import is_overdue
from pqr.tickets.appeals import Presented
from pqr.tickets.contributions import Contribution
from pqr.tickets.duties import Duty
from pqr.tickets.groups import PetitionGroup
from pqr.tickets.models import Ticket
from pqr.tickets.states import Act
from pqr.tickets.suspensions import Suspension
from pqr.tickets.transfers import Transfer


@dataclass(frozen=True)
class Kind:
    """A form of the page: the right it needs, and the act that the state must admit, if any."""

    form: type[ActForm]
    right: Right
    act: Act | None = None


@dataclass(frozen=True)
class Situation:
    """What decides the forms. `last_event`: of the page as shown; `asked`: what a clock that stands still waits for.

    `answered_with`: what was answered to the petition that this one is merged into. `pending`: the contributions that
    are waited for; `contribute_by`: the day that is proposed for another one. `bodies`: where it may be transferred;
    `groups`: those that it may join; `transfers`: what was transferred. `delivery`: how what was decided has yet to
    reach the person. `duties`: those pending. `presented`: against the decision.
    """

    ticket: Ticket
    reader: Officer
    last_event: int
    today: date
    offices: list[Secretaria]
    proposal: Proposal
    answered_with: str = ""
    pending: Sequence[Contribution] = ()
    contribute_by: date | None = None
    asked: Suspension | None = None
    delivery: Delivery | None = None
    bodies: Sequence[ExternalBody] = ()
    groups: Sequence[PetitionGroup] = ()
    transfers: Sequence[Transfer] = ()
    duties: Sequence[Duty] = ()
    presented: Presented | None = None

    @property
    def body_proposed(self) -> bool:
        """Whether it seems to be the matter of another entity, which the directory knows."""
        return any(body.name == self.proposal.transfer_to for body in self.bodies)

    @property
    def undelivered(self) -> list[Transfer]:
        """The transfers that somebody has to take there."""
        return [each for each in self.transfers if each.is_undelivered]

    @property
    def overdue(self) -> bool:
        """Whether the term is over."""
        return self.ticket.suspended_on is None and is_overdue(self.ticket.due_on, self.today)
