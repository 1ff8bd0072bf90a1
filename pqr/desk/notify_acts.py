"""How does an official take a decision to the person?  By the lawful channel of now, and its papers."""

from datetime import datetime
from io import BytesIO

from flask import abort, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pqr import clock
from pqr.accounts.permissions import Right
from pqr.config import Office
from pqr.db import db
from pqr.desk import desk
from pqr.desk.access import find_ticket, needs, officer
from pqr.desk.case_acts import Answered, carry_out
from pqr.desk.notify_forms import AcceptForm, RulingForm, TellForm
from pqr.door import office
from pqr.errors import EditedMeanwhile, NotUnderstood
from pqr.publishing.avisos import Publication, avisos_of, publish
from pqr.publishing.showing import aviso_pdf
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import DAYS_TO_COME, AnswerOutcome, Way
from pqr.tickets.accepting import Acceptance, accept_electronic
from pqr.tickets.documents import citation_pdf
from pqr.tickets.models import Ticket
from pqr.tickets.reaching import reach
from pqr.tickets.ruling import Ruling, correct_ruling
from pqr.tickets.telling import Telling, tell_again

PDF = "application/pdf"


@desk.post("/atencion/radicado/<radicado>/notificar")
@needs(Right.TRIAGE)
def tell_person(radicado: str) -> Answered:
    """Electronic notification, citation, aviso sent or aviso published."""
    form = TellForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        _tell(session, ticket, form, here, now)

    return carry_out(radicado, "tell", form, work, "Hecho: quedó en la constancia de entrega.")


def _tell(session: Session, ticket: Ticket, form: TellForm, here: Office, now: datetime) -> None:
    way, reason, actor = Way(form.way.data), (form.reason.data or "").strip(), officer().actor
    found = reach(session, ticket, here, now.astimezone(BOGOTA).date())
    step = next((each for each in (found.next, *found.later) if each.way == way), None)
    if step is None:
        raise EditedMeanwhile("Esa vía ya no es la que corresponde.")
    if step != found.next and not reason:
        raise NotUnderstood(f"Antes corresponde otra vía, porque {found.next.why}. Si no sirve, diga por qué.")
    if way in (Way.CITATION_POSTED, Way.NOTICE):
        posted = way == Way.CITATION_POSTED
        publish(session, Publication(ticket, reason or step.why, actor, cites=posted), here, now)
    else:
        tell_again(session, Telling(ticket, way, actor, reason), here, now)


@desk.post("/atencion/radicado/<radicado>/sentido")
@needs(Right.APPROVE)
def correct_outcome(radicado: str) -> Answered:
    """What the answer decides."""
    form = RulingForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        answer = ticket.answer or next(iter(ticket.answers), None)
        if answer is None:
            raise EditedMeanwhile("La petición no tiene respuesta.")
        ruling = Ruling(AnswerOutcome(form.outcome.data), form.provision.data or "")
        correct_ruling(session, answer, ruling, officer().actor, now)

    return carry_out(radicado, "ruling", form, work, "Sentido de la respuesta guardado.")


@desk.post("/atencion/radicado/<radicado>/notificacion-electronica")
@needs(Right.TRIAGE)
def switch_acceptance(radicado: str) -> Answered:
    """At the person's request."""
    form = AcceptForm()

    def work(session: Session, ticket: Ticket, here: Office, now: datetime) -> None:
        accepts = ticket.petitioner is not None and not ticket.petitioner.accepts_electronic_notification
        accept_electronic(session, Acceptance(ticket, accepts, officer().actor, form.reason.data or ""), now)

    return carry_out(radicado, "accept", form, work, "Guardado: quedó en la historia del caso.")


@desk.get("/atencion/radicado/<radicado>/citacion.pdf")
@needs(Right.TRIAGE)
def citation_paper(radicado: str) -> Response:
    """The citation, to be sent by post."""
    ticket, here, now = find_ticket(db.session(), radicado, Right.TRIAGE), office(db.session()), clock.now()
    if ticket.answer is None:
        abort(404)
    until = here.calendar.nth_business_day_after(now.astimezone(BOGOTA).date(), DAYS_TO_COME)
    return _paper(citation_pdf(ticket.answer, until, here, now), f"citacion-{ticket.radicado}.pdf")


@desk.get("/atencion/radicado/<radicado>/aviso.pdf")
@needs(Right.TRIAGE)
def notice_paper(radicado: str) -> Response:
    """The last aviso, for the board or the file."""
    ticket = find_ticket(db.session(), radicado, Right.TRIAGE)
    found = avisos_of(db.session(), ticket)
    if not found:
        abort(404)
    return _paper(aviso_pdf(found[-1], office(db.session())), f"aviso-{ticket.radicado}.pdf")


def _paper(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=PDF, as_attachment=True, download_name=name)
