"""Did a machine write this, and must it therefore not be answered?

An answer to a machine may start a loop, so the signs of RFC 3834 and of the common mail servers are read
here. Two headers are deliberately no sign: `List-Id` (a group may be the municipality's own mailbox) and
`X-Auto-Response-Suppress`, which Exchange also sets on letters that people write; it only confirms another
sign.
"""

import re

from pqr.mail import headers
from pqr.mail.headers import Headers
from pqr.mail.mime import Part

AUTO_REPLIED = "auto-replied"
AUTO_GENERATED = "auto-generated"
BULK = "bulk"
DELIVERY_REPORT = "delivery-report"

_REPLIER_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "x-autoreply-from")
_REPLIER_PRECEDENCE = frozenset({"auto_reply", "auto-reply"})
_BULK_PRECEDENCE = frozenset({"bulk", "junk"})
_MACHINE_NAMES = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon"})
_VACATION = re.compile(
    r"((respuesta|resposta) autom[aá]tica|automatic reply|auto(matic)?[- ]?reply|autorespuesta)\s*:"
    r"|((fuera|ausente) de (la )?oficina|out of (the )?office|fora do escrit[oó]rio)\s*(:|$|[(\[])",
    re.IGNORECASE,
)
_VACATION_LIKE = re.compile(
    r"(respuesta|resposta) autom|automatic reply|auto-?reply|autorespuesta|fuera de (la )?oficina"
    r"|out of (the )?office|ausente de la oficina|fora do escrit",
    re.IGNORECASE,
)


_LONGEST_NOTICE = 800
_ABSENT = re.compile(
    r"\b(fuera|ausente) de (la|mi|nuestra) oficina\b|\bout of (the|my) office\b|\bfora do escrit[oó]rio\b"
    r"|\b(estoy|estamos|estar[eé](mos)?|(me|nos) enc[ou]e?ntr(o|amos|ar[eé])) (de|en|disfrutando) (de )?(mis )?"
    r"vacaciones\b"
    r"|\bon (annual leave|vacation|holiday)\b"
    r"|\b(mensaje|correo|respuesta|mail) (generad[oa] )?autom[aá]tic[oa](mente)?\b|\bautomat(ic|ed) (reply|response)\b"
    r"|\b(por favor )?no (responda|conteste)s? (a )?este (mensaje|correo)\b"
    r"|\bgracias por (su|tu) (mensaje|correo)\b.{0,200}\b(en breve|a la mayor brevedad|lo m[aá]s pronto posible"
    r"|responderemos|nos comunicaremos|pondremos en contacto|de vacaciones)\b",
    re.IGNORECASE | re.DOTALL,
)


def sounds_absent(text: str) -> bool:
    """Say whether a short letter reads like the answer of a machine that says nothing of itself in its headers."""
    return len(text) <= _LONGEST_NOTICE and _ABSENT.search(text) is not None


def reason(tree: Part) -> str:
    """Return why the message counts as written by a machine, or "" when a person wrote it.

    One of "delivery-report" (RFC 3464), "auto-replied" and "auto-generated" (RFC 3834 §5), "bulk".
    """
    found = tree.headers
    if is_delivery_report(tree):
        return DELIVERY_REPORT
    submitted = _submitted(found)
    if submitted == AUTO_REPLIED or _replies_by_itself(tree):
        return AUTO_REPLIED
    if submitted or _from_a_machine(found) or tree.media_type == "multipart/report":
        return AUTO_GENERATED
    return BULK if _precedences(found) & _BULK_PRECEDENCE else ""


def is_delivery_report(tree: Part) -> bool:
    """Say whether a mail server tells what became of a letter (RFC 3464, or the older notations)."""
    if tree.media_type == "multipart/report" and _report_type(tree) in ("", "delivery-status"):
        return True
    if "x-failed-recipients" in tree.headers:  # Exim, Gmail
        return True
    enclosed = any(part.media_type == "message/delivery-status" for part in tree.walk())
    return _from_a_machine(tree.headers) and (enclosed or tree.content.startswith(b"Hi. This is the qmail-send"))


def _submitted(found: Headers) -> str:
    """Return "auto-replied", "auto-generated" (which stands for every other value too) or "" (none, or
    "no").
    """
    value = headers.text(headers.first(found, "auto-submitted")).lower()
    keyword = re.split(r"[\s;(]", value, maxsplit=1)[0]
    if keyword in ("", "no"):
        return ""
    return AUTO_REPLIED if keyword == AUTO_REPLIED else AUTO_GENERATED


def _replies_by_itself(tree: Part) -> bool:
    found = tree.headers
    if tree.media_type == "multipart/report" and _report_type(tree) == "disposition-notification":
        return True  # a read receipt, RFC 8098
    if any(name in found for name in _REPLIER_HEADERS) or _precedences(found) & _REPLIER_PRECEDENCE:
        return True
    subject = headers.text(headers.first(found, "subject"))
    answers = "in-reply-to" in found or "references" in found
    confirmed = _has_null_return_path(found) or (answers and "x-auto-response-suppress" in found)
    return bool(_VACATION.match(subject) or (confirmed and _VACATION_LIKE.match(subject)))


def _precedences(found: Headers) -> set[str]:
    values = (*found.get("precedence", ()), *found.get("x-precedence", ()))
    return {value.strip().lower() for value in values}


def _from_a_machine(found: Headers) -> bool:
    senders = headers.mailboxes(headers.first(found, "from"))
    names = {address.partition("@")[0] for _, address in senders}
    bare = headers.first(found, "from").strip(" <>").lower()
    return bool(names & _MACHINE_NAMES) or bare in _MACHINE_NAMES or _has_null_return_path(found)


def _has_null_return_path(found: Headers) -> bool:
    return any(value.replace(" ", "") == "<>" for value in found.get("return-path", ()))


def _report_type(tree: Part) -> str:
    return headers.parameter(headers.first(tree.headers, "content-type"), "report-type").lower()
