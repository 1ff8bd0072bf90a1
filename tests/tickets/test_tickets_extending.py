"""Is the term longer only once, with a reason, in time, within the law, and does the person know?"""

from datetime import date

import pytest

from pqr.errors import ActNotAllowed, ExtensionNotAllowed
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets.events import history
from pqr.tickets.extending import Extension, extend_term
from pqr.tickets.issuing import documents_of
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
    (paper,) = documents_of(session, ticket.id)
    assert history(session, ticket.id)[-1].data == {
        **paper.facts(),
        "days": 5,
        "reason": REASON,
        "before": "2026-03-25",
        "due_on": "2026-04-01",
    }


def test_each_kind_has_its_longest_extension(session, here):
    for kind in TicketKind:
        ticket, most = filed(session, here, kind=kind), TERMS[kind].extension
        for days in (most + 1, 0, -1):
            with pytest.raises(ExtensionNotAllowed):
                extend(session, here, ticket, days)
        assert ticket.extension == 0
        if most:
            assert extend(session, here, ticket, most).extension == most


def test_a_term_is_extended_once(session, here):
    ticket = assigned(session, here)
    extend(session, here, ticket, 1)
    with pytest.raises(ExtensionNotAllowed, match="una vez"):
        extend(session, here, ticket, 1)
    assert len(letters_of(session, "extension")) == 1


def test_an_extension_is_told_before_the_term_ends(session, here):
    in_time, late = assigned(session, here), assigned(session, here)
    assert extend(session, here, in_time, now=at("2026-03-25 23:59")).extension == 5
    with pytest.raises(ExtensionNotAllowed, match="venció"):
        extend(session, here, late, now=at("2026-03-26 00:00"))
    assert (late.due_on, letters_of(session, "extension", late)) == (date(2026, 3, 25), [])


def test_an_extension_has_a_reason(session, here):
    ticket = assigned(session, here)
    for reason in ("", " \n"):
        with pytest.raises(ExtensionNotAllowed, match="razón"):
            extend(session, here, ticket, reason=reason)


def test_only_a_running_term_is_extended(session, here):
    ticket = assigned(session, here)
    for state in ("answered", "closed", "awaiting_petitioner"):
        ticket.state = state
        with pytest.raises(ActNotAllowed):
            extend(session, here, ticket)
