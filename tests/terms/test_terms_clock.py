"""Does the clock of a ticket stand still, go on and end as the law says, and can its date be added up?"""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.terms.calendar import Calendar
from pqr.terms.clock import Cause, Clock, ClockRefusal, Suspension
from pqr.terms.deadlines import CALENDAR_DAY, ClosingRule, ExtensionTooLong, due_date
from pqr.terms.explaining import explain, explain_clock
from pqr.terms.kinds import TERMS, Unit
from tests.terms.test_terms_properties import CALENDARS, CODES, INSTANTS, RULES

quick = settings(max_examples=150, deadline=None, database=None)
PLAIN = Calendar()


def bogota(text):
    return datetime.fromisoformat(f"{text}-05:00")


RECEIVED = bogota("2026-03-03 10:00")  # a Tuesday; day 15 is 25 March, over San José
CLOCK = Clock("peticion_general", RECEIVED, PLAIN)
ASKED = CLOCK.suspend(Cause.COMPLETION, bogota("2026-03-10 16:00"))  # its day 5
NONE_LEFT = (  # its day 10 of 10, and back on a Friday
    Clock("informacion", RECEIVED, PLAIN)
    .suspend(Cause.COMPLETION, bogota("2026-03-17 10:00"))
    .resume(bogota("2026-03-27 10:00"))
)
BACK = ASKED.resume(bogota("2026-03-24 09:00"))


def test_a_clock_that_was_never_stopped_is_the_due_date():
    assert CLOCK.due_on == due_date("peticion_general", RECEIVED, PLAIN).due_on == date(2026, 3, 25)
    assert explain_clock(CLOCK) == explain(CLOCK.term)


def test_the_day_of_the_request_counts_and_no_day_after_it():
    assert (ASKED.due_on, ASKED.elapsed) == (None, 5)
    assert ASKED.used_by(date(2026, 3, 20)) == 5


def test_completed_it_goes_on_the_day_after_with_the_days_that_were_left():
    # ten days left after Tuesday 24 March, without Holy Thursday and Good Friday
    assert BACK.due_on == date(2026, 4, 9)
    assert BACK.used_by(date(2026, 4, 9)) == 15
    assert BACK.used_by(date(2026, 4, 10)) == 16
    assert BACK.used_by(date(2026, 3, 24)) == 5


def test_what_comes_after_hours_counts_as_received_the_next_business_day():
    rule = ClosingRule.parse("office_hours@18:00")
    late = replace(ASKED, rule=rule).resume(bogota("2026-03-24 18:01"))
    assert late.due_on == date(2026, 4, 10)


def test_where_no_day_was_left_one_is_given_and_flagged():
    assert (NONE_LEFT.elapsed, NONE_LEFT.left_none, NONE_LEFT.due_on) == (10, True, date(2026, 3, 30))
    assert "no quedaba ninguno y se da 1 día hábil" in " ".join(explain_clock(NONE_LEFT))
    assert NONE_LEFT.extend(2, bogota("2026-03-30 08:00")).due_on == date(2026, 3, 31)
    assert not BACK.left_none


def test_an_extension_before_or_after_the_suspension_is_of_the_whole_term():
    before = CLOCK.extend(5, bogota("2026-03-04 10:00")).suspend(Cause.COMPLETION, bogota("2026-03-10 16:00"))
    before = before.resume(bogota("2026-03-24 09:00"))
    assert before.due_on == BACK.extend(5, bogota("2026-04-09 10:00")).due_on == date(2026, 4, 16)


def test_a_month_goes_on_with_its_calendar_days():
    clock = Clock("recurso_reposicion", bogota("2026-04-07 10:00"), PLAIN)
    assert clock.due_on == date(2026, 6, 9)  # Sunday 7 June, Corpus Christi on Monday
    clock = clock.suspend(Cause.RECUSAL, bogota("2026-04-17 10:00")).resume(bogota("2026-05-04 10:00"))
    assert (clock.total, clock.elapsed, clock.due_on) == (61, 10, date(2026, 6, 24))
    assert "En total: 10 + 51 = 61 días de calendario." in explain_clock(clock)


