"""What people type into an address field, and what they are told."""

import pytest

from pqr.portal.cleaning import clean_address, clean_line, clean_text, what_is_wrong_with


@pytest.mark.parametrize(
    "typed",
    [
        "vecina@gmail.com",
        " Vecina@Gmail.COM ",
        "vecina@gmail.com.",
        "<vecina@gmail.com>",
        "v.e-c_i+n'a@correo.puerres-narino.gov.co",
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
        ("vecinagmail.com", "arroba"),
        ("vecina@@gmail.com", "arroba"),
        ("vecina @gmail.com", "espacios"),
        ("peña@gmail.com", "tildes ni eñes"),
        ("vecina@gmail", "incompleto"),
        ("vecina@gmail..com", "incompleto"),
        ("@gmail.com", "incompleto"),
        ("vecina@-gmail.com", "incompleto"),
        (f"{'a' * 250}@gmail.com", "incompleto"),
    ],
)
def test_a_broken_address_is_told_how_to_mend_it(typed, told):
    assert told in what_is_wrong_with(clean_address(typed))


def test_a_text_keeps_its_lines_and_loses_what_nobody_can_read():
    assert clean_text("  Uno\r\ndos\x00\rtres\u200b\n") == "Uno\ndos\ntres"
    assert clean_line(" Uno \n\t dos ") == "Uno dos"
    assert clean_text("cafe\u0301") == "café"
    assert clean_text(None) == ""
