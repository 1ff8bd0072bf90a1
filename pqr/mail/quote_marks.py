"""How do mail clients mark what their writer did not write?

Patterns of Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Zimbra, Roundcube, Zoho, Samsung and Horde in
Spanish, Portuguese and English, gathered from what they send. Each pattern asks for more than a word that
people also write: a memorandum begins with "De:", a story may say "me escribió:".
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

REPLY_MARK = re.compile(r"escriba su respuesta encima de esta l\S{1,4}nea", re.IGNORECASE)
QUOTED_LINE = re.compile(r"\s{0,3}>")
_PREFIX = re.compile(r"[\s>|*]*")
_LONGEST_ATTRIBUTION = 600

_VERB_AT_END = re.compile(r"\b(escribi\S{0,3}|wrote|escreveu|ha escrito)\s*(:|-{2,})[\s*]*$", re.IGNORECASE)
_OPENING = re.compile(r"[-\s*]*(el|en|on|em|a las?|activado)\b", re.IGNORECASE)
_DATE = re.compile(r"\d{4}|\d{1,2}[/.-]\d{1,2}|\d{1,2}[:.]\d{2}")
_ADDRESS = re.compile(r"\S@\S")
_SHORT_ATTRIBUTION = re.compile(
    r"\d{4}-\d\d-\d\d\b.{0,200}<[^<>\s]+@[^<>\s]+>\s*:"  # Gmail, some years ago
    r"|citando a?\b.{1,200}:"  # Horde
    r"|[^@]{0,100}<?\S+@\S+>?\)? escribió:",
    re.IGNORECASE,
)
_RUN_ON = re.compile(  # Yahoo on telephones: the older text goes on in the line of its attribution
    r"(el|on|em)\b.{6,80}\d{4}.{0,150}<[^<>\s]+@[^<>\s]+> (escribió|wrote|escreveu): \S", re.IGNORECASE
)
_SEPARATOR = re.compile(
    r"-{2,}\s*(mensaje (original|reenviado)|mensagem (original|encaminhada)|(original|forwarded) message"
    r"|correo original|reenviado|forwarded)\s*-{2,}|(inicio del mensaje reenviado|begin forwarded message"
    r"|in[ií]cio da mensagem (re)?encaminhada)\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_]{20,}|-{20,}")
_FROM_FIELD = re.compile(r"(de|from|desde)\s*:\s*\*?\s*\S", re.IGNORECASE)
_SENT_FIELD = re.compile(r"(?:^|\s)\*?(enviad[oa]s?(\s+(el|em))?|sent)\s*:", re.IGNORECASE | re.MULTILINE)
_DATE_FIELD = re.compile(r"(?:^|\s)\*?(fecha|date|data)\s*:.{0,60}\d{1,2}[:.]\d{2}", re.IGNORECASE | re.MULTILINE)
_FIELD_LINES = 8

_DEVICE = re.compile(
    r"(enviad[oa]|sent) (desde|from|do|pelo|con|com|via|with) ((mi|my|meu|un|el|la app|nuestro"
    r"|el correo electr[oó]nico seguro de) )?"
    r"(iphone|ipad|android|samsung|galaxy|huawei|honor|xiaomi|redmi|motorola|moto|oppo|vivo|blackberry|nokia"
    r"|mobile|dispositivo|celular|tel[eé]fono|m[oó]vil|smartphone|yahoo|outlook|correo para windows|gmail"
    r"|mail (para|for)|proton ?mail|aqua mail|typeapp|hotmail|zoho mail|bluemail)\b.{0,120}"
    r"|(obtener|obtenga|descargar|get|obter|baixar)( o)? outlook (para|for) .{1,120}"
    r"|libre de virus\W.{0,80}|virus-free\W.{0,80}|.{0,40}\bwww\.avast\.com\b.{0,60}",
    re.IGNORECASE,
)
_LONGEST_DEVICE_LINE = 250
_NOTICE_HEADING = re.compile(
    r"\W*(aviso (legal|de confidencialidade?|de privacidad)|(nota|cl[aá]usula) (de )?confidencial\w*"
    r"|confidencialidad|confidential(ity)?( notice)?|disclaimer)\b",
    re.IGNORECASE,
)
_NOTICE_START = re.compile(
    r"\W*(importante\W+)?((el contenido de )?(este|el presente|esta|this|the|la|as|o conteúdo d)\w* "
    r"(mensaje|correo|comunicaci[oó]n|e-?mail|message|informa\w+|transmisi[oó]n|mensagem)"
    r"|si (usted )?(no es|ha recibido)|if you (are not|have received))\b",
    re.IGNORECASE,
)
_NOTICE_WORDS = (
    re.compile(r"confiden[ct]i|privilegiad|privileged|reservad|protegid", re.IGNORECASE),
    re.compile(r"destinat[aá]ri|intended recipient|addressee|dirigid[oa] exclusiv|uso exclusiv", re.IGNORECASE),
    re.compile(
        r"prohib|proíb|elim[ií]n|b[oó]rr|destru|notif|inform\w* al remitente|divulg|difus|delet|apag|autoriz"
        r"|copia",
        re.IGNORECASE,
    ),
)
_PRINT_NOTICE = re.compile(
    r"\W*((antes de|piense antes de|no) imprim|.{0,40}(before printing|medio ambiente antes de imprimir))",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 40
_MOST_NOTICES = 20
_LONGEST_PRINT_NOTICE = 250


def bare(line: str) -> str:
    """Return a line without quote marks and bold asterisks in front, its white space collapsed, composed
    (NFC).
    """
    words = " ".join(line[_PREFIX.match(line).end() :].split())  # type: ignore[union-attr]
    return unicodedata.normalize("NFC", words)


def is_quoted(line: str) -> bool:
    """Say whether the line begins with the quote mark of plain text."""
    return QUOTED_LINE.match(line) is not None


def is_device_line(line: str) -> bool:
    """Say whether a telephone or an antivirus wrote the line."""
    return len(line) <= _LONGEST_DEVICE_LINE and _DEVICE.fullmatch(bare(line)) is not None


def is_notice_heading(line: str) -> bool:
    """Say whether the line is only the title of a legal notice, which then follows below."""
    heading = _NOTICE_HEADING.match(bare(line))
    return heading is not None and not re.search(r"\w", bare(line)[heading.end() :])


def notice_start(paragraph: Sequence[str]) -> int | None:
    """Return the line of a paragraph where a confidentiality notice, or a request not to print, begins, or
    None.

    A person who asks for confidentiality uses one of its words; only a notice speaks in one breath of the
    secret, of its recipient and of what is forbidden.
    """
    starts = (number for number, line in enumerate(paragraph) if _may_start_notice(bare(line)))
    for number in islice(starts, _MOST_NOTICES):
        if _is_notice(bare(" ".join(paragraph[number : number + _LONGEST_NOTICE]))):
            return number
    return None


def _may_start_notice(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_NOTICE_HEADING, _NOTICE_START, _PRINT_NOTICE))


def _is_notice(words: str) -> bool:
    if len(words) <= _LONGEST_PRINT_NOTICE and _PRINT_NOTICE.match(words):
        return True
    signs = sum(1 for pattern in _NOTICE_WORDS if pattern.search(words))
    return signs == len(_NOTICE_WORDS) or (signs >= 2 and _NOTICE_HEADING.match(words) is not None)


def attribution_start(lines: Sequence[str], end: int) -> int | None:
    """Return where the attribution that ends in this line begins, at most three lines above, or None.

    `lines` are bare. An attribution is "El mar, 3 feb 2026 a la(s) 9:15 a. m., Fulano (<x@y>) escribió:".
    """
    last = lines[end]
    if len(last) > _LONGEST_ATTRIBUTION:
        return None
    first = max(0, end - 3) if _VERB_AT_END.search(last) else end + 1
    for start in range(end, first - 1, -1):
        whole = " ".join(lines[start : end + 1])
        if _OPENING.match(lines[start]) and _DATE.search(whole) and len(whole) <= _LONGEST_ATTRIBUTION:
            return start
    return end if _SHORT_ATTRIBUTION.fullmatch(last) else None


def runs_on(line: str) -> bool:
    """Say whether a line, bare, is an attribution with the older text behind it."""
    return _RUN_ON.match(line) is not None


def names_an_address(attribution: str) -> bool:
    """Say whether an attribution gives an e-mail address, which no story does."""
    return _ADDRESS.search(attribution) is not None


def opens_header_block(lines: Sequence[str], start: int) -> bool:
    """Say whether the fields of an older mail begin here: "De: … Enviado: … Para: … Asunto: …".

    `lines` are bare. A memorandum has "De:", "Fecha:" and "Asunto:" too, but no hour together with an
    address.
    """
    if not _FROM_FIELD.match(lines[start]):
        return False
    block = "\n".join(lines[start : start + _FIELD_LINES])
    return bool(_SENT_FIELD.search(block) or (_DATE_FIELD.search(block) and _ADDRESS.search(block)))


def opens_older_mail(lines: Sequence[str], start: int) -> bool:
    """Say whether a separator stands here: "-----Mensaje original-----", or Outlook's rule above a header
    block.
    """
    line = lines[start]
    if _SEPARATOR.fullmatch(line):
        return True
    if not _RULE.fullmatch(line):
        return opens_header_block(lines, start)
    below = next((number for number in range(start + 1, min(start + 4, len(lines))) if lines[number]), None)
    return below is not None and (opens_header_block(lines, below) or bool(_SEPARATOR.fullmatch(lines[below])))
