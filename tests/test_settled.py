"""Does every process see a changed setting at once, whoever changed it, and never one that was taken back?"""

from datetime import date

import pytest
from sqlalchemy import delete, insert, literal, select, text, update
from sqlalchemy.orm import Session

from pqr.closures.calendar import load_calendar
from pqr.closures.models import ClosureRow
from pqr.db import Model, make_engine
from pqr.entity.models import ONLY, EntityRow
from pqr.secretarias.directory import topic_words
from pqr.settled import SETTLED, version
from pqr.terms.calendar import ClosureKind
from tests.builders import NOW, at

DAY = at("2026-03-10").date()


def closure():
    return ClosureRow(
        day=DAY, kind=ClosureKind.FULL_DAY, name="Duelo", act="Decreto 12 de 2026", national=False, active=True,
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def elsewhere(settings):
    """A session of another process."""
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("name", sorted(SETTLED))
def test_whatever_is_done_to_a_table_renews_the_version(session, name):
    session.add(EntityRow(id=ONLY, name="Alcaldía de Prueba"))
    session.flush()
    rows = Model.metadata.tables[name]
    unlike = {"id": literal(-7), "code": literal("otra"), "day": literal(date(1999, 1, 2))}
    twin = select(*(unlike.get(each.name, each) for each in rows.columns)).limit(1)
    seen = [version(session)]
    for act in (
        update(rows).values(id=rows.c.id),
        insert(rows).from_select(rows.columns, twin),
        delete(rows).where(rows.c.id == -7),
    ):
        session.execute(act)
        seen.append(version(session))
    session.rollback()
    assert len({*seen, version(session)}) == 5


def test_what_another_process_wrote_with_sql_is_seen_by_the_next_question(session, elsewhere):
    assert len(topic_words(session)) > 1
    session.rollback()
    elsewhere.execute(text("UPDATE topics SET active = (id = 1)"))
    elsewhere.commit()
    assert [each.topic_id for each in topic_words(session)] == [1]


def test_a_closure_counts_for_its_own_transaction_and_not_for_others_until_the_commit(session, elsewhere):
    assert load_calendar(session).is_business_day(DAY)
    session.add(closure())
    assert not load_calendar(session).is_business_day(DAY)
    assert load_calendar(elsewhere).is_business_day(DAY)
    elsewhere.rollback()
    session.commit()
    assert not load_calendar(elsewhere).is_business_day(DAY)


def test_what_was_taken_back_is_never_kept(session):
    session.add(closure())
    session.flush()
    assert not load_calendar(session).is_business_day(DAY)
    session.rollback()
    assert load_calendar(session).is_business_day(DAY)
    session.execute(text("UPDATE closures SET name = name"))  # the next version after the one that never was
    assert load_calendar(session).is_business_day(DAY)
