"""When does an operator have to do something, and who is told how often?  Facts in, sentences out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pqr.watching.rules import (
    CALM,
    CERTIFICATE,
    COMPARED,
    DAILY,
    FETCH,
    LISTENER,
    LITTLE,
    RELAY,
    SILENT,
    STUCK,
    TASKS,
    VERIFIED,
    WATCH,
    Facts,
    Look,
    Open,
    Reading,
    readings,
    turn,
)
from tests.builders import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = timedelta(seconds=1)


def look(name, ran, every=0, trouble="", well=None):
    return Look(name, every, NOW - ran, NOW - (ran if well is None else well), "Bien.", trouble)


WELL = Facts(
    engine="sqlite",
    free=LITTLE,
    host="servidor",
    copied_at=NOW - HOUR,
    first_petition_at=NOW - 90 * DAY,
    looks=(look(WATCH, MINUTE, 60), look("upkeep.daily", DAY, 86400), look(LISTENER, MINUTE, 60), look(RELAY, DAY)),
)


def alarms(facts):
    return [each.code for each in readings(facts, NOW) if each.alarm]


def with_look(*looks, **changes):
    names = {each.name for each in looks}
    kept = tuple(each for each in WELL.looks if each.name not in names)
    return replace(WELL, looks=(*kept, *looks), **changes)


def test_a_service_that_is_well_alarms_nobody():
    assert alarms(WELL) == []
    assert not [each for each in readings(WELL, NOW) if each.advice]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(WELL, free=LITTLE - 1), "disk:servidor"),
        (replace(WELL, copied_at=NOW - DAILY - LATER), "backup"),
        (replace(WELL, copied_at=None), "backup"),
        (replace(WELL, oldest_mail=NOW - STUCK - LATER), "mail_in"),
        (replace(WELL, oldest_letter=NOW - STUCK - LATER), "mail_out"),
        (with_look(look(RELAY, MINUTE, trouble="No las toma.", well=HOUR + LATER), letters_waiting=1), "relay"),
        (with_look(look(FETCH, MINUTE, trouble="No abre.", well=STUCK + LATER), by_imap=True), "mailbox"),
        (with_look(look(LISTENER, SILENT + LATER, 60)), "listener"),
        (with_look(look(WATCH, SILENT + LATER, 60)), "scheduler"),
        (with_look(look("upkeep.daily", DAILY + LATER, 86400)), "task:upkeep.daily"),
        (with_look(look("reminders.remind", HOUR + 10 * MINUTE + LATER, 3600)), "task:reminders.remind"),
        (with_look(look("plan.keep", HOUR, 3600, "KeyError", well=3 * HOUR)), "task:plan.keep"),
        (with_look(look(COMPARED, HOUR, trouble="2 faltas")), COMPARED),
        (with_look(look(VERIFIED, HOUR, trouble="1 falta")), VERIFIED),
        (with_look(look(CERTIFICATE, HOUR, trouble="Vence mañana.")), CERTIFICATE),
    ],
)
def test_each_condition_is_an_alarm_that_says_what_to_do(facts, code):
    assert alarms(facts) == [code]
    (ill,) = [each for each in readings(facts, NOW) if each.alarm]
    assert len(ill.advice) > 15
    assert len(ill.code) <= 60


@pytest.mark.parametrize(
    "facts",
    [
        replace(WELL, copied_at=NOW - DAILY),
        replace(WELL, copied_at=None, first_petition_at=NOW - HOUR),
        replace(WELL, copied_at=None, first_petition_at=None),
        replace(WELL, oldest_mail=NOW - STUCK),
        with_look(look(RELAY, MINUTE, trouble="No las toma.", well=HOUR), letters_waiting=1),
        with_look(look(RELAY, MINUTE, trouble="No las toma.", well=DAY), letters_waiting=0),
        with_look(look(FETCH, DAY, trouble="No abre."), by_imap=False),
        with_look(look(LISTENER, DAY, 60), look(FETCH, MINUTE), by_imap=True),
        with_look(look("reminders.remind", HOUR + 10 * MINUTE, 3600)),
    ],
)
def test_what_is_just_within_its_patience_is_no_alarm(facts):
    assert alarms(facts) == []


def test_while_the_scheduler_stands_still_no_task_is_blamed():
    facts = with_look(look(WATCH, DAY, 60), look("upkeep.daily", 9 * DAY, 86400))
    assert alarms(facts) == ["scheduler"]


def test_every_task_that_is_watched_has_a_name_for_people():
    from workers.broker import WATCHED

    assert WATCHED.keys() - {WATCH} == TASKS.keys()


def reading(code, *, alarm=True):
    return Reading(code, code.title(), "Así está.", "Haga algo." if alarm else "", alarm)


def opened(code, told=HOUR, quiet=None):
    return Open(code, code.title(), NOW - 2 * DAY, NOW - told, None if quiet is None else NOW - quiet)


def told(change):
    return [[each.code for each in part] for part in (change.begun, change.lasting, change.ended)]


def test_a_condition_is_told_when_it_begins_once_a_day_and_when_it_is_over():
    assert told(turn([], [reading("backup")], NOW)) == [["backup"], [], []]
    assert told(turn([opened("backup")], [reading("backup")], NOW)) == [[], [], []]
    assert told(turn([opened("backup", told=DAY)], [reading("backup")], NOW)) == [[], ["backup"], []]
    assert told(turn([opened("backup", quiet=CALM)], [reading("backup", alarm=False)], NOW)) == [[], [], ["backup"]]


def test_what_flickers_is_one_alarm():
    first_well = turn([opened("mail_in")], [reading("mail_in", alarm=False)], NOW)
    assert (told(first_well), first_well.quiet) == ([[], [], []], {"mail_in"})
    again = turn([opened("mail_in", quiet=MINUTE)], [reading("mail_in")], NOW)
    assert (told(again), again.quiet) == ([[], [], []], frozenset())
    assert told(turn([opened("mail_in", quiet=CALM - LATER)], [], NOW)) == [[], [], []]


def test_only_the_machine_itself_says_that_its_disk_is_well_again():
    there = opened("disk:otro", quiet=CALM)
    assert told(turn([there], [reading("disk:este", alarm=False)], NOW)) == [[], [], []]
    assert told(turn([there], [reading("disk:otro", alarm=False)], NOW)) == [[], [], ["disk:otro"]]


def test_a_task_that_nobody_judges_is_not_said_to_be_well():
    late = opened("task:upkeep.daily", quiet=CALM)
    assert told(turn([late], [reading("scheduler")], NOW)) == [["scheduler"], [], []]
    assert told(turn([late], [], NOW)) == [[], [], ["task:upkeep.daily"]]
