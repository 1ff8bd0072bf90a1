"""How is a petition answered?  By an office or the desk, once, with an exit number, a letter and its PDF.

What is written afterwards completes that answer: it has its own number and letter and decides nothing anew.
Answered is not closed: see `communicating`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pqr.config import Office
from pqr.errors import AlreadyAnswered, NotUnderstood
from pqr.terms.calendar import BOGOTA
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets import indexing
from pqr.tickets.claiming import release_mark
from pqr.tickets.contributing import cancel_all
from pqr.tickets.counter import take_next
from pqr.tickets.documents import answer_pdf
from pqr.tickets.duties import OF_THE_OPEN, TO_CITE, owe, settle
from pqr.tickets.events import digest_of_text, record
from pqr.tickets.files import StoredFile
from pqr.tickets.issuing import Document, keep_document
from pqr.tickets.merging import may_be_shared, merged_into
from pqr.tickets.models import Answer, Attachment, Ticket
from pqr.tickets.radicado import Series
from pqr.tickets.ruling import Ruling, check_ruling, is_lawful, usual_ruling
from pqr.tickets.states import OPEN, Act, after
from pqr.tickets.telling import TOLD_BY, Telling, note_telling, tell_answer


@dataclass(frozen=True)
class Reply:
    """What somebody answers. `author`: secretaria:<code> or user:<id>. `final`: needs no review before it leaves.

    `office_name`: who signs it, where it is not the office that has the ticket. `ruling`: what it decides; None: the
    usual.
    """

    ticket: Ticket
    text: str
    author: str
    files: tuple[StoredFile, ...] = ()
    inbox_id: int | None = None
    final: bool = False
    office_name: str = ""
    ruling: Ruling | None = None


def record_answer(session: Session, reply: Reply, office: Office, now: datetime) -> Answer:
    """Keeps the answer and sends it, or leaves it for review where the office reviews what offices write.

    Raises AlreadyAnswered, ActNotAllowed, or NotUnderstood for an answer without a word or a file.
    """
    if reply.ticket.answer is not None:
        raise AlreadyAnswered(f"La petición {reply.ticket.radicado} ya tiene respuesta.")
    after(reply.ticket.state, Act.ANSWER)
    return _keep(session, reply, office, now)


def answer_or_complete(session: Session, reply: Reply, office: Office, now: datetime) -> Answer:
    """Keeps the reply as the answer or, where the petition has one, as what completes it; raises as `record_answer`."""
    act = record_answer if reply.ticket.answer is None else _keep
    return act(session, reply, office, now)


def _keep(session: Session, reply: Reply, office: Office, now: datetime) -> Answer:
    if not reply.text.strip() and not reply.files:
        raise NotUnderstood("La respuesta llegó sin texto y sin archivos.")
    ticket = reply.ticket
    ruling = reply.ruling or usual_ruling(ticket)
    check_ruling(ticket, ruling, now)
    answer = Answer(
        ticket=ticket,
        text=reply.text.strip(),
        author=reply.author,
        secretaria_name=reply.office_name or (ticket.secretaria.name if ticket.secretaria else ""),
        written_at=now,
        inbox_id=reply.inbox_id,
        outcome=ruling.outcome,
        provision=ruling.provision,
    )
    session.add(answer)
    for file in reply.files:
        ticket.attachments.append(Attachment(belongs_to="answer", added_at=now, **file.as_attachment()))
    session.flush()  # the event and the letter name the answer's id
    if office.answer_mode == "review" and not reply.final:
        record(session, ticket.id, "answer_drafted", reply.author, now, answer=answer.id)
        return answer
    return send_answer(session, answer, reply.author, office, now)


def send_answer(session: Session, answer: Answer, actor: str, office: Office, now: datetime) -> Answer:
    """Numbers the answer, makes its PDF and enqueues the letter. `actor`: who lets it leave.

    Where another one has left before, it completes that one.
    """
    ticket = answer.ticket
    answer.completes = ticket.answer
    if answer.completes is None:
        ticket.state, ticket.answered_at = after(ticket.state, Act.ANSWER), now
    answer.radicado, answer.sent_at = take_next(session, Series.EXIT, now), now
    kind = "complement" if answer.completes else "answer"
    document = Document(ticket_id=ticket.id, kind=kind, radicado=answer.radicado)
    document, pdf = keep_document(session, document, answer_pdf(answer, office, now), office, now)
    answer.pdf_sha256 = pdf.sha256
    own_files = _files_of(answer)
    enclosed = tuple(file.as_row() for file in (pdf, *own_files))
    letter = tell_answer(session, answer, enclosed, office, now)
    indexing.index(session, ticket, answer.text)
    session.flush()  # the answer keeps the id of its letter
    answer.letter_id = document.letter_id = letter.id if letter else None
    record(
        session, ticket.id, "completed" if answer.completes else "answered", actor, now,
        answer=answer.id, author=answer.author, text_sha256=digest_of_text(answer.text),
        outcome=answer.outcome, **({"provision": answer.provision} if answer.provision else {}), **document.facts(),
    )  # fmt: skip
    if letter is not None and letter.letter in TOLD_BY:
        note_telling(session, Telling(ticket, TOLD_BY[letter.letter], "system"), True, office, now)
    elif letter is None and answer.completes is None and answer.must_be_notified:
        owe(session, ticket, TO_CITE, now.astimezone(BOGOTA).date(), office, now)
    settle(session, ticket, *OF_THE_OPEN, now=now)
    cancel_all(session, ticket, actor, office, now)
    release_mark(session, ticket)
    for duplicate in merged_into(session, ticket):
        _answer_with(session, answer, duplicate, office, now)
    return answer


def _files_of(answer: Answer) -> tuple[StoredFile, ...]:
    """The files that go with the answer, and not those of an abandoned draft."""
    return tuple(
        StoredFile(file.sha256, file.name, file.media_type, file.size)
        for file in answer.ticket.attachments
        if file.belongs_to == "answer" and file.added_at == answer.written_at
    )


def _answer_with(session: Session, answer: Answer, duplicate: Ticket, office: Office, now: datetime) -> None:
    """Gives the duplicate's petitioner the same answer, unless it speaks of the main one's: then a person must."""
    had = duplicate.answer
    if answer.completes is None:
        fits = duplicate.state in OPEN
    else:  # what completes another answer than theirs would only puzzle
        fits = had is not None and had.text == answer.completes.text
    if not fits:
        return
    own_files, ruling = _files_of(answer), Ruling(AnswerOutcome(answer.outcome), answer.provision)
    if not (may_be_shared(answer, duplicate, len(own_files)) and is_lawful(duplicate, ruling, now)):
        record(session, duplicate.id, "main_answered", "system", now, answer=answer.radicado)
        return
    same = Reply(
        duplicate, answer.text, answer.author, own_files, final=True, office_name=answer.secretaria_name,
        ruling=ruling,
    )  # fmt: skip
    _keep(session, same, office, now)
