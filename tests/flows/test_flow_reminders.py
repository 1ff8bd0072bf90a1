"""Does nobody forget the term?  A petition that no office answers, day after day, with real letters."""

from datetime import date, datetime, timedelta

import time_machine

from pqr import mailroom
from pqr.app import create_app
from pqr.closures.calendar import load_calendar
from pqr.db import db, transaction
from pqr.door import office
from pqr.mail.inbox import Received
from pqr.terms.calendar import BOGOTA
from tests.installation import make_settings
from tests.sink import petition, sink
from workers.reminders import remind

OFFICE = "servicios@puerres.example"
CONTROL = "control-interno@puerres.example"
MAYOR = "despacho@puerres.example"
FILED = datetime(2026, 2, 3, 9, 15, tzinfo=BOGOTA)  # due on Tuesday 24 February: 15 business days, no holidays


def days_until(last: date) -> list[datetime]:
    first = FILED.replace(hour=8, minute=0)
    return [first + timedelta(days=n) for n in range(1, (last - FILED.date()).days + 1)]


def test_each_step_of_the_ladder_is_one_letter_on_its_day(database_url, tmp_path):
    with sink() as relay, time_machine.travel(FILED, tick=False) as clock:
        app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
        with app.app_context():
            mailroom.store(Received(petition("ana@correo.example", "Reclamo por el acueducto", "No llega el agua.")))
            mailroom.process_waiting()
            mailroom.send_waiting()
            sent: dict[str, list[tuple[str, str]]] = {}
            for day in days_until(date(2026, 3, 2)):
                clock.move_to(day)
                before = len(relay.letters)
                remind()
                remind()  # the schedule runs every hour
                new = [letter for letter in relay.letters[before:] if "Resumen" not in letter["Subject"]]
                if new:
                    sent[day.date().isoformat()] = [(letter["Subject"], str(letter["Cc"] or "")) for letter in new]
            with transaction() as session:
                calendar = load_calendar(session)
                assert calendar.is_business_day(date(2026, 2, 24))
                assert office(session).calendar == calendar
            db.session.remove()
            db.engine.dispose()

    def subject(words: str) -> str:
        return f"{words}: 2026-E-000001"

    assert sent == {
        "2026-02-13": [(subject("Le quedan 7 días hábiles"), "")],
        "2026-02-19": [(subject("Le quedan 3 días hábiles"), "")],
        "2026-02-23": [(subject("Le queda 1 día hábil"), "")],
        "2026-02-24": [(subject("Vence hoy"), "")],
        "2026-02-25": [(subject("Vencida hace 1 día hábil"), CONTROL)],
        "2026-02-26": [(subject("Vencida hace 2 días hábiles"), CONTROL)],
        "2026-02-27": [(subject("Vencida hace 3 días hábiles"), CONTROL)],
        "2026-03-02": [(subject("Vencida hace 4 días hábiles"), sent["2026-03-02"][0][1])],
    }
    assert set(sent["2026-03-02"][0][1].split(", ")) == {CONTROL, MAYOR}


def test_an_office_gets_one_digest_each_business_morning(database_url, tmp_path):
    with sink() as relay, time_machine.travel(FILED, tick=False) as clock:
        app = create_app(make_settings(tmp_path, database_url, PQR_SMTP_URL=relay.url))
        with app.app_context():
            mailroom.store(Received(petition("ana@correo.example", "Reclamo por el acueducto", "No llega el agua.")))
            mailroom.process_waiting()
            for day in days_until(date(2026, 2, 10)):
                clock.move_to(day)
                remind()
            db.session.remove()
            db.engine.dispose()
    digests = [letter["Subject"] for letter in relay.to(OFFICE) if letter["Subject"].startswith("Resumen")]
    mornings = ("miércoles 4", "jueves 5", "viernes 6", "lunes 9", "martes 10")
    assert digests == [f"Resumen del {day} de febrero de 2026: 1 petición por atender" for day in mornings]
