"""Does a letter leave through any relay, one connection for all, and is each caprice of the relay understood?"""

import time
from pathlib import Path

import pytest

from pqr.app import create_app
from pqr.mail.addresses import Action, SignedAddress, sign
from pqr.mail.outbox import LEASE, Letter
from pqr.mail.transport import relay as transport_relay
from pqr.mail.transport.compose import ATTACHED_BYTES, Parcel
from pqr.mail.transport.relay import AFTER_DATA
from pqr.mail.transport.replies import Delayed, Refused
from pqr.mail.transport.send import Post
from tests.builders import NOW
from tests.installation import make_settings
from tests.peer import CONTENT, DRIP, DROP, DROP_INSIDE, GREETING, HANG, Peer, peer

ANA, CONTROL, MAYOR = "ana@correo.example", "control-interno@puerres.example", "despacho@puerres.example"
LINK = "https://pqr.puerres.example/radicado/2026-E-000001?code=ABCDE"
PDF = {"sha256": "a" * 64, "name": "Respuesta ñ.pdf", "media_type": "application/pdf", "size": 9}
VIDEO = {"sha256": "b" * 64, "name": "visita.mp4", "media_type": "video/mp4", "size": ATTACHED_BYTES}


def letter(number=1, recipient=ANA, **more):
    given = {
        "sender_name": "Alcaldía Municipal de Puerres",
        "copies": "",
        "reply_to": "pqr+c1@puerres.example",
        "subject": "Recibimos su petición",
        "text": "Buen día:\n\n.Su petición está en camino.\n",
        "html": "<html><body><p>Buen día</p></body></html>",
        "headers": {},
        "files": [],
        "message_id": f"<carta-{number}@puerres.example>",
        "created_at": NOW,
    }
    return Letter(id=number, letter="acknowledgement", recipient=recipient, **(given | more))


def parcel(*args, dead=None, **more):
    return Parcel(letter(*args, **more), lambda digest: b"%PDF-1.7\n", LINK, dead or {})


@pytest.fixture
def post(tmp_path):
    """Sends these parcels as one batch through this peer; the receipts."""

    def send(relay: Peer, *parcels: Parcel, user: str = "", **given: str):
        settings = make_settings(tmp_path, PQR_SMTP_URL=relay.url(user), PQR_SMTP_TIMEOUT="1", **given)
        with create_app(settings).app_context(), Post(settings) as batch:
            return [batch.deliver(each) for each in parcels]

    return send


def test_fifty_letters_leave_over_one_connection(post):
    with peer() as relay:
        receipts = post(relay, *(parcel(number) for number in range(1, 51)))
        assert (relay.calls, len(relay.taken)) == (1, 50)
    assert {receipt.trouble for receipt in receipts} == {None}
    assert relay.heard[-1] == "quit"


def test_the_letter_arrives_as_it_was_written(post):
    with peer(says={CONTENT: "250 2.0.0 Ok: queued as 4F1A"}) as relay:
        headers = {"References": f"<{'a' * 90}@x.example> <{'b' * 90}@x.example>", "Auto-Submitted": "auto-replied"}
        receipt = post(relay, parcel(copies=CONTROL, headers=headers, files=[PDF]))[0]
    taken = relay.taken[0]
    mail = taken.mail
    assert receipt.response == "250 2.0.0 Ok: queued as 4F1A"
    assert taken.recipients == (ANA, CONTROL)
    assert taken.sender == sign(SignedAddress(Action.BOUNCE, 1), "clave-de-las-pruebas-0123456789", "puerres.example")
    assert str(mail["From"]) == "Alcaldía Municipal de Puerres <pqr@puerres.example>"
    assert (mail["To"], mail["Cc"], mail["Reply-To"]) == (ANA, CONTROL, "pqr+c1@puerres.example")
    assert (mail["Subject"], mail["Message-ID"]) == ("Recibimos su petición", "<carta-1@puerres.example>")
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-replied"
    assert b"a@x.example>\r\n <bbb" in taken.raw  # ids are never encoded as if they were words
    assert mail.get_body(("plain",)).get_content() == "Buen día:\n\n.Su petición está en camino.\n"
    assert "Buen día" in mail.get_body(("html",)).get_content()
    file = next(mail.iter_attachments())
    assert (file.get_filename(), file.get_content()) == ("Respuesta ñ.pdf", b"%PDF-1.7\n")
    assert taken.raw.isascii()
    assert max(len(line) for line in taken.raw.split(b"\r\n") if b"@x.example" not in line) <= 78


