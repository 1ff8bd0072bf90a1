"""Does an official get in by a link that works once, and by nothing else?"""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from pqr.accounts import acts
from pqr.accounts.acts import NewUser
from pqr.accounts.errors import EmailTaken, LinkNotValid, OfficeMissing, PasswordRefused
from pqr.accounts.roles import Role
from pqr.cli import main
from pqr.secretarias.directory import by_code
from tests.builders import NOW

PASSWORD = "caballo batería grapa"


def add(session, email="Atencion@Puerres.example ", role=Role.DESK, secretaria_id=None):
    return acts.add_user(session, NewUser(email, role, secretaria_id), NOW)


def test_a_new_official_chooses_a_password_with_the_link_and_enters_with_it(session):
    user, token = add(session)
    assert len(token) >= 43  # 32 bytes, url-safe
    assert acts.authenticate(session, user.email, "") is None
    acts.set_password(session, token, PASSWORD, NOW)
    assert acts.authenticate(session, "ATENCION@puerres.example", PASSWORD) is user


def test_the_link_itself_is_kept_nowhere(session):
    user, token = add(session)
    assert token not in (user.setup_hash, user.password_hash, user.session_key)
    assert len(user.setup_hash) == 64


def test_a_link_works_once(session):
    _, token = add(session)
    acts.set_password(session, token, PASSWORD, NOW)
    with pytest.raises(LinkNotValid):
        acts.set_password(session, token, "otra contraseña larga", NOW)


def test_a_link_ends_after_a_week_and_when_a_new_one_is_made(session):
    user, token = add(session)
    acts.by_link(session, token, NOW + timedelta(days=7))
    with pytest.raises(LinkNotValid):
        acts.by_link(session, token, NOW + timedelta(days=7, seconds=1))
    newer = acts.renew_link(session, user, NOW)
    with pytest.raises(LinkNotValid):
        acts.by_link(session, token, NOW)
    assert acts.by_link(session, newer, NOW) is user


def test_a_refused_password_leaves_the_link_good(session):
    _, token = add(session)
    with pytest.raises(PasswordRefused):
        acts.set_password(session, token, "corta", NOW)
    acts.set_password(session, token, PASSWORD, NOW)


def test_a_new_password_a_new_link_and_a_deactivation_end_the_open_sessions(session):
    user, token = add(session)
    keys = [user.session_key]
    acts.set_password(session, token, PASSWORD, NOW)
    keys.append(user.session_key)
    acts.renew_link(session, user, NOW)
    keys.append(user.session_key)
    acts.set_active(user, False)
    keys.append(user.session_key)
    assert len(set(keys)) == 4


def test_a_new_link_ends_the_password_before_it(session):
    user, token = add(session)
    acts.set_password(session, token, PASSWORD, NOW)
    acts.renew_link(session, user, NOW)
    assert acts.authenticate(session, user.email, PASSWORD) is None


def test_a_deactivated_official_enters_neither_by_password_nor_by_link(session):
    user, token = add(session)
    acts.give_password(user, PASSWORD)
    acts.set_active(user, False)
    session.flush()
    assert acts.authenticate(session, user.email, PASSWORD) is None
    token = acts.renew_link(session, user, NOW)
    with pytest.raises(LinkNotValid):
        acts.by_link(session, token, NOW)


def test_the_wrong_password_and_the_unknown_address_get_the_same_nothing(session):
    user, token = add(session)
    acts.set_password(session, token, PASSWORD, NOW)
    assert acts.authenticate(session, user.email, PASSWORD + "x") is None
    assert acts.authenticate(session, "nadie@puerres.example", PASSWORD) is None
    assert acts.authenticate(session, "", "") is None


def test_two_accounts_never_share_an_address(session):
    add(session)
    with pytest.raises(EmailTaken, match=r"atencion@puerres\.example"):
        add(session, "ATENCION@puerres.example")


def test_an_account_of_an_office_names_it_and_no_other_account_does(session):
    planeacion = by_code(session, "planeacion").id
    user, _ = add(session, role=Role.SECRETARIA, secretaria_id=planeacion)
    assert user.secretaria_id == planeacion
    with pytest.raises(OfficeMissing):
        add(session, "otra@puerres.example", Role.SECRETARIA)
    with pytest.raises(OfficeMissing):
        add(session, "otra@puerres.example", Role.AUDITOR, planeacion)


def test_an_account_from_a_terminal_needs_a_mail_address():
    refused = CliRunner().invoke(main, ["user", "add", "mesa", "--role", "desk"])
    assert (refused.exit_code, "arroba" in refused.output) == (2, True)
