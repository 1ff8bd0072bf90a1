"""The web service, for any WSGI server: `gunicorn wsgi:app`."""

from pqr.app import create_app
from pqr.door import recall_keys, settings
from workers.broker import Nudger, make_celery

app = create_app()
with app.app_context():
    recall_keys()
    app.extensions["pqr_nudge"] = Nudger(make_celery(settings()))
