from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalogue.changes import changed_by_others, marks, merged, own_changes
from catalogue.content import Content

NAMES = ("title", "goal", "subject", "place")
facts_of = st.fixed_dictionaries({name: st.sampled_from(["", "een", "twee", "drie"]) for name in NAMES})


@given(facts_of, facts_of, facts_of)
def test_each_keeps_what_they_changed_and_nobody_is_written_over(
    seen: dict[str, Any], theirs: dict[str, Any], ours: dict[str, Any]
) -> None:
    stored = replace(Content(), **theirs)
    found = merged(stored, ours, marks(seen))
    both = {name for name in NAMES if ours[name] != seen[name] and theirs[name] != seen[name]}
    if any(ours[name] != theirs[name] for name in both):
        assert found is None
        return
    assert found is not None
    others = {name for name in NAMES if theirs[name] != seen[name] and ours[name] == seen[name]}
    assert set(changed_by_others(stored, ours, marks(seen))) == others
    for name in NAMES:
        assert getattr(found, name) == (ours[name] if ours[name] != seen[name] else theirs[name])


@given(facts_of, facts_of)
def test_who_is_alone_saves_what_was_typed(stored: dict[str, Any], ours: dict[str, Any]) -> None:
    content = replace(Content(), **stored)
    assert merged(content, ours, marks(stored)) == replace(content, **ours)


def test_what_says_the_same_otherwise_written_is_no_change() -> None:
    seen = marks({"contact_hours": Decimal("12.50"), "sectors": ("vo", "po"), "goal": "een  \ntwee"})
    assert own_changes({"contact_hours": Decimal("12.5"), "sectors": ("po", "vo"), "goal": "een\ntwee\n"}, seen) == {}


def test_without_marks_everything_is_the_writers_own() -> None:
    assert own_changes({"title": ""}, {}) == {"title": ""}
    assert merged(Content(title="Bewaard"), {"title": "Getypt"}, {}) is None
