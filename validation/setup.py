"""What the composition root needs of this package."""

from collections.abc import Mapping

from sqlalchemy import event

from catalogue.remarks import sources
from core.db import after_commit, db
from core.outbox import Handler
from validation import (
    admission_pages,
    answer_pages,
    assessment_pages,
    audit_pages,
    case_pages,
    committee_pages,
    correction_pages,
    extension_pages,
    history_pages,
    list_pages,
    many_pages,
    provider_pages,
    registration_pages,
)
from validation.bulk import pages as bulk_pages
from validation.bulk.working import KINDS
from validation.committee import member_pages
from validation.committee.queue import forget_kinds
from validation.committee.ties import hide
from validation.daily.mailing import COMMITTEE_MAIL, send_digest
from validation.daily.scheduling import DAILY, do_turn
from validation.objections import pages as objection_pages
from validation.objections import provider_pages as own_objection_pages
from validation.remarks import asked_by_the_committee
from validation.statistics import pages as statistics_pages
from validation.statistics import public_pages as public_statistics_pages

VALIDATION_PAGES = (
    list_pages.bp,
    bulk_pages.bp,
    provider_pages.bp,
    answer_pages.bp,
    history_pages.bp,
    registration_pages.bp,
    committee_pages.bp,
    case_pages.bp,
    extension_pages.bp,
    assessment_pages.bp,
    member_pages.bp,
    correction_pages.bp,
    many_pages.bp,
    objection_pages.bp,
    own_objection_pages.bp,
    admission_pages.bp,
    audit_pages.bp,
    statistics_pages.bp,
    public_statistics_pages.bp,
)
VALIDATION_JOBS = KINDS
VALIDATION_HANDLERS: Mapping[str, Handler] = {DAILY: do_turn, COMMITTEE_MAIL: send_digest}
sources.append(asked_by_the_committee)
after_commit.append(forget_kinds)
event.listen(db.session, "do_orm_execute", hide)
