from hypothesis import given
from hypothesis import strategies as st

from validation.committee.spreading import ToSpread, spread

MEMBERS = ("akin", "bos", "cruz", "dijk")
loads = st.dictionaries(st.sampled_from(MEMBERS), st.integers(0, 9))
some = st.sets(st.sampled_from(MEMBERS))
cases = st.lists(st.tuples(some, st.permutations(MEMBERS).map(lambda order: tuple(order[:1]))), max_size=30).map(
    lambda rows: [ToSpread(place, frozenset(out), before) for place, (out, before) in enumerate(rows)]
)


@given(cases, loads)
def test_nobody_gets_what_they_must_not_have_and_nothing_is_left_that_somebody_could_take(
    wanted: list[ToSpread], known: dict[str, int]
) -> None:
    given_to = spread(wanted, known)
    assert list(given_to) == [case.id for case in wanted]
    for case in wanted:
        free = set(known) - case.excluded
        assert given_to[case.id] in free if free else given_to[case.id] is None


@given(st.integers(0, 40), loads.filter(bool))
def test_cases_that_anybody_can_take_are_spread_evenly(count: int, known: dict[str, int]) -> None:
    given_to = spread([ToSpread(number) for number in range(count)], known)
    after = {member: known[member] + list(given_to.values()).count(member) for member in known}
    got_some = [after[member] for member in known if member in given_to.values()]
    assert all(most <= min(after.values()) + 1 for most in got_some)


@given(cases, loads)
def test_who_judged_it_before_is_asked_first(wanted: list[ToSpread], known: dict[str, int]) -> None:
    given_to = spread(wanted, known)
    for case in wanted:
        (before,) = case.preferred
        if before in known and before not in case.excluded:
            assert given_to[case.id] == before


def test_the_same_question_has_the_same_answer() -> None:
    wanted = [ToSpread(number) for number in range(5)]
    assert spread(wanted, {"bos": 1, "akin": 1}) == {0: "akin", 1: "bos", 2: "akin", 3: "bos", 4: "akin"}
