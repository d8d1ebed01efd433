"""Taking longer to decide, once, where the policy of the case lets the committee. Called inside a transaction."""

from datetime import date, datetime

from core.access import Identity
from core.clock import day_of
from core.errors import Refusal
from core.formatting import dutch_date
from core.policy import Policies, Policy
from providers.messages import tell
from validation.addresses import page_of
from validation.due import keep_term, term_of
from validation.engine import advance, allowed, staff_hand
from validation.models import Case
from validation.states import Action
from validation.term_change import Cause, change_for_committee
from validation.term_letters import About, extended
from validation.term_text import from_data, length_in_words


class NotExtendable(Refusal):
    """The term of this case cannot become longer; the sentence says why."""

    code = "not-extendable"


def extend(case: Case, why: str, policies: Policies, *, by: Identity, now: datetime) -> None:
    """Add the extension of the policy to the term; the provider is told why and until when.

    Raises `NotExtendable`, `NotYours`, `NotInYourHands` or `ActionNotAllowed`.
    """
    person = staff_hand(case, by)
    allowed(case, Action.EXTEND, person)
    if refused := _refused(case, policies.named(case.policy_id), day_of(now)):
        raise NotExtendable(refused)
    before, case.is_extended = from_data(case.term), True
    after = term_of(case, policies)
    keep_term(case, after)
    told = [change_for_committee(before, after, Cause.EXTENDED), why]
    dates = {"due": str(after.due_on), "due_before": str(before.due_on)}
    advance(case, Action.EXTEND, person, now, text="\n".join(filter(None, told)), data=dates, once="extend")
    tell(case.provider, extended(about_of(case), before, after, why), now)


def extension_left(case: Case, policy: Policy, today: date) -> str:
    """How much longer the committee may take, in words: 14 dagen. Empty when it may not."""
    rule = policy.terms[case.procedure].extension
    return length_in_words(rule) if rule and not _refused(case, policy, today) else ""


def about_of(case: Case) -> About:
    """What the case is about, as its provider is told."""
    return About(case.title if case.activity_id or case.about_id else "", page_of(case))


def _refused(case: Case, policy: Policy, today: date) -> str:
    if policy.terms[case.procedure].extension is None:
        return "Deze termijn kan niet verlengd worden: het beleid van deze zaak staat dat niet toe."
    if case.is_extended:
        return "De termijn is al een keer verlengd. Vaker kan niet."
    if case.due_on is None:
        return "De termijn loopt nog niet. U kunt die pas verlengen als de termijn is begonnen."
    if case.due_on < today:
        return f"De termijn is voorbij sinds {dutch_date(case.due_on)}. Neem het besluit zo snel mogelijk."
    return ""
