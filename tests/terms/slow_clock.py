"""The clock of a ticket again, day by day, written from the law alone: it shares no code with the service.

Ley 51/1983 and Ley 2578/2026 for the holidays, CPACA arts. 14, 17 and 21 and Ley 4/1913 arts. 59 and 62 for the days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

COLOMBIA = timezone(timedelta(hours=-5))
ONE = timedelta(days=1)
# law.md 1.1: base and longest extension, business days
BASES = {
    "peticion_general": (15, 15),
    "peticion_particular": (15, 15),
    "informacion": (10, 10),
    "documentos": (10, 10),
    "consulta": (30, 30),
    "queja": (15, 15),
    "reclamo": (15, 15),
    "sugerencia": (15, 15),
    "denuncia": (15, 15),
    "felicitacion": (15, 15),
    "entre_autoridades": (10, 0),
    "congreso": (5, 0),
    "defensoria": (5, 0),
    "habeas_data_consulta": (10, 5),
    "habeas_data_reclamo": (15, 8),
    "tutela_impugnacion": (3, 0),
    # steps of a case
    "traslado": (5, 0),
    "requerimiento_completar": (10, 0),
    "aclaracion": (10, 0),
    "insistencia": (10, 0),
    "leyenda_reclamo_en_tramite": (2, 0),
}
MONTHS = {"plazo_completar_1m": 1, "recurso_reposicion": 2}


def easter(year):
    """Gauss's rule with the Gregorian corrections."""
    k = year // 100
    m = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25
    s = 2 - (3 * k + 3) // 4
    a = year % 19
    d = (19 * a + m) % 30
    r = (d + a // 11) // 29
    og = 21 + d - r
    sz = 7 - (year + year // 4 + s) % 7
    oe = 7 - (og - sz) % 7
    return date(year, 3, 1) + timedelta(days=og + oe - 1)


def holidays(year):
    """Every national day off of the year, before weekends are looked at."""
    fixed = {date(year, *each) for each in ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25))}
    moved = [date(year, *each) for each in ((1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11))]
    if year >= 2026:
        moved.append(date(year, 7, 9))
    sunday = easter(year)
    moved += [sunday + timedelta(days=each) for each in (39, 60, 68)]
    for day in moved:
        while day.isoweekday() != 1:
            day += ONE
        fixed.add(day)
    return fixed | {sunday - 3 * ONE, sunday - 2 * ONE}


HOLIDAYS = {day for year in range(2019, 2032) for day in holidays(year)}


@dataclass
class Case:
    """`closed`: days off by local acts; `early`: day → hour. `stops`: (requested, resumed or None) instants."""

    code: str
    received: datetime
    closes: time | None = None
    closed: frozenset = frozenset()
    early: dict | None = None
    extension: int = 0
    stops: tuple = ()

    def works(self, day):
        return day.isoweekday() <= 5 and day not in HOLIDAYS and day not in self.closed

    def effective(self, moment):
        """Law 2.3: the date of the medium, or the next business day for what comes when the office is shut."""
        local = moment.astimezone(COLOMBIA)
        day = local.date()
        if self.closes is None:
            return day
        hour = self.closes
        if self.early and day in self.early and self.early[day] < hour:
            hour = self.early[day]
        if self.works(day) and local.time().replace(microsecond=0) <= hour:
            return day
        day += ONE
        while not self.works(day):
            day += ONE
        return day

    def due(self):
        """The due date (None while suspended) and the days counted before the last stop, walking day by day."""
        if self.code in MONTHS:
            return self._months(), 0
        total = BASES[self.code][0] + self.extension
        counted = elapsed = 0
        day, waiting = self.effective(self.received), list(self.stops)
        while True:
            if waiting:
                requested, resumed = waiting[0]
                asked_on = requested.astimezone(COLOMBIA).date()
                if day >= asked_on:  # the day of the request has been counted, or was never reached
                    elapsed = counted
                    waiting.pop(0)
                    if resumed is None:
                        return None, elapsed
                    day = self.effective(resumed)
                    if total - counted <= 0:
                        total = counted + 1
                    continue
            day += ONE
            if self.works(day):
                counted += 1
                if counted == total and not waiting:
                    return day, elapsed

    def _months(self):
        start = self.effective(self.received)
        month = start.month - 1 + MONTHS[self.code] + self.extension
        first = date(start.year + month // 12, month % 12 + 1, 1)
        day = first + timedelta(days=start.day - 1)
        while day.month != first.month:  # the month lacks that day: its last one
            day -= ONE
        while not self.works(day):
            day += ONE
        return day
