"""What does the 80 % indicator say of each case at its edge?  One table: what happened, and what is counted of it."""

from datetime import date

import pytest

from pqr.intake.attending import Attendance, Fate, attend
from pqr.intake.process import prepare
from pqr.reports.figures import Asking, figures
from pqr.reports.indicator import Share, indicator
from pqr.reports.periods import Period
from pqr.reports.queries import reception_counts
from pqr.secretarias.directory import active_bodies, by_code
from pqr.tickets.assigning import Assignment, Return, assign, return_to_desk
from pqr.tickets.communicating import letter_left, letter_refused
from pqr.tickets.merging import Merge, merge
from pqr.tickets.models import Identity, Ticket
from pqr.tickets.reopening import Reopening, reopen
from pqr.tickets.transferring import Sending, transfer
from pqr.tickets.voiding import Mistake, Voiding, void
from pqr.tickets.withdrawing import Withdrawal, withdraw_expressly
from tests.builders import NOW, arrive, assigned, at, filed, letters_of, office_of, raw_mail

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NEXT_DAY, TOO_LATE = at("2026-03-04 16:00"), at("2026-03-05 08:00")  # NOW is Tuesday the 3rd


def unassigned(session, here, when=NOW, **more):
    """A queja waits for the desk to give it to an office."""
    return filed(session, here, when, kind="queja", **more)


def give(session, here, ticket, when, code="planeacion"):
    assign(session, Assignment(ticket, by_code(session, code), "prueba", "user:1"), here, when)


def given(received, handed):
    return lambda session, here: give(session, here, unassigned(session, here, at(received)), at(handed))


def acknowledgement(session, ticket):
    return letters_of(session, "acknowledgement", ticket)[0]


def bounced(session, here):
    letter_refused(session, acknowledgement(session, assigned(session, here)), NOW)


def bounced_and_sent_again(session, here):
    letter = acknowledgement(session, assigned(session, here))
    letter_refused(session, letter, NOW)
    letter_left(session, letter, here, NEXT_DAY)


def waiting_mail(session, here):
    return arrive(session, here, raw_mail(subject="Boletín", text="x", precedence="bulk"), NOW)


def mail_filed_by_a_person(when):
    def act(session, here):
        mail = waiting_mail(session, here)
        attend(session, Attendance(mail, prepare(mail.raw, here), Fate.NEW_TICKET, "user:1"), here, when)
        ticket = acknowledgement_ticket(session)
        if ticket.first_assigned_at is None:
            give(session, here, ticket, when)

    return act


def acknowledgement_ticket(session):
    return session.get_one(Ticket, letters_of(session, "acknowledgement")[-1].ticket_id)


def discarded_mail(session, here):
    mail = waiting_mail(session, here)
    attend(session, Attendance(mail, prepare(mail.raw, here), Fate.DISCARD, "user:1", reason="Publicidad"), here, NOW)


def anonymous(session, here):
    give(session, here, unassigned(session, here, identity=Identity.ANONYMOUS), NEXT_DAY)


def transferred_by_the_desk(session, here):
    transfer(session, Sending(unassigned(session, here), active_bodies(session)[0], "Es suya", "user:1"), here, NOW)


def transferred_by_an_office(session, here):
    transfer(session, Sending(assigned(session, here), active_bodies(session)[0], "Es suya", "user:1"), here, NEXT_DAY)


def voided(session, here):
    void(session, Voiding(assigned(session, here), Mistake.TEST, "Acta 1", "Prueba", "user:1"), here, NOW)


def merged(when):
    """The duplicate is in the hands of the office that has the main one."""

    def act(session, here):
        main, duplicate = assigned(session, here, kind="queja"), unassigned(session, here)
        merge(session, Merge(duplicate, main, "Piden lo mismo", "user:1"), here, when)

    return act


def reopened(session, here):
    ticket = assigned(session, here)
    withdraw_expressly(session, Withdrawal(ticket, "Ya no la quiero", "user:1"), here, NOW)
    reopen(session, Reopening(ticket, "Fue un error", date(2026, 3, 10), "user:1"), here, TOO_LATE)


def returned_and_reassigned(session, here):
    ticket = assigned(session, here)
    return_to_desk(session, Return(ticket, "No es nuestra", "secretaria:planeacion"), NEXT_DAY)
    give(session, here, ticket, at("2026-03-20 10:00"), "hacienda")


def returned_and_left(session, here):
    return_to_desk(session, Return(assigned(session, here), "No es nuestra", "secretaria:planeacion"), NEXT_DAY)


EDGES = {
    "in hands the same day": (given("2026-03-03 10:00", "2026-03-03 11:00"), (1, 1)),
    "in hands the next business day": (given("2026-03-03 10:00", "2026-03-04 16:00"), (1, 1)),
    "in hands the day after": (given("2026-03-03 10:00", "2026-03-05 08:00"), (0, 1)),
    "arrived on Saturday, in hands on Monday": (given("2026-03-07 10:00", "2026-03-09 16:00"), (1, 1)),
    "arrived on Saturday, in hands on Tuesday": (given("2026-03-07 10:00", "2026-03-10 08:00"), (0, 1)),
    "arrived before a holiday, in hands after it": (given("2026-03-20 10:00", "2026-03-24 10:00"), (1, 1)),
    "in nobody's hands": (unassigned, (0, 1)),
    "the acknowledgement bounced": (bounced, (0, 1)),
    "the acknowledgement bounced and arrived at last": (bounced_and_sent_again, (1, 1)),
    "a mail waits for a person": (waiting_mail, (0, 1)),
    "a mail waited and was filed in time": (mail_filed_by_a_person(NEXT_DAY), (1, 1)),
    "a mail waited too long": (mail_filed_by_a_person(TOO_LATE), (0, 1)),
    "a mail was no petition": (discarded_mail, (0, 0)),
    "anonymous": (anonymous, (1, 1)),
    "the desk transferred it to another authority": (transferred_by_the_desk, (0, 1)),
    "an office had it before it was transferred": (transferred_by_an_office, (1, 1)),
    "voided": (voided, (0, 0)),
    "a duplicate merged in time": (merged(NEXT_DAY), (2, 2)),
    "a duplicate merged late": (merged(TOO_LATE), (1, 2)),
    "reopened": (reopened, (1, 1)),
    "returned and given to another office": (returned_and_reassigned, (1, 1)),
    "returned and left": (returned_and_left, (1, 1)),
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_indicator_at_its_edges(session, settings, edge):
    here, (act, fraction) = office_of(session, settings), EDGES[edge]
    act(session, here)
    session.flush()
    shown = figures(session, Asking(YEAR), here, date(2026, 4, 1))
    printed = indicator(YEAR.start, YEAR.end, reception_counts(session, YEAR.start, YEAR.end, here)).whole
    assert shown.rate("reception") == printed.reception == Share(*fraction)
    assert shown.rate("utilisation") == printed.utilisation
