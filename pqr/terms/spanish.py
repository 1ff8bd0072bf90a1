"""How is a day, an hour or a number of days said to a person in Colombia?

Written out here and not taken from a locale: the same words must come out on every machine.
"""

from datetime import date, time

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def weekday_name(day: date) -> str:
    """The day of the week: "martes"."""
    return _WEEKDAYS[day.weekday()]


def long_date(day: date) -> str:
    """The day in full: "martes 3 de febrero de 2026"."""
    return f"{weekday_name(day)} {day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def long_hour(hour: time) -> str:
    """The hour with its article: "las 6:00 p. m.", "la 1:30 p. m.", "las 12:00 m." at noon.

    Seconds are said only when there are some: 6:00:01 p. m. is already after 6:00 p. m.
    """
    minutes = f"{hour.minute:02d}" + (f":{hour.second:02d}" if hour.second else "")
    number = hour.hour % 12 or 12
    return f"{'la' if number == 1 else 'las'} {number}:{minutes} {_half_of_the_day(hour)}"


def _half_of_the_day(hour: time) -> str:
    if (hour.hour, hour.minute, hour.second) == (12, 0, 0):
        return "m."
    return "a. m." if hour.hour < 12 else "p. m."


def counted(number: int, one: str, many: str) -> str:
    """The number with its noun: "1 día hábil", "15 días hábiles"."""
    return f"{number} {one if number == 1 else many}"
