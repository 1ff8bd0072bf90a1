"""Is entering as safe as a password can make it, and does nothing around it tell or lose more than it must?"""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select

from pqr.accounts import acts, passwords, second_step
from pqr.accounts.models import User
from pqr.accounts.roles import Role
from tests.builders import NOW, letters_of
from tests.desk.staff import PASSWORD, employ, look_again, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EMAIL = "desk@puerres.example"


@pytest.fixture
def official(session):
    user = employ(session, Role.DESK)
    acts.give_password(user, PASSWORD)
    session.commit()
    return user


def test_a_password_is_hidden_may_be_pasted_and_is_offered_to_the_manager(client, session):
    _, token = acts.add_user(session, acts.NewUser("nueva@puerres.example", Role.DESK), NOW)
    session.commit()
    with time_machine.travel(NOW, tick=False):
        pages = {"/ingresar": "current-password", acts.LINK_PATH + token: "new-password"}
        for path, kind in pages.items():
            field = re.search(r'<input[^>]*name="password"[^>]*>', client.get(path).text)[0]
            assert 'type="password"' in field
            assert f'autocomplete="{kind}"' in field
            assert "onpaste" not in field
            assert "maxlength" not in field


def test_a_long_password_opens_as_a_whole(client, session, official):
    long = "la vereda queda lejos y el camino es de piedra " * 3
    acts.give_password(official, long)
    session.commit()
    assert send(client, "/ingresar", email=EMAIL, password=long[:72]).status_code == 422
    assert send(client, "/ingresar", email=EMAIL, password=long.upper()).status_code == 422
    assert send(client, "/ingresar", email=EMAIL, password=long).status_code == 303


def test_a_new_installation_has_no_account_that_anybody_could_know(session):
    assert session.scalar(select(func.count()).select_from(User)) == 0
    path = acts.first_admin_link(session, "admin@puerres.example", NOW)
    admin = session.scalars(select(User)).one()
    assert admin.password_hash == ""
    assert len(path.removeprefix(acts.LINK_PATH)) >= 32


def test_a_new_password_by_link_still_asks_for_the_second_step(client, session, official, settings):
    with time_machine.travel(NOW, tick=False) as moment:
        nonce, keys = second_step.new_nonce(), settings.secret_keys
        totp = pyotp.TOTP(second_step.secret_of(nonce, official.id, keys[0]))
        assert second_step.enrol(official, nonce, totp.at(NOW), keys, NOW)
        session.commit()
        send(client, "/ingresar/olvido", email=EMAIL)
        look_again(session)
        link = re.search(r"(/ingresar/enlace/\S+)", letters_of(session, "password_link")[0].text)[1]
        assert send(client, link, password="tres palabras nuevas").status_code == 303
        assert send(client, "/ingresar", email=EMAIL, password="tres palabras nuevas").location == "/ingresar/codigo"
        assert client.get("/atencion/").location.startswith("/ingresar")
        moment.shift(60)
        entered = send(client, "/ingresar/codigo", code=totp.at(NOW + timedelta(seconds=60)))
        assert entered.location == "/atencion/"


class Counting(PasswordHasher):
    """Argon2, which says how often it worked: what takes the time of a try."""

    worked = 0

    def verify(self, *given):
        self.worked += 1
        return super().verify(*given)


@pytest.mark.parametrize("email", [EMAIL, "nadie@puerres.example", "inactiva@puerres.example"])
def test_an_address_of_nobody_costs_as_much_as_a_wrong_password(client, session, official, monkeypatch, email):
    employ(session, Role.DESK, email="inactiva@puerres.example").active = False
    session.commit()
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    passwords._nobodys_hash.cache_clear()
    assert send(client, "/ingresar", email=email, password="no es esta que digo").status_code == 422
    assert hasher.worked == 1
