"""What do invented tickets need of this installation?  To be alone in it, its topics, and one letter for all."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.secretarias.directory import split_keywords
from pqr.secretarias.models import Secretaria, Topic
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets import files
from pqr.tickets.documents import answer_pdf
from pqr.tickets.invented import Matter
from pqr.tickets.models import Answer, Identity, Ticket

SAMPLE = "Carta de muestra: en una carga de demostración todas las respuestas comparten este documento."


def has_tickets(session: Session) -> bool:
    """Whether anything was ever filed here."""
    return session.scalar(select(Ticket.id).limit(1)) is not None


def matters(session: Session) -> list[Matter]:
    """What the offices of this installation are asked about."""
    query = select(Topic, Secretaria).join(Secretaria, Topic.secretaria_id == Secretaria.id).where(Topic.active)
    return [_matter(topic, office) for topic, office in session.execute(query.order_by(Topic.id))]


def _matter(topic: Topic, office: Secretaria) -> Matter:
    words = split_keywords(topic.keywords) or (topic.name,)
    return Matter(topic.id, topic.name.split(" (")[0], office.id, office.code, office.name, words)


def keep_sample(office: Office, now: datetime) -> str:
    """Puts in the store the one letter that all the answers share; its SHA-256."""
    about = {"kind": "peticion_general", "subject": "Muestra", "identity": Identity.ANONYMOUS, "received_at": now}
    answer = Answer(
        ticket=Ticket(radicado="0000-E-000000", **about),
        radicado="0000-S-000000",
        text=SAMPLE,
        secretaria_name="",
        outcome=AnswerOutcome.INFORMED,
        provision="",
    )
    return files.keep(answer_pdf(answer, office, now), "respuesta.pdf", "application/pdf", office).sha256
