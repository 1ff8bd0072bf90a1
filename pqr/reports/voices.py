"""What do people complain of, denounce and recommend, and are they content?  Ley 190/1995 art. 54; Ley 1474 art. 76."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from pqr.reports.access import KINDS as ACCESS
from pqr.reports.breakdown import by_dimension, in_order, top
from pqr.reports.briefing import HIDDEN, Brief, agreeing
from pqr.reports.dimensions import names_of
from pqr.reports.figures import Asking, Figures, figures
from pqr.reports.indicator import Share
from pqr.reports.official import Cell, Column, Section, Table, Type
from pqr.reports.suppression import suppress, suppress_table
from pqr.reports.tallies import Tally
from pqr.terms.kinds import TicketKind

MANY = 10  # topics of a list, by law.md §5
COMPLAINT, SUGGESTION = "complaint", "suggestion"
VOICES = {COMPLAINT: (TicketKind.QUEJA, TicketKind.RECLAMO), SUGGESTION: (TicketKind.SUGERENCIA,)}
REST = "Otros temas"


def kinds_of(found: Figures, shows_small: bool) -> Mapping[str, Tally]:
    """By kind, in the order of the law. In public without those of which another report lists each one."""
    kinds = [kind for kind in TicketKind if shows_small or kind not in ACCESS]
    return in_order(found.by.get("kind", {}), kinds)


def complaints_of_conduct(found: Figures, shows_small: bool) -> Section:
    """Denuncias, and quejas against servants."""
    table = by_dimension("", "", kinds_of(found, shows_small), {}, shows_small)
    shown = {row[0]: row[1] for row in table.rows}
    counts = (shown.get(kind, 0) for kind in (TicketKind.DENUNCIA, TicketKind.QUEJA))
    denuncias, quejas = (count if isinstance(count, int) else None for count in counts)
    told_of = (
        agreeing(denuncias, "Se recibió 1 denuncia.", "Se recibieron {} denuncias.", "No se recibieron denuncias.")
        or "El número de denuncias no se muestra.",
        agreeing(
            quejas,
            "Se recibió 1 queja contra un servidor.",
            "Se recibieron {} quejas contra servidores.",
            "No se recibieron quejas contra servidores.",
        )
        or "El número de quejas contra servidores no se muestra.",
    )
    where = "Van primero a Control Interno, que coordina con el control disciplinario (Ley 1474 de 2011, art. 76)."
    return Section("Denuncias y quejas contra servidores", (*told_of, where))


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
    topics, found = names_of(session, "topic"), _spoken(session, now, brief)
    kinds = suppress({kind: tally["received"] for kind, tally in kinds_of(now, shows_small=False).items()})
    columns = (Column("Tema"), Column("Peticiones", Type.NUMBER))
    for voice, heading, about, none in (
        (COMPLAINT, "Servicios con más quejas y reclamos", "Quejas y reclamos por tema", "No hubo quejas ni reclamos."),
        (SUGGESTION, "Lo que recomienda la gente", "Sugerencias por tema", "No hubo sugerencias: sin datos."),
    ):
        counts = {topic: row[voice] for topic, row in found.items()}
        if brief.shows_small:
            shown: Mapping[str, int | None] = counts
        elif any(kinds.get(kind, 0) is None for kind in VOICES[voice]):  # the sum of its topics would tell it
            shown = {}
        else:  # what is hidden is left out: its place would tell
            hidden = suppress_table(found).cells
            shown = {topic: hidden[topic][voice] for topic in found if topic != REST}
        named = [(topics.get(topic, topic), count) for topic, count in shown.items() if count]
        first = sorted(named, key=lambda each: (-each[1], each[0]))[:MANY]
        words = () if first else (none if not any(counts.values()) else "Los grupos pequeños no se muestran.",)
        yield Section(heading, words, Table(about, columns, tuple(first)))


def _spoken(session: Session, now: Figures, brief: Brief) -> Mapping[str, dict[str, int]]:
    """By topic: how many complain, how many suggest, and how many do neither. In public: the topics of the report."""
    whole = now.by.get("topic", {})
    shown = whole if brief.shows_small else top(whole, MANY, REST)
    spoken = {COMPLAINT: Counter[str](), SUGGESTION: Counter[str]()}
    for voice, kinds in VOICES.items():
        for kind in kinds:
            for topic, tally in _of_kind(session, now, brief, kind).items():
                spoken[voice][topic if topic in shown else REST] += tally["received"]
    return {
        topic: {voice: spoken[voice][topic] for voice in spoken}
        | {"neither": tally["received"] - sum(spoken[voice][topic] for voice in spoken)}
        for topic, tally in shown.items()
        if tally["received"]
    }


def _of_kind(session: Session, now: Figures, brief: Brief, kind: TicketKind) -> Mapping[str, Tally]:
    asking = Asking(now.asking.period, {"kind": str(kind)})
    return figures(session, asking, brief.office, brief.today).by.get("topic", {})


def fraction(share: Share, shows_small: bool) -> tuple[Cell, Cell, Cell]:
    """Numerator, denominator and rate; a fraction of which a part is small is not told where everybody reads it."""
    parts = {"in": share.numerator, "out": share.denominator - share.numerator}
    if not shows_small and None in suppress(parts).values():
        return HIDDEN, HIDDEN, HIDDEN
    return share.numerator, share.denominator, share.rate
