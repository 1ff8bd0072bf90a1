"""Is every figure the same, kept or counted, and is the list behind it exactly as long?"""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import OperationalError

from pqr import clock
from pqr.door import office
from pqr.errors import PqrError
from pqr.reports import keeping
from pqr.reports.cases import behind, cases
from pqr.reports.conditions import Asked
from pqr.reports.dimensions import DIMENSIONS
from pqr.reports.figures import Asking, figures
from pqr.reports.measures import MEASURES, RATES
from pqr.reports.periods import Period
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import ExternalBody, Topic
from pqr.terms.calendar import BOGOTA
from pqr.terms.kinds import TicketKind
from pqr.tickets.answering import Reply, record_answer
from pqr.tickets.assigning import Assignment, Return, assign, return_to_desk
from pqr.tickets.communicating import communicate, letter_refused
from pqr.tickets.events import Event
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.labelling import Label, label
from pqr.tickets.models import Ticket
from pqr.tickets.prioritising import Turn, prioritise
from pqr.tickets.reclassifying import Reclassification, reclassify
from pqr.tickets.transferring import Sending, transfer
from pqr.tickets.voiding import Mistake, Voiding, void
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly
from tests.builders import arrive, filed, letters_of, raw_mail
from tests.reports.recount import recount
from tests.test_demo_load import load
from workers.figures import keep

NUMBER = 260


@pytest.fixture
def here(app, session):
    with app.app_context():
        load(session, seed=3, number=NUMBER)
        session.commit()
        known = office(session)
        session.rollback()
        yield known


def keep_all(session):
    """What the worker does, seen by this session."""
    session.rollback()
    keep()
    session.rollback()


def today():
    return clock.now().astimezone(BOGOTA).date()


def last_years():
    return Period(date(today().year - 3, 1, 1), date(today().year, 12, 31))


def shown(session, here, asking):
    found = figures(session, asking, here, today())
    every = {"": {"": found.whole}, **found.by}
    return {
        (dimension, value): ({key: tally[key] for key in MEASURES}, dict(tally.days))
        for dimension, by in every.items()
        for value, tally in by.items()
    }


def askings():
    whole, this = last_years(), today()
    yield Asking(whole)
    yield Asking(Period(this.replace(month=1, day=1), this))
    yield Asking(Period(date(this.year - 1, 2, 10), date(this.year - 1, 9, 20)))
    for dimension, value in (
        ("kind", "queja"), ("channel", "email"), ("secretaria", "planeacion"), ("secretaria", ""), ("topic", "3"),
        ("priority", "9"), ("identity", "anonymous"), ("place", "la plaza"), ("kind", "no_such"), ("topic", "x"),
    ):  # fmt: skip
        yield Asking(whole, {dimension: value})
    yield Asking(whole, {"channel": "web", "identity": "named"})


