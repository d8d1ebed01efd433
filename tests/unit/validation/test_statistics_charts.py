import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.statistics.charts import BOTTOM, LEFT, MOST_LABELS, TOP, Chart, Month, Series, chart, grid_for

values = st.lists(st.none() | st.integers(0, 3000), min_size=1, max_size=36)


def months(count: int, first: int = 0) -> list[Month]:
    names = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    numbers = range(first, first + count)
    return [Month(names[at % 12], str(2026 + at // 12), f"{names[at % 12]} {2026 + at // 12}") for at in numbers]


def drawn(*all_values: list[int | None], side_by_side: bool = True) -> Chart:
    series = [Series(str(number), "stuks", list(one)) for number, one in enumerate(all_values)]
    return chart(months(len(all_values[0])), series, side_by_side=side_by_side)


@given(values)
def test_columns_stay_in_their_room_and_do_not_overlap(one: list[int | None]) -> None:
    found = drawn(one, one)
    room = (100 - LEFT) / len(one)
    for left, right in zip(found.series[0].points, found.series[1].points, strict=True):
        assert right.x - left.x >= found.width - 0.02
        assert left.y == right.y
        assert left.x - found.width / 2 + 0.02 >= LEFT
        assert right.x + found.width / 2 <= 100
        assert right.x - left.x < room


@given(values)
def test_the_height_says_how_many(one: list[int | None]) -> None:
    found, known = drawn(one), [value for value in one if value is not None]
    highest = found.lines[-1].number
    for value, point in zip(known, found.series[0].points, strict=True):
        assert TOP <= point.y <= BOTTOM
        assert point.y == pytest.approx(BOTTOM - (BOTTOM - TOP) * value / highest, abs=0.06)
        assert f": {value} stuks" in point.text


@given(st.integers(0, 10**6))
def test_the_grid_is_round_and_reaches_the_highest(highest: int) -> None:
    grid = grid_for(highest)
    step = grid[1]
    assert grid == [step * number for number in range(len(grid))]
    assert 2 <= len(grid) <= 5
    assert grid[-1] >= highest > grid[-1] - step or highest == 0
    assert str(step).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize(
    ("highest", "grid"),
    [(0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (5, [0, 2, 4, 6]), (42, [0, 20, 40, 60]), (100, [0, 50, 100])],
)
def test_grids_by_hand(highest: int, grid: list[int]) -> None:
    assert grid_for(highest) == grid


def test_a_month_without_a_figure_breaks_the_line() -> None:
    found = drawn([1, 2, None, 4, None, 6, 7], side_by_side=False).series[0]
    assert [point.text.split(":")[0][:3] for point in found.points] == ["jan", "feb", "apr", "jun", "jul"]
    assert [(one.text[:3], other.text[:3]) for one, other in found.joints] == [("jan", "feb"), ("jun", "jul")]


def test_dots_of_a_month_stand_above_each_other() -> None:
    half, most = drawn([1, 2], [3, 4], side_by_side=False).series
    assert [point.x for point in half.points] == [point.x for point in most.points]


@pytest.mark.parametrize(("count", "named"), [(1, 1), (12, 12), (13, 7), (24, 12), (36, 12)])
def test_few_months_are_named_and_a_phone_shows_half_of_them(count: int, named: int) -> None:
    labels = drawn([1] * count).labels
    assert len(labels) == named <= MOST_LABELS
    assert [label.is_spare for label in labels[:2]] == [False, True][: len(labels)]


def test_a_year_is_named_once_where_there_is_room() -> None:
    def years(count: int, first: int) -> list[tuple[str, str]]:
        found = chart(months(count, first), [Series("", "", [1] * count)], side_by_side=True)
        return [(label.month, label.year) for label in found.labels if label.year]

    assert years(12, 0) == [("jan", "2026")]
    assert years(12, 11) == [("jan", "2027")]
    assert years(12, 10) == [("nov", "2026"), ("jan", "2027")]
    assert years(1, 11) == [("dec", "2026")]
    assert years(36, 0) == [("jan", "2026"), ("jan", "2027"), ("jan", "2028")]


def test_one_month_has_no_columns_as_wide_as_the_page() -> None:
    assert drawn([5], [3]).width <= 8
