"""A django-helpdesk as its guide installs it, on SQLite: its settings, and the commands that make and fill it.

Runs in its own virtual environment. `PEER_HOME`: where it keeps everything. `PEER_RELAY`: the port of its SMTP relay.
What the guide leaves open is chosen in its favour: SQLite writes ahead, and whoever writes waits for the lock.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

HOME = Path(os.environ["PEER_HOME"])
AT_ONCE = 1000  # rows
DJANGO = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize")
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
CONTEXT = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)
WAL = {"timeout": 30, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
settings.configure(
    SECRET_KEY="solo-para-medir",
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=[*(f"django.contrib.{each}" for each in DJANGO), "django_cleanup", "helpdesk", "rest_framework"],
    MIDDLEWARE=MIDDLEWARE,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": CONTEXT},
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "site.sqlite3", "OPTIONS": WAL}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    ROOT_URLCONF=__name__,
    SITE_ID=1,
    LOGIN_URL="helpdesk:login",
    LOGIN_REDIRECT_URL="helpdesk:home",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    DEFAULT_FROM_EMAIL="pqr@puerres.example",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["PEER_RELAY"]),
    LANGUAGE_CODE="es-co",
    TIME_ZONE="America/Bogota",
    USE_TZ=True,
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    MEDIA_ROOT=HOME / "media",
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402 - as all below: they need the settings
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import include, path  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402

urlpatterns = [
    path("", include("helpdesk.urls", namespace="helpdesk")),
    path("admin/", admin.site.urls),
]
application = get_wsgi_application()


def make(offices: str, password: str) -> None:
    """An empty one with so many public queues, of which the first takes mail from a directory, and one of the staff."""
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    get_user_model().objects.create_superuser("mesa", "mesa@puerres.example", password)
    shared = {"allow_public_submission": True, "locale": "es"}
    for number in range(1, int(offices) + 1):
        mail = {
            "email_box_type": "local",
            "email_box_local_dir": str(HOME / "mail"),
            "allow_email_submission": True,
            "email_box_interval": 0,
        }
        names = {"title": f"Dependencia {number}", "slug": f"d{number}", "email_address": f"d{number}@puerres.example"}
        Queue.objects.create(**shared, **names, **(mail if number == 1 else {"email_box_type": None}))


def load(petitions: str) -> None:
    """One ticket for each line, with the follow-up that its own form writes."""
    waiting = []
    with Path(petitions).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            subject, body, received, due, is_open, office = json.loads(line)
            at = datetime.fromisoformat(received).replace(tzinfo=UTC)
            waiting.append(
                Ticket(
                    id=number,
                    title=subject[:200],
                    description=body,
                    created=at,
                    modified=at,
                    due_date=datetime.fromisoformat(due).replace(tzinfo=UTC),
                    submitter_email=f"persona{number}@correo.example",
                    status=Ticket.OPEN_STATUS if is_open else Ticket.CLOSED_STATUS,
                    queue_id=office,
                )
            )
            if len(waiting) == AT_ONCE:
                _write(waiting)
                waiting = []
    _write(waiting)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write(tickets: list[Ticket]) -> None:
    Ticket.objects.bulk_create(tickets)
    opened = {"title": "Ticket Opened", "public": True}
    told = [FollowUp(ticket_id=one.id, date=one.created, comment=one.description, **opened) for one in tickets]
    FollowUp.objects.bulk_create(told)


def mail() -> None:
    """Its own command, over what lies in the directory."""
    call_command("get_email", quiet=True)


if __name__ == "__main__":
    commands: dict[str, Callable[..., None]] = {"make": make, "load": load, "mail": mail}
    commands[sys.argv[1]](*sys.argv[2:])
