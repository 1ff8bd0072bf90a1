"""Does every kind of request have the term, the article and the words that the law gives it?"""

import re

import pytest

from pqr.terms.choosing import CITIZEN_KINDS, KIND_HELP
from pqr.terms.kinds import STEPS, TERMS, TicketKind, Unit, UnknownTerm, term_of

# code, length, longest extension, effect of silence, a norm that its source must name
LAW = [
    ("peticion_general", 15, 15, "negative", "art. 14"),
    ("peticion_particular", 15, 15, "negative", "art. 14"),
    ("informacion", 10, 10, "positive", "art. 14, núm. 1"),
    ("documentos", 10, 10, "positive", "art. 14, núm. 1"),
    ("consulta", 30, 30, "negative", "art. 14, núm. 2"),
    ("queja", 15, 15, "negative", "Ley 190 de 1995, art. 55"),
    ("reclamo", 15, 15, "negative", "Ley 190 de 1995, art. 55"),
    ("sugerencia", 15, 15, "", "art. 14"),
    ("denuncia", 15, 15, "", "art. 14"),
    ("felicitacion", 15, 15, "", "art. 14"),
    ("entre_autoridades", 10, 0, "", "art. 30"),
    ("congreso", 5, 0, "", "Ley 5 de 1992, art. 258"),
    ("congreso_documentos", 10, 0, "", "Ley 5 de 1992, art. 260"),
    ("defensoria", 5, 0, "", "Ley 24 de 1992, art. 15"),
    ("oposicion", 5, 0, "", "Ley 1909 de 2018, art. 16"),
    ("ente_control", 10, 0, "", "art. 30"),
    ("concejo", 10, 0, "", "Ley 136 de 1994, arts. 32 y 38"),
    ("veeduria", 10, 10, "positive", "Ley 850 de 2003, art. 17"),
    ("tutela_informe", 1, 0, "", "Decreto 2591 de 1991, arts. 19 y 20"),
    ("tutela_impugnacion", 3, 0, "", "Decreto 2591 de 1991, art. 31"),
    ("habeas_data_consulta", 10, 5, "", "Ley 1581 de 2012, art. 14"),
    ("habeas_data_reclamo", 15, 8, "", "Ley 1581 de 2012, art. 15"),
    ("servicios_publicos", 15, 0, "positive", "Ley 142 de 1994, art. 158"),
    ("recurso_reposicion", 2, 0, "negative", "art. 86"),
    ("aclaracion", 10, 0, "", "art. 19"),
    ("plazo_completar_1m", 1, 1, "", "art. 17"),
    ("citacion", 5, 0, "", "art. 68"),
    ("aviso_por_notificar", 1, 0, "", "art. 69"),
    ("copias_por_silencio", 3, 0, "", "art. 14, núm. 1"),
    ("insistencia", 10, 0, "", "art. 26"),
    ("interponer_recurso", 10, 0, "", "art. 76"),
    ("recurso_seguridad", 3, 0, "", "Ley 1712 de 2014, art. 27"),
    ("envio_al_juez", 3, 0, "", "alarma de la casa"),
    ("envio_al_juez_seguridad", 3, 0, "", "Ley 1712 de 2014, art. 27"),
    ("orden_del_juez", 3, 0, "", "el día que fije el juez"),
    ("requerimiento_reclamo", 5, 0, "", "Ley 1581 de 2012, art. 15, núm. 1"),
    ("plazo_corregir_reclamo_2m", 2, 0, "", "Ley 1581 de 2012, art. 15, núm. 1"),
    ("leyenda_reclamo_en_tramite", 2, 0, "", "Ley 1581 de 2012, art. 15, núm. 2"),
    ("requerimiento_completar", 10, 0, "", "art. 17"),
    ("traslado", 5, 0, "", "art. 21"),
    ("traslado_reclamo", 2, 0, "", "Ley 1581 de 2012, art. 15"),
]


@pytest.mark.parametrize(("code", "length", "extension", "silence", "norm"), LAW)
def test_each_term_is_the_one_of_its_norm(code, length, extension, silence, norm):
    term = term_of(code)
    assert (term.length, term.extension, term.silence) == (length, extension, silence)
    assert norm in term.source


def test_the_table_above_leaves_no_kind_and_no_step_out():
    assert {row[0] for row in LAW} == {*TicketKind, *STEPS}
    assert set(TERMS) == set(TicketKind)


def test_only_the_appeal_and_the_time_to_complete_are_counted_in_months():
    codes = [*TERMS, *STEPS]
    in_months = {code for code in codes if term_of(code).unit is Unit.MONTHS}
    assert in_months == {"recurso_reposicion", "plazo_completar_1m", "plazo_corregir_reclamo_2m"}


def test_no_extension_makes_a_term_longer_than_its_double():
    assert all(term.extension <= term.length for term in [*TERMS.values(), *STEPS.values()])


def test_dates_set_by_a_judge_or_an_authority_say_that_ours_is_only_an_alarm():
    assert "alarma prudente" in term_of("tutela_informe").source
    assert "fecha que fije la autoridad" in term_of("ente_control").source


def test_every_term_has_a_spanish_name_of_its_own():
    labels = [term.label for term in [*TERMS.values(), *STEPS.values()]]
    assert len(set(labels)) == len(labels)
    assert all(label and label[0].isupper() and "_" not in label for label in labels)


def test_a_code_that_does_not_exist_is_refused_with_the_codes_that_do():
    with pytest.raises(UnknownTerm, match='"tutela"') as refused:
        term_of("tutela")
    assert all(code in str(refused.value) for code in [*TERMS, *STEPS])


def test_the_public_form_offers_the_kinds_in_the_order_a_citizen_looks_for_them():
    assert CITIZEN_KINDS == (
        TicketKind.PETICION_GENERAL,
        TicketKind.PETICION_PARTICULAR,
        TicketKind.INFORMACION,
        TicketKind.DOCUMENTOS,
        TicketKind.CONSULTA,
        TicketKind.QUEJA,
        TicketKind.RECLAMO,
        TicketKind.SUGERENCIA,
        TicketKind.DENUNCIA,
        TicketKind.FELICITACION,
    )


@pytest.mark.parametrize("kind", CITIZEN_KINDS)
def test_each_kind_of_the_form_is_explained_in_one_sentence_with_one_example(kind):
    explanation, example = KIND_HELP[kind]
    for text in (explanation, example):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search("[\"'«»“”]", text)
    assert explanation.count(".") == 1
