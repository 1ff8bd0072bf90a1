"""Are all copies found, none twice, and the same ones in whatever order the rows come?"""

import random
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.reports.duplicates import LARGEST_BLOCK, find_duplicates
from pqr.reports.likeness import Person, person

FIRST = ("Ana", "María", "Luis", "Carlos", "José", "Rosa", "Segundo", "Blanca", "Luz", "Jesús", "Franco", "Oscar")
LAST = ("Rosero", "Paz", "Chamorro", "Villota", "Benavides", "Revelo", "Chitán", "Tulcán", "Erazo", "Coral", "Mora")
PERSONS = st.lists(
    st.builds(
        lambda number, names, day: (str(number), " ".join(names), f"{day:02d}/01/1980"),
        st.sampled_from([0, 1085123456, 1085123546, 98765432, 87654321]),
        st.lists(st.sampled_from(("Ana", "Luz", "Lus", "Rosero", "Roserro", "Paz")), max_size=4),
        st.integers(1, 3),
    ),
    max_size=12,
)


def numbered(rows):
    return [person(number, *row) for number, row in enumerate(rows, start=2)]


@settings(deadline=None)  # other tests keep the machine busy
@given(PERSONS)
def test_rows_are_counted_once_and_no_row_is_in_two_groups_of_a_kind(rows):
    found = find_duplicates(numbered(rows))
    assert found.rows + found.empty == len(rows)
    assert found.clean + found.surplus == found.rows
    for kind in (True, False):
        inside = [row for group in found.groups if group.is_exact is kind for row in group.rows]
        assert len(inside) == len(set(inside))
    assert all(len(group.rows) > 1 and all(group.why) for group in found.groups)


@settings(deadline=None)  # other tests keep the machine busy
@given(PERSONS, st.randoms())
def test_the_order_of_the_rows_changes_nothing_of_what_is_certain(rows, chance):
    persons = numbered(rows)
    shuffled = list(persons)
    chance.shuffle(shuffled)
    one, other = find_duplicates(persons), find_duplicates(shuffled)
    assert [g.rows for g in one.groups if g.is_exact] == [g.rows for g in other.groups if g.is_exact]


@settings(deadline=None)  # other tests keep the machine busy
@given(PERSONS, st.data())
def test_one_more_copy_of_a_row_with_a_document_is_one_more_surplus_row(rows, data):
    persons = numbered(rows)
    known = [each for each in persons if each.document]
    if not known:
        return
    copy = replace(data.draw(st.sampled_from(known)), row=999)
    before, after = find_duplicates(persons), find_duplicates([*persons, copy])
    assert after.surplus == before.surplus + 1
    assert after.clean == before.clean


def test_a_chain_of_copies_is_one_group_with_every_reason():
    rows = (
        ("1085123456", "Ana Rosero Paz", "02/01/1980"),
        ("1085123456", "Otro Nombre", ""),
        ("", "PAZ ROSERO ANA", "1980-01-02"),
    )
    (group,) = find_duplicates(numbered(rows)).groups
    assert group.rows == (2, 3, 4)
    assert group.why == ("mismo documento", "mismo nombre y misma fecha de nacimiento")


def test_a_day_that_a_thousand_people_share_does_not_hide_the_two_that_are_one():
    crowd = [person(row, "", f"{FIRST[row % 12]} {LAST[row % 11]} Nadie{row}", "15/05/1950") for row in range(2, 1002)]
    twice = [
        person(2000, "", "Bertulfo Cuasquer Yela", "15/05/1950"),
        person(1, "", "Vertulfo Cuasker Llela", "15/05/1950"),
    ]
    assert len(crowd) > LARGEST_BLOCK
    assert (1, 2000) in {group.rows for group in find_duplicates([*crowd, *twice]).groups}


def test_ten_thousand_rows_take_a_few_seconds_and_their_hundred_copies_are_found():
    chance = random.Random(7)  # noqa: S311 - not a secret
    rows = [_somebody(chance, number) for number in range(10_000)]
    copies = [replace(each, row=each.row + 100_000) for each in rows[:100]]
    started = perf_counter()
    found = find_duplicates([*rows, *copies])
    assert found.surplus >= 100
    assert perf_counter() - started < 20  # a machine that does nothing else needs one


def _somebody(chance: random.Random, row: int) -> Person:
    born = date(1930, 1, 1) + timedelta(days=chance.randrange(33_000))
    names = [*chance.choices(FIRST, k=2), *chance.choices(LAST, k=2)]
    return person(row, str(chance.randrange(10**7, 2 * 10**9)), " ".join(names), born.isoformat())
