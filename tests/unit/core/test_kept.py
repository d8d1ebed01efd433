import pytest

from core.kept import KEPT_FOR, Kept


def test_a_thing_is_read_again_only_when_it_is_old() -> None:
    seconds, read = [1000.0], iter(range(10))
    kept = Kept(lambda: next(read), lambda: seconds[0])
    assert [kept.get(), kept.get()] == [0, 0]
    seconds[0] += KEPT_FOR - 1
    assert kept.get() == 0
    seconds[0] += 1
    assert kept.get() == 1


def test_what_could_not_be_read_is_read_at_the_next_question() -> None:
    answers = iter(["", "read"])

    def read() -> str:
        answer = next(answers)
        if not answer:
            raise OSError("gone")
        return answer

    kept = Kept(read)
    with pytest.raises(OSError, match="gone"):
        kept.get()
    assert kept.get() == "read"
