"""Does each petition go to the office that can answer it, and does every doubt stay with a person?"""

import csv
import unicodedata
from pathlib import Path

import pytest

from pqr.secretarias import directory
from pqr.secretarias.routing import TopicWords, accuses, by_topic, by_words, stems, travels_alone
from pqr.terms.kinds import TicketKind

HERE = Path(directory.__file__).parent


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFFICES = {row["code"]: number for number, row in enumerate(rows("secretarias.csv"), start=1)}
CODES = {number: code for code, number in OFFICES.items()}
TOPICS = tuple(
    TopicWords(int(row["id"]), OFFICES.get(row["secretaria"]), row["transfer_to"], tuple(row["keywords"].split("; ")))
    for row in rows("topics.csv")
)

# subject, body, the offices that could answer; none: a person must decide
PETITIONS = [
    ("Derecho de petición", "Solicito el arreglo de la calle del barrio, que tiene huecos", "planeacion"),
    ("DERECHO DE PETICIÓN", "Respetuosamente solicito que se repare el puente de la vereda", "planeacion"),
    ("Derecho de petición", "En ejercicio del artículo 23 pido copia de mi historia laboral", "administrativa"),
    ("Hace mucho tiempo no tenemos luz", "En la calle hay tres bombillas quemadas y está oscuro", "servicios"),
    ("Ayuda urgente", "No hay agua en la vereda y los niños se enferman", "servicios"),
    ("Ayuda y apoyo", "Pido ayuda y apoyo de la policía por las peleas", "gobierno"),
    ("Solicitud de ayuda", "Pido apoyo para mi cultivo de papa", "agro"),
    ("Arreglo del mercado", "La plaza está sucia y los puestos no tienen techo", "agro"),
    ("Vacunación del ganado", "Solicitamos vacuna para las vacas por la aftosa", "agro"),
    ("Perro bravo", "El perro de la casa vecina mordió a mi hijo", "inspeccion"),
    ("Cita médica", "Pido una cita con el médico; en el puesto de salud no atienden", "salud"),
    ("Trabajo social para mi abuela", "Mi abuela vive sola en la vereda", "social"),
    ("Trabajo infantil", "Hay niños trabajando en la mina", "comisaria"),
    ("Cobro de matrícula", "En la escuela nos cobran cuota", "educacion"),
    ("Horario de atención", "Cuál es el horario de atención de la alcaldía", ""),
    ("Casa", "La casa de mi mamá no tiene agua", "servicios"),
    ("La casa de la cultura", "Pido la casa de la cultura para una reunión de la junta", "educacion gobierno"),
    ("Juegos", "Pedimos uniforme para los juegos de la vereda", "educacion"),
    ("Proyecto productivo", "Presentamos un proyecto de mujeres para criar gallinas", "agro social"),
    ("Dirección equivocada", "El recibo del agua llega a otra dirección", "servicios"),
    ("Cambio de dirección", "Mi hijo cambió de casa", ""),
    ("Deuda", "Quiero pagar la deuda del agua por cuotas", "servicios"),
    ("Deuda con la tienda", "Un señor me debe plata y no me paga", ""),
    ("Reubicación", "Somos víctimas y vivimos en zona de derrumbe", "victimas gestion_riesgo"),
    ("Pavimento en la calle del bar", "La calle junto al bar tiene huecos", "planeacion"),
    ("Camino tapado", "El dueño de la finca cerró el camino con una cerca y no podemos sacar la leche", "inspeccion"),
    ("Tala de árboles", "Están tumbando el bosque y haciendo quema cerca de la quebrada", "agro"),
    ("Ruta de la leche", "El carro de la leche no sube", "agro"),
    ("Escombros en la vía", "Dejaron escombros en la carretera", "planeacion servicios"),
    ("Alimentos dañados", "Los alimentos del restaurante escolar y del PAE llegan dañados", "educacion salud"),
    ("Se fue la luz", "Se fue la luz en toda la vereda y el transformador explotó", ""),
    ("Cédula", "Perdí la cédula y necesito duplicado", ""),
    ("Agradecimiento", "Gracias por lo que hicieron en la vereda", ""),
]
CLEAR = [
    ("No llega el agua", "El acueducto de la vereda tiene el tubo roto", "servicios"),
    ("PETICIÓN", "LA ALCANTARILLA ESTÁ TAPADA Y SALEN AGUAS NEGRAS", "servicios"),
    ("Placa huella", "Pedimos placa huella para la vía de la vereda", "planeacion"),
    ("Licencia de construcción", "Qué papeles piden para la licencia", "planeacion"),
    ("Paz y salvo del predial", "Lo necesito para vender", "hacienda"),
    ("Encuesta del Sisbén", "Me subieron el puntaje", "sisben"),
    ("Renta Ciudadana", "No me llegó el giro este mes", "social"),
    ("Semilla de papa y abono", "Somos productores", "agro"),
    ("Cupo en el colegio", "Falta profesor de matemáticas", "educacion"),
    ("No hay agua en mi casa", "Desde el lunes no sale nada", "servicios"),
    ("Llevamos ocho días sin agua", "Ya avisamos", "servicios"),
    ("Violencia en mi casa", "Mi marido me golpea y pido medida de protección", "comisaria"),
]


