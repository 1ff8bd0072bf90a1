"""Is every petition numbered, dated, recorded and acknowledged, once, whatever it lacks?"""

from datetime import date

import pytest
from sqlalchemy import func, select

from pqr.mail.addresses import Action, code_matches, read
from pqr.secretarias.directory import by_code
from pqr.terms.deadlines import ClosingRule
from pqr.terms.kinds import TERMS, TicketKind
from pqr.tickets import files
from pqr.tickets.documents import receipt_pdf
from pqr.tickets.events import digest_of_text, history
from pqr.tickets.filing import NO_SUBJECT, PetitionerData
from pqr.tickets.models import Channel, Identity, Petitioner, Profile, Ticket
from pqr.tickets.suspensions import explanation
from tests.builders import CITIZEN, NOW, WATER, at, filed, letters_of, office_of


@pytest.fixture
def here(session, settings):
    return office_of(session, settings)


def kinds_of(session, ticket):
    return [event.kind for event in history(session, ticket.id)]


def test_a_petition_gets_its_number_its_term_and_the_facts_that_made_it(session, here):
    ticket = filed(session, here)
    assert ticket.radicado == "2026-E-000001"
    assert (ticket.received_at, ticket.received_on, ticket.day_zero) == (NOW, date(2026, 3, 3), date(2026, 3, 3))
    assert ticket.due_on == date(2026, 3, 25)  # 15 business days; Monday the 23rd is San José
    assert (ticket.term_length, ticket.term_unit, ticket.extension) == (15, "business_days", 0)
    assert ticket.term_source == TERMS[TicketKind.PETICION_GENERAL].source
    assert (ticket.closing_rule, ticket.calendar_version) == ("calendar_day", here.calendar.version)


def test_the_closing_rule_of_the_municipality_holds(session, here, settings):
    late = at("2026-03-06 18:30")  # Friday
    rule = ClosingRule.parse("office_hours@18:00")
    plain = filed(session, here, late)
    ruled = filed(session, office_of(session, settings, closing_rule=rule), late)
    assert (plain.day_zero, plain.due_on) == (date(2026, 3, 6), date(2026, 3, 30))
    assert (ruled.day_zero, ruled.due_on) == (date(2026, 3, 9), date(2026, 3, 31))
    assert ruled.closing_rule == "office_hours@18:00"


def test_every_kind_can_be_filed_with_its_term(session, here):
    for kind in TicketKind:
        ticket = filed(session, here, kind=kind)
        assert (ticket.kind, ticket.term_length) == (kind.value, TERMS[kind].length)


def test_a_clear_petition_is_acknowledged_and_in_the_hands_of_its_office_at_once(session, here):
    ticket = filed(session, here)
    assert ticket.state == "assigned"
    assert ticket.secretaria.code == "servicios"
    assert (ticket.first_assigned_at, ticket.reception_days) == (NOW, 0)
    assert kinds_of(session, ticket) == ["filed", "assigned"]
    assert [(letter.letter, letter.recipient) for letter in letters_of(session)] == [
        ("acknowledgement", CITIZEN),
        ("assignment", "servicios@puerres.example"),
    ]


def test_the_record_of_the_filing_proves_the_words_without_holding_them(session, here):
    ticket = filed(session, here)
    event = history(session, ticket.id)[0]
    assert event.data["text_sha256"] == digest_of_text(WATER[1])
    assert (event.data["radicado"], event.data["due_on"]) == (ticket.radicado, "2026-03-25")
    kept = repr([each.data for each in history(session, ticket.id)])
    assert not [word for word in ("Ana", "correo.example", "dos semanas") if word in kept]


def test_the_acknowledgement_gives_number_code_and_date_and_a_way_to_write_again(session, here):
    ticket = filed(session, here)
    letter = letters_of(session, "acknowledgement")[0]
    code = next(line.split(": ")[1] for line in letter.text.splitlines() if line.startswith("Código"))
    assert ticket.radicado in letter.subject
    assert code_matches(ticket.radicado, code, here.keys)
    assert "miércoles 25 de marzo de 2026" in letter.text
    signed = read(letter.reply_to, here.keys, here.mail_domain)
    assert (signed.action, signed.subject_id) == (Action.CITIZEN, ticket.id)


def test_a_complaint_or_report_waits_for_a_person(session, here):
    for kind in (TicketKind.QUEJA, TicketKind.DENUNCIA):
        ticket = filed(session, here, kind=kind)
        assert (ticket.state, ticket.secretaria, ticket.reception_days) == ("filed", None, None)
    assert not letters_of(session, "assignment")


def test_a_petition_that_accuses_somebody_of_the_house_waits_for_a_person(session, here):
    body = "El inspector de obra me pidió una coima para darme la licencia de construcción."
    assert filed(session, here, subject="Licencia de construcción", body=body).secretaria is None


def test_a_topic_about_corruption_waits_for_a_person_whatever_the_kind(session, here):
    assert filed(session, here, topic_id=3).secretaria is None


def test_the_chosen_topic_beats_the_words(session, here):
    ticket = filed(session, here, topic_id=42)
    assert ticket.secretaria.code == "inspeccion"
    assert history(session, ticket.id)[1].data["reason"] == "tema elegido"


def test_a_matter_of_another_entity_waits_for_a_person(session, here):
    assert filed(session, here, topic_id=54).secretaria is None


