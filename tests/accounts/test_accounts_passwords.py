"""Is a password kept so that nobody can read it, and refused when anybody could guess it?"""

import pytest

from pqr.accounts import passwords
from pqr.accounts.errors import PasswordRefused

COSTS = "$argon2id$v=19$m=65536,t=3,p=4$"  # RFC 9106, section 4, the second recommended option; memory in KiB
EMAIL = "atencion.al.usuario@puerres.example"


@pytest.fixture(autouse=True)
def as_in_the_service(monkeypatch, costly_hasher):
    monkeypatch.setattr(passwords, "_HASHER", costly_hasher)
    passwords._nobodys_hash.cache_clear()


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("corta", "al menos 12"),
        ("x" * 11, "al menos 12"),
        ("ab" * 501, "hasta 1000"),
        (EMAIL, "el correo"),
        (EMAIL.upper(), "el correo"),
        ("atencion.al.usuario", "el correo"),
        ("aaaaaaaaaaaa", "misma letra"),
        ("abababababab", "misma letra"),
        ("qwerty123456", "alguien probaría"),
        ("Contraseña2026", "alguien probaría"),
        ("ALCALDIA-2026!", "alguien probaría"),
        ("password.password", "alguien probaría"),
        ("Usuario.12345", "alguien probaría"),
        ("123456789012", "alguien probaría"),
        ("abcdefghijklmn", "alguien probaría"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password, says):
    with pytest.raises(PasswordRefused, match=says):
        passwords.check(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    ["doce letras.", "contraseña de la vereda", "8147 2290 6631", "caballo batería grapa", "ñandú en la vereda 7"],
)
def test_long_enough_words_are_a_password(password):
    passwords.check(password, EMAIL)


def test_what_is_kept_is_a_salted_hash_that_only_its_password_opens():
    first, second = passwords.hash_password("caballo batería"), passwords.hash_password("caballo batería")
    assert first != second
    assert first.startswith(COSTS)
    assert passwords.matches(first, "caballo batería")
    assert not passwords.matches(first, "caballo bateria")
    assert not passwords.is_outdated(first)


@pytest.mark.parametrize("kept", ["", "not a hash"])
def test_where_nothing_usable_is_kept_no_password_matches(kept):
    assert passwords._nobodys_hash().startswith(COSTS)  # so that it takes as long
    assert not passwords.matches(kept, "nobody has this password")
