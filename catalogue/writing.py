"""Saving a page of the form: only what was asked there, and never over what a colleague wrote. In a transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from catalogue.changes import Facts, Marks, changed_by_others, marks, merged
from catalogue.content import Content
from catalogue.drafts import create_draft, save_draft, working_version
from catalogue.models import Activity
from catalogue.publication import may_do
from catalogue.states import Action
from catalogue.taking_over import former_offer, recheck_offer
from core.audit import Actor
from core.db import db
from core.errors import StaleVersion
from core.policy import Policy
from providers.models import Provider


def save_page(
    activity: Activity, facts: Facts, *, seen: Marks, policy: Policy, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Save what the writer changed since the form showed what `seen` marks; what is the same needs no version.

    Returns the names of what others changed meanwhile. Raises `StaleVersion` when they changed the same, or
    `ActionNotAllowed`.
    """
    stored = working_version(activity).content
    content, others = merged(stored, facts, seen), changed_by_others(stored, facts, seen)
    if content == stored and may_do(activity, Action.EDIT):
        return others
    if content is None:
        raise StaleVersion
    save_draft(activity, content, by=by, now=now)
    if offer := former_offer(activity.id):
        recheck_offer(offer, policy)
    return others


def begin(
    provider_id: int, facts: Facts, *, form_key: str | None, policy: Policy, by: Actor, now: datetime
) -> Activity:
    """A new draft. An empty form that is sent twice, after going back or a lost answer, makes it once.

    Raises `StaleVersion` when what it made was changed since, or `ActionNotAllowed`.
    """
    known = begun_with(provider_id, form_key, lock=True)
    if known is None:
        return create_draft(provider_id, replace(Content(), **facts), by=by, now=now, form_key=form_key)
    content = working_version(known).content
    if known.version > 1 and replace(content, **facts) != content:
        raise StaleVersion
    seen = marks({name: getattr(content, name) for name in facts})
    save_page(known, facts, seen=seen, policy=policy, by=by, now=now)
    return known


def begun_with(provider_id: int, form_key: str | None, *, lock: bool = False) -> Activity | None:
    """The activity that a form became, if it was sent before; locked so that of two at once one begins it."""
    if form_key is None:
        return None
    query = select(Activity).filter_by(provider_id=provider_id, form_key=form_key)
    if lock:
        db.session.execute(select(Provider.id).filter_by(id=provider_id).with_for_update(key_share=True))
        query = query.with_for_update()
    return db.session.scalar(query)
