"""What do people complain of, denounce and recommend, and are they content?  Ley 190/1995 art. 54; Ley 1474 art. 76."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from pqr.reports.breakdown import by_dimension
from pqr.reports.briefing import HIDDEN, Brief, agreeing
from pqr.reports.dimensions import names_of
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.indicator import Share
from pqr.reports.official import Cell, Column, Section, Table, Type
from pqr.reports.suppression import FEWEST_SHOWN, suppress
from pqr.reports.tallies import Tally
from pqr.terms.kinds import TicketKind

MANY = 10  # topics of a list, by law.md §5
COMPLAINTS = (TicketKind.QUEJA, TicketKind.RECLAMO)


def complaints_of_conduct(now: Figures, shows_small: bool) -> Section:
    """Denuncias, and quejas against servants."""
    table = by_dimension("", "", now.by.get("kind", {}), {}, shows_small)
    shown = {row[0]: row[1] for row in table.rows}
    counts = (shown.get(kind, 0) for kind in (TicketKind.DENUNCIA, TicketKind.QUEJA))
    denuncias, quejas = (count if isinstance(count, int) else None for count in counts)
    return Section(
        "Denuncias y quejas contra servidores",
        (
            agreeing(denuncias, "Se recibió 1 denuncia.", "Se recibieron {} denuncias.", "No se recibieron denuncias."),
            agreeing(
                quejas,
                "Se recibió 1 queja contra un servidor.",
                "Se recibieron {} quejas contra servidores.",
                "No se recibieron quejas contra servidores.",
            ),
            "Van primero a Control Interno, que coordina con el control disciplinario (Ley 1474 de 2011, art. 76).",
        ),
    )


def satisfaction(found: Figures, shows_small: bool) -> Section:
    """What people said of their answers."""
    said = (
        ("Dicen que se respondió lo que pedían", found.opinions.answered),
        ("Dicen que quedó resuelto", found.opinions.solved),
    )
    rows = tuple((label, *fraction(share, shows_small)) for label, share in said)
    columns = (
        Column("Opinión"),
        Column("Personas", Type.NUMBER),
        Column("De", Type.NUMBER),
        Column("Porcentaje", Type.SHARE),
    )
    sentence = (
        "Sin datos: nadie contestó la encuesta."
        if not found.opinions.answered.denominator
        else "Lo que contestó quien recibió una respuesta."
    )
    return Section("Satisfacción", (sentence,), Table("Encuesta de satisfacción", columns, rows))


def voices(session: Session, now: Figures, brief: Brief) -> Iterator[Section]:
    """Ley 190 art. 54: the services with most complaints, and what people recommend."""
    topics = names_of(session, "topic")
    complaints: dict[str, int] = {}
    for kind in COMPLAINTS:
        for topic, tally in _of_kind(session, now, brief, kind).items():
            complaints[topic] = complaints.get(topic, 0) + tally["received"]
    suggestions = {
        topic: tally["received"] for topic, tally in _of_kind(session, now, brief, TicketKind.SUGERENCIA).items()
    }
    for heading, about, none, found in (
        (
            "Servicios con más quejas y reclamos",
            "Quejas y reclamos por tema",
            "No hubo quejas ni reclamos.",
            complaints,
        ),
        ("Lo que recomienda la gente", "Sugerencias por tema", "No hubo sugerencias: sin datos.", suggestions),
    ):
        shown = found if brief.shows_small else suppress(found)  # what is hidden is left out: its place would tell
        named = [(topics.get(topic, topic), count) for topic, count in shown.items() if count]
        first = sorted(named, key=lambda each: (-each[1], each[0]))
        words = () if first else (none if not any(found.values()) else f"Ningún tema tiene {FEWEST_SHOWN} o más.",)
        columns = (Column("Tema"), Column("Peticiones", Type.NUMBER))
        yield Section(heading, words, Table(about, columns, tuple(first[:MANY])))


def _of_kind(session: Session, now: Figures, brief: Brief, kind: TicketKind) -> Mapping[str, Tally]:
    asking = Asking(now.asking.period, {"kind": str(kind)})
    return figures(session, asking, brief.office, brief.today).by.get("topic", {})


def fraction(share: Share, shows_small: bool) -> tuple[Cell, Cell, Cell]:
    """Numerator, denominator and rate; a fraction of which a part is small is not told where everybody reads it."""
    parts = {"in": share.numerator, "out": share.denominator - share.numerator}
    if not shows_small and (0 < share.denominator < FEWEST_SHOWN or None in suppress(parts).values()):
        return HIDDEN if share.denominator < FEWEST_SHOWN else "no se muestra", "no se muestra", "no se muestra"
    return share.numerator, share.denominator, share.rate