def office_of(routing):
    return CODES.get(routing.secretaria_id, "")


@pytest.mark.parametrize(("subject", "body", "right"), PETITIONS, ids=lambda value: value[:30])
def test_no_petition_travels_by_itself_to_a_wrong_office(subject, body, right):
    chosen = by_words(subject, body, TOPICS)
    assert not chosen.sure or office_of(chosen) in right.split(), chosen


@pytest.mark.parametrize(("subject", "body", "right"), CLEAR, ids=lambda value: value[:30])
def test_a_petition_whose_words_are_clear_goes_to_its_office_without_waiting(subject, body, right):
    chosen = by_words(subject, body, TOPICS)
    assert chosen.sure
    assert office_of(chosen) == right
    assert chosen.words


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("", ""),
        ("(sin asunto)", "buenos días"),
        ("Acueducto", "buenos días"),  # one word
        ("Lindero y predial", "El lindero con mi vecino, y el predial"),  # two offices, as much of each
        ("Derecho de petición", "derecho de petición"),  # how it is asked, not what
        ("Vía a Ipiales", "La vía a Ipiales y su peaje, carretera departamental"),  # another entity's
    ],
)
def test_a_doubt_stays_with_the_desk(subject, body):
    assert not by_words(subject, body, TOPICS).sure


def test_without_topics_nobody_is_chosen():
    assert by_words("agua", "agua", ()).topic_id is None


def test_accents_capitals_and_plurals_make_no_difference():
    words = stems("PETICIONES de los NIÑOS")
    assert words == stems("peticion de los niños") == stems("Petición de los niño")
    assert stems("año") != stems("ano")


def test_letters_in_two_pieces_as_apple_sends_them_are_read_alike():
    text = "petición de los niños, víctimas del páramo"
    assert stems(unicodedata.normalize("NFD", text)) == stems(text)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: str(topic.topic_id))
def test_the_chosen_topic_decides_its_office(topic):
    chosen = by_topic(topic.topic_id, TOPICS)
    assert (chosen.topic_id, chosen.secretaria_id) == (topic.topic_id, topic.secretaria_id)


@pytest.mark.parametrize("topic_id", [54, 66, 67, 68, 69])
def test_a_topic_of_another_entity_waits_for_a_person(topic_id):
    chosen = by_topic(topic_id, TOPICS)
    assert not chosen.sure
    assert chosen.transfer_to


@pytest.mark.parametrize("topic_id", [3, 35, 36])
def test_a_topic_about_corruption_or_a_servant_waits_for_a_person(topic_id):
    assert not by_topic(topic_id, TOPICS).sure


def test_an_unknown_topic_chooses_nobody():
    assert by_topic(999, TOPICS) == by_words("", "", TOPICS)


@pytest.mark.parametrize("kind", TicketKind)
@pytest.mark.parametrize("reserved", [False, True])
def test_complaints_reports_and_reserved_identities_never_travel_alone(kind, reserved):
    allowed = kind not in (TicketKind.QUEJA, TicketKind.DENUNCIA) and not reserved
    assert travels_alone(kind, reserved) is allowed


@pytest.mark.parametrize(
    ("subject", "body", "accusing"),
    [
        ("Licencia de construcción", "El inspector de obra me pidió una coima por la licencia", True),
        ("DENUNCIO", "irregularidades en la obra de la vía", True),
        ("Obra", "Sobornos en el contrato de la carretera", True),
        ("Agua", "No me respondieron la petición del mes pasado", True),
        ("Agua", "No llega agua al acueducto", False),
        ("Permiso", "El inspector me pidió plata para firmarlo.", True),
        ("Permiso", "Allá piden plata por firmar.", True),
        ("Subsidio", "Pedimos que nos paguen la plata que falta.", False),
    ],
)
def test_words_that_accuse_are_seen_whatever_kind_was_chosen(subject, body, accusing):
    assert accuses(subject, body) is accusing
