"""What hangs on a wall, at the counter or in the school of a vereda?  One page that says how to file, with its QR."""

from datetime import datetime

from pqr.config import Office
from pqr.tickets.documents import letterhead, qr, set_paper


def poster_pdf(office: Office, now: datetime, secretaria: str = "") -> bytes:
    """The poster, of letter size. `secretaria`: the name of the office on whose wall it hangs, "" for any."""
    about, link = office.about, f"{office.base_url}/radicar"
    return set_paper(
        "poster",
        {
            **letterhead(office),
            "secretaria": secretaria,
            "address": link.partition("://")[2],
            "qr": qr(link),
            "mail": f"pqr@{office.mail_domain}",
            "counter": ", ".join(part for part in (about.address, about.place) if part),
            "phone": about.phone,
            "hours": about.hours,
        },
        now,
    )
