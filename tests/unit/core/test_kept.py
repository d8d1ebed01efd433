import pytest

from core.kept import Kept

MINUTE = 60.0


def test_a_value_is_read_again_only_when_it_is_old_or_about_something_else() -> None:
    passed, read = [1000.0], iter(range(10))
    kept: Kept[int] = Kept(MINUTE, lambda: passed[0])

    def get(key: str = "a") -> int:
        return kept.get(key, lambda: next(read))

    assert [get(), get()] == [0, 0]
    passed[0] += MINUTE - 1
    assert get() == 0
    passed[0] += 1
    assert get() == 1
    assert [get("b"), get("b"), get("a")] == [2, 2, 3]
    kept.forget()
    assert get() == 4


def test_what_changes_while_it_is_read_is_read_again() -> None:
    kept: Kept[str] = Kept(MINUTE)

    def read() -> str:
        kept.forget()
        return "old"

    assert kept.get("a", read) == "old"
    assert kept.get("a", lambda: "new") == "new"


def test_what_could_not_be_read_is_read_at_the_next_question() -> None:
    kept: Kept[str] = Kept(MINUTE)

    def read() -> str:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        kept.get("a", read)
    assert kept.get("a", lambda: "read") == "read"
