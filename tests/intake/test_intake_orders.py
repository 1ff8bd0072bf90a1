"""Is what an office asks for by mail read as it was meant, or else not at all?"""

import pytest

from pqr.errors import NotUnderstood
from pqr.intake.orders import ExtensionOrder, read_extension, read_return

READY = "Días hábiles que necesita: {} \r\nPorque: {}"


@pytest.mark.parametrize(
    ("text", "days", "reason"),
    [
        (READY.format("5", "falta la visita técnica"), 5, "falta la visita técnica"),
        ("DIAS HABILES QUE NECESITA: 10\nPORQUE: falta el concepto\nde hacienda", 10, "falta el concepto de hacienda"),
        ("Necesitamos 8 días hábiles porque falta la visita", 8, "falta la visita"),
        ("Días: 3. Motivo: vacaciones del técnico", 3, "vacaciones del técnico"),
        ("Solicito 15 días. Razón: el archivo está en Pasto", 15, "el archivo está en Pasto"),
    ],
)
def test_an_extension_is_read(text, days, reason):
    assert read_extension(text) == ExtensionOrder(days, reason)


@pytest.mark.parametrize(
    "text",
    [
        "",
        READY.format("", ""),
        READY.format("5", ""),
        READY.format("", "falta la visita"),
        READY.format("cinco", "falta la visita"),
        READY.format("1000", "falta la visita"),
        "Necesitamos más tiempo porque falta la visita",
        "Necesitamos 5 días",
    ],
)
def test_an_extension_without_days_or_reason_is_not_guessed(text):
    with pytest.raises(NotUnderstood, match="Días hábiles que necesita"):
        read_extension(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No es competencia de esta dependencia porque: es de hacienda", "es de hacienda"),
        ("no es competencia de esta dependencia porque:\r\nes de hacienda: el predial", "es de hacienda: el predial"),
        ("Es de hacienda: el predial", "Es de hacienda: el predial"),
        ("No es competencia nuestra", "No es competencia nuestra"),
    ],
)
def test_a_return_keeps_the_office_s_own_words(text, reason):
    assert read_return(text) == reason


@pytest.mark.parametrize("text", ["", " \n", "No es competencia de esta dependencia porque: "])
def test_a_return_without_a_reason_says_so(text):
    assert read_return(text) == "La dependencia la devolvió sin decir por qué."
