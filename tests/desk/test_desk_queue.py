"""Does the queue show the right tickets in the right order, all of them, at the same price?"""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import event, insert, text

from pqr.accounts.roles import Role
from pqr.db import db
from pqr.desk import queue
from pqr.mail.inbox import InboxMail, Received, Verdict, settle, store
from pqr.mail.outbox import Letter, LetterState
from pqr.secretarias.directory import by_code
from pqr.tickets import counting
from pqr.tickets.annotating import Annotation, annotate
from pqr.tickets.counting import COUNT_AT_MOST, counts
from pqr.tickets.models import Ticket
from pqr.tickets.queries import PAGE, Scope, View, page
from pqr.tickets.states import Outcome, State
from tests.builders import NOW, assigned, at, filed, office_of
from tests.desk.staff import at_work, words_of

TODAY = date(2026, 3, 3)
SCOPE = Scope(TODAY, date(2026, 3, 6))


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fill(session, settings):
    """Adds tickets in bulk, like a filed one but without letters; each fact changes the columns of one."""
    plain = _columns(filed(session, office_of(session, settings)))
    session.rollback()

    def add(*facts, first=1):
        session.execute(insert(Ticket), [plain | _number(first + i) | fact for i, fact in enumerate(facts)])
        session.commit()

    return add


def _columns(ticket):
    """What a petition holds that waits on the desk, far from its due date."""
    names = [column.name for column in Ticket.__table__.columns if column.name not in ("id", "version")]
    own = {"due_on": TODAY + timedelta(days=30), "secretaria_id": None, "topic_id": None, "petitioner_id": None}
    return {name: getattr(ticket, name) for name in names} | own | {"state": State.FILED, "version": 1}


def _number(number):
    return {"radicado": f"2026-E-{number:06d}", "subject": f"Asunto {number}"}


def numbers(found):
    return [int(row.radicado[-6:]) for row in found.rows]


def test_danger_goes_first_then_children_then_the_nearest_date_then_who_came_first(session, fill):
    near, far = TODAY + timedelta(days=2), TODAY + timedelta(days=9)
    fill(
        {"due_on": far},
        {"due_on": near},
        {"due_on": near},
        {"due_on": far, "priority_rank": 1},
        {"due_on": far, "priority_rank": 0},
        {"due_on": TODAY - timedelta(days=40)},
    )
    assert numbers(page(session, View.OPEN, SCOPE)) == [5, 4, 6, 2, 3, 1]


def test_each_view_holds_what_its_name_says_and_counts_it(session, fill):
    hacienda = by_code(session, "hacienda").id
    fill(
        {"due_on": TODAY - timedelta(days=1), "secretaria_id": hacienda},
        {"due_on": TODAY, "secretaria_id": hacienda},
        {"due_on": SCOPE.soon, "secretaria_id": hacienda, "state": State.AWAITING_PETITIONER, "suspended_on": TODAY},
        {"due_on": SCOPE.soon + timedelta(days=1), "state": State.FILED, "doubted_at": NOW},
        {"state": State.ANSWERED, "answered_at": NOW},
        {"state": State.CLOSED, "closed_at": NOW, "outcome": Outcome.ANSWERED},
    )
    held = {view: numbers(page(session, view, SCOPE)) for view in View}
    assert held == {
        View.OPEN: [1, 2, 3, 4],
        View.NEW: [1, 2, 3, 4],
        View.MINE: [],
        View.UNASSIGNED: [4],
        View.DOUBTED: [4],
        View.OVERDUE: [1],
        View.SOON: [2],
        View.WAITING: [3],
        View.UNTOLD: [5],
        View.CLOSED: [6],
        View.ALL: [6, 5, 4, 3, 2, 1],
        View.DUTIES: [],
        View.ASKED: [],
        View.GIVEN: [],
    }
    assert counts(session, SCOPE) == {view: len(rows) for view, rows in held.items()}


def test_a_petition_is_new_until_somebody_acts_and_then_also_theirs(session, settings):
    office = office_of(session, settings)
    _, noted = (filed(session, office) for _ in range(2))
    annotate(session, Annotation(noted, "Ya llamé.", "user:7"), NOW)
    session.flush()
    of = lambda view, user: numbers(page(session, view, Scope(TODAY, TODAY, actor=f"user:{user}")))  # noqa: E731
    assert (of(View.NEW, 7), of(View.MINE, 7), of(View.MINE, 8)) == ([1], [2], [])


