"""Which files came with a form, and how do files leave?  Always as a download: a page of ours never runs them."""

from io import BytesIO

from flask import Response, send_file

from pqr.config import Office
from pqr.desk.forms import StaffForm
from pqr.tickets import files
from pqr.tickets.files import StoredFile


def keep_all(form: StaffForm, office: Office) -> tuple[StoredFile, ...]:
    """Puts the form's files in the store, before any transaction; one without a byte is left out."""
    read = ((file, file.stream.read()) for file in form.chosen_files)
    return tuple(files.keep(content, file.filename or "", file.mimetype, office) for file, content in read if content)


def download(content: bytes, name: str, media_type: str) -> Response:
    """The bytes as an attachment with this name, of a type that no browser guesses again."""
    response = send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
