"""What the composition root needs of this package."""

from catalogue.remarks import sources
from validation import (
    admission_pages,
    answer_pages,
    audit_pages,
    committee_pages,
    history_pages,
    list_pages,
    provider_pages,
    registration_pages,
)
from validation.bulk import pages as bulk_pages
from validation.bulk.working import KINDS
from validation.remarks import asked_by_the_committee

VALIDATION_PAGES = (
    list_pages.bp,
    bulk_pages.bp,
    provider_pages.bp,
    answer_pages.bp,
    history_pages.bp,
    registration_pages.bp,
    committee_pages.bp,
    admission_pages.bp,
    audit_pages.bp,
)
VALIDATION_JOBS = KINDS
sources.append(asked_by_the_committee)
