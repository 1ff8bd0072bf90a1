"""What people type into an address field, and what they are told."""

import pytest

from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with


@pytest.mark.parametrize(
    "typed",
    [
        "vecina@correo.example",
        " Vecina@Gmail.COM ",
        "vecina@correo.example.",
        "<vecina@correo.example>",
        "v.e-c_i+n'a@correo.puerres-narino.example",
        "vecina@sub.dominio.example",
    ],
)
def test_a_good_address_is_taken_however_it_is_typed(typed):
    assert what_is_wrong_with(clean_address(typed)) == ""


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("vecina@gmail.con", "¿Quiso escribir vecina@gmail.com?"),
        ("vecina@hotmail.cmo", "¿Quiso escribir vecina@hotmail.com?"),
        ("vecinacorreo.example", "arroba"),
        ("vecina@@correo.example", "arroba"),
        ("vecina @correo.example", "espacios"),
        ("peña@correo.example", "tildes ni eñes"),
        ("vecina@gmail", "incompleto"),
        ("vecina@correo..example", "incompleto"),
        ("@correo.example", "incompleto"),
        ("vecina@-correo.example", "incompleto"),
        (f"{'a' * 250}@correo.example", "incompleto"),
    ],
)
def test_a_broken_address_is_told_how_to_mend_it(typed, told):
    assert told in what_is_wrong_with(clean_address(typed))


def test_a_text_keeps_its_lines_and_loses_what_nobody_can_read():
    assert clean_text("  Uno\r\ndos\x00\rtres\u200b\n") == "Uno\ndos\ntres"
    assert clean_line(" Uno \n\t dos ") == "Uno dos"
    assert clean_text("cafe\u0301") == "café"
    assert clean_text(None) == ""
