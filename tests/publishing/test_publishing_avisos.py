"""Is an aviso up for its days, effective by itself, and never twice?"""

from dataclasses import replace
from datetime import date

import pytest

from pqr.errors import ActNotAllowed
from pqr.publishing.avisos import Publication, avisos_of, avisos_up, keep_avisos, publish, publish_owed
from pqr.publishing.showing import shown
from pqr.publishing.updates import updates_of_month
from pqr.reminders.remind import remind_all
from pqr.terms.calendar import Closure, ClosureKind
from pqr.terms.notifying import AnswerOutcome, Way
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.closing import Decision
from pqr.tickets.communicating import communicate
from pqr.tickets.completing import Request, ask_to_complete
from pqr.tickets.duties import BY_NOTICE, pending_duties
from pqr.tickets.events import first_broken, history
from pqr.tickets.filing import PetitionerData
from pqr.tickets.reaching import reach
from pqr.tickets.ruling import Ruling
from pqr.tickets.withdrawing import withdraw_tacitly
from tests.builders import assigned, at, filed, office_of

ANSWERED = at("2026-03-16 10:00")  # a Monday; Monday the 23rd is a holiday
WHY = "no se conoce una dirección"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


@pytest.fixture
def denuncia(session, here):
    ticket = filed(session, here, kind="denuncia", identity="anonymous", petitioner=PetitionerData())
    record_answer(session, Reply(ticket, "Se abrió la investigación.", "user:1", final=True), here, ANSWERED)
    session.flush()
    return ticket


def kinds(session, ticket):
    return [event.kind for event in history(session, ticket.id)]


def test_an_anonymous_answer_without_an_address_goes_up_by_itself_and_once(session, here, denuncia):
    assert publish_owed(session, here, ANSWERED) == 1
    assert publish_owed(session, here, ANSWERED) == 0
    (notice,) = avisos_up(session)
    assert (notice.published_on, notice.last_day) == (date(2026, 3, 16), date(2026, 3, 24))
    assert notice.effective_on == date(2026, 3, 25)
    assert shown(notice, here).text == "Se abrió la investigación."
    (update,) = updates_of_month(session, date(2026, 3, 16))
    assert (update.what, update.path, update.actor) == ("notice", f"/avisos/{notice.id}", "system")
    assert "anónima" in notice.why
    assert denuncia.state == "answered"


def test_it_comes_down_after_five_business_days_and_has_effect_at_the_end_of_the_next(session, here, denuncia):
    publish_owed(session, here, ANSWERED)
    assert keep_avisos(session, here, at("2026-03-24 23:00")) == 0
    assert keep_avisos(session, here, at("2026-03-25 00:10")) == 1
    assert avisos_up(session) == []
    assert denuncia.state == "answered"
    assert keep_avisos(session, here, at("2026-03-25 23:00")) == 0
    assert keep_avisos(session, here, at("2026-03-26 00:10")) == 1
    assert (denuncia.state, denuncia.outcome) == ("closed", "answered")
    assert denuncia.communicated_at == at("2026-03-25 23:59:59")
    assert denuncia.days_used == 15  # from the 3rd to the 25th, without the holiday
    assert denuncia.answer.communicated_by == "notice"
    assert kinds(session, denuncia)[-3:] == ["notice_published", "notice_removed", "communicated"]


def test_after_an_outage_it_ends_on_the_day_of_the_law_and_nothing_happens_twice(session, here, denuncia):
    publish_owed(session, here, ANSWERED)
    for _ in range(2):
        keep_avisos(session, here, at("2026-04-20 09:00"))
    assert denuncia.communicated_at == at("2026-03-25 23:59:59")
    assert denuncia.days_used == 15
    assert kinds(session, denuncia).count("communicated") == 1
    assert kinds(session, denuncia).count("notice_removed") == 1
    assert first_broken(history(session, denuncia.id)) is None
    assert publish_owed(session, here, at("2026-04-20 09:00")) == 0


def test_a_closure_decreed_meanwhile_keeps_it_up_longer(session, here, denuncia):
    publish_owed(session, here, ANSWERED)
    closure = Closure(date(2026, 3, 20), ClosureKind.FULL_DAY, "día cívico")
    closed = replace(here, calendar=here.calendar.with_closures(closure))
    keep_avisos(session, closed, at("2026-03-19 09:00"))
    (notice,) = avisos_up(session)
    assert (notice.last_day, notice.effective_on) == (date(2026, 3, 25), date(2026, 3, 26))
    assert kinds(session, denuncia)[-1] == "notice_moved"
    assert keep_avisos(session, closed, at("2026-03-25 09:00")) == 0


def test_who_read_it_before_with_the_code_keeps_that_day(session, here, denuncia):
    publish_owed(session, here, ANSWERED)
    communicate(session, denuncia, "portal", "citizen", here, at("2026-03-17 08:00"))
    keep_avisos(session, here, at("2026-04-20 09:00"))
    assert denuncia.days_used == 10
    assert kinds(session, denuncia).count("communicated") == 1


def test_nothing_is_published_that_was_not_decided_nor_twice(session, here, denuncia):
    waiting = filed(session, here)
    with pytest.raises(ActNotAllowed):
        publish(session, Publication(waiting, WHY, "user:1"), here, ANSWERED)
    publish(session, Publication(denuncia, WHY, "user:1"), here, ANSWERED)
    with pytest.raises(ActNotAllowed):
        publish(session, Publication(denuncia, WHY, "user:1"), here, ANSWERED)