def test_where_the_desk_routes_everything_nothing_travels_alone(session, settings):
    ticket = filed(session, office_of(session, settings, routing="desk"), topic_id=42)
    assert (ticket.state, ticket.topic_id) == ("filed", 42)


def test_nothing_is_sent_to_an_office_that_was_closed(session, here):
    by_code(session, "servicios").active = False
    session.flush()
    assert filed(session, here).secretaria is None


def test_the_same_form_sent_twice_is_one_petition(session, here):
    first = filed(session, here, filing_key="clave-del-formulario")
    again = filed(session, here, filing_key="clave-del-formulario", body="otro texto")
    other = filed(session, here, filing_key="otra")
    assert first is again
    assert [first.radicado, other.radicado] == ["2026-E-000001", "2026-E-000002"]
    assert len(letters_of(session, "acknowledgement")) == 2
    assert session.scalar(select(func.count(Ticket.id))) == 2


def test_petitions_without_a_key_are_each_their_own(session, here):
    assert len({filed(session, here, filing_key=key).radicado for key in (None, None, "", "")}) == 4


def test_nothing_is_refused_for_what_it_lacks(session, here):
    ticket = filed(session, here, subject=" \n ", body="", petitioner=PetitionerData(), channel=Channel.PAPER)
    assert ticket.subject == NO_SUBJECT
    assert not letters_of(session)
    assert receipt_pdf(ticket, explanation(session, ticket, here), here).startswith(b"%PDF")


def test_what_is_too_long_is_cut_and_still_filed(session, here):
    long = PetitionerData("n" * 900, "a" * 250 + "@correo.example", "natural", "CC" * 20, "1" * 99)
    ticket = filed(session, here, subject="s\n" * 900, place="p" * 900, petitioner=long)
    assert (len(ticket.subject), len(ticket.place), len(ticket.petitioner.name)) == (250, 120, 200)


def test_an_address_too_long_to_exist_gets_no_letter_rather_than_a_stranger(session, here):
    far = PetitionerData(email="ana@" + "a" * 300 + ".example")
    for identity in (Identity.NAMED, Identity.ANONYMOUS):
        filed(session, here, petitioner=far, identity=identity)
    assert not letters_of(session, "acknowledgement")


def test_files_hang_on_the_petition_and_travel_to_the_office(session, here):
    kept = files.keep(b"%PDF-1.4 prueba", "../../plano del tubo.pdf", "text/plain", here)
    ticket = filed(session, here, files=(kept,))
    (attachment,) = ticket.attachments
    assert (attachment.name, attachment.media_type, attachment.size) == (
        "_.._plano del tubo.pdf",
        "application/pdf",
        15,
    )
    assert history(session, ticket.id)[0].data["files_sha256"] == [kept.sha256]
    assert [row["sha256"] for row in letters_of(session, "assignment")[0].files] == [kept.sha256]
    assert not letters_of(session, "acknowledgement")[0].files


def test_the_office_is_given_every_file_whatever_its_size(session, here):
    small, large = (
        files.StoredFile(digit * 64, f"{digit}.pdf", "application/pdf", size)
        for digit, size in (("a", 6_000_000), ("b", 6_000_000))
    )
    filed(session, here, files=(small, large))
    letter = letters_of(session, "assignment")[0]
    assert [row["name"] for row in letter.files] == ["a.pdf", "b.pdf"]
    assert "b.pdf" in letter.text


def test_urgent_flags_change_the_turn_and_not_the_term(session, here):
    plain, urgent = filed(session, here), filed(session, here, priority=("nna", "peligro_inminente"))
    assert (plain.priority_rank, urgent.priority_rank) == (9, 0)
    assert plain.due_on == urgent.due_on


def test_differential_answers_are_kept_apart(session, here):
    ticket = filed(session, here, profile={"etnia": "pastos"})
    profile = session.scalar(select(Profile).where(Profile.ticket_id == ticket.id))
    assert (profile.answers, profile.consented_at) == ({"etnia": "pastos"}, NOW)
    assert "pastos" not in letters_of(session, "assignment")[0].text


def test_an_anonymous_person_leaves_an_address_and_nothing_else(session, here):
    given = PetitionerData(
        "Ana Prueba",
        CITIZEN.upper(),
        "natural",
        "CC",
        "1000000001",
        "email",
        "3000000000",
        "Calle 1",
        "Puerres",
        True,
        True,
    )
    ticket = filed(session, here, identity=Identity.ANONYMOUS, petitioner=given)
    kept = session.get(Petitioner, ticket.petitioner_id)
    filled = {c.key: getattr(kept, c.key) for c in Petitioner.__table__.columns if getattr(kept, c.key)}
    assert filled == {"id": kept.id, "kind": "natural", "email": CITIZEN, "answer_by": "email"}


def test_an_anonymous_person_without_address_leaves_no_row_at_all(session, here):
    given = PetitionerData("Ana Prueba", phone="3000000000")
    assert filed(session, here, identity=Identity.ANONYMOUS, petitioner=given).petitioner is None
    assert session.scalar(select(func.count(Petitioner.id))) == 0


def test_the_notice_that_was_accepted_is_remembered(session, here):
    accepted = filed(session, here, petitioner=PetitionerData(accepted_notice=True)).petitioner
    silent = filed(session, here).petitioner
    assert (bool(accepted.notice_version), accepted.notice_accepted_at) == (True, NOW)
    assert (silent.notice_version, silent.notice_accepted_at) == ("", None)
