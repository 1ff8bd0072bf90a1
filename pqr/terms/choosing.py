"""What may a citizen choose to present, and with which words is each kind explained?"""

from collections.abc import Mapping

from pqr.terms.kinds import TicketKind

# Res. MinTIC 1519 de 2020, Anexo 2: the form names the kinds, with help and an example of each.
KIND_HELP: Mapping[TicketKind, tuple[str, str]] = {
    TicketKind.PETICION_GENERAL: (
        "Pida algo que beneficia a toda la comunidad.",
        "Pedimos que arreglen el puente de la vereda: cuando llueve los niños no pueden ir a la escuela.",
    ),
    TicketKind.PETICION_PARTICULAR: (
        "Pida que se resuelva una situación suya o de su familia, o que se le reconozca un derecho.",
        "Pido que me visiten de nuevo para la encuesta del Sisbén, porque ya no vivo en la misma casa.",
    ),
    TicketKind.INFORMACION: (
        "Pregunte por algo que la alcaldía sabe o tiene en sus archivos.",
        "Quiero saber cuánto se ha gastado este año en la vía de mi vereda y cuándo termina la obra.",
    ),
    TicketKind.DOCUMENTOS: (
        "Pida copia de un documento que tiene la alcaldía.",
        "Necesito copia de la licencia de construcción de mi casa para llevarla al banco.",
    ),
    TicketKind.CONSULTA: (
        "Pida un concepto sobre un tema que maneja la alcaldía; la respuesta orienta, pero no obliga.",
        "Mi finca queda a la orilla de la quebrada y quiero saber qué permite construir allí la norma.",
    ),
    TicketKind.QUEJA: (
        "Cuente que un servidor público lo trató mal o no cumplió con su deber.",
        "En la ventanilla me gritaron y no quisieron recibirme los papeles del subsidio de mi mamá.",
    ),
    TicketKind.RECLAMO: (
        "Diga que un servicio se prestó mal o no se prestó, y pida que lo solucionen.",
        "El carro de la basura no sube a nuestra vereda desde hace tres semanas.",
    ),
    TicketKind.SUGERENCIA: (
        "Proponga una idea para que la alcaldía atienda o trabaje mejor.",
        "Sería bueno que atendieran también el domingo, que es cuando bajamos al mercado.",
    ),
    TicketKind.DENUNCIA: (
        "Avise de un hecho que puede ser ilegal o corrupto; puede hacerlo sin dar su nombre.",
        "Están tumbando el bosque junto al nacimiento que da agua al acueducto de la vereda.",
    ),
    TicketKind.FELICITACION: (
        "Reconozca a una persona o una oficina que lo atendió bien.",
        "Gracias a la brigada de salud que vino hasta la vereda a vacunar a los niños y a los abuelos.",
    ),
}

CITIZEN_KINDS: tuple[TicketKind, ...] = tuple(KIND_HELP)