@pytest.mark.parametrize(
    ("identity", "outcome", "name", "text"),
    [
        ("reserved", AnswerOutcome.DENIED, "", ""),
        ("reserved", AnswerOutcome.INFORMED, "", ""),
        ("named", AnswerOutcome.INFORMED, "", ""),
        ("named", AnswerOutcome.DENIED, "Luis Ejemplo", "No se puede."),
    ],
)
def test_a_notice_gives_nobody_away(session, here, identity, outcome, name, text):
    person = PetitionerData("Luis Ejemplo", phone="300")
    ticket = assigned(session, here, kind="peticion_particular", identity=identity, petitioner=person)
    reply = Reply(ticket, "No se puede.", "user:1", final=True, ruling=Ruling(outcome))
    record_answer(session, reply, here, ANSWERED)
    words = shown(publish(session, Publication(ticket, WHY, "user:1"), here, ANSWERED), here)
    assert (words.name, words.text) == (name, text)
    assert bool(words.subject) is bool(name)
    assert len(avisos_of(session, ticket)) == 1


def test_a_tacit_withdrawal_is_notified_by_aviso_and_its_end_is_kept(session, here):
    ticket = assigned(session, here, petitioner=PetitionerData("Luis Ejemplo", phone="300"))
    ask_to_complete(session, Request(ticket, "Falta el plano.", "user:1"), here, at("2026-03-04 09:00"))
    session.flush()
    late = at("2026-04-07 09:00")
    withdraw_tacitly(session, Decision(ticket, "Se decreta el desistimiento.", "user:1"), here, late)
    notice = publish(session, Publication(ticket, WHY, "user:1"), here, late)
    words = shown(notice, here)
    assert (words.text, words.name) == ("Se decreta el desistimiento.", "Luis Ejemplo")
    assert "recurso de reposición" in words.appeal
    keep_avisos(session, here, at("2026-04-16 09:00"))
    assert ticket.communicated_at == at("2026-04-15 23:59:59")
    assert (ticket.state, ticket.outcome) == ("closed", "withdrawn_tacit")
    assert kinds(session, ticket)[-3:] == ["notice_published", "notice_removed", "notified"]
    with pytest.raises(ActNotAllowed):
        publish(session, Publication(ticket, WHY, "user:1"), here, at("2026-04-15 09:00"))


NO_ADDRESS = PetitionerData("Luis Ejemplo", phone="300")


@pytest.fixture
def denied(session, here):
    """A denial for somebody whose address is not known."""
    ticket = assigned(session, here, kind="peticion_particular", petitioner=NO_ADDRESS)
    record_answer(
        session, Reply(ticket, "No procede.", "user:1", final=True, ruling=Ruling(AnswerOutcome.DENIED)), here, ANSWERED
    )
    session.flush()
    return ticket


def next_way(session, ticket, here, day):
    return reach(session, ticket, here, day).next.way


def test_whose_address_is_not_known_is_cited_in_public_and_then_told_by_aviso(session, here, denied):
    assert next_way(session, denied, here, ANSWERED.date()) == Way.CITATION_POSTED
    citation = publish(session, Publication(denied, WHY, "user:1", cites=True), here, ANSWERED)
    words = shown(citation, here)
    assert (words.name, words.text, words.subject, words.appeal) == ("Luis Ejemplo", "", "", "")
    assert citation.last_day == date(2026, 3, 24)
    remind_all(session, here, at("2026-03-24 09:00"))
    assert keep_avisos(session, here, at("2026-03-24 10:00")) == 0
    assert keep_avisos(session, here, at("2026-03-25 00:10")) == 1
    assert (avisos_up(session), denied.state) == ([], "answered")  # nobody was told by it
    remind_all(session, here, at("2026-03-25 09:00"))
    assert [each.code for each in pending_duties(session)] == [BY_NOTICE]
    assert next_way(session, denied, here, date(2026, 3, 25)) == Way.NOTICE
    publish(session, Publication(denied, WHY, "user:1"), here, at("2026-03-25 10:00"))
    assert pending_duties(session) == []
    keep_avisos(session, here, at("2026-04-10 09:00"))
    assert denied.communicated_at == at("2026-04-06 23:59:59")  # Holy Week lies between
    told = [kind for kind in kinds(session, denied) if kind.startswith(("citation", "notice", "communicated"))]
    assert told == ["citation_posted", "citation_removed", "notice_published", "notice_removed", "communicated"]


def test_whoever_comes_takes_the_citation_down(session, here, denied):
    publish(session, Publication(denied, WHY, "user:1", cites=True), here, ANSWERED)
    came = at("2026-03-18 09:00")
    communicate(session, denied, "counter", "user:1", here, came)
    assert keep_avisos(session, here, at("2026-03-18 10:00")) == 1
    assert avisos_up(session) == []
    assert denied.communicated_at == came


def test_a_citation_of_whoever_hides_shows_the_number_alone(session, here):
    ticket = assigned(session, here, kind="peticion_particular", identity="reserved", petitioner=NO_ADDRESS)
    ruling = Ruling(AnswerOutcome.DENIED)
    record_answer(session, Reply(ticket, "No procede.", "user:1", final=True, ruling=ruling), here, ANSWERED)
    words = shown(publish(session, Publication(ticket, WHY, "user:1", cites=True), here, ANSWERED), here)
    assert (words.name, words.text, words.subject) == ("", "", "")
