"""Does whatever is published, put together in any way, tell nothing of fewer than k cases, and yet much of the many?"""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pqr.publishing.anonymity import release

K = 5
STEPS, COUNTED = (0, 1, 2, 0, 1), (0, 1)
LADDERS = (
    [("p",), ("p", "a"), ("p", "b"), ("q", "c"), ("q", "d")],
    [("v",), ("v", "web"), ("v", "mail"), ("h",), ("h", "counter")],
    [("si",), ("no",)],
)
CASES = st.lists(st.tuples(*(st.sampled_from(labels) for labels in LADDERS)), max_size=60)


def released(cases, fewest=K):
    return release(Counter(cases), STEPS, COUNTED, fewest)


def starts(labels, prefix):
    return labels[: len(prefix)] == prefix


def matches(case, pattern):
    return all(starts(labels, prefix) for labels, prefix in zip(case, pattern, strict=True))


@given(CASES)
def test_no_row_stands_for_a_few_and_nobody_is_left_out(cases):
    found = released(cases)
    assert (found is None) is (len(cases) < K)
    if found:
        assert min(found.rows.values()) >= K
        assert sum(found.rows.values()) == len(cases)


@given(CASES)
def test_no_choice_of_columns_or_of_labels_isolates_a_few(cases):
    """Fewer columns merge rows, so this follows from the rows alone; here every choice is tried all the same."""
    found = released(cases)
    for some in (choice for size in range(4) for choice in combinations(range(3), size)):
        classes = Counter()
        for row, number in (found.rows if found else {}).items():
            classes[tuple(row[ladder] for ladder in some)] += number
        assert not classes or min(classes.values()) >= K


@given(CASES)
def test_no_count_is_small_nor_what_it_leaves_beside_it_or_over_the_rows(cases):
    found = released(cases)
    for ladder, counts in (found.counts if found else {}).items():
        assert min(counts.values()) >= K
        assert sum(counts.values()) == len(cases)
        for prefix in {labels[:height] for labels in counts for height in range(1, len(labels) + 1)}:
            whole = sum(number for labels, number in counts.items() if starts(labels, prefix))
            shown = sum(number for row, number in found.rows.items() if starts(row[ladder], prefix))
            assert shown == 0 or whole - shown == 0 or whole - shown >= K


@given(CASES)
def test_what_is_shown_is_true(cases):
    """There are as many cases with those labels as the rows and the counts say, or more where some hide them.

    A count of the last label of a ladder is of all that have it.
    """
    found = released(cases)
    for row, number in (found.rows if found else {}).items():
        assert sum(matches(case, row) for case in cases) >= number
    for ladder, counts in (found.counts if found else {}).items():
        for labels, number in counts.items():
            true = sum(starts(case[ladder], labels) for case in cases)
            assert true == number if len(labels) == 2 else true >= number


def fillings(rows, counts):
    """Every table of rows by labels that fits: each row's cases have a label that begins with what the row shows."""
    if not rows:
        yield ()
        return
    (shown, size), *others = rows
    allowed = [labels for labels in counts if starts(labels, shown)]
    for given_to in product(*(range(min(size, counts[labels]) + 1) for labels in allowed)):
        if sum(given_to) == size:
            taken = dict(zip(allowed, given_to, strict=True))
            left = {labels: number - taken.get(labels, 0) for labels, number in counts.items()}
            for rest in fillings(others, left):
                yield (taken, *rest)


def subsets(things):
    return [some for size in range(1, len(things) + 1) for some in combinations(things, size)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(*(st.sampled_from(labels) for labels in LADDERS)), max_size=8))
def test_rows_and_counts_together_tell_the_number_of_no_few(cases):
    """By brute force, with k = 2: a group whose number is the same in all tables that fit has none or at least two."""
    found = released(cases, 2)
    for ladder, counts in (found.counts if found else {}).items():
        rows = [(row[ladder], number) for row, number in found.rows.items()]
        fits = list(fillings(rows, dict(counts)))
        assert fits
        for some_rows, some_labels in product(subsets(range(len(rows))), subsets(sorted(counts))):
            numbers = {sum(fit[at].get(each, 0) for at in some_rows for each in some_labels) for fit in fits}
            assert len(numbers) > 1 or not numbers & {1}


@given(CASES, st.randoms())
def test_the_order_of_the_cases_tells_nothing(cases, random):
    mixed = list(cases)
    random.shuffle(mixed)
    assert released(mixed) == released(cases)


ALIKE = (("p", "a"), ("v", "web"), ("si",))
OTHER = (("q", "c"), ("h", "counter"), ("no",))


@pytest.mark.parametrize("number", range(K))
def test_of_a_few_nothing_is_told_not_even_how_many(number):
    assert released([ALIKE] * number) is None


def test_of_cases_all_alike_everything_is_told():
    assert released([ALIKE] * K).rows == {ALIKE: K}


def test_of_cases_all_different_only_their_number_is_told():
    different = [((f"p{n}", "a"), (f"v{n}", "web"), (f"s{n}",)) for n in range(40)]
    assert released(different).rows == {((), (), ()): 40}


def test_the_few_beside_a_group_that_is_just_large_enough_take_it_with_them():
    found = released([ALIKE] * 5 + [OTHER] * 4)
    assert (found.rows, found.counts[0]) == ({((), (), ()): 9}, {(): 9})


def test_the_few_beside_a_large_group_take_some_of_it_with_them():
    found = released([ALIKE] * 11 + [(*ALIKE[:2], ("no",))] * 3)
    assert found.rows == {ALIKE: 6, (*ALIKE[:2], ()): 8}
    assert found.counts == {0: {("p", "a"): 14}, 1: {("v", "web"): 14}}


def test_two_groups_that_are_large_enough_stay_apart():
    assert released([ALIKE] * 5 + [OTHER] * 6).rows == {ALIKE: 5, OTHER: 6}


def in_p(label, number):
    return [(("p", label), ("v", "web"), ("si",))] * number


def test_a_label_that_cannot_be_told_leaves_the_coarser_one():
    found = released(in_p("a", 7) + in_p("b", 6) + in_p("x", 5))
    assert {row[0] for row in found.rows} == {("p", "a"), ("p", "b"), ("p", "x")}
    found = released(in_p("a", 7) + in_p("b", 3) + in_p("x", 2))
    assert found.rows == {ALIKE: 7, (("p",), ("v", "web"), ("si",)): 5}