def test_a_relay_that_ends_the_connection_after_some_letters_is_called_again(post):
    with peer(patience=2) as relay:
        receipts = post(relay, *(parcel(number) for number in range(1, 6)))
        assert [taken.connection for taken in relay.taken] == [1, 1, 2, 2, 3]
    assert {receipt.trouble for receipt in receipts} == {None}


def test_a_relay_that_wants_no_more_letters_on_this_connection_is_called_again(post):
    with peer(says={"MAIL": ["250 Ok", "421 4.7.0 too many messages"]}) as relay:
        receipts = post(relay, parcel(1), parcel(2))
        assert [taken.connection for taken in relay.taken] == [1, 2]
    assert {receipt.trouble for receipt in receipts} == {None}


def test_a_refused_letter_does_not_hold_up_the_next(post):
    with peer(says={f"RCPT {ANA}": "550 5.1.1 no such user"}) as relay:
        first, second = post(relay, parcel(1), parcel(2, MAYOR))
        assert (relay.calls, len(relay.taken)) == (1, 1)
    assert isinstance(first.trouble, Refused)
    assert (str(first.trouble), first.gone) == ("550 5.1.1 no such user", {ANA: "550 5.1.1 no such user"})
    assert second.trouble is None


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"RCPT": "451 4.7.1 Greylisted"}, "451 4.7.1 Greylisted"),
        ({"RCPT": "554 5.7.1 Relay access denied"}, "554 5.7.1 Relay access denied"),
        ({"MAIL": "530 5.7.0 Authentication required"}, "530 5.7.0 Authentication required"),
        ({"DATA": "451 4.3.0 try later"}, "451 4.3.0 try later"),
        ({CONTENT: "452 4.3.1 Insufficient system storage"}, "452 4.3.1 Insufficient system storage"),
        ({CONTENT: "550 5.7.1 rejected by policy"}, "550 5.7.1 rejected by policy"),
        ({GREETING: "554 5.7.1 go away"}, "554 5.7.1 go away"),
        ({GREETING: "421 4.3.2 closing"}, "421 4.3.2 closing"),
        ({"MAIL": "421 4.3.2 closing"}, "421 4.3.2 closing"),
        ({GREETING: DROP}, "SMTPServerDisconnected"),
        ({"RCPT": DROP}, "SMTPServerDisconnected"),
        ({"DATA": DROP}, "SMTPServerDisconnected"),
        ({CONTENT: DROP}, "SMTPServerDisconnected"),
        ({CONTENT: DROP_INSIDE}, "SMTPServerDisconnected"),
    ],
)
def test_a_relay_that_is_not_ready_delays_the_letter_with_its_own_words(post, says, words):
    with peer(says=says) as relay:
        receipt = post(relay, parcel(files=[PDF]))[0]
        assert not relay.taken
    assert isinstance(receipt.trouble, Delayed)
    assert words in str(receipt.trouble)
    assert (receipt.gone, receipt.late) == ({}, ())


@pytest.mark.parametrize(
    "says", [{CONTENT: "554 5.6.0 malformed"}, {"RCPT": "552 5.2.2 full"}, {"MAIL": "552 5.3.4 too big"}]
)
def test_a_content_or_mailbox_refused_for_good_comes_back_but_the_address_lives(post, says):
    with peer(says=says) as relay:
        receipt = post(relay, parcel())[0]
    assert isinstance(receipt.trouble, Refused)
    assert receipt.gone == {}


@pytest.mark.parametrize(
    ("word", "limit"), [(GREETING, 1), ("EHLO", 1), ("MAIL", 1), ("RCPT", 1), (CONTENT, AFTER_DATA)]
)
def test_a_relay_that_falls_silent_holds_the_letter_no_longer_than_its_time(post, word, limit, clock_of_the_machine):
    says = {GREETING: HANG} if word in (GREETING, "EHLO") else {word: HANG}
    with peer(says=says) as relay:
        receipts = post(relay, parcel(1), parcel(2), parcel(3))
    assert all(isinstance(receipt.trouble, Delayed) for receipt in receipts)
    assert "timed out" in str(receipts[0].trouble)
    assert clock_of_the_machine() < 2 * limit + 2  # and not once for each letter of the batch
    assert relay.calls <= 2


