"""How does a form become a draft?  It keeps what the chosen identity allows, and nothing else."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from pqr.portal.choices import CONDITIONS, PROFILE
from pqr.portal.forms import FilingForm
from pqr.portal.opened import doubts_about
from pqr.portal.uploads import Uploads
from pqr.terms.kinds import TicketKind
from pqr.tickets.filing import Draft, PetitionerData
from pqr.tickets.models import Channel, Identity

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
NOT_WORDS = ("csrf_token", "attachments", "opened")
Profile = Mapping[str, str | list[str]]


def draft_of(form: FilingForm, topics: Collection[int], uploads: Uploads, now: datetime) -> Draft:
    """The draft of a form that was found good. `topics`: ids that exist; another one is left to the desk."""
    topic = form.topic.data or ""
    profile = _profile(form)
    return Draft(
        kind=TicketKind(form.kind.data),
        subject=form.subject.data or "",
        body=form.description.data or "",
        channel=Channel.WEB,
        received_at=now,
        identity=Identity(form.identity.data),
        petitioner=_petitioner(form),
        topic_id=int(topic) if topic.isdecimal() and int(topic) in topics else None,
        place=form.place.data or "",
        priority=_priority(form, profile),
        files=tuple(uploads.kept),
        profile=profile or None,
        filing_key=filing_key(form, uploads.digests),
        notices=form.notices.data or "",
        doubts=doubts_about(form, now),
    )


def _petitioner(form: FilingForm) -> PetitionerData:
    if not form.knows_who():
        by_mail = form.answer_by.data == "email"
        return PetitionerData(
            email=(form.email.data or "") if by_mail else "", answer_by="email" if by_mail else "portal"
        )
    return PetitionerData(
        name=form.name.data or "",
        email=form.email.data or "",
        kind=form.petitioner_type.data,
        document_type=form.document_type.data if form.document_number.data else "",
        document_number=form.document_number.data or "",
        answer_by=form.answer_by.data,
        phone=form.phone.data or "",
        address=form.address.data or "",
        municipality=form.municipality.data or "",
        accepts_electronic_notification=form.accept_electronic_notification.data,
        accepted_notice=form.accept_notice.data,
    )


def _profile(form: FilingForm) -> Profile:
    """The differential answers, with their own consent (Ley 1581 de 2012, art. 6); none of who is anonymous."""
    if not form.accept_sensitive.data or not form.knows_who():
        return {}
    answers: dict[str, str | list[str]] = {
        name: form[name].data for name, offered in PROFILE.items() if form[name].data in offered
    }
    conditions = [each for each in form.condition.data or [] if each in CONDITIONS]
    return {**answers, "condition": conditions} if conditions else answers


def _priority(form: FilingForm, profile: Profile) -> tuple[str, ...]:
    """The turns that the law gives to who says so of themselves (DL 19 de 2012, arts. 12-13; CPACA art. 5 num. 6)."""
    conditions = profile.get("condition", [])
    child = form.knows_who() and form.petitioner_type.data == "menor"
    flags = {
        "nna": child,
        "preferente": profile.get("disability", "ninguna") != "ninguna"
        or profile.get("age_range") == "60+"
        or "gestante" in conditions,
        "veterano": "veterano" in conditions,
        "periodista": "periodista" in conditions,
    }
    return tuple(flag for flag, holds in flags.items() if holds)


def filing_key(form: FilingForm, digests: Iterable[str]) -> str | None:
    """What makes a double click file once. `digests`: SHA-256 of each file, as it came.

    Everything typed is part of it: somebody who goes back in the browser, writes another petition in the same form
    and sends it has filed two.
    """
    given = form.filing_key.data or ""
    if not _KEY.fullmatch(given):
        return None
    typed = {field.name: field.data for field in form if field.name not in NOT_WORDS}
    content = json.dumps([typed, *sorted(digests)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
