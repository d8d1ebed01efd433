"""Offers of the former register, as an import would leave them."""

from dataclasses import replace
from decimal import Decimal

from catalogue.content import Content
from catalogue.drafts import create_draft, freeze, newest_version
from catalogue.models import Activity, ImportedOffer
from catalogue.recognitions import recognise_former
from catalogue.taking_over import recheck_batch
from core.db import db, transaction
from core.policy import Hours
from providers.models import Provider
from tests.world import ACTOR, COMPLETE, NOW, POLICY

AS_IT_CAME = replace(COMPLETE, sectors=(), goal="", planning="", self_study_account="")
READY = replace(AS_IT_CAME, goal=COMPLETE.goal)


def offer(provider: Provider, number: str, content: Content = AS_IT_CAME) -> Activity:
    """One offer; without a number the former register never validated it."""
    with transaction():
        activity = create_draft(provider.id, content, by=ACTOR, now=NOW)
        version = freeze(newest_version(activity), NOW)
        if number:
            recognise_former(version, Hours(Decimal(16), Decimal(4)), number=number, valid_from=NOW.date())
        key = f"{provider.kvk_number}:{number or activity.id}"
        db.session.add(
            ImportedOffer(source_key=key, activity_id=activity.id, origin="former", digest="x", imported_at=NOW)
        )
        db.session.flush()
        recheck_batch(POLICY)
    return activity
