"""What are the seven actions of the plan?  Each with its goal, and what its figures count, in words. Pure.

Source: the municipality's action plan of Gobierno en Línea, 2008. Goals, responsible and term may be edited on the
desk; these are the ones of the beginning.
"""

from pqr.reports.plan import Action, Goal, Measure, Source, Unit

_ALWAYS, _AT_THE_END = "Permanente, se mide cada mes", "Al cierre del periodo de gobierno"
_BASE = ("filas de la base que no son copias sobrantes de otra", "filas de la base con un nombre o un documento")


def _base(code: str, name: str) -> Measure:
    return Measure(code, name, Source.PERSON, *_BASE)


PLAN = (
    Action(
        1,
        "actualizaciones",
        "Mantener actualizado el sitio web",
        "Número de actualizaciones del sitio en el mes",
        Unit.MONTHLY,
        Goal(4, "Oficina de Atención al Usuario", _ALWAYS),
        (
            Measure(
                "updates",
                "Actualizaciones",
                Source.MONTH,
                "publicaciones en el sitio: trámites, novedades, avisos, respuestas e informes; la misma página"
                " cambiada el mismo día por la misma persona cuenta una vez",
                "un mes",
            ),
        ),
    ),
    Action(
        2,
        "tramites",
        "Trámites y servicios consultados en línea",
        "Porcentaje de trámites y servicios que la gente consulta en el sitio",
        Unit.SHARE,
        Goal(80, "Oficina de Atención al Usuario y las dependencias dueñas de cada trámite", _ALWAYS),
        (
            Measure(
                "procedures",
                "Trámites y servicios",
                Source.MONTH,
                "trámites y servicios cuya página abrió al menos una persona en el mes",
                "trámites y servicios publicados en el sitio",
            ),
        ),
    ),
    Action(
        3,
        "bases",
        "Bases de datos depuradas",
        "Porcentaje de registros de cada base que no están repetidos",
        Unit.SHARE,
        Goal(100, "Coordinación SISBÉN, Secretaría de Salud, Acción Social y Atención al Usuario", _AT_THE_END),
        (
            Measure(
                "register",
                "Peticionarios",
                Source.TODAY,
                "entradas del registro de peticionarios sin una posible repetida por decidir",
                "entradas del registro con nombre conocido",
            ),
            _base("sisben", "SISBÉN"),
            _base("salud", "Salud"),
            _base("accion_social", "Acción Social"),
        ),
    ),
    Action(
        4,
        "escuelas",
        "Escuelas con la materia de conectividad",
        "Porcentaje de establecimientos educativos que dictan la materia",
        Unit.SHARE,
        Goal(100, "Educación, Cultura y Deporte", _AT_THE_END),
        (
            Measure(
                "schools",
                "Establecimientos educativos",
                Source.PERSON,
                "establecimientos educativos con la materia en su plan de estudios",
                "establecimientos educativos del municipio",
            ),
        ),
    ),
    Action(
        5,
        "recepcion",
        "Recepción de peticiones, quejas, reclamos y sugerencias",
        "Porcentaje de recepción de sugerencias, quejas y reclamos",
        Unit.SHARE,
        Goal(80, "Oficina de Atención al Usuario y todas las secretarías", _ALWAYS),
        (
            Measure(
                "reception",
                "Recepción",
                Source.MONTH,
                "las que quedaron radicadas, con acuse de recibo y en manos de una dependencia dentro del plazo de"
                " recepción",
                "todas las que llegaron en el mes por cualquier canal, también los correos que esperan lectura",
            ),
        ),
    ),
    Action(
        6,
        "conectividad",
        "Conectividad del municipio",
        "Crecimiento de los equipos y de los establecimientos con internet",
        Unit.GROWTH,
        Goal(100, "Educación, Cultura y Deporte y Secretaría Administrativa", _AT_THE_END),
        (
            Measure(
                "computers",
                "Computadores con internet",
                Source.PERSON,
                "computadores con internet que hay hoy, menos los de la línea base",
                "computadores con internet de la línea base",
            ),
            Measure(
                "establishments",
                "Establecimientos con internet",
                Source.PERSON,
                "establecimientos con internet que hay hoy, menos los de la línea base",
                "establecimientos con internet de la línea base",
            ),
        ),
    ),
    Action(
        7,
        "empalme",
        "Empalme con los funcionarios entrantes",
        "Porcentaje de funcionarios vinculados al empalme",
        Unit.SHARE,
        Goal(100, "Despacho del Alcalde", "Al terminar cada periodo de gobierno"),
        (
            Measure(
                "handover",
                "Funcionarios vinculados",
                Source.TODAY,
                "funcionarios que declararon «Recibí el empalme» del último que se entregó",
                "funcionarios con una cuenta activa en el servicio",
            ),
        ),
    ),
)
ACTIONS = {action.code: action for action in PLAN}
OF_MEASURE = {measure.code: action for action in PLAN for measure in action.measures}
MEASURES = {measure.code: measure for action in PLAN for measure in action.measures}
BASES = ("sisben", "salud", "accion_social")  # measured by comparing a file with itself
