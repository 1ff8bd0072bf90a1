"""What proves the policy "servicio a las ciudadanías" before FURAG?  Each question with its reading and its page.

The questions are those of law.md §5; what nobody can read off the service is said to be so.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pqr.reports.briefing import Brief, Findings, agreeing
from pqr.reports.charts import percent
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.indicator import Share
from pqr.reports.models import Report
from pqr.reports.official import NO_DATA, Column, Section, Table
from pqr.reports.period_cases import cases_of, still_open
from pqr.reports.periods import Period
from pqr.secretarias.directory import by_code
from pqr.secretarias.models import DESK
from pqr.tickets.models import Profile, Ticket

BY_HAND = "No lo lleva este servicio: adjunte el documento."


def evidence(session: Session, brief: Brief) -> Findings:
    """One row a question."""
    period = Period(brief.period.start, brief.period.end)
    found = figures(session, Asking(period), brief.office, brief.today)
    columns = (Column("Pregunta"), Column("Lectura"), Column("Evidencia"))
    site = brief.office.base_url
    rows = tuple(
        (asked, reading, f"{site}{page}" if page else "") for asked, reading, page in _answers(session, brief, found)
    )
    table = Table("Preguntas del FURAG y lo que las prueba", columns, rows)
    words = ("Cada lectura sale de los hechos registrados en el año; la página de al lado la muestra.",)
    return Findings((Section("Evidencias", words, table),), cases_of(session, brief), still_open(session, brief))


def _answers(session: Session, brief: Brief, found: Figures) -> list[tuple[str, str, str]]:
    whole, desk = found.whole, by_code(session, DESK)
    reports = session.scalars(
        select(Report).where(Report.approved_at.is_not(None), Report.end.between(brief.period.start, brief.period.end))
    ).all()
    published = sum(bool(report.public_content) for report in reports)
    improved = sum(bool(report.recommendations.strip()) for report in reports)
    profiles = session.scalar(
        select(func.count(Profile.id)).join(Ticket, Ticket.id == Profile.ticket_id).where(
            Ticket.received_on.between(brief.period.start, brief.period.end)
        )
    ) or 0  # fmt: skip
    petitions = ("1 petición.", "{} peticiones.", "Ninguna en el año.")
    return [
        ("¿Tiene reglamento interno de peticiones?", BY_HAND, ""),
        ("¿Hay una dependencia definida que recibe y tramita?", f"Sí: {desk.name}." if desk else NO_DATA, "/ayuda"),
        ("¿Recibe peticiones verbales?", agreeing(whole["verbal"], *petitions), "/atencion/nueva"),
        ("¿Recibe peticiones anónimas?", agreeing(whole["anonymous"], *petitions), "/radicar"),
        ("¿Da atención prioritaria?", agreeing(whole["priority"], *petitions), "/atencion/informes"),
        ("¿Atiende en lenguas nativas?", BY_HAND, ""),
        ("¿Usa lenguaje claro?", "Sí: formularios, cartas y ayuda están en lenguaje claro.", "/ayuda"),
        (
            "¿Publica el informe de peticiones?",
            agreeing(published, "1 informe publicado.", "{} informes publicados.", "Ninguno publicado en el año."),
            "/informes/publicados",
        ),
        (
            "¿Usa las quejas para mejorar?",
            agreeing(improved, "1 informe con recomendaciones.", "{} con recomendaciones.", "Ninguna recomendación."),
            "/atencion/informes/oficiales",
        ),
        ("¿Qué porcentaje responde a tiempo?", _said(found.rate("timeliness")), "/informes"),
        ("¿Mide la satisfacción?", _said(found.opinions.answered, "dicen que se les respondió"), "/informes"),
        ("¿El sitio es accesible?", "Sí: WCAG 2.1 AA, con su declaración.", "/accesibilidad"),
        (
            "¿Caracteriza a sus usuarios?",
            agreeing(profiles, "1 persona dio sus datos.", "{} personas dieron sus datos.", "Nadie dio sus datos."),
            "/privacidad",
        ),
    ]  # fmt: skip


def _said(share: Share, what: str = "") -> str:
    if share.rate is None:
        return NO_DATA
    return f"{percent(share.rate)} ({share.numerator} de {share.denominator}){f' {what}' if what else ''}."