def act_at_random(session, here, random, times):
    """Acts as people do; what the law does not allow is refused, and changes nothing."""
    now, kinds = clock.now(), (TicketKind.PETICION_GENERAL, TicketKind.QUEJA, TicketKind.CONSULTA)
    for _ in range(times // 3):
        filed(session, here, now - timedelta(days=random.randint(0, 80)), kind=random.choice(kinds))
    tickets = session.scalars(select(Ticket).where(Ticket.state != "closed").order_by(Ticket.id)).all()
    bodies, topics = session.scalars(select(ExternalBody)).all(), session.scalars(select(Topic)).all()
    office_now = by_code(session, "planeacion")
    acts = (
        lambda t: assign(session, Assignment(t, office_now, "prueba", "user:1"), here, now),
        lambda t: return_to_desk(session, Return(t, "no es nuestra", "secretaria:planeacion"), now),
        lambda t: record_answer(session, Reply(t, "Ya se arregló.", "user:1", final=True), here, now),
        lambda t: communicate(session, t, "counter", "user:1", here, now),
        lambda t: extend_term(session, Extension(t, 3, "Falta una visita", "user:1"), here, now),
        lambda t: label(session, Label(t, random.choice(topics), "user:1"), now),
        lambda t: prioritise(session, Turn(t, frozenset({"nna"}), "user:1"), now),
        lambda t: reclassify(session, Reclassification(t, TicketKind.QUEJA, "lo es", "user:1"), here, now),
        lambda t: withdraw_expressly(session, Withdrawal(t, "Ya no la quiero.", "user:1"), here, now),
        lambda t: void(session, Voiding(t, Mistake.TEST, "Acta 1", "Era una prueba", "user:1"), here, now),
        lambda t: transfer(session, Sending(t, random.choice(bodies), "Es suya", "user:1", "", "Tarde"), here, now),
    )  # fmt: skip
    done = 0
    for ticket in random.choices(tickets, k=times):
        with session.begin_nested() as step:
            try:
                random.choice(acts)(ticket)
                done += 1
            except PqrError:
                step.rollback()
    filed(session, here, now)
    letter_refused(session, letters_of(session, "acknowledgement")[-1], now)
    arrive(session, here, raw_mail(subject="Boletín", text="x", precedence="bulk"), now)
    session.commit()
    return done


def test_what_was_kept_is_what_is_counted_whatever_happened_since(session, here):
    keep_all(session)
    before = [shown(session, here, asking) for asking in askings()]
    assert act_at_random(session, here, Random(11), 45) > 15  # noqa: S311
    asked = Asked(today(), here.reception_days)
    assert keeping.changed_months(session, asked)
    kept = [shown(session, here, asking) for asking in askings()]
    assert kept != before
    keep_all(session)
    assert keeping.changed_months(session, asked) == []
    kept_again = [shown(session, here, asking) for asking in askings()]
    keeping.forget(session)
    counted = [shown(session, here, asking) for asking in askings()]
    assert kept == counted
    period = last_years()
    again = recount(session, here, today(), period.start, period.end)
    told = {place: ({key: n for key, n in counts.items() if n}, days) for place, (counts, days) in kept[0].items()}
    assert told == again
    assert kept_again == counted
    session.rollback()


def test_what_was_kept_by_another_rule_is_not_read(session, here):
    keep_all(session)
    assert keeping.changed_months(session, Asked(today(), here.reception_days)) == []
    assert keeping.changed_months(session, Asked(today(), here.reception_days + 1)) is None


def check_the_parts(found):
    """The ways to end and to wait are all that is received, and every breakdown is of the whole."""
    ends = (
        "answered",
        "pending",
        "transferred",
        "withdrawn_express",
        "withdrawn_tacit",
        "archived_unclear",
        "rejected",
    )
    assert found.whole["received"] == sum(found.whole[each] for each in (*ends, "by_reference"))
    for key, rate in RATES.items():
        assert {rate.numerator, rate.denominator} <= set(MEASURES), key
        assert found.rate(key).numerator <= found.rate(key).denominator
    assert found.whole["numbered"] == found.whole["received"] + found.whole["voided"]
    for measure in MEASURES:
        for dimension, by in found.by.items():
            assert sum(tally[measure] for tally in by.values()) == found.whole[measure], (measure, dimension)
    assert sum(found.whole.days.values()) == found.whole["answered"]


def test_every_number_has_as_many_cases_behind_it(session, here):
    act_at_random(session, here, Random(5), 20)  # noqa: S311
    check_the_parts(figures(session, Asking(last_years()), here, today()))
    compared = 0
    for asking in (Asking(last_years()), Asking(last_years(), {"channel": "email"})):
        found = figures(session, asking, here, today())
        chosen = [({}, found.whole)]
        for dimension, by in found.by.items():
            chosen += [
                ({dimension: value}, tally) for value, tally in sorted(by.items())[:3] if dimension in DIMENSIONS
            ]
        for more, tally in chosen:
            for measure in MEASURES:
                asked = Asking(asking.period, {**asking.filters, **more})
                rows = behind(measure, asked, here, today()).subquery()
                listed = session.scalar(select(func.count()).select_from(rows))
                listed += len(cases(session, measure, asked, here, today()).mails)
                assert listed == tally[measure], (measure, asked)
                compared += tally[measure] > 0
    assert compared > 100


def test_the_pages_of_a_list_hold_each_case_once(session, here):
    asking, after, seen = Asking(last_years()), "", []
    while True:
        page = cases(session, "received", asking, here, today(), after).page
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == figures(session, asking, here, today()).whole["received"]


def test_the_kept_months_cost_as_many_statements_whatever_the_period(session, here):
    keep_all(session)
    session.scalar(select(1))  # begins
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    costs = []
    for asking in (Asking(Period(date(today().year - 1, 3, 1), date(today().year - 1, 3, 31))), Asking(last_years())):
        statements.clear()
        figures(session, asking, here, today())
        costs.append(len(statements))
        assert not any("bits" in statement for statement in statements)
    assert costs[0] == costs[1] <= 6


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_the_counts_are_true_up_to_an_event_before_which_nothing_is_still_to_come(session, here):
    with session.get_bind().connect() as other, other.begin():
        late = {"seq": 9999, "at": clock.now(), "actor": "x", "kind": "x", "data": {}, "prev_hash": "", "hash": ""}
        other.execute(insert(Event).values(ticket_id=1, **late))
        with pytest.raises(OperationalError):  # it waits, and gives up rather than hold up who files
            keeping.last_event(session)
        session.rollback()
    session.rollback()
    assert keeping.last_event(session) > 0
    session.rollback()
