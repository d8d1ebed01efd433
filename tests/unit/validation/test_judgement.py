from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.reasons import offered
from core.policy import Hours
from core.policy.loading import load_policies
from core.policy.model import Item
from tests.world import NOW
from validation.hours import grant_faults
from validation.judgement import Judgement, Verdict, disagreements, faults, is_worse, still_met
from validation.states import Outcome

POLICY = load_policies(Path("policies")).all[0]
STEP = POLICY.hours.step
TODAY = NOW.date()
MET = {item.code: Verdict.MET for item in POLICY.criteria}
NOT_MET = {item.code: Verdict.NOT_MET for item in POLICY.criteria}
DECLARED = Hours(Decimal(16), Decimal("4.5"))

halves = st.integers(0, 400).map(lambda count: Decimal(count) / 2)


@given(halves, halves, halves, halves, st.sampled_from(["", "omdat"]))
def test_hours_are_granted_exactly_within_what_was_declared(
    contact: Decimal, self_study: Decimal, more_contact: Decimal, more_self_study: Decimal, reason: str
) -> None:
    declared, granted = Hours(contact, self_study), Hours(more_contact, more_self_study)
    found = {fault.field for fault in grant_faults(declared, granted, STEP, reason)}
    assert ("self_study_hours" in found) is (more_self_study > self_study)
    assert ("contact_hours" in found) is (more_contact > contact or not granted.total)
    if not found:
        assert granted == declared or reason
    if granted == declared and granted.total:
        assert not found


@pytest.mark.parametrize(
    ("granted", "field"),
    [
        (Hours(Decimal(-1), Decimal(0)), "contact_hours"),
        (Hours(Decimal("15.25"), Decimal(0)), "contact_hours"),
        (Hours(Decimal(16), Decimal(5)), "self_study_hours"),
        (Hours(Decimal(0), Decimal(0)), "contact_hours"),
        (Hours(Decimal(15), Decimal("4.5")), "reasons"),
    ],
)
def test_a_grant_that_breaks_a_rule_names_the_field(granted: Hours, field: str) -> None:
    assert [fault.field for fault in grant_faults(DECLARED, granted, STEP, " ")] == [field]


def judged(outcome: Outcome | None = Outcome.APPROVED, **changes: object) -> Judgement:
    hours = changes.pop("hours", DECLARED)
    assert isinstance(hours, Hours)
    parts = {"contact_hours": hours.contact, "self_study_hours": hours.self_study}
    until = {"improve_by": TODAY + timedelta(days=1)}
    facts = {"verdicts": MET, "outcome": outcome, "reasons": "", **parts, **until} | changes
    return Judgement(**facts)  # type: ignore[arg-type]


def test_a_complete_approval_has_no_faults() -> None:
    assert faults(judged(), DECLARED, POLICY, TODAY) == {}


def test_everything_missing_is_named_at_once() -> None:
    found = faults(judged(None, verdicts={}), DECLARED, POLICY, TODAY)
    assert set(found) == {f"criterion-{item.code}" for item in POLICY.criteria} | {"outcome"}


def test_an_approval_needs_every_criterion_met() -> None:
    verdicts = MET | {POLICY.criteria[0].code: Verdict.NOT_MET}
    assert set(faults(judged(verdicts=verdicts), DECLARED, POLICY, TODAY)) == {"outcome"}


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.TEMPORARILY_REJECTED])
def test_a_rejection_needs_reasons_and_ignores_hours(outcome: Outcome) -> None:
    facts: dict[str, object] = {"hours": Hours(Decimal(999), Decimal(999)), "verdicts": NOT_MET}
    assert set(faults(judged(outcome, **facts), DECLARED, POLICY, TODAY)) == {"reasons"}
    assert faults(judged(outcome, **facts, reasons="Te kort."), DECLARED, POLICY, TODAY) == {}


@pytest.mark.parametrize("verdict", [Verdict.NOT_MET, Verdict.UNCLEAR])
def test_what_meets_everything_is_only_rejected_for_a_reason_of_the_list(verdict: Verdict) -> None:
    rejected = judged(Outcome.REJECTED, reasons="Zomaar.")
    assert set(faults(rejected, DECLARED, POLICY, TODAY)) == {"outcome"}
    doubted = MET | {POLICY.criteria[-1].code: verdict}
    assert faults(replace(rejected, verdicts=doubted), DECLARED, POLICY, TODAY) == {}
    assert faults(replace(rejected, reason_codes=("goal:missing",)), DECLARED, POLICY, TODAY) == {}


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, False), (1, True)])
def test_time_to_improve_lies_ahead(days: int, fits: bool) -> None:
    facts: dict[str, object] = {"verdicts": NOT_MET, "reasons": "Te kort.", "improve_by": TODAY + timedelta(days=days)}
    found = faults(judged(Outcome.TEMPORARILY_REJECTED, **facts), DECLARED, POLICY, TODAY)
    assert set(found) == (set() if fits else {"improve_by"})
    assert faults(judged(Outcome.REJECTED, **facts), DECLARED, POLICY, TODAY) == {}, "only what can be improved"