def test_a_relay_that_is_down_is_asked_once_for_the_whole_batch(post):
    with peer() as gone:
        pass
    first, second = post(gone, parcel(1), parcel(2))
    assert "ConnectionRefusedError" in str(first.trouble)
    assert str(first.trouble) == str(second.trouble)


def test_a_wrong_password_delays_every_letter_and_gives_none_up(post):
    offers = ("AUTH PLAIN",)
    with peer(says={"AUTH": "535 5.7.8 authentication failed"}, offers=offers) as relay:
        receipts = post(relay, parcel(1), parcel(2), user="pqr:mala@")
        assert relay.calls == 1
    assert [str(receipt.trouble) for receipt in receipts] == ["535 5.7.8 authentication failed"] * 2
    with peer(offers=offers) as relay:
        assert post(relay, parcel(), user="pqr:buena@")[0].trouble is None


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "450 4.2.0 later", "554 5.7.1 no relay"])
def test_a_copy_that_is_refused_does_not_keep_the_letter_from_its_person(post, reply):
    with peer(says={f"RCPT {CONTROL}": reply}) as relay:
        receipt = post(relay, parcel(copies=f"{CONTROL},{MAYOR}"))[0]
        assert relay.taken[0].recipients == (ANA, MAYOR)
    assert receipt.trouble is None
    assert receipt.late == (CONTROL,)
    assert list(receipt.gone) == ([CONTROL] if "5.1.1" in reply else [])


@pytest.mark.parametrize(("reply", "fate"), [("550 5.1.1 no such user", Refused), ("450 4.2.0 later", Delayed)])
def test_a_person_who_is_refused_does_not_keep_the_letter_from_the_copies(post, reply, fate):
    with peer(says={f"RCPT {ANA}": reply, f"RCPT {MAYOR}": "451 later"}) as relay:
        receipt = post(relay, parcel(copies=f"{CONTROL},{MAYOR}"))[0]
        assert relay.taken[0].recipients == (CONTROL,)
    assert isinstance(receipt.trouble, fate)
    assert receipt.late == (MAYOR,)
    assert receipt.copies_are_settled


def test_a_letter_delayed_for_all_is_tried_again_for_all(post):
    with peer(says={"RCPT": "451 later"}) as relay:
        receipt = post(relay, parcel(copies=CONTROL))[0]
    assert isinstance(receipt.trouble, Delayed)
    assert not receipt.copies_are_settled


def test_a_content_refused_to_several_is_tried_for_the_person_alone(post):
    with peer(says={CONTENT: ["550 5.1.1 one of you does not exist", "250 Ok"]}) as relay:
        receipt = post(relay, parcel(copies=CONTROL))[0]
        assert [taken.recipients for taken in relay.taken] == [(ANA,)]
    assert (receipt.trouble, receipt.late) == (None, (CONTROL,))


def test_nobody_writes_to_a_dead_address(post):
    with peer() as relay:
        alone, accompanied = post(
            relay, parcel(1, dead={ANA: "No existe."}), parcel(2, copies=CONTROL, dead={ANA: "No existe."})
        )
        assert [taken.recipients for taken in relay.taken] == [(CONTROL,)]
    assert (str(alone.trouble), str(accompanied.trouble)) == ("No existe.", "No existe.")
    assert accompanied.gone == {}


def test_files_that_do_not_fit_become_a_link_that_the_letter_tells_of(post):
    with peer() as relay:
        receipt = post(relay, parcel(files=[PDF, VIDEO]))[0]
    mail = relay.taken[0].mail
    assert [part.get_filename() for part in mail.iter_attachments()] == ["Respuesta ñ.pdf"]
    text = mail.get_body(("plain",)).get_content()
    assert f"estos archivos no van adjuntos: visita.mp4 (10,0 MB). Puede verlos y descargarlos aquí:\n{LINK}" in text
    assert LINK in mail.get_body(("html",)).get_content()
    assert receipt.composed.linked == ("b" * 64,)
    assert LINK in receipt.composed.text


def test_a_relay_that_takes_less_gets_the_letter_with_links(post):
    large = Parcel(letter(files=[PDF]), lambda digest: b"x" * 50_000, LINK, {})
    with peer(offers=("SIZE 20000",)) as relay:
        assert post(relay, large)[0].trouble is None
    assert not list(relay.taken[0].mail.iter_attachments())
    assert relay.taken[0].options == f"SIZE={len(relay.taken[0].raw)}"


