"""Is a month published once, for good, and do all the published files together point at nobody?"""

import csv
import io
import json
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import select

from pqr.errors import ActNotAllowed
from pqr.publishing.columns import CASE_COLUMNS, CHANNEL_LABELS, CHANNELS, FAMILIES, LADDERS, RESULTS, STEPS
from pqr.publishing.opendata import OpenFile, months_due, publish_month, published_months, turn_of
from pqr.publishing.updates import SiteUpdate
from pqr.terms.kinds import TicketKind
from pqr.terms.notifying import AnswerOutcome
from pqr.tickets import files
from pqr.tickets.bulk import Loader
from pqr.tickets.invented import moments
from pqr.tickets.models import Answer, Channel, Petitioner, Ticket
from pqr.tickets.sample import keep_sample, matters
from pqr.tickets.states import Outcome
from pqr.upkeep import verify
from tests.builders import at, filed, office_of

NOW, FEWEST = at("2026-11-20 10:00"), 5
OCTOBER = date(2026, 10, 1)


def load(session, office, number, months=8, seed=3):
    random = Random(seed)  # noqa: S311
    loader = Loader(matters(session), office, keep_sample(office, NOW), random, NOW)
    loader.load(session, moments(number, months / 12, NOW, random))


def publish_all(session, office, now=NOW):
    for month in months_due(session, office, now.date()):
        publish_month(session, month, "system", office, now)
    return published_months(session)


def rows_of(published, dataset, office):
    """The rows of all the CSV files of this dataset."""
    found = [each for month in published for each in month.files if each.name.startswith(dataset)]
    texts = [files.read(each.sha256, office).decode() for each in found if each.name.endswith(".csv")]
    return [row for text in texts for row in csv.DictReader(io.StringIO(text, newline=""))]


@pytest.fixture
def office(session, settings):
    return office_of(session, settings)


def test_all_published_files_together_isolate_no_few(session, office):
    """Rows of all months and all counts, and what each count leaves over the rows that show its labels.

    Every choice of columns is a union of the classes of all columns, so the classes of all columns suffice; pairs and
    single columns are looked at too, and so is each difference to the total that a reader can make.
    """
    load(session, office, 3000)
    published = publish_all(session, office)
    rows, counts = rows_of(published, "peticiones", office), rows_of(published, "conteos", office)
    assert len(rows) > 2000
    names = [column.name for column in CASE_COLUMNS]
    for chosen in [names, *combinations(names, 1), *combinations(names, 2)]:
        assert min(Counter(tuple(row[name] for name in chosen) for row in rows).values()) >= FEWEST, chosen
    assert all(int(row["casos"]) >= FEWEST for row in counts)
    for (month, grouping), table in grouped(counts).items():
        shown = Counter(tuple(filter(None, (row[n] for n in LABELS[grouping]))) for row in rows if row["mes"] == month)
        for prefix in {labels[:height] for labels in table for height in range(len(labels) + 1)}:
            told, seen = (sum(n for labels, n in each.items() if labels[: len(prefix)] == prefix)
                          for each in (table, shown))  # fmt: skip
            assert seen == 0 or told - seen == 0 or told - seen >= FEWEST, (month, grouping, prefix)


LABELS = {ladder: [column.name for column in columns] for ladder, columns in LADDERS.items()}


def grouped(counts):
    tables = defaultdict(dict)
    for row in counts:
        if row["agrupacion"] != "total":
            labels = tuple(filter(None, (row["grupo"], row["detalle"])))
            tables[row["mes"], row["agrupacion"]][labels] = int(row["casos"])
    return tables


def test_the_counts_add_up_to_the_cases_and_much_is_told(session, office):
    load(session, office, 1500, months=5)
    published = publish_all(session, office)
    rows, counts = rows_of(published, "peticiones", office), rows_of(published, "conteos", office)
    valid = select(Ticket.received_on).where(Ticket.outcome != "voided")
    received = Counter(f"{each:%Y-%m}" for each in session.scalars(valid))
    for month in published:
        key = f"{month.month:%Y-%m}"
        assert month.cases == received[key] == sum(row["mes"] == key for row in rows)
        for grouping in ("total", "tipo", "canal", "asunto"):
            of_grouping = [row for row in counts if (row["mes"], row["agrupacion"]) == (key, grouping)]
            assert sum(int(row["casos"]) for row in of_grouping) == month.cases
    for name, share in (("familia", 0.95), ("estado", 0.8), ("tipo", 0.8), ("oportunidad", 0.7), ("modalidad", 0.5)):
        assert sum(row[name] != "" for row in rows) > share * len(rows), name


def test_nothing_that_a_person_wrote_or_is_called_by_is_in_any_published_byte(session, office):
    load(session, office, 400, months=4)
    told = b"".join(files.read(each.sha256, office) for month in publish_all(session, office) for each in month.files)
    said = [session.scalars(select(column)).all() for column in (
        Ticket.radicado, Ticket.subject, Ticket.body, Answer.text, Answer.radicado, Petitioner.name, Petitioner.email,
        Petitioner.document_number, Petitioner.phone,
    )]  # fmt: skip
    assert len(told) > 10_000
    for each in {text for texts in said for text in texts if text}:
        assert each.encode() not in told
    places = {place.removeprefix("la ").removeprefix("el ") for place in session.scalars(select(Ticket.place))}
    assert not [place for place in places - {"plaza"} if place.encode() in told]