verdicts_of_all = st.fixed_dictionaries({item.code: st.sampled_from(Verdict) for item in POLICY.criteria})


@given(verdicts_of_all, st.sets(st.sampled_from(sorted(POLICY.decided_fields))))
def test_what_was_met_stands_until_one_of_its_fields_changes(verdicts: dict[str, Verdict], changed: set[str]) -> None:
    carried = still_met(verdicts, changed, POLICY)
    for item in POLICY.criteria:
        stands = verdicts[item.code] is Verdict.MET and not set(item.fields) & changed
        assert carried.get(item.code) == (Verdict.MET if stands else None)


def test_two_assessors_disagree_on_what_the_decision_depends_on() -> None:
    approval, rejection = judged(), judged(Outcome.REJECTED)
    fewer = replace(approval, contact_hours=Decimal(12))
    assert disagreements(approval, replace(approval, notes={"pupils": "Mooi."}, reasons="Anders gezegd.")) == []
    assert disagreements(approval, rejection) == ["outcome"]
    assert disagreements(approval, fewer) == ["contact_hours"]
    assert disagreements(rejection, replace(rejection, contact_hours=Decimal(1))) == [], "nobody gets these hours"


@pytest.mark.parametrize("part", ["contact_hours", "self_study_hours"])
def test_hours_left_open_are_not_nothing(part: str) -> None:
    assert set(faults(judged(**{part: None}, reasons="Minder."), DECLARED, POLICY, TODAY)) == {part}


CODES = [reason.code for reason in offered(POLICY)]


@given(st.sets(st.sampled_from(CODES)).map(tuple), st.sampled_from(["", " ", "Te kort."]))
def test_a_rejection_needs_a_reason_from_the_list_or_a_text(codes: tuple[str, ...], text: str) -> None:
    found = faults(
        judged(Outcome.REJECTED, verdicts=NOT_MET, reason_codes=codes, reasons=text), DECLARED, POLICY, TODAY
    )
    assert set(found) == (set() if codes or text.strip() else {"reasons"})


@given(st.sampled_from(POLICY.criteria), st.sets(st.sampled_from(CODES)))
def test_a_criterion_that_was_met_cannot_be_a_reason(item: Item, codes: set[str]) -> None:
    verdicts = NOT_MET | {item.code: Verdict.MET}
    given_codes = ("goal:missing", *codes)
    found = faults(judged(Outcome.REJECTED, verdicts=verdicts, reason_codes=given_codes), DECLARED, POLICY, TODAY)
    assert ("reason_codes" in found) is (f"criterion:{item.code}" in codes)


@pytest.mark.parametrize("code", ["goal:gone", "title:missing", "criterion:gone", ""])
def test_only_what_the_list_offers_is_a_reason(code: str) -> None:
    found = faults(judged(Outcome.REJECTED, verdicts=NOT_MET, reason_codes=(code,)), DECLARED, POLICY, TODAY)
    assert set(found) == {"reason_codes"}


def test_an_approval_with_reasons_to_reject_contradicts_itself() -> None:
    assert set(faults(judged(reason_codes=("goal:missing",)), DECLARED, POLICY, TODAY)) == {"reason_codes"}


@pytest.mark.parametrize(
    ("before", "outcome", "contact", "worse"),
    [
        (Outcome.APPROVED, Outcome.APPROVED, "8", False),
        (Outcome.APPROVED, Outcome.APPROVED, "9", False),
        (Outcome.APPROVED, Outcome.APPROVED, "7.5", True),
        (Outcome.APPROVED, Outcome.TEMPORARILY_REJECTED, "8", True),
        (Outcome.APPROVED, None, "8", False),
        (Outcome.TEMPORARILY_REJECTED, Outcome.REJECTED, "0", True),
        (Outcome.TEMPORARILY_REJECTED, Outcome.APPROVED, "1", False),
        (Outcome.REJECTED, Outcome.REJECTED, "0", False),
    ],
)
def test_nobody_gets_worse_by_objecting(before: Outcome, outcome: Outcome | None, contact: str, worse: bool) -> None:
    revised = Judgement(
        verdicts={}, outcome=outcome, contact_hours=Decimal(contact), self_study_hours=Decimal(2), reasons=""
    )
    assert is_worse(revised, before, Hours(Decimal(8), Decimal(2))) is worse