def test_an_office_s_list_and_counts_hold_its_own_alone(session, fill):
    hacienda, salud = by_code(session, "hacienda").id, by_code(session, "salud").id
    fill({"secretaria_id": hacienda}, {"secretaria_id": salud}, {})
    own = Scope(TODAY, SCOPE.soon, office_id=salud)
    assert numbers(page(session, View.OPEN, own)) == [2]
    assert counts(session, own)[View.OPEN] == 1
    assert counts(session, Scope(TODAY, SCOPE.soon, office_id=0))[View.OPEN] == 0


def test_page_after_page_shows_every_ticket_once(session, fill):
    total = PAGE + 7
    states = {View.OPEN: State.FILED, View.UNTOLD: State.ANSWERED, View.CLOSED: State.CLOSED}
    for number, state in enumerate(states.values()):
        fill(*({"state": state, **_mixed(i)} for i in range(total)), first=1000 * number + 1)
    for number, view in enumerate(states):
        first = page(session, view, SCOPE)
        second = page(session, view, SCOPE, first.after)
        assert (len(first.rows), second.after) == (PAGE, "")
        expected = list(range(1000 * number + 1, 1000 * number + total + 1))
        assert sorted([*numbers(first), *numbers(second)]) == expected


def _mixed(i):
    """Many share a date or an instant: then the id decides."""
    return {
        "priority_rank": i % 3,
        "due_on": TODAY + timedelta(days=i % 5),
        "answered_at": NOW + timedelta(microseconds=i % 4),
        "closed_at": NOW + timedelta(seconds=i % 4),
    }


def test_a_ticket_filed_between_two_pages_neither_hides_nor_repeats_another(session, fill):
    fill(*({"due_on": TODAY + timedelta(days=number)} for number in range(PAGE + 5)))
    first = page(session, View.OPEN, SCOPE)
    fill({"due_on": TODAY - timedelta(days=3)}, first=900)
    second = page(session, View.OPEN, SCOPE, first.after)
    assert numbers(second) == list(range(PAGE + 1, PAGE + 6))


STRANGE_KEYS = (
    "x", "9_2026-03-03", "9_2026-13-40_1", "9_2026-03-03_-1", "9_2026-03-03_" + "9" * 30, "_" * 9, "²_2026-03-03_1",
)  # fmt: skip


def test_a_key_that_nobody_gave_out_shows_the_first_page(session, fill):
    fill({}, {})
    for key in STRANGE_KEYS:
        assert numbers(page(session, View.OPEN, SCOPE, key)) == [1, 2]
        assert numbers(page(session, View.UNTOLD, SCOPE, key)) == []


def test_the_counts_stop_at_a_thousand_and_say_so(client, session, fill):
    fill(*({"state": State.CLOSED, "closed_at": NOW} for _ in range(COUNT_AT_MOST + 5)))
    assert counts(session, SCOPE)[View.CLOSED] == COUNT_AT_MOST + 1
    at_work(client, session)
    assert "Cerradas más de 1000" in words_of(client.get("/atencion/"))


def test_of_many_open_ones_it_is_said_that_not_each_was_asked_who_acted(client, session, settings, monkeypatch):
    """Among the most pressing three, somebody acted on the second; who did and on what came later is not asked."""
    office = office_of(session, settings)
    tickets = [filed(session, office) for _ in range(5)]
    user = at_work(client, session)
    for ticket, actor in ((tickets[1], f"user:{user.id}"), (tickets[4], "user:99")):
        annotate(session, Annotation(ticket, "Ya llamé.", actor), NOW)
    session.commit()
    said = lambda: words_of(client.get("/atencion/"))  # noqa: E731
    assert "Nuevas 3 Mías 1 " in said()
    monkeypatch.setattr(counting, "ASKED_AT_MOST", 3)
    monkeypatch.setattr(queue, "COUNT_AT_MOST", 4)
    assert "Nuevas al menos 2 Mías al menos 1 " in said()
    monkeypatch.setattr(counting, "ASKED_AT_MOST", 1)
    assert "Nuevas al menos 1 Mías sin contar " in said()
    monkeypatch.setattr(counting, "ASKED_AT_MOST", 5)
    assert "Nuevas 3 Mías 1 " in said()


def test_the_open_list_is_read_from_its_own_index(session):
    bound, seen = session.get_bind(), []
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[bound.dialect.name]
    if bound.dialect.name == "postgresql":  # it would rightly read a table this small whole
        session.execute(text("SET LOCAL enable_seqscan = off"))
    listener = lambda *args: seen.append((args[2], args[3]))  # noqa: E731
    event.listen(bound, "before_cursor_execute", listener)
    page(session, View.OPEN, SCOPE, "9_2026-03-03_1")
    event.remove(bound, "before_cursor_execute", listener)
    statement, values = seen[-1]
    plan = session.connection().exec_driver_sql(f"{explain} {statement}", values).all()
    assert "ix_tickets_open" in str(plan)


