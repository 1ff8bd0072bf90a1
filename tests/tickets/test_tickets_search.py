"""Is every ticket found by what it says, by those who may find it, at the price of one page?"""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, text

from pqr.mail import inbox, outbox
from pqr.mail.addresses import Action
from pqr.secretarias.directory import by_code
from pqr.tickets import queries, search
from pqr.tickets.answering import Reply, record_answer, send_answer
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.contributing import Asking, ask_office, cancel
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.filing import PetitionerData
from pqr.tickets.following import FollowUp, add_message
from pqr.tickets.indexing import TicketWords, index_what_is_not
from pqr.tickets.issuing import documents_of
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.queries import Scope, View
from pqr.tickets.search import PAGE, Reach, find
from pqr.tickets.words import MOST, parse
from tests.builders import NOW, arrive, assigned, filed, office_of, reply_from_office

DESK = Reach(desk=True)
ANA = PetitionerData(name="Ana Prueba Ejemplo", email="ana.secreta@correo.example", document_number="1.085.123.456")


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def found(session, words, reach=DESK, before=0):
    """The radicados' numbers, in the order of the list."""
    session.flush()
    return [int(row.radicado[-6:]) for row in find(session, parse(words), reach, before).rows]


MEETING = (
    ("niñez", "Protección de la NIÑEZ"),
    ("NIÑEZ", "Protección de la niñez"),
    ("petición", "PETICIONES de la junta"),
    ("peticiones", "una peticion"),
    ("acueducto", "los acueductos"),
    ("acued", "el acueducto"),
    ("vías", "La vía"),
    ("vía", "Las VÍAS"),
    ("pais", "los países"),
    ("acueducto vereda", "En la vereda el acueducto"),
    ("huecos en la vía", "hueco grande, vías malas"),
    ("1085123456", "la cédula 1.085.123.456"),
    ("1.085.123.456", "la cédula 1085123456"),
    ("2.500.000", "me cobran $2.500.000 pesos"),
)


@pytest.mark.parametrize(("asked", "written"), MEETING)
def test_words_meet_whatever_their_accents_number_and_case(session, office, asked, written):
    filed(session, office, body=written)
    filed(session, office, subject="Otra cosa", body="Nada que ver.")
    assert found(session, asked) == [1]


def test_every_word_must_be_there_and_only_the_last_may_be_unfinished(session, office):
    filed(session, office, body="Una fuga de agua en el acueducto")
    assert found(session, "fuga acued") == [1]
    assert found(session, "acued fuga") == []
    assert found(session, "fuga sismo") == []


def test_a_year_is_not_a_part_of_the_body_and_the_letter_enye_is_a_letter_of_its_own(session, office):
    filed(session, office, body="El año pasado")
    assert found(session, "año") == [1]
    assert found(session, "ano") == []


def test_a_ticket_is_found_by_its_number_its_person_its_answer_and_what_is_added(session, office):
    ticket = assigned(session, office, petitioner=ANA, place="vereda El Ejemplo")
    add_message(session, FollowUp(ticket, "El tubo quedó sumergido", "citizen"), office, NOW)
    record_answer(session, Reply(ticket, "Se autoriza la excavación", "user:1"), office, NOW)
    for words in (ticket.radicado, "ana prueba", "ejemplo", "sumergido", "excavaciones", "1085123456"):
        assert found(session, words) == [1], words


def test_a_document_is_found_by_the_desk_alone(session, office):
    filed(session, office, petitioner=ANA)
    assert found(session, "1085123456") == found(session, "10851234") == [1]
    assert found(session, "1085123456", Reach()) == []
    assert found(session, "ana prueba", Reach()) == [1]


@pytest.mark.parametrize("identity", [Identity.RESERVED, Identity.ANONYMOUS])
def test_who_keeps_the_name_is_not_in_the_index_even_where_the_text_repeats_it(session, office, identity):
    body = "Soy Ana Prueba, cédula 1.085.123.456, ana.secreta@correo.example: talan el bosque."
    ticket = assigned(session, office, petitioner=ANA, identity=identity, kind="denuncia", body=body)
    add_message(session, FollowUp(ticket, "Ana Secreta otra vez: sigue la tala", "citizen"), office, NOW)
    kept = session.scalars(select(TicketWords.words)).one()
    hidden = ("ana", "secret") if identity == Identity.ANONYMOUS else ("ana", "prueb", "ejempl", "secret", "1085123456")
    assert not {word.strip("№") for word in kept.split()} & set(hidden)
    assert found(session, "tala bosque") == [1]


def test_a_mail_that_waits_for_a_person_is_found_by_the_desk_alone(session, office):
    ticket = assigned(session, office)
    stranger = reply_from_office(ticket, office, "La lagartija verde", Action.ANSWER, sender="otra@correo.example")
    assert arrive(session, office, stranger).verdict == "needs_human"
    assert found(session, "lagartija") == [1]
    assert found(session, "lagartija", Reach()) == []


