"""Are days and hours said as a Colombian would say them?"""

from datetime import date, time

import pytest

from pqr.terms.spanish import counted, long_date, long_hour


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 3), "martes 3 de febrero de 2026"),
        (date(2026, 9, 30), "miércoles 30 de septiembre de 2026"),
        (date(2028, 1, 1), "sábado 1 de enero de 2028"),
    ],
)
def test_a_day_is_written_out(day, words):
    assert long_date(day) == words


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (time(9, 5), "las 9:05 a. m."),
        (time(13, 30), "la 1:30 p. m."),
        (time(12, 0), "las 12:00 m."),
        (time(12, 1), "las 12:01 p. m."),
        (time(0, 30), "las 12:30 a. m."),
        (time(18, 0, 1), "las 6:00:01 p. m."),
    ],
)
def test_an_hour_is_said_with_its_half_of_the_day(hour, words):
    assert long_hour(hour) == words


def test_one_is_singular():
    assert counted(1, "día", "días") == "1 día"
    assert counted(0, "día", "días") == "0 días"
