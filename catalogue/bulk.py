"""Many drafts at once, with a few statements for all of them: see `drafts` for one. Called inside a transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update

from catalogue import numbers
from catalogue.content import Content
from catalogue.models import (
    FORMER_REGISTER,
    Activity,
    ActivityVersion,
    NumberPart,
    Recognition,
    activity_columns,
    version_columns,
)
from catalogue.states import State
from core.audit import Actor, record
from core.db import db, insert_rows, reserve_ids
from core.policy import Hours


class NewDraft(NamedTuple):
    """What to begin; frozen, it stays as it is and a change begins a version beside it."""

    provider_id: int
    content: Content
    is_frozen: bool


class Made(NamedTuple):
    """The rows of one new draft."""

    activity_id: int
    version_id: int


class FormerRecognition(NamedTuple):
    """What the former register granted for a draft that was made just now."""

    made: Made
    number: str
    hours: Hours
    valid_from: date


def create_drafts(drafts: Sequence[NewDraft], *, by: Actor, now: datetime) -> list[Made]:
    """As many new activities with their first version, in this order."""
    pairs = zip(reserve_ids(Activity, len(drafts)), reserve_ids(ActivityVersion, len(drafts)), strict=True)
    made = [Made(*pair) for pair in pairs]
    both = list(zip(made, drafts, strict=True))
    started = {"state": State.DRAFT, "created_at": now, "updated_at": now}
    insert_rows(
        Activity,
        [
            {"id": ids.activity_id, "provider_id": draft.provider_id, **started, **activity_columns(draft.content)}
            for ids, draft in both
        ],
    )
    insert_rows(
        ActivityVersion,
        [
            {"id": ids.version_id, "activity_id": ids.activity_id, "ordinal": 1}
            | {"frozen_at": now if draft.is_frozen else None, **version_columns(draft.content)}
            for ids, draft in both
        ],
    )
    for ids in made:
        record("activity.created", f"activity:{ids.activity_id}", by=by, at=now)
    return made


def rewrite_drafts(contents: Mapping[int, Content], *, by: Actor, now: datetime) -> None:
    """What `drafts.save_draft` does, by activity, for drafts of which nothing was ever frozen."""
    connection = db.session.connection()
    activities = update(Activity).where(Activity.id == bindparam("of")).values(version=Activity.version + 1)
    versions = update(ActivityVersion).where(ActivityVersion.activity_id == bindparam("of"))
    if contents:
        rows = contents.items()
        connection.execute(
            activities, [{"of": id_, "updated_at": now, **activity_columns(content)} for id_, content in rows]
        )
        connection.execute(versions, [{"of": id_, **version_columns(content)} for id_, content in rows])
    for id_ in contents:
        record("activity.edited", f"activity:{id_}", by=by, at=now, data={"version": 1})


def recognise_all_former(granted: Sequence[FormerRecognition]) -> None:
    """What `recognitions.recognise_former` does, for drafts that have no recognition yet."""
    ids = reserve_ids(Recognition, len(granted))
    insert_rows(
        Recognition,
        [
            {
                "id": id_,
                "activity_id": former.made.activity_id,
                "version_id": former.made.version_id,
                "register": FORMER_REGISTER,
                "number": former.number,
                "contact_hours": former.hours.contact,
                "self_study_hours": former.hours.self_study,
                "valid_from": former.valid_from,
                "is_leading": True,
            }
            for id_, former in zip(ids, granted, strict=True)
        ],
    )
    insert_rows(
        NumberPart,
        [
            {"part": part, "recognition_id": id_}
            for id_, former in zip(ids, granted, strict=True)
            for part in numbers.parts(former.number)
        ],
    )
