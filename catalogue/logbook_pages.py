"""Who did what for a provider, for its administrators."""

from flask import Blueprint, render_template

from catalogue.of_provider import newest_titles
from core.access import Role, open_to, signed_in
from core.audit import entries_about
from core.policy.loading import current_policies
from core.requests import page_number
from providers.log_texts import action_in_words, more_in_words, who_in_words
from providers.queries import member_labels, provider_of

MOST = 50
bp = Blueprint("logbook", __name__, url_prefix="/aanbieder/logboek")


@bp.get("")
@open_to(Role.ADMINISTRATOR)
def entries() -> str:
    """The audit trail of the provider's members, and what the register did about the provider; newest first."""
    provider = provider_of(signed_in())
    labels, page = member_labels(provider), page_number()
    found = entries_about([f"provider:{provider.id}"], list(labels), most=MOST, page=page)
    ids = [int(entry.object.split(":")[1]) for entry in found if entry.object.startswith("activity:")]
    return render_template(
        "provider/logbook.html",
        provider=provider,
        entries=found,
        labels=labels,
        titles=newest_titles(provider.id, ids),
        in_words=action_in_words,
        more=more_in_words,
        who=who_in_words,
        names=current_policies().requirement_names,
        page=page,
        most=MOST,
    )