@pytest.mark.parametrize(
    ("clock", "verb", "words"),
    [
        (CLOCK, ("suspend", Cause.COMPLETION, "2026-03-18 08:00"), "hasta el martes 17 de marzo de 2026.*art. 17"),
        (CLOCK, ("suspend", Cause.CLARIFICATION, "2026-03-26 08:00"), "venció el miércoles 25 de marzo.*art. 19"),
        (ASKED, ("suspend", Cause.RECUSAL, "2026-03-11 08:00"), "suspendido desde el martes 10 de marzo.*art. 17"),
        (BACK, ("suspend", Cause.COMPLETION, "2026-03-24 10:00"), "Ya se le pidió una vez, el martes 10 de marzo"),
        (CLOCK, ("resume", "2026-03-18 08:00"), "no está suspendido"),
        (ASKED, ("resume", "2026-03-09 08:00"), "se suspendió el martes 10 de marzo de 2026 .CPACA, art. 17"),
        (CLOCK, ("extend", 5, "2026-03-26 00:00"), "venció el miércoles 25 de marzo.*comunicarse.*art. 14"),
        (ASKED, ("extend", 5, "2026-03-12 00:00"), "suspendido desde el martes 10 de marzo"),
        (CLOCK.extend(5, RECEIVED), ("extend", 6, "2026-03-12 08:00"), "ya se prorrogó una vez"),
        (NONE_LEFT, ("extend", 1, "2026-03-30 08:00"), "la fecha no cambia"),
        (CLOCK.stop(RECEIVED), ("stop", "2026-03-12 00:00"), "ya terminó el martes 3 de marzo"),
        (CLOCK.stop(RECEIVED), ("extend", 5, "2026-03-12 00:00"), "ya terminó"),
        (ASKED.stop(bogota("2026-03-12 09:00")), ("resume", "2026-03-13 00:00"), "no está suspendido"),
    ],
)
def test_an_act_out_of_time_is_refused_with_its_article_and_its_date(clock, verb, words):
    name, *given, when = verb
    with pytest.raises(ClockRefusal, match=words):
        getattr(clock, name)(*given, bogota(when))


def test_the_explanation_of_a_suspended_term_reads_as_agreed():
    assert list(explain_clock(BACK))[3:-1] == [
        "El plazo es de 15 días hábiles. Norma: CPACA (Ley 1437 de 2011), art. 14, inciso 1 y parágrafo.",
        "El día 1 es el miércoles 4 de marzo de 2026.",
        "Desde el día 1 hasta el martes 10 de marzo de 2026 hay 7 días: 5 días hábiles, 2 de sábado o domingo y "
        "0 festivos o cierres.",
        "El martes 10 de marzo de 2026 se le pidió a la persona completar la petición: el plazo se suspende desde el "
        "día siguiente (CPACA, art. 17).",
        "El martes 24 de marzo de 2026 la persona la completó; el plazo se reactiva después de ese día.",
        "De 15 días hábiles van 5: quedan 10.",
        "El día 6 es el miércoles 25 de marzo de 2026.",
        "El jueves 2 de abril de 2026 no se cuenta: Jueves Santo.",
        "El viernes 3 de abril de 2026 no se cuenta: Viernes Santo.",
        "Desde el día 6 hasta el jueves 9 de abril de 2026 hay 16 días: 10 días hábiles, 4 de sábado o domingo y "
        "2 festivos o cierres.",
        "En total: 5 + 10 = 15 días hábiles.",
        "El último día es el jueves 9 de abril de 2026; el plazo termina al final de ese día.",
    ]
    assert "Van 5 días hábiles; quedan 10 días hábiles para cuando se reactive. " in " ".join(explain_clock(ASKED))
    assert explain_clock(ASKED)[-2] == "Por eso ahora no hay fecha límite: se sabrá cuando el plazo se reactive."


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["suspend", "resume", "extend", "stop"]),
        st.sampled_from(Cause),
        st.integers(1, 12),
        st.timedeltas(timedelta(0), timedelta(days=12)),
    ),
    max_size=12,
)
KINDS = st.sampled_from([kind for kind in TERMS if TERMS[kind].unit is Unit.BUSINESS_DAYS])


