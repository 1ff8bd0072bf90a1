"""Which answers does the public form offer?  Code and words of each; the codes are stored.

The differential questions and their answers follow the custom of DANE and MinSalud (Res. MinTIC 1519 de 2020,
Anexo 2); every one of them may stay unanswered.
"""

from collections.abc import Mapping

from pqr.terms.choosing import CITIZEN_KINDS
from pqr.terms.kinds import TERMS
from pqr.tickets.models import Identity

Answers = Mapping[str, str]

KINDS: Answers = {kind.value: TERMS[kind].label for kind in CITIZEN_KINDS}
IDENTITIES: Answers = {
    Identity.NAMED.value: "Con mi nombre",
    Identity.RESERVED.value: "Con mi nombre, pero en reserva",
    Identity.ANONYMOUS.value: "Sin decir quién soy (anónimo)",
}
PETITIONER_TYPES: Answers = {
    "natural": "Una persona",
    "juridica": "Una empresa, junta u organización",
    "menor": "Un niño, niña o adolescente",
    "apoderado": "Alguien que representa a otra persona",
}
DOCUMENT_TYPES: Answers = {
    "": "No lo doy por ahora",
    "CC": "Cédula de ciudadanía",
    "TI": "Tarjeta de identidad",
    "RC": "Registro civil",
    "CE": "Cédula de extranjería",
    "PPT": "Permiso por protección temporal",
    "PA": "Pasaporte",
    "NIT": "NIT",
    "NUIP": "NUIP",
    "otro": "Otro",
}
ANSWER_WAYS: Answers = {
    "email": "Por correo electrónico",
    "postal": "En papel, a mi dirección",
    "portal": "La consulto en esta página, con mi número y mi código",
}
NO_ANSWER: Answers = {"": "Prefiero no responder"}
SEXES: Answers = {"hombre": "Hombre", "mujer": "Mujer", "intersexual": "Intersexual"}
GENDERS: Answers = {
    "femenino": "Femenino",
    "masculino": "Masculino",
    "transgenero": "Transgénero",
    "no_binario": "No binario",
    "otra": "Otra",
}
ETHNIC_GROUPS: Answers = {
    "indigena_pastos": "Indígena del pueblo de los Pastos",
    "indigena": "Indígena de otro pueblo",
    "afrodescendiente": "Negro, afrocolombiano o afrodescendiente",
    "raizal": "Raizal",
    "palenquero": "Palenquero",
    "rrom": "Gitano o rrom",
    "ninguno": "Ninguno",
}
DISABILITIES: Answers = {
    "fisica": "Física",
    "visual": "Visual",
    "auditiva": "Auditiva",
    "sordoceguera": "Sordoceguera",
    "intelectual": "Intelectual",
    "psicosocial": "Psicosocial",
    "multiple": "Múltiple",
    "ninguna": "Ninguna",
}
AGE_RANGES: Answers = {
    "0-5": "0 a 5 años",
    "6-11": "6 a 11 años",
    "12-17": "12 a 17 años",
    "18-28": "18 a 28 años",
    "29-59": "29 a 59 años",
    "60+": "60 años o más",
}
CONDITIONS: Answers = {
    "victima": "Víctima del conflicto",
    "desplazado": "Persona desplazada",
    "gestante": "Gestante",
    "cabeza_de_familia": "Cabeza de familia",
    "veterano": "Veterano de la Fuerza Pública",
    "periodista": "Periodista en ejercicio",
    "migrante": "Migrante",
    "campesino": "Campesina o campesino",
    "habitante_de_calle": "Habitante de calle",
    "lider_social": "Líder o lideresa social",
}
ZONES: Answers = {"urbana": "Urbana", "rural": "Rural"}
ADJUSTMENTS: Answers = {
    "lengua_de_senas": "Lengua de señas",
    "braille": "Braille",
    "lectura_facil": "Lectura fácil",
    "letra_grande": "Letra grande",
    "audio": "Audio",
    "interprete": "Intérprete de lengua nativa",
}
PROFILE: Mapping[str, Answers] = {
    "sex": SEXES,
    "gender": GENDERS,
    "ethnic_group": ETHNIC_GROUPS,
    "disability": DISABILITIES,
    "age_range": AGE_RANGES,
    "zone": ZONES,
    "adjustment": ADJUSTMENTS,
}