def test_a_month_is_published_on_the_first_business_day_of_the_second_month_after_it(session, office):
    filed(session, office, now=at("2026-10-05 10:00"))
    assert turn_of(OCTOBER, office.calendar) == date(2026, 12, 1)
    assert turn_of(date(2026, 11, 1), office.calendar) == date(2027, 1, 4)  # after the holiday and a weekend
    assert months_due(session, office, date(2026, 11, 30)) == []
    assert months_due(session, office, date(2026, 12, 1)) == [OCTOBER]


def test_a_month_is_published_once_and_keeps_its_bytes_whatever_happens_later(session, office):
    many(session, office, 7)
    publish_month(session, OCTOBER, "system", office, at("2026-12-01 08:00"))
    session.flush()
    before = {each.name: each.sha256 for each in session.scalars(select(OpenFile))}
    assert len(before) == 4
    session.scalars(select(Ticket)).first().place = "otra vereda"
    with pytest.raises(ActNotAllowed, match="una sola vez"):
        publish_month(session, OCTOBER, "system", office, at("2026-12-02 08:00"))
    assert {each.name: each.sha256 for each in session.scalars(select(OpenFile))} == before
    assert months_due(session, office, date(2026, 12, 2)) == []
    assert list(verify(session, office)) == []


def many(session, office, number):
    return [filed(session, office, now=at(f"2026-10-{5 + n:02d} 10:00")) for n in range(number)]


def test_a_month_that_is_not_over_is_not_published(session, office):
    many(session, office, 7)
    with pytest.raises(ActNotAllowed, match="no ha terminado"):
        publish_month(session, OCTOBER, "user:1", office, at("2026-10-31 23:00"))


@pytest.mark.parametrize("number", [0, 4])
def test_of_a_month_with_a_few_no_file_is_made_nor_is_it_told_how_many_they_were(session, office, number):
    many(session, office, number)
    published = publish_month(session, OCTOBER, "system", office, NOW)
    assert (published.cases, published.files) == (None, [])
    assert session.scalars(select(SiteUpdate)).all() == []


def test_a_voided_number_is_nobody(session, office):
    tickets = many(session, office, 6)
    for ticket in tickets[:2]:
        ticket.outcome = Outcome.VOIDED
    assert publish_month(session, OCTOBER, "system", office, NOW).cases is None


def test_the_publication_is_an_update_of_the_site(session, office):
    many(session, office, 6)
    publish_month(session, OCTOBER, "system", office, NOW)
    (update,) = session.scalars(select(SiteUpdate))
    assert (update.what, update.title, update.actor) == ("data", "Datos abiertos de octubre de 2026", "system")


def test_the_json_says_what_the_csv_says(session, office):
    load(session, office, 300, months=3)
    for month in publish_all(session, office):
        by_name = {each.name: files.read(each.sha256, office) for each in month.files}
        for name, content in by_name.items():
            if name.endswith(".json"):
                table = list(csv.reader(io.StringIO(by_name[name[:-4] + "csv"].decode(), newline="")))
                told = [["" if cell is None else str(cell) for cell in row.values()] for row in json.loads(content)]
                assert told == table[1:]
                assert list(json.loads(content)[0]) == table[0]


def test_a_lost_file_is_found_by_the_daily_look(session, office):
    many(session, office, 6)
    publish_month(session, OCTOBER, "system", office, NOW)
    session.scalars(select(OpenFile)).first().sha256 = "0" * 64
    session.flush()
    assert [finding for finding in verify(session, office) if "peticiones-2026-10.csv" in finding]


def test_the_dictionary_knows_every_kind_channel_and_end():
    assert {kind for _, kinds in FAMILIES.values() for kind in kinds} == {kind.value for kind in TicketKind}
    assert set(CHANNELS) == set(Channel)
    assert {code for _, code in CHANNELS.values()} == set(CHANNEL_LABELS)
    ends = {*Outcome, *AnswerOutcome} - {Outcome.ANSWERED, Outcome.VOIDED}
    assert set(RESULTS) == {str(end) for end in ends} | {"pendiente"}


def test_every_label_of_every_ladder_has_its_step_and_its_column():
    assert Counter(STEPS) == {at: len(columns) for at, columns in enumerate(LADDERS.values())}
    names = [column.name for column in CASE_COLUMNS]
    assert len(set(names)) == len(names)


def test_the_months_before_there_was_anything_to_tell_are_not_listed(session, office):
    """A paper of long ago, registered today, would else be a page full of empty months."""
    filed(session, office, now=at("2019-02-05 10:00"))
    many(session, office, 6)
    assert [each.title for each in publish_all(session, office, at("2026-12-01 08:00"))] == ["octubre de 2026"]
