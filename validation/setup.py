"""What the composition root needs of this package."""

from catalogue.remarks import sources
from validation import (
    admission_pages,
    answer_pages,
    assessment_pages,
    case_pages,
    committee_pages,
    history_pages,
    list_pages,
    provider_pages,
    registration_pages,
)
from validation.bulk import pages as bulk_pages
from validation.bulk.working import KINDS
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
    assessment_pages.bp,
    admission_pages.bp,
    statistics_pages.bp,
    public_statistics_pages.bp,
)
VALIDATION_JOBS = KINDS
sources.append(asked_by_the_committee)
