"""A reader with a pencil cannot fill the gaps: checked by a search that knows nothing of how gaps were chosen."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatr.statistics.suppression import NOT_SHOWN, Published, Table, in_words, suppress

COUNTS = st.integers(0, 9) | st.integers(0, 40)
TABLES = st.tuples(st.integers(1, 3), st.integers(1, 4)).flatmap(
    lambda size: st.tuples(*[st.tuples(*[COUNTS] * size[1])] * size[0])
)


def totals(counts):
    """Totals by row, by column and of all, straight from the counts."""
    return [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)], sum(map(sum, counts))


def fits(published: Published, counts) -> bool:
    """Whether a table could be the one behind what was published. A gap is known to be 1 or more."""
    rows, columns, total = totals(counts)
    pairs = [
        (given, count)
        for given, row in zip(published.counts, counts, strict=True)
        for given, count in zip(given, row, strict=True)
    ]
    pairs += zip(published.row_totals, rows if published.row_totals else (), strict=True)
    pairs += zip(published.column_totals, columns if published.column_totals else (), strict=True)
    pairs.append((published.total, total))
    return all(count >= 1 if shown is None else count == shown for shown, count in pairs)


def others_that_fit(published: Published, counts):
    """Tables near the true one that fit as well. Each found is proof; the search only looks one step around."""

    def near(shown, row):
        steps = [(n,) if given is not None else (n - 1, n, n + 1) for given, n in zip(shown, row, strict=True)]
        return product(*steps)

    rows = []
    for i, (shown, row) in enumerate(zip(published.counts, counts, strict=True)):
        total = published.row_totals[i] if published.row_totals else None
        rows.append([moved for moved in near(shown, row) if total is None or sum(moved) == total])
    return (table for table in product(*rows) if fits(published, table))


def worked_out(published: Published, counts) -> list[str]:
    """The gaps that have one possible value as far as the search can tell."""
    gaps = {
        ("count", i, j): (lambda t, i=i, j=j: t[i][j])
        for i, row in enumerate(published.counts)
        for j, n in enumerate(row)
        if n is None
    }
    gaps |= {("row", i): (lambda t, i=i: totals(t)[0][i]) for i, n in enumerate(published.row_totals) if n is None}
    gaps |= {
        ("column", j): (lambda t, j=j: totals(t)[1][j]) for j, n in enumerate(published.column_totals) if n is None
    }
    if published.total is None:
        gaps["total"] = lambda t: totals(t)[2]
    for other in others_that_fit(published, counts):
        gaps = {name: value for name, value in gaps.items() if value(other) == value(counts)}
        if not gaps:
            break
    return sorted(map(str, gaps))


@given(TABLES)
@settings(max_examples=300, deadline=None)
def test_no_gap_can_be_worked_out_from_what_is_published(counts):
    published = suppress(Table(counts))
    assert fits(published, counts)
    assert worked_out(published, counts) == []


@given(TABLES)
def test_no_small_count_or_total_is_shown_and_no_zero_is_left_out(counts):
    published = suppress(Table(counts))
    shown = [n for row in published.counts for n in row] + [
        *published.row_totals,
        *published.column_totals,
        published.total,
    ]
    assert not {1, 2, 3, 4} & set(shown)
    left_out = [
        n
        for given, row in zip(published.counts, counts, strict=True)
        for g, n in zip(given, row, strict=True)
        if g is None
    ]
    assert 0 not in left_out


@given(TABLES)
def test_a_table_without_small_counts_is_shown_whole(counts):
    large = tuple(tuple(count + 5 for count in row) for row in counts)
    published = suppress(Table(large))
    assert published.counts == large
    assert published.note == ""


def test_the_check_finds_a_gap_that_can_be_filled_by_taking_away():
    """The check above is worth something: leaving out the small count alone does not pass it."""
    counts = ((3, 9), (8, 7))
    only_small = Published(((None, 9), (8, 7)), (12, 15), (11, 16), 27, "")
    assert worked_out(only_small, counts) == ["('count', 0, 0)"]
    row_alone = Published(((None, None), (8, 7)), (12, 15), (11, 16), 27, "")
    assert len(worked_out(row_alone, counts)) == 2


def test_a_single_small_count_takes_the_smallest_other_with_it():
    published = suppress(Table(((3, 7, 9),)))
    assert published == Published(((None, None, 9),), (), (), 19, published.note)
    assert published.note == "Numbers from 1 to 4 are not shown, nor are numbers they could be worked out from."


def test_two_small_counts_protect_each_other():
    assert suppress(Table(((3, 2, 9),))).counts == ((None, None, 9),)


def test_two_counts_of_one_that_could_only_be_one_are_not_enough():
    """Two gaps that add up to 2 are both 1, because neither is 0."""
    assert suppress(Table(((1, 1, 9),))).counts == ((None, None, None),)


def test_a_gap_in_a_two_way_table_is_closed_along_rows_and_columns():
    published = suppress(Table(((3, 9, 50), (8, 7, 50), (60, 70, 80))))
    assert published.counts == ((None, None, 50), (None, None, 50), (60, 70, 80))
    assert (published.row_totals, published.column_totals, published.total) == ((62, 65, 210), (71, 86, 180), 337)


def test_a_lone_small_count_among_zeros_takes_the_total_with_it():
    assert suppress(Table(((3, 0, 0),))) == Published(((None, 0, 0),), (), (), None, suppress(Table(((3, 0, 0),))).note)


def test_another_threshold_says_so():
    assert suppress(Table(((7, 20, 30),)), below=10).note.startswith("Numbers from 1 to 9")


@pytest.mark.parametrize("counts", [(), ((),), ((1, 2), (3,)), ((-1,),)])
def test_what_is_no_table_is_refused(counts):
    with pytest.raises(ValueError, match="same length"):
        Table(counts)


def test_counts_in_words():
    assert (in_words(None), in_words(0), in_words(1204)) == (NOT_SHOWN, "0", "1,204")