def step(clock, act, now):
    name, cause, days, _ = act
    given = {"suspend": (cause, now), "resume": (now,), "extend": (days, now), "stop": (now,)}[name]
    with suppress(ClockRefusal, ExtensionTooLong):
        return getattr(clock, name)(*given)
    return clock


def counted_days(clock, until):
    """Every day that the clock counted, one by one."""
    days = [clock.term.day_zero + timedelta(days=n) for n in range((until - clock.term.day_zero).days + 1)]
    used = [clock.used_by(day) for day in days]
    assert all(0 <= more - less <= 1 for less, more in pairwise(used))
    return {day for day, less, more in zip(days[1:], used, used[1:], strict=False) if more > less}


@quick
@given(KINDS, INSTANTS, CALENDARS, RULES, ACTS)
def test_whatever_is_done_there_is_one_clock_and_it_adds_up(code, received_at, calendar, rule, acts):
    clock, now = Clock(code, received_at, calendar, rule), received_at
    for act in acts:
        now += act[-1]
        before, clock = clock, step(clock, act, now)
        today = (now - timedelta(hours=5)).date()
        if clock.extension != before.extension:  # never after the end, never twice, never beyond double
            assert today <= before.due_on < clock.due_on
            assert before.extension == 0
            assert clock.total <= 2 * clock.term.length
        if before.stopped_at:
            assert clock == before
        check(clock)


def check(clock):
    open_ones = [each for each in clock.suspensions if each.resumed_at is None]
    assert open_ones in ([], [clock.suspensions[-1]] if clock.suspensions else [])
    assert (clock.due_on is None) is bool(open_ones)
    end = clock.due_on or clock.stretches[-1].end + timedelta(days=40)
    counted = counted_days(clock, end)
    assert len(counted) == sum(stretch.days for stretch in clock.stretches)
    assert all(clock.calendar.is_business_day(day) for day in counted)
    for stood in clock.suspensions:
        asked_on = (stood.requested_at - timedelta(hours=5)).date()
        resumed_on = (stood.resumed_at - timedelta(hours=5)).date() if stood.resumed_at else end
        assert not any(asked_on < day <= resumed_on for day in counted)
    if not open_ones:
        assert len(counted) == clock.total or clock.left_none
        assert max(counted) == clock.due_on
    check_explanation(clock)


def check_explanation(clock):
    sentences = explain_clock(clock)
    assert all(each.endswith(".") and not each.endswith("..") for each in sentences)
    if not clock.suspensions:
        return
    told = 0
    for each in sentences:
        if each.startswith("Desde el día"):
            days, business, weekends, lost = map(int, re.findall(r"(\d+)", each.partition(" hay ")[2]))
            assert days == business + weekends + lost
            told += business
    (total,) = [each for each in sentences if each.startswith("En total")] or [""]
    if total:
        *parts, whole = map(int, re.findall(r"\d+", total))
        assert sum(parts) == whole == told
    assert told == sum(stretch.days for stretch in clock.stretches)


@quick
@given(CODES, INSTANTS, CALENDARS, RULES)
def test_a_clock_without_suspensions_is_the_plain_term_for_every_kind_and_step(code, received_at, calendar, rule):
    code, _, extension = code.partition("+ext")
    clock = Clock(code, received_at, calendar, rule, int(extension or 0))
    assert clock.due_on == due_date(code, received_at, calendar, rule, int(extension or 0)).due_on


def test_a_clock_takes_only_instants_with_their_offset():
    with pytest.raises(ValueError, match="zona horaria"):
        Clock("queja", datetime(2026, 3, 3, 10), PLAIN, CALENDAR_DAY).due_on  # noqa: B018
    assert Suspension(Cause.RECUSAL, datetime(2026, 3, 3, tzinfo=UTC)).resumed_at is None
