"""Where the provider finds what a case is about. Never writes."""

from validation.models import Case


def page_of(case: Case) -> str:
    """The page of its activity, its registration or its objection."""
    if case.about_id:
        return f"/aanbieder/bezwaren/{case.id}"
    return "/aanbieder/aanmelding" if case.activity_id is None else f"/aanbieder/activiteiten/{case.activity_id}"
