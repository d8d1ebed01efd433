"""The provider's pages about what its activity said before: every version, and two of them compared."""

from flask import Blueprint, render_template, request

from catalogue.queries import own_activity
from core import clock
from core.access import Role, open_to, signed_in
from core.policy.loading import current_policies
from providers.log_texts import action_in_words, who_in_words
from providers.queries import member_labels, provider_of
from validation.history import MOST_EVENTS, chapters, comparison, events_of
from validation.judgement import VERDICT_NAMES
from validation.states import OUTCOME_NAMES

bp = Blueprint("history", __name__, url_prefix="/aanbieder/activiteiten/<id:activity_id>/geschiedenis")


@bp.get("")
@open_to(Role.PROVIDER)
def version_list(activity_id: int) -> str:
    """Every version with its decisions, and what else happened; newest first."""
    provider = provider_of(signed_in())
    activity = own_activity(provider.id, activity_id)
    found = chapters(activity)
    return render_template(
        "provider/history.html",
        activity=activity,
        title=found[0].version.title,
        chapters=found,
        numbers={known.id: known.number for known in activity.recognitions},
        policies={case.id: current_policies().named(case.policy_id) for chapter in found for case in chapter.cases},
        policy=current_policies().on(clock.today()),
        outcomes=OUTCOME_NAMES,
        verdicts=VERDICT_NAMES,
        events=events_of(activity),
        most=MOST_EVENTS,
        labels=member_labels(provider),
        in_words=action_in_words,
        who=who_in_words,
    )


@bp.get("/<id:ordinal>")
@open_to(Role.PROVIDER)
def version_page(activity_id: int, ordinal: int) -> str:
    """One version and what changed since an earlier one: the one before it, or `met`."""
    activity = own_activity(provider_of(signed_in()).id, activity_id)
    policy = current_policies().on(clock.today())
    other = request.args.get("met", type=int)
    return render_template(
        "provider/version.html", activity=activity, shown=comparison(activity, ordinal, other, policy), policy=policy
    )
