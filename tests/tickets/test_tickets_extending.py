"""Is the term longer only once, with a reason, in time, within the law, and does the person know?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed, ExtensionNotAllowed
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from tests.builders import CITIZEN, NOW, assigned, at, filed, letters_of, office_of

REASON = "falta la visita técnica"


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def extend(session, here, ticket, days=5, reason=REASON, now=NOW):
    return extend_term(session, Extension(ticket, days, reason, "secretaria:planeacion"), here, now)


def test_the_new_date_is_counted_from_the_receipt_and_told_to_the_person(session, here):
    ticket = assigned(session, here)
    extend(session, here, ticket)
    assert (ticket.due_on, ticket.extension, ticket.state) == (date(2026, 4, 1), 5, "assigned")
    (letter,) = letters_of(session, "extension")
    assert letter.recipient == CITIZEN
    assert REASON in letter.text
    assert "miércoles 1 de abril de 2026" in letter.text
    assert history(session, ticket.id)[-1].data == {
        "days": 5,
        "reason": REASON,
        "before": "2026-03-25",
        "due_on": "2026-04-01",
    }


def test_each_kind_has_its_longest_extension(session, here):
    for kind in TicketKind:
        most = TERMS[kind].extension
        for days, allowed in ((most, most > 0), (most + 1, False), (0, False), (-1, False)):
            ticket = filed(session, here, kind=kind)
            if allowed:
                assert extend(session, here, ticket, days).extension == days
                continue
            with pytest.raises(ExtensionNotAllowed):
                extend(session, here, ticket, days)
            assert ticket.extension == 0


def test_a_term_is_extended_once(session, here):
    ticket = assigned(session, here)
    extend(session, here, ticket, 1)
    with pytest.raises(ExtensionNotAllowed, match="una vez"):
        extend(session, here, ticket, 1)
    assert len(letters_of(session, "extension")) == 1


@pytest.mark.parametrize(
    ("when", "in_time"), [("2026-03-25 23:59", True), ("2026-03-26 00:00", False)], ids=["last minute", "too late"]
)
def test_an_extension_is_told_before_the_term_ends(session, here, when, in_time):
    ticket = assigned(session, here)
    if in_time:
        assert extend(session, here, ticket, now=at(when)).extension == 5
        return
    with pytest.raises(ExtensionNotAllowed, match="venció"):
        extend(session, here, ticket, now=at(when))
    assert (ticket.due_on, letters_of(session, "extension")) == (date(2026, 3, 25), [])


@pytest.mark.parametrize("reason", ["", " \n"])
def test_an_extension_has_a_reason(session, here, reason):
    ticket = assigned(session, here)
    with pytest.raises(ExtensionNotAllowed, match="razón"):
        extend(session, here, ticket, reason=reason)


@pytest.mark.parametrize("state", ["answered", "closed", "awaiting_petitioner"])
def test_only_a_running_term_is_extended(session, here, state):
    ticket = assigned(session, here)
    ticket.state = state
    with pytest.raises(ActNotAllowed):
        extend(session, here, ticket)
