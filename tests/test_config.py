"""Is a broken setting refused at once, by its name, and is nothing configured a demonstration?"""

from datetime import time
from ipaddress import ip_network

import pytest

from pqr.config import PRODUCTION_MARKS, load, production_findings
from pqr.errors import ConfigError
from pqr.terms.calendar import Calendar

KEY = "clave-de-las-pruebas-0123456789-abcdef"


def settings(tmp_path, **given):
    return load({"PQR_DATA_DIR": str(tmp_path), "PQR_SECRET_KEY": KEY} | given)


def test_nothing_configured_is_a_demonstration(tmp_path):
    found = load({"PQR_DATA_DIR": str(tmp_path), "HOME": "/", "DATABASE_URL": "otra"})
    assert found.demo
    assert (found.port, found.mail_in_port, found.reception_days) == (8000, 2525, 1)
    assert (found.routing, found.answer_mode, str(found.closing_rule)) == ("auto", "direct", "calendar_day")
    assert found.database_url == f"sqlite:///{tmp_path / 'pqr.sqlite3'}"
    assert (found.smtp_url, found.imap_url, found.redis_url) == ("", "", "")
    assert found.files_url.startswith("file://")


def test_every_start_of_a_demonstration_uses_the_same_key_which_nobody_else_reads(tmp_path):
    first, second = (load({"PQR_DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert first.secret_keys == second.secret_keys
    assert len(first.secret_keys[0]) == 64
    assert (tmp_path / "demo.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["demo.key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PQR_SMTP_URL", "smtp://relay.example"),
        ("PQR_IMAP_URL", "imaps://u:p@correo.example"),
        ("PQR_BASE_URL", "https://pqr.example"),
        ("PQR_MAIL_DOMAIN", "puerres.example"),
        ("PQR_SECRET_KEY", ","),
        ("PQR_DEMO", "0"),
    ],
)
def test_a_service_for_real_does_not_start_without_its_key(tmp_path, name, value):
    with pytest.raises(ConfigError, match="PQR_SECRET_KEY"):
        load({"PQR_DATA_DIR": str(tmp_path), name: value})


def test_every_mark_of_production_ends_the_demonstration(tmp_path):
    values = {"PQR_SMTP_URL": "smtp://r.example", "PQR_IMAP_URL": "imap://c.example", "PQR_SECRET_KEY": KEY}
    values |= {"PQR_BASE_URL": "https://pqr.example", "PQR_MAIL_DOMAIN": "puerres.example"}
    assert set(values) == set(PRODUCTION_MARKS)
    for name, value in values.items():
        assert not settings(tmp_path, **{name: value}).demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PQR_SECRET_KEY", "corta"),
        ("PQR_SECRET_KEY", f"{KEY},corta"),
        ("PQR_PORT", "ocho mil"),
        ("PQR_PORT", "0"),
        ("PQR_PORT", "-1"),
        ("PQR_PORT", "70000"),
        ("PQR_PORT", "８０００"),
        ("PQR_MAIL_IN_PORT", "2525.0"),
        ("PQR_DATABASE_URL", "mysql://localhost/pqr"),
        ("PQR_DATABASE_URL", "pqr.sqlite3"),
        ("PQR_REDIS_URL", "localhost:6379"),
        ("PQR_BASE_URL", "pqr.example"),
        ("PQR_BASE_URL", "https://"),
        ("PQR_BASE_URL", "https://[::1"),
        ("PQR_SMTP_URL", "relay.example:25"),
        ("PQR_SMTP_URL", "smtp://relay.example:veinticinco"),
        ("PQR_SMTP_URL", "smtp://"),
        ("PQR_IMAP_URL", "pop3://correo.example"),
        ("PQR_IMAP_URL", "imaps://u:p@correo.example:99999"),
        ("PQR_MAIL_DOMAIN", "pqr@puerres.example"),
        ("PQR_MAIL_DOMAIN", "puerres example"),
        ("PQR_FILES_URL", "archivos"),
        ("PQR_FILES_URL", "ftp://archivos.example"),
        ("PQR_CLOSING_RULE", "18:00"),
        ("PQR_CLOSING_RULE", "office_hours@25:00"),
        ("PQR_RECEPTION_DAYS", "0"),
        ("PQR_RECEPTION_DAYS", "uno"),
        ("PQR_PUBLISH_FEWEST", "4"),
        ("PQR_READS_DAYS", "30"),
        ("PQR_CLAMD_URL", "/run/clamav/clamd.ctl"),
        ("PQR_ROUTING", "manual"),
        ("PQR_ANSWER_MODE", "revisar"),
        ("PQR_DEMO", "tal vez"),
        ("PQR_RATE_LIMITS", "no"),
        ("PQR_WEBHOOKS_ALLOW", "mi-red"),
        ("PQR_WEBHOOKS_ALLOW", "10.1.2.3/8"),
        ("PQR_WORKERS", "65"),
        ("PQR_ALERTS_TO", "sistemas"),
        ("PQR_ALERTS_TO", "a@b.example; c@d.example"),
        ("PQR_METRICS_ALLOW", "10.1.2.3/8"),
        ("PQR_LOG", "xml"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_name_of_its_variable(tmp_path, name, value):
    with pytest.raises(ConfigError, match=name):
        settings(tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("PQR_PORT", " 8080 ", "port", 8080),
        ("PQR_DATABASE_URL", "postgres://u:p@db/pqr", "database_url", "postgresql+psycopg://u:p@db/pqr"),
        ("PQR_DATABASE_URL", "postgresql://db/pqr", "database_url", "postgresql+psycopg://db/pqr"),
        ("PQR_REDIS_URL", "unix:///run/redis.sock", "redis_url", "unix:///run/redis.sock"),
        ("PQR_BASE_URL", "https://pqr.example/", "base_url", "https://pqr.example"),
        ("PQR_MAIL_DOMAIN", "Puerres-Narino.Gov.Example", "mail_domain", "puerres-narino.gov.example"),
        ("PQR_FILES_URL", "s3://pqr/archivos", "files_url", "s3://pqr/archivos"),
        ("PQR_CLAMD_URL", "unix:///run/clamav/clamd.ctl", "clamd_url", "unix:///run/clamav/clamd.ctl"),
        ("PQR_CLAMD_URL", "tcp://127.0.0.1:3310", "clamd_url", "tcp://127.0.0.1:3310"),
        ("PQR_SECRET_KEY", f"{KEY}, {KEY}-vieja", "secret_keys", (KEY, f"{KEY}-vieja")),
        ("PQR_SMTP_URL", "smtp+starttls://u:p%40@r.example", "smtp_url", "smtp+starttls://u:p%40@r.example"),
        ("PQR_DEMO", "on", "demo", True),
        ("PQR_RATE_LIMITS", "OFF", "rate_limits", False),
        ("PQR_WEBHOOKS_ALLOW", "10.0.0.0/8, ::1", "webhooks_allow", (ip_network("10.0.0.0/8"), ip_network("::1"))),
        ("PQR_ROUTING", "desk", "routing", "desk"),
        ("PQR_ALERTS_TO", "a@b.example, c@d.example,", "alerts_to", ("a@b.example", "c@d.example")),
        ("PQR_METRICS_ALLOW", "", "metrics_allow", (ip_network("127.0.0.0/8"), ip_network("::1"))),
        ("PQR_METRICS_ALLOW", "10.1.2.3", "metrics_allow", (ip_network("10.1.2.3"),)),
        ("PQR_LOG", "", "log", "json"),
        ("PQR_LOG", "logfmt", "log", "logfmt"),
        ("PQR_ANSWER_MODE", "review", "answer_mode", "review"),
        ("PQR_ENTITY", "", "entity", "Alcaldía Municipal de Puerres"),
    ],
)
def test_a_value_is_read_as_operators_write_it(tmp_path, name, value, field, read):
    assert getattr(settings(tmp_path, **{name: value}), field) == read


def test_the_closing_rule_is_read(tmp_path):
    assert settings(tmp_path, PQR_CLOSING_RULE="office_hours@17:30").closing_rule.closes_at == time(17, 30)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "ocupado").write_text("un archivo")
    with pytest.raises(ConfigError, match="PQR_DATA_DIR"):
        load({"PQR_DATA_DIR": str(tmp_path / "ocupado" / "datos")})


def test_an_act_knows_what_it_needs_and_no_path_nor_password(tmp_path):
    office = settings(tmp_path, PQR_SMTP_URL="smtp://u:secreta@r.example").office(Calendar())
    assert office.keys == (KEY,)
    assert "secreta" not in repr(office)


def test_a_demonstration_is_not_fit_for_citizens(tmp_path):
    found = list(production_findings(load({"PQR_DATA_DIR": str(tmp_path), "PQR_RATE_LIMITS": "off"})))
    for name in ("PQR_DEMO", "PQR_SMTP_URL", "PQR_BASE_URL", "PQR_MAIL_DOMAIN", "PQR_RATE_LIMITS"):
        assert any(sentence.startswith(name) for sentence in found)


def test_a_finished_configuration_has_no_findings(tmp_path):
    fit = settings(
        tmp_path,
        PQR_SMTP_URL="smtp+starttls://r.gov.co",
        PQR_BASE_URL="https://pqr.gov.co",
        PQR_MAIL_DOMAIN="pqr.gov.co",
        PQR_TWO_STEPS="admin,auditor",
        PQR_ALERTS_TO="sistemas@pqr.gov.co",
    )
    assert list(production_findings(fit)) == []