def test_the_queue_shows_days_left_in_words_and_shape(client, session, fill):
    fill(
        {"due_on": date(2026, 2, 27)},
        {"due_on": TODAY},
        {"due_on": date(2026, 3, 4)},
        {"due_on": date(2026, 3, 6)},
        {"due_on": date(2026, 3, 10)},
    )
    at_work(client, session)
    words = words_of(client.get("/atencion/"))
    for said in (
        "■ venció hace 2 días hábiles vie 27 feb 2026",
        "◆ vence hoy",
        "▲ queda 1 día hábil",
        "▲ quedan 3 días hábiles",
        "● quedan 5 días hábiles",
    ):
        assert said in words


def test_the_queue_names_office_kind_channel_and_flags_and_nobody_who_asks(client, session, settings):
    assigned(session, office_of(session, settings), "planeacion", priority=("nna",))
    session.commit()
    at_work(client, session)
    words = words_of(client.get("/atencion/"))
    for said in (
        "No llega agua al acueducto",
        "Niñez",
        "Petición de interés general",
        "Secretaría de Planeación",
        "Página web",
    ):
        assert said in words
    assert "Ana Prueba" not in words


def test_an_empty_view_says_so(client, session):
    at_work(client, session)
    for view, says in (("vencidas", "Ninguna petición está vencida"), ("cerradas", "Todavía no se ha cerrado")):
        assert says in words_of(client.get(f"/atencion/?vista={view}"))


def test_an_unknown_view_is_the_open_one(client, session, fill):
    fill({})
    at_work(client, session)
    assert "Asunto 1" in words_of(client.get("/atencion/?vista=nada&despues=%00"))


def test_the_links_of_the_pages_lead_through_all_of_them(client, session, fill):
    fill(*({} for _ in range(PAGE + 1)))
    at_work(client, session)
    first = client.get("/atencion/").text
    following = re.search(r'href="([^"]*despues=[^"]*)"', first)[1].replace("&amp;", "&")
    second = client.get(following)
    assert f"Asunto {PAGE + 1}" in words_of(second)
    assert "Volver al principio" in words_of(second)
    assert not re.search(r'href="[^"]*despues=', second.text)


def test_mails_and_letters_that_wait_are_said_on_top_to_who_can_help(client, session):
    mail, _ = store(session, Received(b"Subject: hola\r\n\r\n"), NOW)
    settle(mail, Verdict.NEEDS_HUMAN, "No se entiende.", None, NOW)
    session.add(
        Letter(
            letter="answer", sender_name="", recipient="a@b.example", subject="", text="", html="",
            message_id="<1@x.example>", state=LetterState.FAILED, next_try_at=NOW, created_at=NOW,
        )
    )  # fmt: skip
    at_work(client, session)
    words = words_of(client.get("/atencion/"))
    assert "1 correo por leer" in words
    assert "1 carta detenida" in words
    at_work(client, session, Role.AUDITOR)
    assert "correo por leer" not in words_of(client.get("/atencion/"))
    assert session.get_one(InboxMail, mail.id).closed_at is None


def test_an_office_sees_its_own_queue(client, session, fill):
    salud = by_code(session, "salud").id
    fill({"secretaria_id": salud}, {"subject": "De otros"})
    at_work(client, session, Role.SECRETARIA, "salud")
    words = words_of(client.get("/atencion/"))
    assert "Asunto 1" in words
    assert "De otros" not in words


def statements_of(app, client, path):
    seen = []
    with app.app_context():
        engine = db.engine
    listener = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", listener)
    return len(seen)


def test_the_queue_costs_as_many_statements_for_forty_tickets_as_for_one(app, client, session, fill):
    at_work(client, session)
    dates = {"answered_at": NOW, "closed_at": NOW, "due_on": TODAY}
    states = (State.FILED, State.ANSWERED, State.CLOSED)
    fill(*({"state": state, **dates} for state in states))
    few = {view: statements_of(app, client, f"/atencion/?vista={view}") for view in View}
    hacienda = by_code(session, "hacienda").id
    fill(*({"state": states[i % 3], "secretaria_id": hacienda, **dates} for i in range(40)), first=50)
    assert {view: statements_of(app, client, f"/atencion/?vista={view}") for view in View} == few
    assert max(few.values()) <= 14


def test_a_date_is_counted_in_bogota_not_in_london(client, session, fill):
    fill({"due_on": TODAY})
    with time_machine.travel(at("2026-03-03 21:00"), tick=False):  # 2 a. m. of the 4th in UTC
        at_work(client, session)
        assert "vence hoy" in words_of(client.get("/atencion/"))
