"""What may a person do about each decision, and until when?"""

from datetime import date

import pytest

from pqr.terms.appealing import Remedy, appeal, appeal_until, remedy_against
from pqr.terms.calendar import Calendar
from pqr.terms.notifying import AnswerOutcome


@pytest.mark.parametrize(
    ("outcome", "provision", "remedy"),
    [
        (AnswerOutcome.DENIED, "", Remedy.REPOSICION),
        (AnswerOutcome.PARTLY, "", Remedy.REPOSICION),
        (AnswerOutcome.WITHDRAWN, "", Remedy.REPOSICION),
        (AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18, lit. a", Remedy.INSISTENCE),
        (AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 19, lit. h", Remedy.INSISTENCE),
        (AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 19, lit. b", Remedy.SECURITY),
        (AnswerOutcome.DENIED_RESERVED, "CPACA, art. 24, núm. 1: defensa o seguridad nacional", Remedy.SECURITY),
        (AnswerOutcome.GRANTED, "", None),
        (AnswerOutcome.INFORMED, "", None),
    ],
)
def test_each_decision_has_its_remedy(outcome, provision, remedy):
    assert remedy_against(outcome, provision) == remedy


@pytest.mark.parametrize(
    ("remedy", "until"),
    [
        (Remedy.REPOSICION, date(2026, 3, 25)),
        (Remedy.INSISTENCE, date(2026, 3, 25)),
        (Remedy.SECURITY, date(2026, 3, 13)),
    ],
)
def test_the_days_to_present_it_are_business_days_after_the_notification(remedy, until):
    assert appeal_until(remedy, date(2026, 3, 10), Calendar()) == until  # Monday the 23rd is a holiday


def test_who_is_refused_is_told_what_to_do_and_until_when():
    assert "recurso de reposición" in appeal(AnswerOutcome.DENIED)
    assert "10 días hábiles" in appeal(AnswerOutcome.PARTLY)
    reserved = appeal(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 18")
    assert "juez administrativo" in reserved
    assert "recurso de reposición" not in reserved
    security = appeal(AnswerOutcome.DENIED_RESERVED, "Ley 1712 de 2014, art. 19, lit. a")
    assert "3 días hábiles" in security
    assert "art. 27" in security
    assert appeal(AnswerOutcome.GRANTED) == appeal(AnswerOutcome.INFORMED) == ""
