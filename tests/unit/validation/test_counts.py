from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from validation.committee.counts import NOTHING, Chosen, Due, Kind, Whose, counts_of, without

ME = "jansen"
kinds = st.lists(
    st.builds(
        Kind,
        procedure=st.sampled_from(["validation", "admission"]),
        type=st.sampled_from(["cursus", "studiedag", ""]),
        sectors=st.sampled_from(["", ",po,", ",po,vo,", ",mbo,"]),
        due=st.sampled_from(Due),
        handler=st.sampled_from(["", ME, "yilmaz"]),
        second=st.sampled_from(["", ME, "visser"]),
        count=st.integers(1, 5),
    ),
    max_size=12,
)
choices = st.builds(
    Chosen,
    whose=st.sampled_from(["", *Whose]),
    due=st.sampled_from(["", *Due]),
    procedure=st.sampled_from(["", "validation", "gone"]),
    type=st.sampled_from(["", "cursus"]),
    sector=st.sampled_from(["", "po", "vo"]),
)


def shows(kind: Kind, chosen: Chosen) -> bool:
    """One case at a time, as the list does it."""
    return all(
        [
            chosen.whose in {"", kind.whose(ME)},
            chosen.due in {"", kind.due},
            chosen.procedure in {"", kind.procedure},
            chosen.type in {"", kind.type},
            not chosen.sector or f",{chosen.sector}," in kind.sectors,
        ]
    )


@given(kinds, choices)
def test_every_filter_says_how_many_cases_it_would_show(known: list[Kind], chosen: Chosen) -> None:
    counts = counts_of(known, chosen, ME)
    assert counts.shown == sum(kind.count for kind in known if shows(kind, chosen))
    names: dict[str, list[str]] = {
        "whose": list(Whose),
        "due": list(Due),
        "procedure": ["validation"],
        "sector": ["po", "mbo"],
    }
    for name, values in names.items():
        for value in ("", *values):
            other = Chosen(**vars(chosen) | {name: value})
            assert getattr(counts, name)[value] == sum(kind.count for kind in known if shows(kind, other))


@given(kinds, st.sets(st.integers(0, 11)))
def test_what_is_hidden_is_not_counted(known: list[Kind], places: set[int]) -> None:
    whole: Counter[Kind] = Counter()
    for kind in known:
        whole[Kind(**vars(kind) | {"count": 0})] += kind.count
    everything = [Kind(**vars(kind) | {"count": count}) for kind, count in whole.items()]
    hidden = [Kind(**vars(kind) | {"count": 1}) for place, kind in enumerate(everything) if place in places]
    left = without(everything, hidden)
    assert counts_of(left, NOTHING, ME).shown == counts_of(everything, NOTHING, ME).shown - len(hidden)
    assert all(kind.count > 0 for kind in left)