def test_a_letter_that_no_relay_would_take_comes_back_with_a_clear_reason(post):
    with peer(offers=("SIZE 500",)) as relay:
        receipt = post(relay, parcel(files=[PDF]))[0]
    assert isinstance(receipt.trouble, Refused)
    assert "el servidor recibe 500, aun sin adjuntos" in str(receipt.trouble)


def test_an_address_with_letters_beyond_ascii_leaves_only_where_the_relay_knows_them(post):
    with peer(offers=("8BITMIME", "SMTPUTF8")) as relay:
        assert post(relay, parcel(recipient="ñandú@correo.example"))[0].trouble is None
    assert relay.taken[0].recipients == ("ñandú@correo.example",)
    assert "SMTPUTF8" in relay.taken[0].options
    assert "To: ñandú@correo.example" in relay.taken[0].raw.decode()
    with peer() as relay:
        first, second = post(relay, parcel(1, recipient="ñandú@correo.example"), parcel(2))
    assert isinstance(first.trouble, Refused)
    assert "SMTPUTF8" in str(first.trouble)
    assert second.trouble is None


def test_a_domain_with_letters_beyond_ascii_leaves_through_any_relay(post):
    with peer() as relay:
        assert post(relay, parcel(recipient="ana@peñón.example"))[0].trouble is None
    assert relay.taken[0].recipients == (f"ana@{'peñón'.encode('idna').decode()}.example",)


@pytest.mark.parametrize(
    "wrong", ["ana", "ana@", "@correo.example", "ana@dos..puntos", "a b@correo.example", "a@b,c@d"]
)
def test_what_is_no_address_comes_back_and_is_never_put_on_the_wire(post, wrong):
    with peer() as relay:
        receipt = post(relay, parcel(recipient=wrong))[0]
        assert not [line for line in relay.heard if line.startswith(("MAIL", "RCPT"))]
    assert isinstance(receipt.trouble, Refused)
    assert "no es una dirección de correo" in str(receipt.trouble)


def test_a_copy_that_is_no_address_does_not_keep_the_letter_from_its_person(post):
    with peer() as relay:
        assert post(relay, parcel(copies=f"nadie,{CONTROL}"))[0].trouble is None
    assert relay.taken[0].mail["Cc"] == CONTROL


def test_a_file_that_cannot_be_read_now_delays_the_letter_alone(post):
    def lost(digest):
        raise FileNotFoundError(digest)

    with peer() as relay:
        first, second = post(relay, Parcel(letter(files=[PDF]), lost, LINK, {}), parcel(2))
    assert isinstance(first.trouble, Delayed)
    assert "Respuesta ñ.pdf" in str(first.trouble)
    assert second.trouble is None


def test_in_test_mode_every_letter_goes_to_one_address_and_says_whose_it_was(post):
    with peer() as relay:
        post(relay, parcel(copies=CONTROL), PQR_MAIL_ALL_TO="ensayo@puerres.example")
    mail = relay.taken[0].mail
    assert relay.taken[0].recipients == ("ensayo@puerres.example",)
    assert (mail["To"], mail["Cc"]) == ("ensayo@puerres.example", None)
    assert mail["Subject"] == f"[Para {ANA}] Recibimos su petición"
    assert mail["X-PQR-Original-To"] == f"{ANA}, {CONTROL}"


def test_a_relay_without_the_promised_encryption_gets_nothing(post, tmp_path: Path):
    with peer() as relay:
        settings = make_settings(tmp_path, PQR_SMTP_URL=f"smtp+starttls://127.0.0.1:{relay.port}")
        with create_app(settings).app_context(), Post(settings) as batch:
            assert "STARTTLS" in str(batch.deliver(parcel()).trouble)
        assert not relay.taken


@pytest.fixture
def clock_of_the_machine():
    """Seconds since the test began."""
    start = time.monotonic()
    return lambda: time.monotonic() - start


def test_a_relay_that_drips_one_byte_at_a_time_is_cut_off(post, monkeypatch, clock_of_the_machine):
    monkeypatch.setattr(transport_relay, "LONGEST_SECONDS", 0.5)
    with peer(says={"MAIL": DRIP}) as relay:
        receipt = post(relay, parcel())[0]
    assert isinstance(receipt.trouble, Delayed)
    assert clock_of_the_machine() < 5


def test_one_letter_s_time_ends_before_another_worker_may_take_it():
    greeted, called_again = 8 * 30, 30  # words of a connection with TLS and password, each as slow as it may be
    assert LEASE.total_seconds() > called_again + greeted + 3 * transport_relay.LONGEST_SECONDS
