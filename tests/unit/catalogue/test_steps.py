from catalogue.content import Content
from catalogue.labels import FIELD_LABELS, NAMES
from catalogue.steps import STEPS, asked_in, step_after, step_named, step_of
from tests.world import POLICY


def test_every_field_is_asked_once_and_has_its_names() -> None:
    asked = [name for step in STEPS for name in step.fields]
    assert sorted(asked) == sorted(Content.__dataclass_fields__)
    assert set(FIELD_LABELS) == set(NAMES) == set(asked)


def test_every_field_that_a_policy_names_exists() -> None:
    named = {*POLICY.decided_fields, *POLICY.takeover.required, *POLICY.takeover.completable}
    assert named <= set(Content.__dataclass_fields__)


def test_the_steps_follow_each_other() -> None:
    assert [step_after(step) for step in STEPS] == [*STEPS[1:], None]
    for step in STEPS:
        assert step_named(step.code) is step
        assert all(step_of(name) is step for name in step.fields)
    assert step_of("declaration") is STEPS[0]


def test_of_what_is_live_the_period_is_not_asked() -> None:
    last = STEPS[-1]
    assert set(last.fields) - set(asked_in(last, is_live=True)) == {"starts_on", "ends_on"}
    assert asked_in(last, is_live=False) == last.fields