def test_an_office_finds_its_own_tickets_alone(session, office):
    assigned(session, office, "salud", kind="consulta")
    assigned(session, office, "hacienda", kind="consulta")
    salud = by_code(session, "salud").id
    assert found(session, "acueducto", Reach(office_id=salud)) == [1]
    assert found(session, "acueducto", Reach(office_id=0)) == []
    assert queries.find(session, "2026-E-000002", salud) is None


def test_the_index_too_finds_for_an_office_what_came_into_its_hands_and_nothing_else(session, office, monkeypatch):
    monkeypatch.setattr(search, "_WINDOWS", dict.fromkeys(search._WINDOWS, 0))  # all is asked of the index
    salud, hacienda = by_code(session, "salud"), by_code(session, "hacienda")
    first = assigned(session, office, "salud", kind="consulta")
    second = assigned(session, office, "hacienda", kind="consulta")
    asked = ask_office(session, Asking(second, salud, "¿Hay redes?", date(2026, 3, 10), None, "user:1"), office, NOW)
    assert found(session, "acueducto", Reach(office_id=salud.id)) == [2, 1]
    assign(session, Assignment(first, hacienda, "Es de impuestos", "user:1"), office, NOW)
    cancel(session, asked, "user:1", office, NOW)
    assert found(session, "acueducto", Reach(office_id=salud.id)) == []
    assert found(session, "acueducto", Reach(office_id=hacienda.id)) == [2, 1]
    assert found(session, f"§{hacienda.id}") == []
    assign(session, Assignment(first, salud, "Siempre era de salud", "user:1"), office, NOW)
    assert session.get(TicketWords, 1, populate_existing=True).words.split().count(f"§{salud.id}") == 1


def test_an_exit_number_leads_to_the_petition(session, office):
    ticket = assigned(session, office)
    answer = record_answer(session, Reply(ticket, "Sí", "user:1"), office, NOW)
    session.flush()
    assert queries.find(session, answer.radicado, None) == ticket.radicado
    assert queries.find(session, ticket.radicado, None) == ticket.radicado


def test_the_number_of_any_letter_leads_to_its_petition(session, office):
    ticket = assigned(session, office)
    extend_term(session, Extension(ticket, 5, "Falta la visita.", "user:1"), office, NOW)
    session.flush()
    (letter,) = documents_of(session, ticket.id)
    assert queries.find(session, letter.radicado, None) == ticket.radicado


def test_the_newest_come_first_page_after_page_each_once(session, office):
    total = 2 * PAGE + 3
    many(session, office, total)
    first = find(session, parse("común"), DESK)
    second = find(session, parse("común"), DESK, first.before)
    third = find(session, parse("común"), DESK, second.before)
    ids = [row.id for page in (first, second, third) for row in page.rows]
    assert ids == sorted(ids, reverse=True)
    assert (len(set(ids)), third.before) == (total, 0)


def test_an_answer_is_found_once_it_has_left(session, settings):
    office = office_of(session, settings, answer_mode="review")
    draft = record_answer(session, Reply(assigned(session, office), "Una excavación", "user:1"), office, NOW)
    assert found(session, "excavación") == []
    send_answer(session, draft, "user:1", office, NOW)
    assert found(session, "excavación") == [1]


def test_what_is_older_than_the_window_of_the_newest_is_found_too(session, office, monkeypatch):
    monkeypatch.setattr(search, "_WINDOWS", dict.fromkeys(search._WINDOWS, 5))
    many(session, office, 30, words=lambda number: "raro" if number < 4 else "otro")
    assert [row.id for row in find(session, parse("raro"), DESK).rows] == ids_of(session)[:3][::-1]


def many(session, office, total, words=lambda number: "común"):
    """Tickets in bulk, each with its own words in the index."""
    plain = filed(session, office)
    row = {column.name: getattr(plain, column.name) for column in Ticket.__table__.columns}
    session.rollback()
    own = {"id": None, "petitioner_id": None, "secretaria_id": None, "version": 1}
    rows = [row | own | {"id": number, "radicado": f"2026-E-{number:06d}"} for number in range(1, total + 1)]
    session.execute(insert(Ticket.__table__), rows)
    indexed = [
        {"ticket_id": number, "words": " ".join(r.word for r in parse(words(number)))} for number in range(1, total + 1)
    ]
    session.execute(insert(TicketWords.__table__), indexed)
    session.flush()


def ids_of(session):
    return session.scalars(select(Ticket.id).order_by(Ticket.id)).all()


