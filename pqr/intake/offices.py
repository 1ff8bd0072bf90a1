"""What does an office's reply do?  It answers, completes its answer, contributes, asks, returns, extends or ends its
digest.

Each is the act of every other door. What is not shown to the office by a letter anyway is told to it in one sentence.
"""

from collections.abc import Callable

from pqr.errors import NotUnderstood
from pqr.intake.orders import read_extension, read_question, read_return
from pqr.intake.telling import tell_sender
from pqr.intake.work import Work
from pqr.mail.addresses import Action
from pqr.mail.quote_marks import REPLY_MARK
from pqr.secretarias.directory import by_address
from pqr.terms.spanish import long_date
from pqr.tickets.answering import Reply, answer_or_complete
from pqr.tickets.asking import Question, ask_petitioner, reads_on_the_portal
from pqr.tickets.assigning import Return, return_to_desk
from pqr.tickets.contributing import Gift, contribute
from pqr.tickets.contributions import hold
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.models import Ticket


def obey(work: Work, action: Action) -> None:
    """Does what the office asked for. Raises PqrError where the act refuses."""
    _REPLIES[action](work)


def _answer(work: Work) -> None:
    reply = Reply(work.ticket, _apart(work), _actor(work), work.prepared.files_to_send(), work.row.id)
    answer_or_complete(work.session, reply, work.office, work.now)


def _contribute(work: Work) -> None:
    address = work.facts.address
    assert address is not None
    contribution = hold(work.session, address.subject_id)
    author = f"secretaria:{contribution.secretaria.code}"
    gift = Gift(contribution, _apart(work), author, work.prepared.files_to_send(), work.row.id)
    contribute(work.session, gift, work.office, work.now)
    tell_sender(work, f"Su aporte sobre {work.ticket.radicado} llegó a quienes trabajan en el caso.")


def _apart(work: Work) -> str:
    """What the office wrote, apart from our letter; raises NotUnderstood."""
    written = work.prepared.reply.new
    if REPLY_MARK.search(written):  # nothing above our letter, or words between its lines
        raise NotUnderstood(
            "No se pudo separar su respuesta de nuestra carta. Escríbala toda encima de la línea que dice «Escriba su"
            " respuesta encima de esta línea»."
        )
    return written


def _return(work: Work) -> None:
    returned = Return(work.ticket, read_return(work.prepared.reply.new), _actor(work))
    return_to_desk(work.session, returned, work.now)
    tell_sender(work, f"La petición {work.ticket.radicado} volvió a atención al usuario. Ya no está a su cargo.")


def _extend(work: Work) -> None:
    order = read_extension(work.prepared.reply.new)
    extension = Extension(work.ticket, order.days, order.reason, _actor(work))
    ticket = extend_term(work.session, extension, work.office, work.now)
    tell_sender(work, f"La petición {ticket.radicado} quedó prorrogada: ahora vence el {long_date(ticket.due_on)}.")


def _ask(work: Work) -> None:
    question = Question(work.ticket, read_question(work.prepared.reply.new), _actor(work), work.row.id)
    ask_petitioner(work.session, question, work.office, work.now)
    way = (
        "la leerá la persona cuando consulte su caso: no dejó correo"
        if reads_on_the_portal(work.ticket)
        else ("va camino a la persona")
    )
    tell_sender(
        work,
        f"Su pregunta sobre {work.ticket.radicado} {way}. {_term(work.ticket)}",
    )


def _term(ticket: Ticket) -> str:
    if ticket.suspended_on is not None:
        return "El término sigue suspendido."
    return f"El término sigue corriendo: vence el {long_date(ticket.due_on)}."


def _unsubscribe(work: Work) -> None:
    secretaria = by_address(work.session, work.prepared.mail.sender)
    assert secretaria is not None
    secretaria.wants_digest = False
    tell_sender(work, "Ya no recibirá el resumen diario. Las peticiones nuevas y los recordatorios sí.")


def _actor(work: Work) -> str:
    secretaria = work.ticket.secretaria
    return f"secretaria:{secretaria.code}" if secretaria else "system"


_REPLIES: dict[Action, Callable[[Work], None]] = {
    Action.ANSWER: _answer,
    Action.CONTRIBUTE: _contribute,
    Action.RETURN: _return,
    Action.EXTEND: _extend,
    Action.ASK: _ask,
    Action.UNSUBSCRIBE: _unsubscribe,
}
