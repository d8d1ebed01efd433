"""The rules of the catalogue applied to what was written, for the form and for the committee. Never writes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from catalogue.content import Content
from catalogue.figures import register_figures
from catalogue.gaps import Gap, gaps, needs_account, needs_closing_test
from catalogue.hints import Hint, Namesake, hints
from catalogue.models import Activity, Recognition, folded_title
from catalogue.states import State
from core.db import db
from core.policy import Policy


@dataclass(frozen=True)
class Precheck:
    """What is missing, what is worth a second look, and what the hours ask for."""

    gaps: list[Gap]
    hints: list[Hint]
    total_hours: Decimal
    needs_account: bool
    needs_closing_test: bool


def precheck(
    activity_id: int | None,
    provider_id: int,
    content: Content,
    policy: Policy,
    today: date,
    *,
    of_committee: bool = False,
) -> Precheck:
    """Of a provider's content, of an activity or before there is one; at most two statements.

    The committee learns nothing of drafts that it was never shown.
    """
    hours, namesake = content.hours, _namesake(activity_id, provider_id, content.title, with_drafts=not of_committee)
    return Precheck(
        gaps=gaps(content, policy, today),
        hints=hints(content, register_figures(), namesake, policy),
        total_hours=hours.total,
        needs_account=needs_account(hours),
        needs_closing_test=needs_closing_test(hours, policy),
    )


def _namesake(activity_id: int | None, provider_id: int, title: str, *, with_drafts: bool) -> Namesake | None:
    if not title.strip():
        return None
    query = (
        select(Activity.id, Activity.state, Recognition.number)
        .outerjoin(Recognition, (Recognition.activity_id == Activity.id) & Recognition.is_leading)
        .where(Activity.provider_id == provider_id, Activity.title_key == folded_title(title))
        .where(Activity.state != State.DELETED)
        .order_by(Activity.id)
        .limit(1)
    )
    if activity_id is not None:
        query = query.where(Activity.id != activity_id)
    if not with_drafts:
        query = query.where(or_(Activity.state != State.DRAFT, Recognition.number.is_not(None)))
    found = db.session.execute(query).first()
    return Namesake(found.id, State(found.state), found.number or "") if found else None
