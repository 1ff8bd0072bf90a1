"""Does the indicator count what reached the municipality, and as received only what was?"""

from datetime import date

import pytest

from pqr.intake.attending import Attendance, Fate, attend
from pqr.intake.process import prepare
from pqr.reports.indicator import Share, indicator
from pqr.reports.queries import reception_counts
from pqr.secretarias.directory import by_code
from pqr.tickets.assigning import Assignment, assign
from pqr.tickets.communicating import letter_refused
from pqr.tickets.models import Channel
from pqr.tickets.states import Outcome
from tests.builders import NOW, arrive, at, filed, letters_of, office_of, raw_mail

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def measured(session, here, start=YEAR[0], end=YEAR[1]):
    session.flush()
    return indicator(start, end, reception_counts(session, start, end, here))


def give(session, here, ticket, when):
    assign(session, Assignment(ticket, by_code(session, "planeacion"), "prueba", "user:1"), here, when)


def test_nothing_is_no_figure(session, here):
    assert measured(session, here).whole.reception == Share(0, 0)


def test_a_petition_in_the_hands_of_its_office_is_received(session, here):
    filed(session, here)
    assert measured(session, here).whole.reception == Share(1, 1)


def test_a_petition_that_nobody_has_counts_below_the_line_only(session, here):
    filed(session, here, kind="queja")
    found = measured(session, here)
    assert found.whole.reception == Share(0, 1)
    assert [line.key for line in found.by_secretaria] == [""]


def test_an_office_within_the_next_business_day_is_in_time(session, here, settings):
    friday = at("2026-03-06 16:00")
    for hours in ("2026-03-09 17:00", "2026-03-10 08:00"):
        give(session, here, filed(session, here, friday, kind="queja"), at(hours))
    assert measured(session, here).whole.reception == Share(1, 2)
    two_days = office_of(session, settings, reception_days=2)
    assert measured(session, two_days).whole.reception == Share(2, 2)


def test_passing_it_on_later_changes_no_figure_of_the_past(session, here):
    ticket = filed(session, here)
    give(session, here, ticket, at("2026-03-20 10:00"))
    assert measured(session, here).whole.reception == Share(1, 1)


def test_an_acknowledgement_that_came_back_takes_the_petition_out(session, here):
    filed(session, here)
    letter_refused(session, letters_of(session, "acknowledgement")[0], NOW)
    assert measured(session, here).whole.reception == Share(0, 1)


def test_an_annulled_number_does_not_count(session, here):
    ticket = filed(session, here)
    ticket.state, ticket.outcome = "closed", Outcome.VOIDED
    assert measured(session, here).whole.reception == Share(0, 0)


def test_a_mail_that_waits_has_reached_the_municipality_and_nobody_received_it(session, here):
    mail = arrive(session, here, raw_mail(subject="Boletín", text="x", precedence="bulk"))
    assert mail.verdict == "needs_human"
    found = measured(session, here)
    assert (found.whole.reception, found.whole.utilisation) == (Share(0, 1), Share(1, 1))
    attend(session, Attendance(mail, prepare(mail.raw, here), Fate.DISCARD, "user:1", reason="Publicidad"), here, NOW)
    assert measured(session, here).whole.reception == Share(0, 0)


def test_a_mail_filed_by_a_person_counts_once_from_the_day_it_came(session, here):
    mail = arrive(
        session, here, raw_mail(subject="Agua", text="acueducto, no llega", precedence="bulk"), at("2026-03-31 20:00")
    )
    attend(session, Attendance(mail, prepare(mail.raw, here), Fate.NEW_TICKET, "user:1"), here, at("2026-04-06 09:00"))
    found = measured(session, here)
    assert [(line.key, line.reception) for line in found.by_month] == [("2026-03", Share(0, 1))]


def test_a_mail_about_a_known_case_is_no_petition_of_its_own(session, here):
    ticket = filed(session, here)
    arrive(session, here, raw_mail("otro@correo.example", subject=ticket.radicado, text="x"))
    assert measured(session, here).whole.reception == Share(1, 1)


def test_only_what_came_online_is_utilisation(session, here):
    for channel in Channel:
        filed(session, here, channel=channel)
    found = measured(session, here)
    assert found.whole.utilisation == Share(3, 8)
    online = {line.key for line in found.by_channel if line.utilisation.numerator}
    assert online == {"web", "email", "api"}


def test_months_and_periods_are_bogotas(session, here):
    filed(session, here, at("2026-03-31 23:59"))  # April in UTC
    filed(session, here, at("2026-04-01 00:00"))
    late_mail = raw_mail(subject="Boletín", text="x", precedence="bulk")
    arrive(session, here, late_mail, at("2026-03-31 23:59"))
    found = measured(session, here)
    assert [(line.key, line.reception.denominator) for line in found.by_month] == [("2026-03", 2), ("2026-04", 1)]
    march = measured(session, here, date(2026, 3, 1), date(2026, 3, 31))
    assert march.whole.reception == Share(1, 2)
    assert measured(session, here, date(2026, 3, 31), date(2026, 3, 31)).whole.reception.denominator == 2
    assert measured(session, here, date(2026, 4, 1), date(2026, 4, 1)).whole.reception.denominator == 1


def test_each_petition_is_counted_once_in_each_breakdown(session, here):
    filed(session, here)
    filed(session, here, kind="queja", channel=Channel.COUNTER)
    found = measured(session, here)
    assert {line.key: line.reception for line in found.by_kind} == {
        "peticion_general": Share(1, 1),
        "queja": Share(0, 1),
    }
    assert {line.key: line.reception for line in found.by_secretaria} == {"servicios": Share(1, 1), "": Share(0, 1)}
