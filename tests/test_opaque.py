"""Does a public name say nothing, stay the same, and lead back by the key alone?"""

from hypothesis import given
from hypothesis import strategies as st

from pqr.opaque import number_of, opaque_id

KEY, OTHER = "clave-de-las-pruebas-0123456789", "otra-clave-de-las-pruebas-98765"
NUMBERS = st.integers(1, 2**63 - 1)


@given(NUMBERS)
def test_a_name_leads_back_by_its_key_and_purpose_alone(number):
    name = opaque_id([KEY], "open311", number)
    assert number_of([KEY], "open311", name) == number
    assert number_of([OTHER], "open311", name) is None
    assert number_of([KEY], "datos", name) is None


def test_a_name_is_always_the_same_and_fits_in_a_cell_a_path_and_a_spreadsheet():
    names = [opaque_id([KEY], "open311", number) for number in range(1, 500)]
    assert names == [opaque_id([KEY], "open311", number) for number in range(1, 500)]
    assert len(set(names)) == len(names)
    assert all(len(name) == 26 and name.isalnum() and name == name.lower() for name in names)
    assert sorted(names) != names


def test_a_name_holds_while_its_key_is_kept_behind_a_new_one():
    name = opaque_id([KEY], "open311", 7)
    assert number_of([OTHER, KEY], "open311", name) == 7
    assert opaque_id([OTHER, KEY], "open311", 7) != name


@given(st.text(max_size=40))
def test_an_invented_name_is_nobodys(name):
    assert number_of([KEY], "open311", name) is None


def test_a_name_has_one_spelling():
    name = opaque_id([KEY], "open311", 7)
    respelled = [name[:-1] + last for last in "abcdefghijklmnopqrstuvwxyz234567" if last != name[-1]]
    for other in (*respelled, name.upper(), name[:-1], name + "a", name + "=", f" {name}"):
        assert number_of([KEY], "open311", other) is None
