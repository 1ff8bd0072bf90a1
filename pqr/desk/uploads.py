"""Which files came with a form, and how do files leave?  Always as a download: a page of ours never runs them."""

from io import BytesIO

from flask import Response, send_file

from pqr.config import Office
from pqr.desk.forms import StaffForm
from pqr.tickets import files
from pqr.tickets.programs import is_program
from pqr.tickets.scanner import InfectedFile, refuse_infected


def keep_all(form: StaffForm, office: Office) -> bool:
    """Puts the form's files in the store, before any transaction; one without a byte is left out.

    False where one is a program or carries a virus: then nothing is stored, and the form says so.
    """
    read = [(file, file.stream.read()) for file in form.chosen_files]
    programs = ", ".join(f"«{file.filename}»" for file, content in read if is_program(content))
    if programs:
        form.attachments.errors = [f"No se guardan programas: {programs}. Quítelo y envíe otra vez."]
        return False
    try:
        refuse_infected([(file.filename or "", content) for file, content in read], office.clamd_url)
    except InfectedFile as refusal:
        form.attachments.errors = [f"{refusal} Así no se puede guardar: quítelo o elija una copia sana."]
        return False
    form.kept = tuple(
        files.keep(content, file.filename or "", file.mimetype, office) for file, content in read if content
    )
    return True


def download(content: bytes, name: str, media_type: str) -> Response:
    """The bytes as an attachment with this name, of a type that no browser guesses again."""
    response = send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