def test_what_was_filed_before_there_was_a_search_is_indexed(session, office):
    ticket = assigned(session, office, petitioner=ANA)
    add_message(session, FollowUp(ticket, "El tubo quedó sumergido", "citizen"), office, NOW)
    record_answer(session, Reply(ticket, "Se autoriza la excavación", "user:1"), office, NOW)
    arrive(session, office, reply_from_office(ticket, office, "Sí", sender="x@correo.example", subject="Lagartija"))
    session.execute(delete(TicketWords))
    session.flush()
    session.expunge_all()
    assert found(session, "sumergido") == []
    assert index_what_is_not(session) == 1
    assert index_what_is_not(session) == 0
    for words in ("acueducto", "ana prueba", "1085123456", "sumergido", "excavación", "lagartija"):
        assert found(session, words) == [1], words
    assert found(session, "lagartija", Reach()) == []


def test_a_text_without_end_is_filed_and_found_by_its_first_words(session, office):
    endless = " ".join(f"palabra{number}" for number in range(MOST + 500))
    filed(session, office, body=f"{endless} {'x' * 5000} {'𝔛' * 3000}")
    assert found(session, "palabra77") == [1]


SYNTAX = (
    '"', "'", "*", "a*", "AND", "NOT agua", "agua OR", "NEAR(agua)", "words:agua", "{words} : agua", "^agua",
    "-agua", "(", "agua & !", ":*", "<->", "\\", "%", "_", "\0", "´", "½", "№1085", "🌧", "ﬀ", "İ", "e\u0301", "ا",
    "", "  ", "\u2028", "-1", "agua" * 200, "a " * 500,
)  # fmt: skip


@pytest.mark.parametrize("typed", SYNTAX)
def test_nothing_that_is_typed_is_read_as_an_order(session, office, typed):
    filed(session, office)
    found(session, typed)
    found(session, f"agua {typed}")


@bounds(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_any_text_can_be_looked_for(session, typed):
    find(session, parse(typed), DESK)


SCOPE, OF_ONE = Scope(NOW.date(), NOW.date()), Scope(NOW.date(), NOW.date(), office_id=3)
PLANS = {
    "search": (lambda s: find(s, parse("otro"), DESK), "ticket_words_index"),
    "search of an office": (lambda s: find(s, parse("otro"), Reach(office_id=3)), "ticket_words_index"),
    "open": (lambda s: queries.page(s, View.OPEN, SCOPE), "ix_tickets_open"),
    "open of an office": (lambda s: queries.page(s, View.OPEN, OF_ONE), "ix_tickets_open_by_office"),
    "unassigned": (lambda s: queries.page(s, View.UNASSIGNED, SCOPE), "ix_tickets_open(_by_office)?"),
    "overdue": (lambda s: queries.page(s, View.OVERDUE, SCOPE), "ix_tickets_open"),
    "soon": (lambda s: queries.page(s, View.SOON, SCOPE), "ix_tickets_open"),
    "doubted": (lambda s: queries.page(s, View.DOUBTED, SCOPE), "ix_tickets_doubted"),
    "doubted of an office": (lambda s: queries.page(s, View.DOUBTED, OF_ONE), "ix_tickets_doubted"),
    "untold": (lambda s: queries.page(s, View.UNTOLD, SCOPE), "ix_tickets_answered"),
    "closed": (lambda s: queries.page(s, View.CLOSED, SCOPE), "ix_tickets_closed"),
    "closed of an office": (lambda s: queries.page(s, View.CLOSED, OF_ONE), "ix_tickets_closed_by_office"),
    "mails": (inbox.count_waiting, "ix_inbox_waiting"),
    "letters": (outbox.count_stuck, "ix_outbox_unsent"),
}


@pytest.mark.parametrize("name", PLANS)
def test_every_list_is_read_from_its_own_index(session, office, name):
    read, wanted = PLANS[name]
    many(session, office, 2_000, words=lambda number: "raro" if number < 4 else "común")
    plans = plans_of(session, read)
    if session.get_bind().dialect.name == "sqlite" and wanted == "ticket_words_index":
        wanted = "VIRTUAL TABLE INDEX"
    assert any(re.search(rf"\b{wanted}\b", plan) for plan in plans), plans
    assert "TEMP B-TREE" not in str(plans)


def plans_of(session, read):
    """How the database does every statement of this reading."""
    bound, seen = session.get_bind(), []
    if bound.dialect.name == "postgresql":  # it would rightly read tables this small whole
        session.execute(text("ANALYZE tickets, ticket_words"))
        session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[bound.dialect.name]
    listener = lambda *args: seen.append((args[2], args[3]))  # noqa: E731
    event.listen(bound, "before_cursor_execute", listener)
    read(session)
    event.remove(bound, "before_cursor_execute", listener)
    asked = [each for each in seen if each[0].lstrip().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"))]
    return [str(session.connection().exec_driver_sql(f"{explain} {each}", values).all()) for each, values in asked]
